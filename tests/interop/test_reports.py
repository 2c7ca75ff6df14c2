"""Reports: the package that writes them saves them here, and both clients read the same.

What differs: `user` is an object here and the mapping of the reply there; times are times. `sections` of newer reports
are here what their panel grids hold. There they are an error, and so is a filter that is a row of conditions.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import wandql
from tests.interop.conftest import ENTITY, Server, serve

pytestmark = pytest.mark.interop

LOG = """
import wandb
for number in range(4):
    with wandb.init(project="p", id=f"r{number}", name=f"run {number}", config={"lr": number}) as run:
        run.log({"loss": 1 / (number + 1)})
"""

WRITE = """
import json, wandb_workspaces.reports.v2 as wr
def report(title, *run_sets):
    grids = [wr.PanelGrid(runsets=[run_set], panels=[wr.LinePlot(y=["loss"])]) for run_set in run_sets]
    about = f"about {title}"
    made = wr.Report(entity="alice", project="p", title=title, description=about, blocks=[wr.H1("ünï"), *grids])
    made.save()
    return made
def runs(**chosen):
    return wr.Runset("alice", "p", **chosen)
shown = report(
    "What we learned, so far",
    runs(filters="Config('lr') >= 1 and Config('lr') <= 2", order=[wr.OrderBy(wr.SummaryMetric("loss"))]),
    runs(filters="Metric('ID') == 'r0' or Config('lr') >= 3", order=[wr.OrderBy(wr.Metric("ID"), ascending=False)]),
    runs(filters="Metric('ID') in ['r1', 'r2'] and (Config('lr') == 1 or Config('lr') == 3)"),
    runs(filters="WithinLast(Metric('CreatedTimestamp'), 1, 'days')", query="run 3"),
    runs(run_settings={"r1": wr.RunSettings(disabled=True), "r2": wr.RunSettings(disabled=True)}),
)
gone = report("gone")
gone.delete()
changed = report("old")
changed.title = "new"
changed.save()
report("a draft").save(draft=True, clone=True)
again = wr.Report.from_url(shown.url)
print(json.dumps({"url": shown.url, "title": again.title, "blocks": [type(block).__name__ for block in again.blocks]}))
"""

READ = """
import json, sys, wandb
NAMES = ("id", "name", "display_name", "description", "spec", "user", "created_at", "updated_at", "url")
reports = wandb.Api().reports("alice/p", per_page=2)
found = [{name: getattr(report, name) for name in NAMES} for report in reports]
old = next(report for report in reports if report.name == "old")
runs = [[run.id for run in old.runs(section)] for section in old.sections]
print(json.dumps({"reports": found, "named": [r.name for r in wandb.Api().reports("alice/p", "old")], "runs": runs}))
"""


def old_section(*filters: Any, order: str, selected: list[str]) -> dict[str, Any]:
    """Return a section as reports were saved in 2020: all that the official client needs is there."""
    run_set = {
        "filters": {"op": "OR", "filters": [{"op": "AND", "filters": [*filters]}]},
        "sort": {"key": {"section": "run", "name": order}, "ascending": True},
        "selections": {"root": 0, "bounds": [], "tree": selected},
        "search": {"query": ""},
    }
    return {"runSets": [run_set], "openRunSet": 0}


EVERY = ["r0", "r1", "r2", "r3"]
OLD = [
    old_section({"key": {"section": "config", "name": "lr"}, "op": ">=", "value": 2}, order="name", selected=EVERY),
    old_section(
        {"key": {"section": "run", "name": "state"}, "op": "=", "value": "finished"}, order="name", selected=["r1"]
    ),
    old_section(
        {"key": {"section": "tags", "name": "x"}, "op": "=", "value": False}, order="createdAt", selected=EVERY
    ),
    old_section(
        {"key": {"section": "summary", "name": "loss"}, "op": "IN", "value": [0.5, 1]}, order="name", selected=EVERY
    ),
]


class Written:
    """What was written, and what the official client reads of it."""

    def __init__(self, server: Server, directory: Path) -> None:
        self.server = server
        self._directory = directory
        self._run(LOG)
        with server.api() as api:
            spec = json.dumps({"panelGroups": OLD, "unknown": [None, 1.5]})
            api.client.upsert_report(entity=ENTITY, project="p", name="old", display_name="Old", spec_json=spec)
        self.report: dict[str, Any] = self._run(WRITE)
        self.official: dict[str, Any] = self._run(READ)

    def _run(self, script: str) -> Any:
        path = self._directory / "script.py"
        path.write_text(script)
        environment = self.server.environment(self._directory)
        done = subprocess.run(
            [sys.executable, path],
            env=environment, cwd=self._directory, capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout else None


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    directory = tmp_path_factory.mktemp("reports")
    with serve(directory / "data") as server:
        yield Written(server, directory)


@pytest.fixture
def api(written: Written) -> Iterator[wandql.Api]:
    with written.server.api() as opened:
        yield opened


def test_all_that_a_report_says_is_the_same(written: Written, api: wandql.Api) -> None:
    reports = list(api.reports("p", per_page=2))
    assert [report.display_name for report in reports] == ["a draft", "new", "What we learned, so far", "Old"]
    for report, theirs in zip(reports, written.official["reports"], strict=True):
        for name in ("id", "name", "display_name", "description", "spec", "url"):
            assert getattr(report, name) == theirs[name], name
        assert report.created_at == datetime.fromisoformat(theirs["created_at"])
        assert report.updated_at == datetime.fromisoformat(theirs["updated_at"])
        assert report.user is not None
        assert report.user.username == theirs["user"]["username"] == ENTITY
    assert [report.name for report in api.reports("p", "old")] == written.official["named"] == ["old"]


def test_old_sections_show_the_same_runs_in_the_same_order(written: Written, api: wandql.Api) -> None:
    [report] = api.reports("p", "old")
    assert report.sections == OLD
    shown = [[run.id for run in report.runs(section)] for section in report.sections]
    assert shown == written.official["runs"] == [["r2", "r3"], ["r1"], EVERY, ["r0", "r1"]]


def test_sections_as_they_are_written_now_show_their_runs(written: Written, api: wandql.Api) -> None:
    report = api.from_path(written.report["url"])
    assert isinstance(report, wandql.BetaReport)
    shown = [[run.id for run in report.runs(section)] for section in report.sections]
    assert shown == [["r1", "r2"], ["r3", "r0"], ["r1"], ["r3"], ["r3", "r0"]]
    assert [run.id for run in report.runs(report.sections[4], only_selected=False)] == [*reversed(EVERY)]


def test_the_package_that_writes_reports_reads_its_own_back(written: Written) -> None:
    assert written.report["title"] == "What we learned, so far"
    assert written.report["blocks"] == ["H1", *["PanelGrid"] * 5]
