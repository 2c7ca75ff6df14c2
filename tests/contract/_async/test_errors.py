"""What fails says what, where and why; what is wrong before a request fails without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from wandql.errors import (
    AuthenticationError,
    ClosedError,
    InvalidFilterError,
    InvalidOrderError,
    InvalidPathError,
    NotFoundError,
    NotLoadedError,
)
from wandql.paths import RunPath

if TYPE_CHECKING:
    import wandql
    from tests.contract._async.asking import AsyncWire

pytestmark = pytest.mark.anyio

ASSUMED = "your default one, 'lab', was assumed"

# What is not there, and who asks for it.
ABSENT = [
    ("run", "lab/small/nope", lambda api: api.run("small/nope")),
    ("project", "lab/nope", lambda api: api.run("nope/r001")),
    ("project", "lab/nope", lambda api: api.project("nope")),
    ("project", "lab/nope", lambda api: api.runs("nope").first()),
    ("project", "lab/nope", lambda api: api.runs("nope").count()),
]
ABSENT_IN_FULL = [
    ("lab/small/nope", lambda api: api.run("lab/small/nope")),
    ("nobody/small", lambda api: api.run("nobody/small/r001")),
    ("lab/nope", lambda api: api.run(RunPath("lab", "nope", "r001"))),
    ("nobody/small", lambda api: api.project("nobody/small")),
    ("nobody/small", lambda api: api.project("small", entity="nobody")),
    ("nobody/small", lambda api: api.runs("nobody/small").first()),
]

# What is refused, with which words.
WRONG = [
    (InvalidPathError, "no default project", lambda api: api.run("")),
    (InvalidPathError, "names no project", lambda api: api.run("r001")),
    (InvalidPathError, "too many parts", lambda api: api.run("a/b/c/d/e")),
    (InvalidPathError, "a part is empty", lambda api: api.run("lab//r001")),
    (InvalidPathError, "not the address of a run", lambda api: api.run("https://wandb.ai/lab/small")),
    (InvalidPathError, "neither text nor a list of text", lambda api: api.run(3)),
    (InvalidPathError, "Did you mean 'a/b'", lambda api: api.project("a/b/c")),
    (InvalidPathError, "no default project", lambda api: api.project("")),
    (InvalidPathError, "not the name of a user or team", lambda api: api.projects("lab/small")),
    (InvalidPathError, "no default project", lambda api: api.runs()),
    (InvalidPathError, "too many parts", lambda api: api.runs("a/b/c")),
    (InvalidFilterError, "filters is str", lambda api: api.runs("lab/small", "state=running")),
    (InvalidFilterError, r"\$foo", lambda api: api.runs("lab/small", {"$foo": 1})),
    (InvalidFilterError, "config.lr", lambda api: api.runs("lab/small", {"config.lr": {"$in": 1}})),
    (InvalidOrderError, "is empty", lambda api: api.runs("lab/small", order="")),
    (InvalidOrderError, "Did you mean '-created_at'", lambda api: api.runs("lab/small", order="created_at desc")),
]


async def test_what_is_not_there_is_named_with_the_entity_that_was_assumed(api: wandql.AsyncApi) -> None:
    for kind, path, ask in ABSENT:
        with pytest.raises(NotFoundError, match=f"There is no {kind} '{path}'") as caught:
            await ask(api)
        assert ASSUMED in str(caught.value)
        assert (caught.value.path, caught.value.attempts) == (path, 1)
        assert isinstance(caught.value, ValueError)


async def test_nothing_is_said_of_an_entity_that_was_given(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    for number, (path, ask) in enumerate(ABSENT_IN_FULL, 1):
        with pytest.raises(NotFoundError, match=f"'{path}'") as caught:
            await ask(api)
        assert "assumed" not in str(caught.value)
        assert len(wire.sent) == number


async def test_an_entity_that_is_not_there_is_named(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    wire.replies = dict.fromkeys([1, 3], httpx.Response(200, json={"data": {"projects": None}}))
    with pytest.raises(NotFoundError, match="There is no entity 'nobody'") as caught:
        await api.projects("nobody").first()
    assert caught.value.path == "nobody"
    with pytest.raises(NotFoundError, match=ASSUMED):
        await api.projects().first()


async def test_what_was_not_there_is_asked_for_again(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    for _ in range(2):
        with pytest.raises(NotFoundError):
            await api.run("lab/small/nope")
        with pytest.raises(NotFoundError):
            [run async for run in api.runs("lab/nope")]
    assert wire.operations == ["GetRun", "GetRuns"] * 2


async def test_a_run_that_is_not_there_hints_at_the_usual_mistake(api: wandql.AsyncApi) -> None:
    with pytest.raises(NotFoundError, match="by its id, the last part of its URL, not by its display name"):
        await api.run("lab/small/run 1")


async def test_a_wrong_argument_fails_before_any_request(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    for error, words, ask in WRONG:
        with pytest.raises(error, match=words) as caught:
            await ask(api)
        assert isinstance(caught.value, ValueError)
    assert wire.sent == []


async def test_history_keys_of_a_listed_run_are_not_loaded(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.runs("lab/small").first()
    assert run is not None
    with pytest.raises(NotLoadedError, match=r"lab/small/r004.*\n.*api\.run\('lab/small/r004'\)\.history_keys"):
        _ = run.history_keys
    assert len(wire.sent) == 1
    assert set((await api.run("lab/small/r004")).history_keys["keys"]) == {"_step", "loss"}


async def test_a_missing_key_names_every_place_and_sends_nothing(wire: AsyncWire) -> None:
    async with wire.api(api_key=None) as api:
        assert api.api_key is None
        assert "API key" in api.settings.explain()
        for ask in [lambda: api.run("lab/small/r001"), lambda: api.runs("lab/small").first(), lambda: api.viewer]:
            with pytest.raises(AuthenticationError) as caught:
                await ask()
            for place in ["WANDB_API_KEY", "netrc", "settings", "api_key"]:
                assert place in str(caught.value)
    assert wire.sent == []


async def test_a_wrong_key_is_refused_and_not_repeated(wire: AsyncWire) -> None:
    wrong = "wrong" * 10
    async with wire.api(api_key=wrong) as api:
        with pytest.raises(AuthenticationError, match="refuses the API key") as caught:
            await api.run("lab/small/r001")
    assert (caught.value.status, caught.value.attempts, caught.value.path) == (401, 1, "lab/small/r001")
    assert wrong not in str(caught.value) + repr(caught.value)
    assert len(wire.sent) == 1


async def test_a_key_of_nobody_is_an_error(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    wire.replies = {1: httpx.Response(200, json={"data": {"viewer": None}})}
    with pytest.raises(AuthenticationError, match="whose API key"):
        _ = await api.viewer
    assert await api.default_entity == "lab"


async def test_a_closed_api_says_so(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/small", per_page=2)
    first = await runs.first()
    await api.aclose()
    await api.aclose()
    for ask in [lambda: api.run("lab/small/r001"), lambda: api.viewer, lambda: runs.at(-1)]:
        with pytest.raises(ClosedError, match="was closed"):
            await ask()
    assert await runs.first() is first
    assert len(wire.sent) == 1
