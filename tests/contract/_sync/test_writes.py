# Derived from tests/contract/_async/test_writes.py by `make generate`: edit that file instead.
"""Saving a run: what changed is sent and nothing else, and what others changed meanwhile stays."""

from __future__ import annotations

import json
import math
import pickle
from copy import copy, deepcopy
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import pytest

import wandql
from tests.contract._sync.asking import Wire
from tests.contract.logged import place, served_runs, written_runs  # noqa: F401 - fixtures
from wandql.errors import ConflictError, NotFoundError, ReplyError, ServerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


CONFIG = {
    "lr": {"value": 0.1, "desc": "the rate"},
    "opt": {"value": {"name": "adam", "betas": [0.9, 0.99]}},
    "plain": 3,
    "nan": {"value": math.nan},
    "_wandb": {"value": {"cli_version": "0.31.0"}},
}
SUMMARY = {"loss": 0.5, "best": {"acc": 0.9, "step": 3}, "inf": math.inf, "none": None}
TEXTS = ["name", "description", "notes", "group", "job_type"]


@pytest.fixture
def run(api: wandql.Api, wire: Wire) -> wandql.Run:
    """A run of the test's own, with tags, config and summary. What made it is not counted."""
    made = api.create_run(project="writes")
    api.client.upsert_run(
        storage_id=made.storage_id,
        name="before",
        tags=["a", "b"],
        config_json=json.dumps(CONFIG),
        summary_json=json.dumps(SUMMARY),
    )
    run = api.run(made.path)
    wire.sent.clear()
    return run


def again(api: wandql.Api, run: wandql.Run) -> wandql.Run:
    """Fetch a run as somebody else does."""
    api.flush()
    return api.run(run.path)


def sent(wire: Wire) -> dict[str, Any]:
    """Return what the only mutation said, apart from which run."""
    [variables] = [request.variables for request in wire.sent if request.operation == "UpsertRun"]
    return {name: value for name, value in variables.items() if name not in {"storageId", "withHistoryKeys"}}


# What is sent


def test_nothing_changed_is_nothing_sent(run: wandql.Run, wire: Wire) -> None:
    assert run.config["lr"] == 0.1
    assert run.summary["loss"] == 0.5
    assert run.tags == ["a", "b"]
    run.update()
    run.save()
    run.summary.update()
    run.name, run.tags, run.config["lr"], run.notes = "x", [], 1, "y"
    run.name, run.tags, run.config["lr"], run.notes = "before", ["a", "b"], 0.1, None
    run.update()
    assert wire.operations == []


@pytest.mark.parametrize("name", [*TEXTS, "display_name"])
def test_a_text_that_was_assigned_is_sent_alone(api: wandql.Api, run: wandql.Run, wire: Wire, name: str) -> None:
    setattr(run, name, "größe\n✓")
    assert getattr(run, name) == "größe\n✓"
    run.update()
    assert wire.operations == ["GetRun", "UpsertRun"]
    assert [*sent(wire).values()] == ["größe\n✓"]
    assert getattr(again(api, run), name) == "größe\n✓"


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("nothing", [None, ""])
def test_a_text_can_be_emptied(api: wandql.Api, run: wandql.Run, name: str, nothing: str | None) -> None:
    setattr(run, name, "something")
    run.update()
    setattr(run, name, nothing)
    run.update()
    assert not getattr(again(api, run), name)


def test_tags_may_be_changed_in_place_or_assigned(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    run.tags.append("c")
    run.update()
    assert sent(wire) == {"tags": ["a", "b", "c"]}
    run.tags = (tag for tag in ["c", "d"])
    run.tags += ["e"]
    run.save()
    run.tags.remove("d")
    assert run.tags == ["c", "e"]
    run.update()
    assert again(api, run).tags == ["c", "e"]
    run.tags = []
    run.update()
    assert again(api, run).tags == []


def test_a_config_keeps_what_is_beside_its_values(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    run.config["lr"] = 0.2
    run.config["new"] = {"a": [1, {"b": None}]}
    run.config["opt"]["name"] = "sgd"
    run.update()
    assert sent(wire).keys() == {"configJson"}
    fetched = again(api, run)
    assert repr(json.loads(fetched.config_json)) == repr(
        {
            "lr": {"value": 0.2, "desc": "the rate"},
            "opt": {"value": {"name": "sgd", "betas": [0.9, 0.99]}},
            "plain": 3,
            "nan": {"value": math.nan},
            "new": {"value": {"a": [1, {"b": None}]}},
            "_wandb": {"value": {"cli_version": "0.31.0"}},
        }
    )
    assert fetched == run


def test_deleted_keys_are_gone(api: wandql.Api, run: wandql.Run) -> None:
    del run.config["lr"]
    del run.config["opt"]["betas"]
    run.config.pop("nan")
    del run.summary["inf"]
    del run.summary["best"]["step"]
    run.update()
    fetched = again(api, run)
    assert fetched.config == {"opt": {"name": "adam"}, "plain": 3}
    assert fetched.rawconfig.keys() == {"opt", "plain", "_wandb"}
    assert fetched.summary == {"loss": 0.5, "best": {"acc": 0.9}, "none": None}
    fetched.config.clear()
    fetched.update()
    assert again(api, run).config == {}


def test_everything_goes_in_one_mutation(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    run.name, run.group, run.config["lr"], run.summary["loss"] = "n", "g", 1, 2
    run.tags.append("t")
    run.update()
    assert wire.operations == ["GetRun", "UpsertRun"]
    assert sent(wire).keys() == {"name", "group", "tags", "configJson", "summaryJson"}
    assert again(api, run) == run


def test_values_of_numpy_and_others_are_saved_as_json(api: wandql.Api, run: wandql.Run) -> None:
    run.config |= {
        "f": np.float32(0.5),
        "i": np.int64(2),
        "a": np.arange(3),
        "t": (1, 2),
        "b": np.bool_(True),
        "n": np.float64("nan"),
    }
    run.summary.update({"best": {"acc": np.float64(0.75)}})
    run.update()
    fetched = again(api, run)
    changed = {key: fetched.config[key] for key in "fiatbn"}
    assert repr(changed) == "{'f': 0.5, 'i': 2, 'a': [0, 1, 2], 't': [1, 2], 'b': True, 'n': nan}"
    assert repr({key: run.config[key] for key in "fiatbn"}) == repr(changed)
    assert fetched.summary["best"] == {"acc": 0.75}


@pytest.mark.parametrize("value", [object(), {1, object()}, "\ud800", b"\xff", [lambda: 1]])
def test_what_is_no_json_is_refused_by_its_place(run: wandql.Run, wire: Wire, value: object) -> None:
    run.config["model"] = value
    with pytest.raises(UsageError, match=r"config\.model"):
        run.update()
    with pytest.raises(UsageError, match=r"summary\.model"):
        run.summary.update({"model": value})
    assert wire.operations == []


def test_keys_of_the_sdk_are_refused(run: wandql.Run, wire: Wire) -> None:
    run.config["_wandb"] = {}
    with pytest.raises(UsageError, match="_wandb"):
        run.update()
    assert wire.operations == []


@pytest.mark.parametrize("change", [(1, 1.0), (1, True), (0.0, False), (1.0, "1.0"), (None, "")])
def test_values_that_python_finds_equal_are_still_changes(
    api: wandql.Api, run: wandql.Run, change: tuple[object, object]
) -> None:
    before, after = change
    run.config["x"] = before
    run.update()
    run.config["x"] = after
    run.update()
    assert repr(again(api, run).config["x"]) == repr(after)


# Two writers


def test_two_writers_of_different_tags_both_win(api: wandql.Api, run: wandql.Run) -> None:
    other = again(api, run)
    run.tags.append("mine")
    run.tags.remove("a")
    other.tags.append("theirs")
    other.tags.remove("b")
    other.update()
    run.update()
    assert run.tags == again(api, run).tags == ["theirs", "mine"]
    assert other.tags == ["a", "theirs"]


def test_two_writers_of_different_keys_both_win(api: wandql.Api, run: wandql.Run) -> None:
    other = again(api, run)
    run.config["mine"], run.config["opt"]["name"], run.summary["best"]["mine"], run.notes = 1, "sgd", 1, "mine"
    del run.config["lr"]
    other.config["theirs"], other.config["opt"]["betas"], other.summary["theirs"], other.group = 2, [], 2, "theirs"
    other.update()
    run.update()
    fetched = again(api, run)
    assert fetched == run
    assert (fetched.notes, fetched.group) == ("mine", "theirs")
    assert {**fetched.config, "nan": 0} == {
        "opt": {"name": "sgd", "betas": []}, "plain": 3, "nan": 0, "theirs": 2, "mine": 1,
    }  # fmt: skip
    assert fetched.summary == {**SUMMARY, "theirs": 2, "best": {"acc": 0.9, "step": 3, "mine": 1}}


def edit(run: wandql.Run, field: str, value: object) -> None:
    """Change a text, or a key of config or summary: `None` deletes it."""
    name, *keys = field.split(".")
    if not keys:
        setattr(run, name, value)
        return
    values = {"config": run.config, "summary": run.summary}[name]
    for key in keys[:-1]:
        values = values[key]
    if value is None:
        del values[keys[-1]]
    else:
        values[keys[-1]] = value


@pytest.mark.parametrize(
    ("field", "ours", "theirs", "words"),
    [
        ("name", "ours", "theirs", "name is 'theirs' there and 'ours' here"),
        ("notes", "ours", "theirs", "notes is 'theirs' there and 'ours' here"),
        ("config.lr", 1, 2, r"config\.lr is 2 there and 1 here"),
        ("config.lr", None, 2, r"config\.lr is 2 there and gone here"),
        ("config.lr", 1, None, r"config\.lr is gone there and 1 here"),
        ("config.new", 1, 2, r"config\.new is 2 there and 1 here"),
        ("config.opt.name", "sgd", "lamb", r"config\.opt\.name is 'lamb' there and 'sgd' here"),
        ("config.opt", 1, None, r"config\.opt is gone there and 1 here"),
        ("summary.best.acc", 1, 2, r"summary\.best\.acc is 2 there and 1 here"),
        ("summary.loss", 1, True, r"summary\.loss is True there and 1 here"),
        ("summary.text", "x" * 999, "y" * 999, r"summary\.text is 'y+… there and 'x+… here"),
    ],
)
def test_the_same_changed_by_both_is_a_conflict_that_names_it(
    api: wandql.Api, run: wandql.Run, wire: Wire, field: str, ours: object, theirs: object, words: str
) -> None:
    other = again(api, run)
    edit(other, field, theirs)
    other.update()
    wire.sent.clear()
    edit(run, field, ours)
    run.tags.append("mine")
    with pytest.raises(ConflictError, match=words) as caught:
        run.update()
    assert wire.operations == ["GetRun"]
    assert caught.value.path == run.identity
    assert run.identity in str(caught.value)
    assert len(str(caught.value)) < 500
    assert again(api, run) == other
    # What was wanted is still there.
    assert run.tags == ["a", "b", "mine"]


def test_the_same_change_by_both_is_none(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    other = again(api, run)
    for each in [other, run]:
        each.name, each.config["lr"], each.summary["new"] = "same", 7, {"a": 1}
        each.tags.append("same")
    other.update()
    wire.sent.clear()
    run.update()
    assert wire.operations == ["GetRun"]
    assert run == other == again(api, run)


def test_after_a_conflict_loading_drops_the_edits(api: wandql.Api, run: wandql.Run) -> None:
    other = again(api, run)
    other.name = "theirs"
    other.update()
    run.name, run.config["lr"] = "ours", 1
    with pytest.raises(ConflictError):
        run.update()
    assert run.load(force=True) is run
    assert (run.name, run.config["lr"]) == ("theirs", 0.1)
    run.name = "ours"
    run.update()
    assert again(api, run).name == "ours"


# Afterwards


def test_after_saving_the_run_is_what_the_server_has(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    other = again(api, run)
    other.group = "theirs"
    other.update()
    run.name = "mine"
    run.update()
    assert (run.name, run.group) == ("mine", "theirs")
    wire.sent.clear()
    run.update()
    assert wire.operations == []
    assert run.history_keys is None


def test_what_was_held_before_saving_can_be_changed_on(api: wandql.Api, run: wandql.Run) -> None:
    config, options, tags, summary = run.config, run.config["opt"], run.tags, run.summary
    config["a"], summary["a"] = 1, 1
    tags.append("c")
    run.update()
    config["b"], options["c"], summary["b"] = 2, 3, 2
    tags.append("d")
    run.update()
    fetched = again(api, run)
    assert (fetched.config["a"], fetched.config["b"], fetched.config["opt"]["c"]) == (1, 2, 3)
    assert fetched.tags == ["a", "b", "c", "d"]
    assert (fetched.summary["a"], fetched.summary["b"]) == (1, 2)


def test_a_failed_save_can_be_repeated(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    run.name, run.config["lr"] = "after", 5
    for number in [1, 3]:
        wire.replies = {number: httpx.Response(500)}
        with pytest.raises(ServerError):
            run.update()
    run.update()
    assert wire.operations == ["GetRun", "GetRun", "UpsertRun", "GetRun", "UpsertRun"]
    fetched = again(api, run)
    assert (fetched.name, fetched.config["lr"]) == ("after", 5)


def test_a_run_that_is_gone_cannot_be_saved(run: wandql.Run) -> None:
    run.delete()
    run.name = "after"
    with pytest.raises(NotFoundError, match=run.identity):
        run.update()


@pytest.mark.parametrize("bucket", [None, {"inserted": False, "run": None}])
def test_a_server_that_returns_no_run_is_reported(run: wandql.Run, wire: Wire, bucket: object) -> None:
    wire.replies = {2: httpx.Response(200, json={"data": {"upsertBucket": bucket}})}
    run.name = "after"
    with pytest.raises(ReplyError, match=run.identity):
        run.update()


def test_a_server_that_keeps_deleted_keys_is_reported(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    kept = again(api, run).model_dump(mode="json", by_alias=True)
    wire.sent.clear()
    wire.replies = {
        2: httpx.Response(200, json={"data": {"upsertBucket": {"inserted": False, "run": {**kept, "project": None}}}})
    }
    del run.config["lr"]
    with pytest.raises(ReplyError, match=r"kept.*lr"):
        run.update()
    assert run.config["lr"] == 0.1


def test_a_listed_run_can_be_saved(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    listed = api.runs("lab/writes", {"name": run.id}).first()
    assert listed is not None
    wire.sent.clear()
    listed.config["lr"] = 3
    listed.update()
    assert wire.operations == ["GetRun", "UpsertRun"]
    assert {request.variables.get("withHistoryKeys") for request in wire.sent} == {False}
    with pytest.raises(wandql.errors.NotLoadedError):
        _ = listed.history_keys
    assert again(api, run).config["lr"] == 3


# What can be changed


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "state",
        "config",
        "rawconfig",
        "summary",
        "summary_metrics",
        "created_at",
        "url",
        "entity",
        "nosuchfield",
        "path",
    ],
)
def test_everything_else_cannot_be_assigned(run: wandql.Run, name: str) -> None:
    before = deepcopy(run)
    with pytest.raises(AttributeError, match=r"Run\."):
        setattr(run, name, "x")
    assert run == before


@pytest.mark.parametrize("name", [*TEXTS, "display_name"])
@pytest.mark.parametrize("value", [1, b"x", ["x"]])
def test_a_text_is_text(run: wandql.Run, name: str, value: object) -> None:
    with pytest.raises(TypeError, match="text"):
        setattr(run, name, value)


@pytest.mark.parametrize("value", ["abc", None, 1, [1], ["a", None], b"abc"])
def test_tags_are_a_list_of_text(run: wandql.Run, value: object) -> None:
    with pytest.raises(TypeError, match="list of text"):
        run.tags = value
    assert run.tags == ["a", "b"]


CHANGES: list[Callable[[wandql.Run], object]] = [
    lambda run: setattr(run, "name", "after"),
    lambda run: run.tags.append("c"),
    lambda run: run.config.update(lr=1),
    lambda run: run.config["opt"].update(name="sgd"),
    lambda run: run.summary["best"].pop("acc"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_run_is_another_value_but_the_same_key(
    run: wandql.Run, change: Callable[[wandql.Run], object]
) -> None:
    before = deepcopy(run)
    change(run)
    assert run != before
    assert hash(run) == hash(before)
    for other in [copy(run), deepcopy(run), pickle.loads(pickle.dumps(run)), run.model_copy()]:
        assert other == run
        assert other != before


def test_a_deep_copy_is_saved_on_its_own(api: wandql.Api, run: wandql.Run) -> None:
    copied = deepcopy(run)
    copied.name, copied.config["lr"] = "copy", 1
    assert (run.name, run.config["lr"]) == ("before", 0.1)
    copied.update()
    assert again(api, run).name == "copy"


def test_an_unpickled_run_says_that_it_has_no_client(run: wandql.Run) -> None:
    restored = pickle.loads(pickle.dumps(run))
    restored.name = "after"
    for ask in [restored.update, restored.delete, restored.stop, restored.history, lambda: restored.file("x")]:
        with pytest.raises(UsageError, match="no client"):
            ask()
    for make in [restored.files, restored.scan_history, restored.console_logs]:
        with pytest.raises(UsageError, match="no client"):
            make()


# Summaries


def test_a_summary_is_a_mapping(run: wandql.Run, wire: Wire) -> None:
    summary = run.summary
    assert summary == SUMMARY
    assert dict(summary) == run.summary_metrics == SUMMARY
    assert [*summary] == [*summary.keys()] == [*SUMMARY]
    assert [*summary.items()] == [*SUMMARY.items()]
    assert len(summary) == 4
    assert "loss" in summary
    assert "nothing" not in summary
    assert (summary.get("loss"), summary.get("nothing"), summary.get("nothing", 1)) == (0.5, None, 1)
    assert summary["best"]["acc"] == 0.9
    assert repr(summary) == repr(SUMMARY)
    with pytest.raises(KeyError, match="nothing"):
        summary["nothing"]
    summary["x"] = {"y": [1]}
    summary["x"]["y"].append(2)
    del summary["loss"]
    assert run.summary["x"] == {"y": [1, 2]}
    assert "loss" not in run.summary_metrics
    assert pickle.loads(pickle.dumps(summary)) == summary
    assert wire.operations == []


def test_updating_a_summary_saves_it_and_nothing_else(api: wandql.Api, run: wandql.Run, wire: Wire) -> None:
    run.name, run.config["lr"] = "unsaved", 1
    run.summary["first"] = 1
    run.summary.update({"second": 2, "best": {"acc": 1}})
    assert wire.operations == ["GetRun", "UpsertRun"]
    assert json.loads(sent(wire)["summaryJson"]) == {**SUMMARY, "first": 1, "second": 2, "best": {"acc": 1}}
    assert sent(wire).keys() == {"summaryJson"}
    fetched = again(api, run)
    assert fetched.summary == run.summary == {**SUMMARY, "first": 1, "second": 2, "best": {"acc": 1}}
    assert (fetched.name, fetched.config["lr"]) == ("before", 0.1)
    assert (run.name, run.config["lr"]) == ("unsaved", 1)
    wire.sent.clear()
    run.update()
    assert sent(wire).keys() == {"name", "configJson"}


def test_a_summary_can_be_updated_without_overwriting(api: wandql.Api, run: wandql.Run) -> None:
    run.summary.update({"loss": 1, "new": 2}, overwrite=False)
    assert again(api, run).summary == {**SUMMARY, "new": 2}


def test_a_program_that_logs_on_does_not_disturb_other_keys(api: wandql.Api, run: wandql.Run) -> None:
    api.client.upsert_run(storage_id=run.storage_id, summary_json=json.dumps({**SUMMARY, "loss": 0.25}))
    run.summary.update({"verdict": "good"})
    assert again(api, run).summary == {**SUMMARY, "loss": 0.25, "verdict": "good"}
