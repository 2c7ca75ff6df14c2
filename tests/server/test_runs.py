"""Runs: created by name, changed by id or name, found by filters, in order, page by page."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, true, update

from tests.server.conftest import UPSERT, Caller
from wandql.server import Application, open_application, tables
from wandql.server.runs.fields import source_of_runs

if TYPE_CHECKING:
    from pathlib import Path

RUNS = """
  query Runs($filters: JSONString, $order: String, $first: Int, $after: String) {
    project(name: "p") {
      runCount(filters: $filters)
      runs(filters: $filters, order: $order, first: $first, after: $after) {
        edges { cursor node { name } }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
"""
DELETE = 'mutation ($id: ID!) { deleteRun(input: {id: $id, clientMutationId: "7"}) { clientMutationId } }'
STOP = "mutation ($id: ID!) { stopRun(input: {id: $id}) { success } }"
SET_STATE = "mutation ($id: ID!, $state: String!) { updateRunState(input: {id: $id, state: $state}) { success } }"


def names(caller: Caller, filters: dict[str, Any] | None = None, order: str | None = None) -> list[str]:
    reply = caller.ask(RUNS, filters=None if filters is None else json.dumps(filters), order=order)["project"]
    found = [edge["node"]["name"] for edge in reply["runs"]["edges"]]
    assert reply["runCount"] == len(found)
    return found


def silence(caller: Caller, name: str, seconds: float) -> None:
    runs = tables.runs
    with caller.application._store.write() as connection:
        statement = update(runs).where(runs.c.name == name)
        connection.execute(statement.values(heartbeat_at=runs.c.heartbeat_at - round(seconds * 1e6)))


def test_a_run_is_created_under_its_name_and_then_changed(caller: Caller):
    first = caller.upsert(displayName="one", config='{"a": {"value": 1}}')
    assert first["inserted"] is True
    assert first["bucket"]["project"] == {"name": "p", "entity": {"name": "alice"}}
    second = caller.upsert(displayName="two")
    assert second["inserted"] is False
    assert second["bucket"]["id"] == first["bucket"]["id"]
    assert caller.run("displayName config") == {"displayName": "two", "config": '{"a": {"value": 1}}'}


def test_a_run_without_a_name_is_given_one_that_it_keeps(caller: Caller):
    caller.upsert("named", displayName="mine")
    for id_ in ("a", "b", "a"):
        caller.upsert(id_)
    names = [caller.run("displayName", id_)["displayName"] for id_ in ("named", "a", "b")]
    assert [re.sub("^[a-z]+-[a-z]+-", "", name) for name in names] == ["mine", "2", "3"]


def test_a_run_is_changed_by_its_id(caller: Caller):
    run = caller.upsert(tags=["a"])["bucket"]
    caller.ask(UPSERT, input={"id": run["id"], "notes": "by id", "tags": []})
    assert caller.run("notes tags") == {"notes": "by id", "tags": []}


def test_null_leaves_a_field_as_it_is(caller: Caller):
    values = {
        "displayName": "d", "notes": "n", "tags": ["t"], "groupName": "g", "jobType": "j", "description": "e",
        "commit": "c", "sweep": "s", "config": "{}", "summaryMetrics": '{"a": 1}', "host": "h", "jobRepo": "r",
    }  # fmt: skip
    caller.upsert(**values)
    selection = "displayName notes tags group jobType description commit sweepName config summaryMetrics"
    before = caller.run(selection)
    caller.upsert(**dict.fromkeys(values))
    assert caller.run(selection) == before
    assert before["summaryMetrics"] == '{"a": 1}'


def test_documents_come_back_as_they_were_sent(caller: Caller):
    config = '{"b": {"value": NaN},  "a": {"value": [1.0, 1e5, -Infinity]}}'
    caller.upsert(config=config, summaryMetrics='{"x": Infinity}')
    assert caller.run("config summaryMetrics") == {"config": config, "summaryMetrics": '{"x": Infinity}'}


def test_documents_can_be_cut_to_some_keys(caller: Caller):
    caller.upsert(config='{"a": {"value": NaN}, "b": {"value": 1}}', summaryMetrics='{"x": 1, "y": 2}')
    assert caller.run('config(keys: ["a", "c"]) summaryMetrics(keys: ["y"])') == {
        "config": '{"a":{"value":NaN}}',
        "summaryMetrics": '{"y":2}',
    }


def test_the_id_of_a_deleted_run_is_not_given_again(caller: Caller):
    run = caller.upsert()["bucket"]
    caller.ask(DELETE, id=run["id"])
    status, message = caller.refused(UPSERT, input={"name": "run", "modelName": "p"})
    assert status == 410
    assert "previously created and deleted" in message
    assert caller.upsert("run", project="other")["inserted"]


@pytest.mark.parametrize("text", ["[1]", "{", "", "nothing", '{"a": {"value": 1}'])
def test_a_config_that_is_no_object_is_refused(caller: Caller, text: str):
    status, message = caller.refused(UPSERT, input={"name": "run", "modelName": "p", "config": text})
    assert status == 400
    assert message.startswith("The config is not")


@pytest.mark.parametrize("name", ["", " ", "a/b", "a:b", "x" * 129, "a?b", None])
def test_a_name_that_no_path_can_hold_is_refused(caller: Caller, name: str | None):
    assert caller.refused(UPSERT, input={"name": name, "modelName": "p"})[0] == 400
    if name:
        assert caller.refused(UPSERT, input={"name": "run", "modelName": name})[0] == 400


def test_a_run_without_a_project_goes_to_the_default_one(caller: Caller):
    assert caller.ask(UPSERT, input={"name": "r"})["upsertBucket"]["bucket"]["project"]["name"] == "uncategorized"


def test_a_run_cannot_go_to_a_foreign_entity(caller: Caller):
    status, message = caller.refused(UPSERT, input={"name": "r", "modelName": "p", "entityName": "bob"})
    assert status == 403
    assert "bob" in message


def test_a_missing_run_is_null(caller: Caller):
    caller.upsert()
    document = '{ project(name: "p") { run(name: "no") { id } bucket(name: "no", missingOk: true) { id } } }'
    assert caller.ask(document) == {"project": {"run": None, "bucket": None}}
    assert caller.ask('{ model(name: "no") { id } }') == {"model": None}


def test_ids_hold_the_numbers_that_clients_read(caller: Caller):
    caller.upsert()
    run = caller.run("id projectId project { id internalId entity { id } }")
    assert base64.b64decode(run["id"]) == b"Run:1"
    assert base64.b64decode(run["project"]["internalId"]) == f"ProjectInternalId:{run['projectId']}".encode()


def test_filters_select_in_the_mongodb_dialect(caller: Caller):
    for i in range(4):
        caller.upsert(
            f"r{i}",
            displayName=f"name-{i}",
            tags=["even"] if i % 2 == 0 else ["odd", "rare"],
            config=json.dumps({"lr": {"value": i / 10}, "opt": {"value": {"name": "sgd"}}}),
            summaryMetrics=json.dumps({"loss": 4 - i, "best": {"acc": i}}),
            groupName="g" if i > 1 else None,
        )
    order = "+created_at"
    assert names(caller, {"config.lr": {"$gt": 0.15}}, order) == ["r2", "r3"]
    assert names(caller, {"config.lr.value": {"$lte": 0.1}}, order) == ["r0", "r1"]
    assert names(caller, {"$or": [{"tags": "rare"}, {"display_name": "name-0"}]}, order) == ["r0", "r1", "r3"]
    assert names(caller, {"summary_metrics.loss": {"$in": [1, 4]}}, order) == ["r0", "r3"]
    assert names(caller, {"summary.best.acc": 2}, order) == ["r2"]
    assert names(caller, {"group": {"$exists": True}}, order) == ["r2", "r3"]
    assert names(caller, {"name": {"$regex": "^r[12]$"}}, order) == ["r1", "r2"]
    assert names(caller, {"user.username": "alice"}) == [
        "r3", "r2", "r1", "r0",
    ]  # fmt: skip
    assert names(caller, {"created_at": {"$gt": "2020-01-01T00:00:00Z"}, "state": "running"}, order) == [
        "r0", "r1", "r2", "r3",
    ]  # fmt: skip


def test_orders_put_what_lacks_the_field_last(caller: Caller):
    for name, loss in {"a": "2", "b": "NaN", "c": "0.5", "d": None}.items():
        caller.upsert(name, summaryMetrics=None if loss is None else f'{{"loss": {loss}}}')
    assert names(caller, order="+summary_metrics.loss")[:2] == ["c", "a"]
    assert names(caller, order="-summary_metrics.loss")[:2] == ["a", "c"]
    assert names(caller, order="-summary_metrics.loss")[3] == "d"
    assert names(caller, order="-name") == ["d", "c", "b", "a"]


def test_runs_that_hold_nan_can_be_filtered(caller: Caller):
    caller.upsert("nan", config='{"lr": {"value": 0.5}, "bad": {"value": NaN}}')
    assert names(caller, {"config.lr": 0.5}) == ["nan"]
    assert names(caller, {"config.bad": {"$exists": True}}) == ["nan"]
    caller.upsert("nan", config='{"lr": {"value": 0.7}}')
    assert names(caller, {"config.bad": {"$exists": True}}) == []
    assert names(caller, {"config.lr": 0.7}) == ["nan"]


@pytest.mark.parametrize("filters", ["[", '{"$bad": 1}', '{"no_such_field": 1}', "[]"])
def test_a_filter_that_cannot_be_read_is_400(caller: Caller, filters: str):
    caller.upsert()
    assert caller.refused(RUNS, filters=filters)[0] == 400


def test_an_order_that_cannot_be_read_is_400(caller: Caller):
    caller.upsert()
    status, message = caller.refused(RUNS, order="-no_such_field")
    assert status == 400
    assert "no_such_field" in message


def test_pages_hold_every_run_once(caller: Caller):
    wanted = [f"r{i:02}" for i in range(25)]
    for name in wanted:
        caller.upsert(name)
    found, after = [], None
    for size in (10, 10, 5):
        page = caller.ask(RUNS, order="+created_at", first=10, after=after)["project"]["runs"]
        assert len(page["edges"]) == size
        assert page["pageInfo"]["hasNextPage"] is (size == 10)
        after = page["pageInfo"]["endCursor"]
        assert after == page["edges"][-1]["cursor"]
        found += [edge["node"]["name"] for edge in page["edges"]]
    assert found == wanted


@pytest.mark.parametrize("page", [{"first": -1}, {"after": "?"}, {"after": "LTE="}, {"after": "YQ=="}])
def test_a_page_that_cannot_be_is_400(caller: Caller, page: dict[str, Any]):
    caller.upsert()
    assert caller.refused(RUNS, **page)[0] == 400


def test_an_empty_project_has_an_empty_page(caller: Caller):
    run = caller.upsert()["bucket"]
    caller.ask(DELETE, id=run["id"])
    page = caller.ask(RUNS)["project"]
    assert page == {"runCount": 0, "runs": {"edges": [], "pageInfo": {"endCursor": None, "hasNextPage": False}}}


def test_deleting_a_run_deletes_all_of_it(caller: Caller):
    run = caller.upsert()["bucket"]
    caller.log([{"_step": 0, "a": 1}])
    assert caller.ask(DELETE, id=run["id"]) == {"deleteRun": {"clientMutationId": "7"}}
    with caller.application._store.read() as connection:
        for table in (tables.runs, tables.history, tables.key_sets):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0
    assert caller.refused(DELETE, id=run["id"])[0] == 404


@pytest.mark.parametrize("id_", ["", "x", base64.b64encode(b"Project:1").decode(), base64.b64encode(b"Run:x").decode()])
def test_an_id_of_something_else_is_404(caller: Caller, id_: str):
    caller.upsert()
    assert caller.refused(DELETE, id=id_)[0] == 404


def test_a_silent_run_has_crashed_until_it_speaks(caller: Caller):
    caller.upsert()
    caller.upsert("fresh")
    silence(caller, "run", 299)
    assert caller.run("state running failed") == {"state": "running", "running": True, "failed": False}
    silence(caller, "run", 2)
    assert caller.run("state running failed") == {"state": "crashed", "running": False, "failed": True}
    assert names(caller, {"state": "crashed"}) == ["run"]
    assert names(caller, {"state": "running"}) == ["fresh"]
    caller.stream()
    assert caller.run("state")["state"] == "running"
    assert names(caller, {"state": "crashed"}) == []


def test_when_a_run_has_crashed_can_be_chosen(tmp_path: Path):
    with open_application(tmp_path, crash_after=1e-6) as application:
        impatient = Caller(application, application.api_key)
        impatient.upsert()
        assert impatient.run("state")["state"] == "crashed"


def test_a_change_from_outside_is_no_sign_of_life(caller: Caller):
    run = caller.upsert()["bucket"]
    silence(caller, "run", 1000)
    caller.ask(UPSERT, input={"id": run["id"], "notes": "looked at"})
    assert caller.run("state")["state"] == "crashed"


@pytest.mark.parametrize(("message", "state", "exitcode"), [
    ({"complete": True, "exitcode": 0}, "finished", 0),
    ({"complete": True, "exitcode": 3}, "failed", 3),
    ({"preempting": True}, "preempting", None),
    ({}, "running", None),
])  # fmt: skip
def test_a_message_sets_the_state(caller: Caller, message: dict[str, Any], state: str, exitcode: int | None):
    caller.upsert()
    caller.stream(**message)
    assert caller.run("state") == {"state": state}
    with caller.application._store.read() as connection:
        assert connection.execute(select(tables.runs.c.exitcode)).scalar() == exitcode


def test_a_preempted_run_is_told_from_a_failed_one(caller: Caller):
    caller.upsert()
    caller.stream(preempting=True)
    caller.stream()
    assert caller.run("state")["state"] == "preempting"
    caller.stream(complete=True, exitcode=1)
    assert caller.run("state")["state"] == "preempted"


def test_an_ended_run_that_speaks_again_was_resumed(caller: Caller):
    caller.upsert()
    caller.stream(complete=True, exitcode=1)
    caller.upsert()
    assert caller.run("state")["state"] == "failed"
    caller.stream()
    assert caller.run("state")["state"] == "running"


def test_a_run_is_found_by_the_id_that_schedulers_make_of_its_path(caller: Caller):
    caller.upsert()
    caller.stream()
    made = [base64.b64encode(f"Run:v1:{run}:p:alice".encode()).decode() for run in ("run", "none")]
    assert caller.ask(STOP, id=made[0]) == {"stopRun": {"success": True}}
    assert caller.run("shouldStop") == {"shouldStop": True}
    assert caller.refused(STOP, id=made[1])[0] == 404


def test_a_run_is_stopped_through_its_own_messages(caller: Caller):
    run = caller.upsert()["bucket"]
    assert caller.stream() == {}
    assert caller.ask(STOP, id=run["id"]) == {"stopRun": {"success": True}}
    assert caller.run("stopped shouldStop state") == {"stopped": True, "shouldStop": True, "state": "running"}
    assert caller.stream() == {"stopped": True}
    assert caller.stream(complete=True, exitcode=255) == {}
    assert caller.run("state")["state"] == "killed"
    assert caller.ask(STOP, id=run["id"]) == {"stopRun": {"success": False}}
    assert caller.stream() == {}
    assert caller.run("stopped state") == {"stopped": False, "state": "running"}


def test_a_run_that_nobody_runs_is_killed_at_once(caller: Caller):
    run = caller.upsert(state="pending")["bucket"]
    caller.ask(STOP, id=run["id"])
    assert caller.run("state")["state"] == "killed"


def test_states_change_where_it_makes_sense(caller: Caller):
    run = caller.upsert(state="pending")["bucket"]
    assert caller.run("state")["state"] == "pending"
    assert caller.ask(SET_STATE, id=run["id"], state="failed") == {"updateRunState": {"success": True}}
    assert caller.run("state")["state"] == "failed"
    assert caller.ask(SET_STATE, id=run["id"], state="pending") == {"updateRunState": {"success": True}}
    caller.stream(complete=True, exitcode=0)
    for state in ("failed", "pending", "running", "fine"):
        assert caller.refused(SET_STATE, id=run["id"], state=state)[0] == 400
    assert caller.refused(UPSERT, input={"id": run["id"], "state": "finished"})[0] == 400


def test_projects_are_listed_with_the_last_used_first(caller: Caller):
    for project in ("a", "b", "c", "a"):
        caller.upsert(project=project)
    document = """
      query ($first: Int, $after: String) {
        models(first: $first, after: $after) {
          edges { node { name entityName isBenchmark createdAt } }
          pageInfo { endCursor hasNextPage }
        }
      }
    """
    page = caller.ask(document, first=2)["models"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["a", "c"]
    rest = caller.ask(document, first=2, after=page["pageInfo"]["endCursor"])["models"]
    assert [edge["node"]["name"] for edge in rest["edges"]] == ["b"]
    assert rest["pageInfo"]["hasNextPage"] is False


def test_a_project_is_made_and_changed(caller: Caller):
    document = """
      mutation ($input: UpsertModelInput!) {
        upsertModel(input: $input) { inserted project { id name description } model { name } }
      }
    """
    made = caller.ask(document, input={"name": "new", "description": "first"})["upsertModel"]
    assert (made["inserted"], made["model"]) == (True, {"name": "new"})
    changed = caller.ask(document, input={"name": "new"})["upsertModel"]
    assert (changed["inserted"], changed["project"]["description"]) == (False, "first")
    renamed = caller.ask(document, input={"id": made["project"]["id"], "name": "newer"})["upsertModel"]
    assert renamed["project"] == {**made["project"], "name": "newer"}
    assert caller.refused(document, input={"name": "a/b"})[0] == 400
    assert caller.refused(document, input={"name": "x", "entityName": "bob"})[0] == 403


def test_an_alert_is_written_down_once_in_its_time(caller: Caller):
    caller.upsert()
    document = """
      mutation ($title: String!, $wait: Duration, $severity: AlertSeverity) {
        notifyScriptableRunAlert(input: {entityName: "alice", projectName: "p", runName: "run", title: $title,
          text: "text", severity: $severity, waitDuration: $wait}) { success }
      }
    """
    for title, wait in (("a", 60_000), ("a", 60_000), ("b", 60_000), ("a", 0)):
        assert caller.ask(document, title=title, wait=wait, severity="WARN")["notifyScriptableRunAlert"]["success"]
    assert caller.refused(document, title="a", severity="LOUD")[0] == 400
    with caller.application._store.read() as connection:
        rows = connection.execute(select(tables.alerts.c.title, tables.alerts.c.severity)).all()
    assert [tuple(row) for row in rows] == [("a", "WARN"), ("b", "WARN"), ("a", "WARN")]


def test_what_the_server_holds_none_of_is_empty(caller: Caller):
    caller.upsert()
    document = """
      { project(name: "p") {
          sweep(sweepName: "s") { id } sweeps { edges { cursor } } totalSweeps
          artifact(name: "a:latest") { id } artifactType(name: "t") { id } artifactTypes { edges { cursor } }
          allViews { edges { cursor } }
          run(name: "run") { sweepName outputArtifacts { totalCount edges { cursor } } }
      } organization(name: "o") { id } entity { organization { id } } }
    """
    empty = {"edges": []}
    assert caller.ask(document) == {
        "project": {
            "sweep": None, "sweeps": empty, "totalSweeps": 0, "artifact": None, "artifactType": None,
            "artifactTypes": empty, "allViews": empty,
            "run": {"sweepName": None, "outputArtifacts": {"totalCount": 0, "edges": []}},
        },
        "organization": None,
        "entity": {"organization": None},
    }  # fmt: skip


def fork(caller: Caller, name: str, source: str, step: float) -> dict[str, Any]:
    return caller.upsert(
        name, config=json.dumps({"_wandb": {"value": {"branch_point": {"run_id": source, "step": step}}}})
    )


def test_a_fork_begins_with_the_history_of_another_run_up_to_a_step(caller: Caller):
    caller.upsert("base")
    caller.log([{"_step": step, "loss": step, **({"rare": 1} if step == 2 else {})} for step in range(10)], name="base")
    assert fork(caller, "fork", "base", 4)["inserted"]
    caller.log([{"_step": 5, "loss": 50}, {"_step": 6, "loss": 60}], offset=5, name="fork")
    spec = json.dumps({"keys": ["_step", "rare"], "samples": 10})
    run = caller.run(
        "historyLineCount historyKeys history summaryMetrics window: history(minStep: 3, maxStep: 6) "
        "sampledHistory(specs: [$spec])".replace("$spec", json.dumps(spec)),
        "fork",
    )
    assert [json.loads(row)["loss"] for row in run["history"]] == [0, 1, 2, 3, 4, 50, 60]
    assert [json.loads(row)["loss"] for row in run["window"]] == [3, 4, 50]
    assert run["sampledHistory"] == [[{"_step": 2, "rare": 1}]]
    assert (run["historyLineCount"], run["historyKeys"]["lastStep"]) == (7, 6)
    assert run["historyKeys"]["keys"]["loss"]["typeCounts"] == [{"type": "number", "count": 7}]
    assert json.loads(run["summaryMetrics"]) == {"_step": 4, "loss": 4, "rare": 1}
    assert len(caller.run("history", "base")["history"]) == 10


def test_a_fork_of_a_fork_has_the_history_of_both(caller: Caller):
    caller.upsert("a")
    caller.log([{"_step": step, "x": step} for step in range(4)], name="a")
    fork(caller, "b", "a", 2)
    caller.log([{"_step": 3, "x": 30}], offset=3, name="b")
    fork(caller, "c", "b", 3)
    fork(caller, "c", "b", 3)
    assert [json.loads(row)["x"] for row in caller.run("history", "c")["history"]] == [0, 1, 2, 30]


def test_a_fork_counts_what_it_has_inherited_so_that_its_client_goes_on_from_there(caller: Caller):
    caller.upsert("base")
    caller.log([{"_step": step, "x": step} for step in range(4)], name="base")
    fork(caller, "fork", "base", 2)
    assert caller.run("historyLineCount", "fork") == {"historyLineCount": 3}
    rewind = """
      mutation Rewind($input: RewindRunInput!) { rewindRun(input: $input) { rewoundRun { historyLineCount } } }
    """
    given = {"projectName": "p", "runName": "fork", "metricName": "_step", "metricValue": 0}
    assert caller.ask(rewind, input=given)["rewindRun"]["rewoundRun"] == {"historyLineCount": 1}
    caller.log([{"_step": 1, "x": 10}], offset=1, name="fork")
    assert [json.loads(row)["x"] for row in caller.run("history", "fork")["history"]] == [0, 10]


@pytest.mark.parametrize(
    ("point", "status"),
    [({"run_id": "nowhere", "step": 1}, 404), ({"run_id": "base"}, 400), ("base", 400)],
)
def test_a_fork_of_nothing_is_refused(caller: Caller, point: Any, status: int):
    caller.upsert("base")
    config = json.dumps({"_wandb": {"value": {"branch_point": point}}})
    assert caller.refused(UPSERT, input={"name": "fork", "modelName": "p", "config": config})[0] == status
    assert caller.run("id", "fork") is None


@pytest.mark.sqlite
def test_counting_runs_reads_an_index_alone(application: Application, caller: Caller):
    caller.upsert()
    query = select(func.count()).where(tables.runs.c.project_key == 1)
    with application._store.read() as connection:
        for condition, least in ((true(), "COVERING INDEX"), (tables.users.c.username == "alice", "users")):
            text = query.select_from(source_of_runs(condition)).where(condition)
            sql = str(text.compile(connection.engine, compile_kwargs={"literal_binds": True}))
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all())
            assert least in plan
