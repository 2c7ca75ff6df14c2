"""The official SDK, unmodified: what it writes is there, and its own query client reads it back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.server.conftest import SDK, Caller
from wandql.server import Application, open_application, run_in_thread, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.interop

TRAIN = """
import sys, wandb
run = wandb.init(project="p", id=sys.argv[1], name="fancy", config={"lr": 0.1, "opt": {"name": "sgd"}},
                 tags=["a", "b"], notes="notes", group="g", job_type="train")
for step in range(int(sys.argv[2])):
    run.log({"loss": 1 / (step + 1), "acc": step / 10, "nested": {"x": step}, "bad": float("nan")})
print("printed by the program")
print("and on stderr", file=sys.stderr)
run.summary["best"] = 7
run.tags += ("late",)
run.finish()
"""

READ = """
import json, sys, wandb
api = wandb.Api()
run = api.run(f"{api.default_entity}/p/{sys.argv[1]}")
listed = {r.id: r for r in api.runs("p", filters={"config.lr": 0.1}, order="-created_at")}[run.id]
print(json.dumps({
    "viewer": api.viewer.username,
    "projects": [project.name for project in api.projects()],
    "same": [listed.config == run.config, listed.state == run.state, listed.name == run.name],
    "name": run.name, "state": run.state, "tags": run.tags, "notes": run.notes, "group": run.group,
    "job_type": run.job_type, "config": run.config, "user": run.user.username, "last": run.lastHistoryStep,
    "summary": {key: run.summary[key] for key in ("loss", "best", "_step")} | {"nested": run.summary["nested"]["x"]},
    "rows": run.history(samples=5, pandas=False),
    "scanned": [row["_step"] for row in run.scan_history(page_size=500)],
    "keyed": [row for row in run.scan_history(keys=["acc", "bad"])][:2],
    "sampled": run.history(keys=["loss"], samples=3, pandas=False),
    "files": sorted(file.name for file in run.files()),
    "metadata": run.metadata["python"],
    "lines": [line.content for line in run.console_logs()],
    "artifacts": [len(run.logged_artifacts()), len(run.used_artifacts())],
    "sweep": run.sweep,
}))
"""


def test_what_it_logs_its_own_client_reads(sdk: SDK):
    sdk.run(TRAIN, "full", "20")
    read: dict[str, Any] = json.loads(sdk.run(READ, "full"))
    assert (read["viewer"], read["projects"], read["user"]) == ("alice", ["p"], "alice")
    assert all(read["same"])
    assert (read["name"], read["state"], read["notes"]) == ("fancy", "finished", "notes")
    assert (read["group"], read["job_type"], sorted(read["tags"])) == ("g", "train", ["a", "b", "late"])
    assert read["config"] == {"lr": 0.1, "opt": {"name": "sgd"}}
    assert read["summary"] == {"loss": 0.05, "best": 7, "_step": 19, "nested": 19}
    assert read["last"] == 19
    assert [row["_step"] for row in read["rows"]] == [0, 4, 9, 14, 19]
    assert read["scanned"] == list(range(20))
    assert [(row["acc"], row["bad"]) for row in read["keyed"]] == [(0, "NaN"), (0.1, "NaN")]
    assert [row["loss"] for row in read["sampled"]] == [1, 1 / 10, 1 / 20]
    assert {"config.yaml", "requirements.txt", "wandb-metadata.json", "wandb-summary.json"} <= set(read["files"])
    assert "3." in read["metadata"]
    assert "printed by the program" in read["lines"]
    assert (read["artifacts"], read["sweep"]) == ([0, 0], None)


def test_ten_thousand_steps_arrive_whole(sdk: SDK, networked: tuple[Application, str]):
    sdk.run(TRAIN, "long", "10000")
    caller = Caller(networked[0], networked[0].api_key)
    run = caller.run("state historyLineCount historyKeys summaryMetrics", "long")
    assert (run["state"], run["historyLineCount"], run["historyKeys"]["lastStep"]) == ("finished", 10_000, 9_999)
    assert run["historyKeys"]["keys"]["nested.x"]["typeCounts"] == [{"type": "number", "count": 10_000}]
    assert run["historyKeys"]["keys"]["_step"]["monotonic"] is True
    window = caller.run("history(minStep: 9000, maxStep: 10000)", "long")["history"]
    assert [json.loads(row)["acc"] for row in window] == [step / 10 for step in range(9000, 10_000)]


def test_a_script_that_fails_leaves_a_failed_run(sdk: SDK, networked: tuple[Application, str]):
    script = 'import wandb\nrun = wandb.init(project="p", id="failing")\nrun.log({"a": 1})\nraise ValueError("oh")\n'
    sdk.run(script, expect=1)
    assert Caller(networked[0], networked[0].api_key).run("state historyLineCount", "failing") == {
        "state": "failed",
        "historyLineCount": 1,
    }


RESUME = """
import json, sys, wandb
run = wandb.init(project="p", id="resumed", resume=sys.argv[1], config={sys.argv[1]: 1})
print(json.dumps({"step": run.starting_step, "resumed": run.resumed, "lr": run.config.get("lr")}))
run.log({"loss": 0.5, "again": True})
run.finish()
"""


def test_a_run_is_resumed_where_it_ended(sdk: SDK, networked: tuple[Application, str]):
    sdk.run(TRAIN, "resumed", "5")
    assert json.loads(sdk.run(RESUME, "must")) == {"step": 5, "resumed": True, "lr": 0.1}
    assert json.loads(sdk.run(RESUME, "allow")) == {"step": 6, "resumed": True, "lr": 0.1}
    run = Caller(networked[0], networked[0].api_key).run(
        "state historyLineCount history config logLineCount", "resumed"
    )
    assert (run["state"], run["historyLineCount"]) == ("finished", 7)
    assert [json.loads(row)["_step"] for row in run["history"]] == list(range(7))
    assert {"lr", "must", "allow"} <= json.loads(run["config"]).keys()


def test_a_run_that_must_exist_and_does_not_is_refused(sdk: SDK):
    script = 'import wandb\nwandb.init(project="p", id="never", resume="must")\n'
    sdk.run(script, expect=1)


@pytest.mark.parametrize("script", ["import wandb\nwandb.Api()\n", 'import wandb\nwandb.init(project="p")\n'])
def test_a_wrong_key_ends_it_at_once(networked: tuple[Application, str], tmp_path: Path, script: str):
    with SDK(networked[1], "0" * 40, tmp_path).start(script) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The API key is not known to this server" in err or "AuthenticationError" in err, err


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[tuple[Caller, SDK]]:
    with (
        open_application(tmp_path / "data", entity="alice", crash_after=7.0) as application,
        run_in_thread(application) as url,
    ):
        yield Caller(application, application.api_key), SDK(url, application.api_key, tmp_path / "sdk")


SLEEP = """
import time, wandb
run = wandb.init(project="p", id="killed")
for step in range(1000):
    run.log({"a": step})
    if step == 5:
        print("logging", flush=True)
    time.sleep(0.1)
"""


def test_a_killed_run_has_crashed_and_can_be_resumed(impatient: tuple[Caller, SDK]):
    caller, sdk = impatient
    with sdk.start(SLEEP) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "logging\n"
        # The SDK resumes a run only if it finds its own notes in the config, which come some seconds late.
        wait_for(lambda: caller.run('wandbConfig(keys: ["t"])', "killed")["wandbConfig"] not in {None, "{}"})
        assert caller.run("state", "killed")["state"] == "running"
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    wait_for(lambda: caller.run("state", "killed")["state"] == "crashed")
    filtered = 'query ($f: JSONString) { project(name: "p") { runCount(filters: $f) } }'
    assert caller.ask(filtered, f='{"state": "crashed"}') == {"project": {"runCount": 1}}
    kept = caller.run("historyLineCount", "killed")["historyLineCount"]
    sdk.run(
        'import wandb\nrun = wandb.init(project="p", id="killed", resume="must")\nrun.log({"b": 1})\nrun.finish()\n'
    )
    run = caller.run("state historyLineCount", "killed")
    assert (run["state"], run["historyLineCount"]) == ("finished", kept + 1)


@pytest.mark.slow
def test_a_run_is_stopped_from_outside(impatient: tuple[Caller, SDK]):
    caller, sdk = impatient
    with sdk.start(SLEEP) as process:
        assert process.stdout is not None
        process.stdout.readline()
        run = caller.run("id", "killed")
        caller.ask("mutation ($id: ID!) { stopRun(input: {id: $id}) { success } }", id=run["id"])
        # One that is not stopped goes on for a hundred seconds, and has finished then.
        process.communicate(timeout=200)
    assert caller.run("state", "killed")["state"] == "killed"


CHANGE = """
import sys, wandb
from pathlib import Path
api = wandb.Api()
created = api.create_run(run_id="made", project="p")
run = api.run("p/made")
run.config["lr"] = 5
run.tags.append("new")
run.display_name = "renamed"
run.summary["score"] = 3
run.update()
Path("up.txt").write_text("content")
run.upload_file("up.txt")
again = wandb.Api().run("p/made")
assert (again.config, again.tags, again.name, again.summary["score"]) == ({"lr": 5}, ["new"], "renamed", 3)
(file,) = again.files()
assert file.download(root="down").read() == "content"
file.delete()
assert list(wandb.Api().run("p/made").files()) == []
assert run.update_state("failed")
assert wandb.Api().run("p/made").state == "failed"
again.delete()
try:
    wandb.Api().run("p/made")
except Exception as error:
    assert "made" in str(error), error
else:
    raise AssertionError("still there")
assert [key for key in api.viewer.api_keys]
assert api.team("alice").name == "alice"
assert api.user("alice").username == "alice"
"""


def test_its_client_changes_and_deletes_runs_and_files(sdk: SDK):
    sdk.run(CHANGE)


SAVE = """
import wandb
from pathlib import Path
Path("kept.txt").write_text("kept")
run = wandb.init(project="p", id="saving", settings=wandb.Settings(save_code=True), save_code=True)
run.save("kept.txt")
run.alert("title", "text")
run.define_metric("loss", summary="min")
run.log({"loss": 3, "hist": wandb.Histogram([1, 2, 3])})
run.log({"loss": 5})
run.finish()
"""


def test_code_files_alerts_and_metric_definitions_are_taken(sdk: SDK, networked: tuple[Application, str]):
    sdk.run(SAVE)
    caller = Caller(networked[0], networked[0].api_key)
    assert alerts(networked[0]) == ["title"]
    run = caller.run("state summaryMetrics files { edges { node { name sizeBytes } } }", "saving")
    names = {edge["node"]["name"] for edge in run["files"]["edges"]}
    assert run["state"] == "finished"
    assert "kept.txt" in names
    assert any(name.startswith("code/") for name in names), names
    assert json.loads(run["summaryMetrics"])["loss"] == {"min": 3}


def alerts(application: Application) -> list[str]:
    with application._store.read() as connection:
        return list(connection.execute(select(tables.alerts.c.title)).scalars())


def wait_for(condition: Any, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


BRANCH = """
import json, wandb
with wandb.init(project="p", id="trunk") as run:
    for step in range(20):
        run.log({"x": step})
with wandb.init(project="p", resume_from="trunk?_step=10") as run:
    run.log({"x": 100})
with wandb.init(project="p", id="branch", fork_from="trunk?_step=5") as run:
    run.log({"x": 55})
    run.log({"x": 66})
with wandb.init(project="p", id="branch", resume="must") as run:
    run.log({"x": 77})
api = wandb.Api()
rows = {name: [(row["_step"], row["x"]) for row in api.run(f"p/{name}").scan_history()] for name in ("trunk", "branch")}
print(json.dumps({**rows, "summary": api.run("p/branch").summary["x"]}))
"""


def test_runs_are_rewound_and_forked(sdk: SDK):
    read = json.loads(sdk.run(BRANCH))
    assert read["trunk"] == [*([step, step] for step in range(11)), [11, 100]]
    assert read["branch"] == [*([step, step] for step in range(6)), [6, 55], [7, 66], [8, 77]]
    assert read["summary"] == 77


SHARE = """
import sys, wandb
primary, label = sys.argv[1] == "primary", sys.argv[1]
settings = wandb.Settings(mode="shared", x_primary=primary, x_label=label, x_update_finish_state=primary)
with wandb.init(project="p", id="shared", settings=settings) as run:
    print("begun", flush=True)
    for step in range(5):
        run.log({label: step})
    print(f"printed by {label}")
    if primary:
        sys.stdin.readline()
"""


def test_several_processes_write_one_run(sdk: SDK, networked: tuple[Application, str]):
    path = sdk.directory / "script.py"
    path.write_text(SHARE)
    command = [sys.executable, str(path)]
    with subprocess.Popen(
        [*command, "primary"], env=sdk.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as primary:
        assert primary.stdout is not None
        assert primary.stdout.readline() == "begun\n"
        subprocess.run([*command, "worker"], env=sdk.environment, check=True, timeout=90)
        primary.communicate("\n", timeout=90)
    assert primary.returncode == 0
    run = Caller(networked[0], networked[0].api_key).run("state historyLineCount history summaryMetrics", "shared")
    rows = [json.loads(row) for row in run["history"]]
    assert (run["state"], run["historyLineCount"]) == ("finished", 10)
    assert sorted(row["worker"] for row in rows if "worker" in row) == list(range(5))
    assert sorted(row["primary"] for row in rows if "primary" in row) == list(range(5))
    assert json.loads(run["summaryMetrics"]).items() >= {"primary": 4, "worker": 4}.items()


def test_the_pinned_version_makes_the_round_trip_that_all_versions_must(sdk: SDK):
    """`make sdks` runs the same program with other versions."""
    assert sdk.run((Path(__file__).parent / "round_trip.py").read_text()).endswith("ok\n")
