"""Config and summary, as servers send them: every document is read as what it says, or refused by name."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

import wandql
from wandql.errors import DecodeError

if TYPE_CHECKING:
    from wandql.graphql.scalars import JSONObject

DEEP = 150


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def unnested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = {"a": value}
    return value


def make_run(config: str | None = None, summary: str | None = None, **fields: object) -> wandql.Run:
    """Make a run as a server sends it."""
    absent = dict.fromkeys(
        ["group", "job_type", "description", "notes", "commit", "sweep_name", "heartbeat_at", "user", "project_id"]
    )
    return wandql.Run.model_validate(
        {
            **absent,
            "storage_id": "UnVuOjE=",
            "id": "r1",
            "name": "run 1",
            "state": "finished",
            "tags_or_null": None,
            "read_only": False,
            "created_at": "2027-01-15T08:00:00",
            "history_line_count": 0,
            "system_metrics_json": None,
            "entity": "alice",
            "project": "mnist",
            "url": "https://wandb.ai/alice/mnist/runs/r1",
            "config_json": config,
            "summary_json": summary,
            **fields,
        }
    )


# What both documents may be, and what is then read.
DOCUMENTS: list[tuple[str | None, JSONObject]] = [
    (None, {}),
    ("", {}),
    ("null", {}),
    ("{}", {}),
    (" \n{ } ", {}),
    ('{"a": 1}', {"a": 1}),
    ('{"a": null}', {"a": None}),
    ('{"a": true, "b": false}', {"a": True, "b": False}),
    ('{"a": -0.0}', {"a": -0.0}),
    ('{"a": 1e-320}', {"a": 1e-320}),
    ('{"a": 1.0}', {"a": 1.0}),
    ('{"a": 9007199254740993}', {"a": 9007199254740993}),
    ('{"a": 123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
    ('{"a": -9223372036854775809}', {"a": -9223372036854775809}),
    ('{"a": NaN}', {"a": math.nan}),
    ('{"a": Infinity, "b": -Infinity}', {"a": math.inf, "b": -math.inf}),
    ('{"a": [NaN, {"b": -Infinity}]}', {"a": [math.nan, {"b": -math.inf}]}),
    ('{"a": "NaN", "b": "Infinity", "c": "-Infinity"}', {"a": "NaN", "b": "Infinity", "c": "-Infinity"}),
    ('{"a": 1e999}', {"a": math.inf}),
    ('{"a": ""}', {"a": ""}),
    ('{"": 1}', {"": 1}),
    ('{"a": [], "b": {}}', {"a": [], "b": {}}),
    ('{"a": [[1, [2]], {"b": {"c": [null]}}]}', {"a": [[1, [2]], {"b": {"c": [None]}}]}),
    ('{"a.b": 1, "a/b": 2, "a": {"b": 3}, "a b": 4}', {"a.b": 1, "a/b": 2, "a": {"b": 3}, "a b": 4}),
    ('{"schlüssel": "größe", "键": "值", "🐝": "👩‍🔬"}', {"schlüssel": "größe", "键": "值", "🐝": "👩‍🔬"}),
    (r'{"\u00e9": "\ud83d\udc1d"}', {"é": "🐝"}),
    (r'{"a": "\u0000\u001f\n\t\"\\\/"}', {"a": '\x00\x1f\n\t"\\/'}),
    ('{"a": "\x7f\u2028"}', {"a": "\x7f\u2028"}),
    ('{"a": 1, "a": 2}', {"a": 2}),
    ('{"a": {"_type": "image-file", "path": "media/a.png"}}', {"a": {"_type": "image-file", "path": "media/a.png"}}),
    ('{"__proto__": 1, "__class__": 2, "items": 3}', {"__proto__": 1, "__class__": 2, "items": 3}),
    (nested(DEEP), {"a": unnested(DEEP - 1)}),
]

# What neither may be, and a word of the reason.
MALFORMED = [
    ("[]", "list"),
    ('[{"a": 1}]', "list"),
    ("1", "int"),
    ("true", "bool"),
    ("NaN", "float"),
    ('"{}"', "str"),
    ('""', "str"),
    (" ", "not JSON"),
    ("{", "not JSON"),
    ('{"a": 1', "not JSON"),
    ('{"a": 1}}', "not JSON"),
    ('{"a": 1,}', "not JSON"),
    ("{'a': 1}", "not JSON"),
    ('{"a": nan}', "not JSON"),
    ('{"a": undefined}', "not JSON"),
    ('{"a": 01}', "not JSON"),
    (r'{"a": "\x41"}', "not JSON"),
    ("\ufeff{}", "not JSON"),
    ("<html></html>", "not JSON"),
    (nested(10_000), "not JSON"),
]

# The SDK wraps each value of a config; whatever is not wrapped is the value itself.
WRAPPED: list[tuple[str, JSONObject]] = [
    ('{"lr": {"value": 0.1}}', {"lr": 0.1}),
    ('{"lr": {"desc": null, "value": 0.1}}', {"lr": 0.1}),
    ('{"lr": {"desc": "the rate", "value": 0.1}}', {"lr": 0.1}),
    ('{"lr": {"value": null}}', {"lr": None}),
    ('{"lr": {"value": {"value": 1}}}', {"lr": {"value": 1}}),
    ('{"lr": {"value": [{"value": 1}]}}', {"lr": [{"value": 1}]}),
    ('{"lr": {"value": {}}}', {"lr": {}}),
    ('{"lr": {"value": NaN}}', {"lr": math.nan}),
    ('{"lr": {"max": 1, "min": 0}}', {"lr": {"max": 1, "min": 0}}),
    ('{"lr": {"desc": "the rate"}}', {"lr": {"desc": "the rate"}}),
    ('{"value": {"value": 1}}', {"value": 1}),
    ('{"value": 1}', {"value": 1}),
    ('{"a.b": {"value": 1}, "a/b": {"value": 2}}', {"a.b": 1, "a/b": 2}),
    ('{"_wandb": {"value": {"cli_version": "0.31.0"}}, "lr": {"value": 1}}', {"lr": 1}),
    ('{"_wandb": {"desc": null, "value": null}, "wandb_version": 1}', {}),
    ('{"_mine": {"value": 1}}', {"_mine": 1}),
]


@pytest.mark.parametrize(("document", "value"), DOCUMENTS)
def test_a_summary_is_what_its_document_says(document: str | None, value: JSONObject) -> None:
    assert repr(dict(make_run(summary=document).summary_metrics)) == repr(value)


@pytest.mark.parametrize(("document", "value"), DOCUMENTS + WRAPPED)
def test_a_config_is_what_its_document_says_without_the_wrapping(document: str | None, value: JSONObject) -> None:
    assert repr(dict(make_run(config=document).config)) == repr(value)


@pytest.mark.parametrize(("document", "word"), MALFORMED)
def test_a_document_that_is_no_object_is_refused_by_the_name_of_its_run(document: str, word: str) -> None:
    run = make_run(config=document, summary=document)
    for read, noun in [(lambda: run.config, "config"), (lambda: run.summary_metrics, "summary")]:
        with pytest.raises(DecodeError, match=f"{noun}.* of alice/mnist/r1.*{word}") as caught:
            read()
        assert len(str(caught.value)) < 500
    assert run.name == "run 1"


def test_what_the_sdk_notes_is_in_the_raw_config_alone() -> None:
    run = make_run(config='{"_wandb": {"value": {"t": 1}}, "lr": {"value": 0.1}}')
    assert run.config == {"lr": 0.1}
    assert run.rawconfig == {"_wandb": {"t": 1}, "lr": 0.1}


def test_one_malformed_document_spoils_no_other() -> None:
    run = make_run(config="[", summary='{"a": 1}')
    assert dict(run.summary_metrics) == {"a": 1}
    with pytest.raises(DecodeError):
        _ = run.config


def test_absent_lists_are_empty() -> None:
    assert make_run().tags == []
    assert make_run(tags_or_null=["a"]).tags == ["a"]


def test_a_time_without_a_zone_is_in_utc() -> None:
    assert make_run().created_at.isoformat() == "2027-01-15T08:00:00+00:00"
    assert make_run(created_at="2027-01-15T08:00:00+02:00").created_at.isoformat() == "2027-01-15T06:00:00+00:00"


def test_a_state_that_nobody_knows_yet_is_kept() -> None:
    assert make_run(state="hibernating").state == "hibernating"
