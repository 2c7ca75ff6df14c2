"""History, system metrics and printed lines: kept as they come, counted as they come, read in windows and samples."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json
from sqlalchemy import func, select

from tests.server.conftest import UPSERT, Caller
from wandql.server import Application, Request, tables
from wandql.server.runs.console import ConsoleLine, parse_console_line
from wandql.server.runs.history_exports import SMALLEST
from wandql.server.runs.history_keys import count_row, keys_of, new_history_keys, value_at
from wandql.server.runs.sampling import spread

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab._", max_size=3), inner, max_size=3),
    max_leaves=8,
)
ROWS = st.dictionaries(st.text("ab.", max_size=3), JSON, max_size=4)


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"_step": i, "_runtime": i / 2, "_timestamp": 1.7e9 + i, "loss": 1 / (i + 1), **more} for i in range(count)]


def steps(caller: Caller, arguments: str = "") -> list[int]:
    return [json.loads(row)["_step"] for row in caller.run(f"history{arguments}")["history"]]


def sampled(caller: Caller, *specs: dict[str, Any]) -> list[list[dict[str, Any]]]:
    document = (
        'query ($specs: [JSONString!]!) { project(name: "p") { run(name: "run") { sampledHistory(specs: $specs) } } }'
    )
    return caller.ask(document, specs=[json.dumps(spec) for spec in specs])["project"]["run"]["sampledHistory"]


@given(st.integers(0, 500), st.integers(0, 60))
def test_a_sample_is_spread_evenly_and_keeps_both_ends(count: int, samples: int):
    picked = spread(count, samples)
    assert len(picked) == min(count, samples)
    assert picked == sorted(set(picked))
    if count and samples >= 2:
        assert (picked[0], picked[-1]) == (0, count - 1)
        gaps = {after - before for before, after in pairwise(picked)}
        assert not gaps or max(gaps) - min(gaps) <= 1


@given(ROWS)
def test_every_key_of_a_row_leads_to_a_value(row: dict[str, Any]):
    for key in keys_of(row):
        value_at(row, key)
    for key, value in row.items():
        assert value_at(row, key) is value


def test_a_dotted_key_reaches_into_nested_objects():
    row = {"a": {"x": 1, "d": {"y": 2}}, "a.b": {"c": 3}, "media": {"_type": "image-file", "path": "p"}}
    assert keys_of(row) == ["a", "a.b", "a.b.c", "a.d.y", "a.x", "media"]
    assert [value_at(row, key) for key in ("a.b.c", "a.d.y", "a.x")] == [3, 2, 1]
    with pytest.raises(KeyError):
        value_at(row, "a.d.z")


@given(st.lists(ROWS, max_size=6))
def test_history_keys_count_every_leaf_once(rows: list[dict[str, Any]]):
    known = new_history_keys()
    for step, row in enumerate(rows):
        count_row(known, row, step)
    for key, info in known["keys"].items():
        assert sum(entry["count"] for entry in info["typeCounts"]) >= 1, key
    assert known["lastStep"] == len(rows) - 1
    json.dumps(known, allow_nan=False)


def test_types_and_monotony_are_counted():
    known = new_history_keys()
    for step, row in enumerate(
        [{"a": 1, "b": "x", "c": {"d": True}}, {"a": 1.5, "b": None, "c": {"d": [1]}}, {"a": 0}]
    ):
        count_row(known, row, step)
    kinds = {key: {e["type"]: e["count"] for e in info["typeCounts"]} for key, info in known["keys"].items()}
    assert kinds == {"a": {"number": 3}, "b": {"string": 1, "nil": 1}, "c.d": {"bool": 1, "list": 1}}
    assert not any(info["monotonic"] for info in known["keys"].values())
    count_row(known, {"_step": 3, "nan": math.nan}, 3)
    assert known["keys"]["_step"]["monotonic"] is True
    assert known["keys"]["nan"]["monotonic"] is False


def test_history_comes_back_as_it_was_sent(caller: Caller):
    caller.upsert()
    lines = ['{"_step":0,"x":NaN, "y":1.79e+09}', '{"_step":1,"x":-Infinity,"z":{"_type":"table-file"}}']
    caller.stream(files={"wandb-history.jsonl": {"offset": 0, "content": lines}})
    assert caller.run("history historyLineCount historyTail") == {
        "history": lines,
        "historyLineCount": 2,
        "historyTail": json.dumps([lines[1]], separators=(",", ":")),
    }


def test_a_run_without_history_has_none(caller: Caller):
    caller.upsert()
    assert caller.run("history historyKeys historyLineCount historyTail events eventsTail systemMetrics") == {
        "history": [], "historyKeys": None, "historyLineCount": 0, "historyTail": "[]",
        "events": [], "eventsTail": "[]", "systemMetrics": None,
    }  # fmt: skip
    assert sampled(caller, {"keys": ["loss"]}) == [[]]


def test_the_whole_history_is_sampled_and_a_window_ends_before_its_last_step(caller: Caller):
    caller.upsert()
    caller.log(rows(1000))
    assert steps(caller) == spread(1000, 500)
    assert steps(caller, "(samples: 3)") == [0, 499, 999]
    assert steps(caller, "(minStep: 10, maxStep: 20)") == list(range(10, 20))
    assert steps(caller, "(minStep: 990, maxStep: 2000, samples: 1000)") == list(range(990, 1000))
    assert steps(caller, "(samples: 0)") == []
    assert steps(caller, "(samples: 100000)") == list(range(1000))


def test_a_window_of_no_more_steps_than_samples_holds_all_rows_of_its_steps(caller: Caller):
    caller.upsert()
    caller.log([{"_step": step, "n": n} for step in range(4) for n in range(5)])
    assert steps(caller, "(minStep: 1, maxStep: 3, samples: 2)") == [1] * 5 + [2] * 5
    assert steps(caller, "(minStep: 1, maxStep: 4, samples: 2)") == [1, 3]
    (whole, few) = sampled(
        caller,
        {"keys": ["_step", "n"], "minStep": 1, "maxStep": 2, "samples": 2},
        {"keys": ["_step", "n"], "minStep": 1, "maxStep": 3, "samples": 2},
    )
    assert whole == [{"_step": step, "n": n} for step in (1, 2) for n in range(5)]
    assert len(few) == 2


def test_sampled_history_ends_with_its_last_step_and_holds_just_the_keys(caller: Caller):
    caller.upsert()
    caller.log([{**row, **({"rare": row["_step"]} if row["_step"] % 10 == 0 else {})} for row in rows(100)])
    both, windowed, none = sampled(
        caller,
        {"keys": ["_step", "rare"], "samples": 500},
        {"keys": ["_step", "loss", "_step"], "minStep": 5, "maxStep": 8, "samples": 10},
        {"keys": ["_step", "absent"]},
    )
    assert both == [{"_step": i, "rare": i} for i in range(0, 100, 10)]
    assert windowed == [{"_step": i, "loss": 1 / (i + 1)} for i in range(5, 9)]
    assert none == []
    (few,) = sampled(caller, {"keys": ["rare"], "samples": 3})
    assert few == [{"rare": 0}, {"rare": 40}, {"rare": 90}]


def test_sampled_values_that_json_lacks_are_strings(caller: Caller):
    caller.upsert()
    lines = ['{"_step":0,"x":NaN}', '{"_step":1,"x":Infinity}', '{"_step":2,"x":-Infinity}', '{"_step":3,"x":null}']
    caller.stream(files={"wandb-history.jsonl": {"offset": 0, "content": lines}})
    assert sampled(caller, {"keys": ["x"]}) == [[{"x": "NaN"}, {"x": "Infinity"}, {"x": "-Infinity"}, {"x": None}]]


def test_nested_keys_can_be_sampled(caller: Caller):
    caller.upsert()
    caller.log(rows(2, train={"loss": 3}))
    assert sampled(caller, {"keys": ["train.loss"]}, {"keys": ["train"]}) == [
        [{"train.loss": 3}] * 2,
        [{"train": {"loss": 3}}] * 2,
    ]


@pytest.mark.parametrize("spec", ["[]", "{", '{"keys": 1}', '{"keys": ["a"], "samples": "many"}'])
def test_a_spec_that_cannot_be_read_is_400(caller: Caller, spec: str):
    caller.upsert()
    document = (
        'query ($specs: [JSONString!]!) { project(name: "p") { run(name: "run") { sampledHistory(specs: $specs) } } }'
    )
    assert caller.refused(document, specs=[spec])[0] == 400


def test_a_chunk_that_comes_twice_counts_once(caller: Caller):
    caller.upsert()
    chunk = rows(20)
    caller.log(chunk)
    keys = caller.run("historyKeys")["historyKeys"]
    assert keys["lastStep"] == 19
    assert keys["keys"]["loss"]["typeCounts"] == [{"type": "number", "count": 20}]
    assert keys["keys"]["loss"]["monotonic"] is False
    assert keys["sets"] == []
    caller.log(chunk)
    caller.log(chunk[10:], offset=10)
    assert caller.run("historyKeys historyLineCount") == {"historyKeys": keys, "historyLineCount": 20}
    assert steps(caller) == list(range(20))


def test_a_line_that_is_rewritten_replaces_the_former_one(caller: Caller):
    caller.upsert()
    caller.log(rows(3))
    caller.log([{"_step": 1, "other": "x"}, {"_step": 2, "other": "y"}, {"_step": 3, "other": "z"}], offset=1)
    keys = caller.run("historyKeys")["historyKeys"]
    assert {key: info["typeCounts"][0]["count"] for key, info in keys["keys"].items()} == {
        "_step": 4, "_runtime": 1, "_timestamp": 1, "loss": 1, "other": 3,
    }  # fmt: skip
    assert caller.run("historyLineCount")["historyLineCount"] == 4
    assert sampled(caller, {"keys": ["other"]}) == [[{"other": "x"}, {"other": "y"}, {"other": "z"}]]


@given(st.lists(st.tuples(st.integers(0, 12), st.lists(st.sampled_from("ab"), min_size=1, max_size=5)), max_size=8))
def test_any_sequence_of_chunks_ends_as_the_last_writer_of_each_line_left_it(
    networked: tuple[Application, str], chunks: list[tuple[int, list[str]]]
):
    caller = Caller(networked[0], networked[0].api_key)
    name = uuid4().hex
    caller.upsert(name)
    left = ""
    for start, letters in chunks:
        offset = min(start, len(left))  # the SDK leaves no gaps
        rows = [{"_step": step, letter: 1} for step, letter in enumerate(letters, start=offset)]
        caller.log(rows, offset=offset, name=name)
        left = left[:offset] + "".join(letters) + left[offset + len(letters) :]
    run = caller.run("historyKeys history", name)
    keys = (run["historyKeys"] or {"keys": {}})["keys"]
    counts = {"_step": len(left), "a": left.count("a"), "b": left.count("b")}
    assert {key: info["typeCounts"][0]["count"] for key, info in keys.items()} == {k: n for k, n in counts.items() if n}
    assert [json.loads(row)["_step"] for row in run["history"]] == list(range(len(left)))


@pytest.mark.parametrize("line", ["[]", "{", "text", '"x"'])
def test_a_line_that_is_no_object_is_refused_and_nothing_is_kept(caller: Caller, line: str):
    caller.upsert()
    body = {"files": {"wandb-history.jsonl": {"offset": 0, "content": ['{"_step": 0}', line]}}, "complete": True}
    response = caller.send("POST", "/files/alice/p/run/file_stream", json.dumps(body).encode())
    assert response.status == 400
    assert b"Line 1 of the history" in response.body
    assert caller.run("historyLineCount state") == {"historyLineCount": 0, "state": "running"}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"files": []}', b'{"files": {"a": {"offset": -1, "content": []}}}'])
def test_a_message_that_cannot_be_read_is_400(caller: Caller, body: bytes):
    caller.upsert()
    assert caller.send("POST", "/files/alice/p/run/file_stream", body).status == 400


def test_a_message_of_an_unknown_run_is_404(caller: Caller):
    caller.upsert()
    for path in ("alice/p/no", "alice/no/run"):
        assert caller.send("POST", f"/files/{path}/file_stream", b"{}").status == 404


def test_the_last_line_of_the_summary_wins(caller: Caller):
    caller.upsert()
    caller.stream(files={"wandb-summary.json": {"offset": 0, "content": ['{"a": 1}', '{"a": NaN}']}})
    assert caller.run("summaryMetrics")["summaryMetrics"] == '{"a": NaN}'


def test_system_metrics_keep_their_last_values(caller: Caller):
    caller.upsert()
    lines = [
        '{"_wandb": true, "_timestamp": 1.0, "_runtime": 1.0, "system.cpu": 5.0, "system.gpu": 1.0}',
        '{"_wandb": true, "_timestamp": 2.0, "_runtime": 2.0, "system.cpu": 6.0}',
    ]
    caller.stream(files={"wandb-events.jsonl": {"offset": 0, "content": lines}})
    run = caller.run("systemMetrics events(samples: 1) eventsLineCount eventsTail")
    assert json.loads(run["systemMetrics"]) == {"system.cpu": 6.0, "system.gpu": 1.0}
    assert run["events"] == lines[1:]
    assert run["eventsLineCount"] == 2
    assert json.loads(run["eventsTail"]) == lines[1:]


@pytest.mark.parametrize(("text", "line"), [
    ('{"ts":"2026-01-31T12:00:00.5","content":"hi\\n"}', ConsoleLine("2026-01-31T12:00:00.5", None, None, "hi")),
    ('{"level":"error","ts":"t","label":"w0","content":"x"}', ConsoleLine("t", "error", "w0", "x")),
    ("2026-01-31T12:00:00.123456 plain text\n", ConsoleLine("2026-01-31T12:00:00.123456", None, None, "plain text")),
    ("ERROR 2026-01-31T12:00:00 [w0] oh", ConsoleLine("2026-01-31T12:00:00", "error", "w0", "oh")),
    ("{not json", ConsoleLine(None, None, None, "{not json")),
    ('{"other": 1}', ConsoleLine(None, None, None, '{"other": 1}')),
    ("", ConsoleLine(None, None, None, "")),
])  # fmt: skip
def test_printed_lines_are_taken_apart(text: str, line: ConsoleLine):
    assert parse_console_line(text) == line


def test_printed_lines_are_paged_by_number_and_may_be_rewritten(caller: Caller):
    caller.upsert()
    for offset, texts in ((0, ["a", "b"]), (4, ["e"]), (1, ["B"])):
        content = [json.dumps({"ts": "t", "content": text}) for text in texts]
        caller.stream(files={"output.log": {"offset": offset, "content": content}})
    selection = "edges { cursor node { number line } } pageInfo { endCursor hasNextPage }"
    run = caller.run(f"logLineCount logLines(first: 2, useImprovedPagination: true) {{ {selection} }}")
    assert run["logLineCount"] == 5
    assert [edge["node"]["line"] for edge in run["logLines"]["edges"]] == ["a", "B"]
    assert run["logLines"]["pageInfo"]["hasNextPage"] is True
    after = run["logLines"]["pageInfo"]["endCursor"]
    rest = caller.run(f'logLines(first: 2, after: "{after}") {{ {selection} }}')["logLines"]
    assert [edge["node"] for edge in rest["edges"]] == [{"number": 4, "line": "e"}]
    assert rest["pageInfo"]["hasNextPage"] is False
    tail = caller.run(f"logLines(last: 2) {{ {selection} }}")["logLines"]
    assert [edge["node"]["line"] for edge in tail["edges"]] == ["B", "e"]


def test_a_resumed_run_is_told_where_to_go_on(caller: Caller):
    caller.upsert(config='{"_wandb": {"value": {"t": {"1": [2]}, "cli_version": "0.31.0"}}, "a": {"value": 1}}')
    caller.log(rows(3))
    document = """
      { model(name: "p") { bucket(name: "run", missingOk: true) {
          historyLineCount eventsLineCount logLineCount historyTail wandbConfig(keys: ["t"]) } } }
    """
    bucket = caller.ask(document)["model"]["bucket"]
    assert from_json(bucket["wandbConfig"]) == {"t": {"1": [2]}}
    (tail,) = from_json(bucket["historyTail"])
    assert from_json(tail)["_step"] == 2
    assert (bucket["historyLineCount"], bucket["eventsLineCount"], bucket["logLineCount"]) == (3, 0, 0)
    caller.log([{"_step": 3, "loss": 0}], offset=3)
    assert steps(caller) == [0, 1, 2, 3]


def test_a_run_is_rewound_to_a_step(caller: Caller):
    caller.upsert()
    caller.log(rows(10))
    document = """
      mutation ($metric: String!) {
        rewindRun(input: {runName: "run", projectName: "p", metricName: $metric, metricValue: 4}) {
          rewoundRun { historyLineCount summaryMetrics historyKeys } } }
    """
    rewound = caller.ask(document, metric="_step")["rewindRun"]["rewoundRun"]
    assert rewound["historyLineCount"] == 5
    assert rewound["historyKeys"]["lastStep"] == 4
    assert json.loads(rewound["summaryMetrics"])["loss"] == 1 / 5
    assert steps(caller) == [0, 1, 2, 3, 4]
    assert caller.refused(document, metric="loss")[0] == 400


def test_the_summary_of_a_rewound_run_is_what_its_metrics_are_defined_to_be(caller: Caller):
    metrics = [{"1": "acc", "7": [2, 1]}, {"1": "lr", "7": [6]}, {"2": "v/*", "7": [1]}]
    caller.upsert(config=json.dumps({"_wandb": {"value": {"m": metrics, "t": {"3": [2]}}}}))
    caller.log([{"_step": step, "acc": (3, 5, 4, 9)[step], "lr": 1, "v/f": step, "x": step} for step in range(4)])
    caller.ask(
        'mutation { rewindRun(input: {projectName: "p", runName: "run", metricName: "_step", metricValue: 2}) '
        "{ clientMutationId } }"
    )
    assert json.loads(caller.run("summaryMetrics")["summaryMetrics"]) == {
        "_step": 2, "x": 2, "acc": {"min": 3, "max": 5}, "v/f": {"min": 0},
    }  # fmt: skip


def test_rows_are_kept_once_each(caller: Caller):
    caller.upsert()
    for _ in range(2):
        caller.log(rows(50))
    with caller.application._store.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.history)).scalar() == 50
        assert connection.execute(select(func.count()).select_from(tables.key_sets)).scalar() == 1


def exported(caller: Caller) -> Any:
    """Return the exported history as a table; None where there is none."""
    found = caller.run('parquetHistory(liveKeys: ["_step"]) { parquetUrls liveData }')["parquetHistory"]
    assert found["liveData"] == []
    if not found["parquetUrls"]:
        return None
    [url] = found["parquetUrls"]
    response = caller.application.respond(Request("GET", url.removeprefix("http://server.test"), {}, b""))
    assert response.status == 200
    return pq.read_table(BytesIO(response.body))


def test_the_history_of_a_run_that_has_ended_is_a_parquet_file_until_a_row_changes(caller: Caller):
    caller.upsert()
    logged = rows(SMALLEST, epoch=1, name="x", done=True, many=[1, 2])
    logged[2] |= {"_step": 1}
    caller.log(logged)
    assert exported(caller) is None
    caller.stream(complete=True, exitcode=0)
    assert exported(caller).to_pylist() == logged
    files = lambda: [*(caller.application.directory / "files").glob("??/*")]  # noqa: E731
    assert exported(caller).num_rows == SMALLEST
    assert len(files()) == 1
    caller.stream(
        files={"wandb-history.jsonl": {"offset": SMALLEST, "content": [json.dumps(logged[0] | {"_step": 1})]}}
    )
    assert exported(caller) is None
    assert files() == []
    caller.stream(complete=True, exitcode=0)
    assert exported(caller) is None


def test_a_history_that_was_rewound_is_not_exported_again(caller: Caller):
    """The official SDK would read the rows that are gone from the file that it has kept."""
    caller.upsert()
    caller.log(rows(SMALLEST + 1))
    caller.stream(complete=True, exitcode=0)
    assert exported(caller).num_rows == SMALLEST + 1
    caller.ask(
        'mutation { rewindRun(input: {projectName: "p", runName: "run", metricName: "_step", '
        f"metricValue: {SMALLEST - 1}}}) {{ clientMutationId }} }}"
    )
    assert [*(caller.application.directory / "files").glob("??/*")] == []
    assert exported(caller) is None


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"epoch": None},
        {"epoch": 1, "more": 1},
        {"epoch": "text"},
        {"epoch": 2**64},
        {"epoch": {"of": 1}},
        {"epoch": {"_type": "image-file"}},
        {"epoch": [1, "a"]},
    ],
)
def test_a_history_that_would_read_otherwise_from_a_file_is_not_exported(caller: Caller, other: dict[str, Any]):
    caller.upsert()
    kind = [1] if isinstance(other.get("epoch"), list) else 1
    caller.log([*rows(SMALLEST - 1, epoch=kind), *({**row, **other} for row in rows(SMALLEST)[-1:])])
    caller.stream(complete=True, exitcode=0)
    assert exported(caller) is None


def test_a_key_may_have_floats_in_a_later_part_of_an_export(caller: Caller):
    caller.upsert()
    logged = [{**row, "epoch": row["_step"] if row["_step"] < SMALLEST else 0.5} for row in rows(SMALLEST + 2)]
    caller.log(logged)
    caller.stream(complete=True, exitcode=0)
    assert exported(caller).to_pylist() == logged


def test_a_history_that_takes_too_long_to_write_is_not_exported(caller: Caller, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("wandql.server.runs.history_exports.LARGEST", SMALLEST)
    caller.upsert()
    caller.log(rows(SMALLEST + 1))
    caller.stream(complete=True, exitcode=0)
    assert exported(caller) is None


def test_nothing_is_exported_without_pyarrow_or_for_a_few_rows(caller: Caller, monkeypatch: pytest.MonkeyPatch):
    caller.upsert()
    caller.log(rows(SMALLEST - 1))
    caller.stream(complete=True, exitcode=0)
    assert exported(caller) is None
    caller.log(rows(SMALLEST))
    caller.stream(complete=True, exitcode=0)
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "pyarrow", None)
        assert exported(caller) is None
    assert exported(caller) is not None


def share(caller: Caller, client: str, **message: Any) -> None:
    body = json.dumps(message).encode()
    response = caller.send("POST", "/files/alice/p/run/file_stream", body, x_wandb_async_client_id=client)
    assert response.status == 200, response.body


def test_processes_that_write_one_run_are_not_in_each_others_way(caller: Caller):
    caller.upsert()

    def lines(*values: int, offset: int = 0, key: str) -> dict[str, Any]:
        content = [json.dumps({"_step": value, key: value}) for value in values]
        return {"wandb-history.jsonl": {"offset": offset, "content": content}}

    share(caller, "a", files=lines(0, 1, key="a"))
    share(caller, "b", files=lines(0, 1, 2, key="b"))
    # A chunk that comes twice, the second time with news.
    for _ in range(2):
        share(caller, "a", files=lines(0, 1, 2, 3, key="a"))
    share(caller, "a", files={"wandb-summary.json": {"offset": 0, "content": ['{"x": 1, "a": 1}']}})
    share(caller, "b", files={"wandb-summary.json": {"offset": 0, "content": ['{"x": 2, "b": 1}']}})
    for client, text in (("a", "from a"), ("b", "from b"), ("b", "again b")):
        share(caller, client, files={"output.log": {"offset": 0, "content": [json.dumps({"content": text})]}})
    run = caller.run(
        "historyLineCount history summaryMetrics historyKeys logLines(first: 9) { edges { node { line } } }"
    )
    rows = [json.loads(row) for row in run["history"]]
    assert run["historyLineCount"] == 7
    assert [row["a"] for row in rows if "a" in row] == [0, 1, 2, 3]
    assert [row["b"] for row in rows if "b" in row] == [0, 1, 2]
    assert run["historyKeys"]["keys"]["a"]["typeCounts"] == [{"type": "number", "count": 4}]
    assert json.loads(run["summaryMetrics"]) == {"x": 2, "a": 1, "b": 1}
    assert [edge["node"]["line"] for edge in run["logLines"]["edges"]] == ["from a", "again b"]


def test_what_is_synced_once_more_is_there_once(caller: Caller):
    """The SDK sends it all again, behind what is there: after `wandb sync` twice, or of a run that was broken off."""
    rows = [{"_step": step, "_timestamp": 1e9 + step, "x": {"y": math.nan}} for step in range(4)]
    caller.upsert()
    caller.log(rows[:3])
    caller.log([dict(reversed(row.items())) for row in rows], offset=3)
    caller.log([{**rows[3], "_timestamp": 2e9}], offset=7)
    run = caller.run("historyLineCount history historyKeys")
    assert [json.loads(row)["_timestamp"] for row in run["history"]] == [1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3, 2e9]
    assert run["historyKeys"]["keys"]["x.y"]["typeCounts"] == [{"type": "number", "count": 5}]
    assert run["historyLineCount"] == 8


def test_none_of_several_processes_takes_away_what_the_others_have_in_the_config(caller: Caller):
    def upsert(client: str, metrics: list[dict[str, Any]], **values: object) -> None:
        config = {**values, "_wandb": {"value": {"m": metrics, "e": {client: {"host": client}}}}}
        given = {"name": "run", "modelName": "p", "config": json.dumps(config)}
        headers = {"x-wandb-use-async-filestream": "true", "x-wandb-client-id": client}
        replace(caller, headers=headers).ask(UPSERT, input=given)

    upsert("a", [{"1": "loss"}], lr={"value": 1}, a={"value": {"x": 1}})
    upsert("b", [], lr={"value": 2}, b={"value": 3})
    notes = {"m": [{"1": "loss"}], "e": {"a": {"host": "a"}, "b": {"host": "b"}}}
    assert json.loads(caller.run("config")["config"]) == {
        "lr": {"value": 2}, "a": {"value": {"x": 1}}, "b": {"value": 3}, "_wandb": {"value": notes},
    }  # fmt: skip
    caller.upsert(config='{"lr": {"value": 4}}')
    assert json.loads(caller.run("config")["config"]) == {"lr": {"value": 4}}


def _left_to_the_server(definitions: list[dict[str, Any]]) -> str:
    return json.dumps({"_wandb": {"value": {"t": {"3": [2, 68], "5": "0.31.0"}, "m": definitions}}})


def test_a_summary_that_is_left_to_the_server_follows_from_the_rows(caller: Caller):
    definitions = [{"1": "acc", "5": 1, "7": [1, 2, 3, 5, 8]}, {"1": "lr", "7": [6]}, {"1": "epoch"}]
    caller.upsert(config=_left_to_the_server(definitions))
    caller.log([{"_step": 0, "loss": 4, "acc": 3, "lr": 1, "epoch": 0}, {"_step": 1, "acc": 1, "n": {"x": 1}}])
    said = {"wandb-summary.json": {"offset": 0, "content": ['{"best": 7, "loss": -1}']}}
    rows = [json.dumps({"_step": 2, "loss": 2, "acc": 5, "epoch": 1})]
    for _ in range(2):
        caller.stream(files={**said, "wandb-history.jsonl": {"offset": 2, "content": rows}})
    assert json.loads(caller.run("summaryMetrics")["summaryMetrics"]) == {
        "_step": 2, "loss": -1, "epoch": 1, "n": {"x": 1}, "best": 7,
        "acc": {"min": 1, "max": 5, "mean": 3.0, "last": 5, "first": 3},
    }  # fmt: skip


def test_a_definition_for_names_that_begin_alike_counts_where_a_metric_has_none_of_its_own(caller: Caller):
    definitions = [{"1": "v/acc", "7": []}, {"2": "v/*", "7": [2]}, {"2": "*", "7": [6]}]
    caller.upsert(config=_left_to_the_server(definitions))
    caller.log([{"_step": step, "v/acc": value, "v/f": value, "w": value} for step, value in enumerate((3, 1))])
    assert json.loads(caller.run("summaryMetrics")["summaryMetrics"]) == {"_step": 1, "v/acc": 1, "v/f": {"max": 3}}


@pytest.mark.parametrize("config", [None, '{"lr": {"value": 68}}', '{"_wandb": {"value": {"t": {"3": [6, 8]}}}}'])
def test_no_summary_follows_from_the_rows_of_a_client_that_sends_it(caller: Caller, config: str | None):
    caller.upsert(config=config)
    caller.log([{"_step": 0, "loss": 4}])
    assert caller.run("summaryMetrics")["summaryMetrics"] == "{}"
