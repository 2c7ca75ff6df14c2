"""A part of the matrix: no public call without a row, every call with a fault, and every fault with some calls.

`make matrix` runs the whole.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pytest

import wandql
from tests.matrix.cells import COLOURS, Cell, Lab
from tests.matrix.report import BEGIN, END, NAMES, PAGE
from tests.matrix.seam_async import ROWS
from tests.matrix.servers import write_template
from wandql.graphql.generated.async_client_methods import AsyncClientMethods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.matrix.cells import Colour

# What sends nothing, though it is awaited.
SILENT = {"Api.aclose", "Client.aclose"}
# One call of each kind: a query, a list, changes, a download, an upload.
SOME = ["Run.load", "Run.save", "Member.delete", "File.read", "Run.upload_file"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    scratch = tmp_path_factory.mktemp("matrix")
    lab = Lab(write_template(scratch / "template"), scratch)
    yield lab
    lab.close()


def calls() -> set[str]:
    """Return every public member that has to be awaited: what sends a request is among them."""
    found: set[str] = set()
    for cls in [getattr(wandql, name) for name in wandql.__all__ if name.startswith("Async")]:
        own = [each for each in reversed(cls.__mro__) if each.__module__.split(".")[0] == "wandql"]
        members = {name: value for each in own if each is not AsyncClientMethods for name, value in vars(each).items()}
        for name, value in members.items():
            function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            is_ours = name == "__aiter__" or not name.startswith(("_", "model_"))
            if is_ours and inspect.isfunction(function) and is_awaited(function):
                found.add(f"{cls.__name__.removeprefix('Async')}.{name.replace('__aiter__', '__iter__')}")
    return found - SILENT


def is_awaited(function: object) -> bool:
    assert inspect.isfunction(function)
    returned = str(inspect.signature(function).return_annotation)
    is_iterated = re.match(r"(Awaitable|Async(Iterator|Generator))\b", returned) is not None
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function) or is_iterated


def test_every_public_call_that_sends_a_request_has_a_row() -> None:
    assert {row.name.partition(" ")[0] for row in ROWS} == calls()
    assert {"Api.run", "Run.lastHistoryStep", "Runs.__iter__", "Files.pages", "Client.paginate"} <= calls()


@pytest.mark.parametrize("colour", COLOURS)
def test_every_call_says_why_it_fails(lab: Lab, colour: Colour) -> None:
    verdicts = [lab.judge_failure(Cell(row.name, "HTTP 500", colour, "in-process", 0)) for row in ROWS]
    assert [f"{verdict.cell}: {verdict.red}" for verdict in verdicts if verdict.red] == []


@pytest.mark.parametrize(("row", "colour"), [*((row, "sync") for row in SOME), ("Run.load", "async")])
def test_every_fault_is_met(lab: Lab, row: str, colour: Colour) -> None:
    cells = [cell for cell in lab.cells(row, colour, "in-process") if cell.which < 2]
    cells += list(lab.placed_cells(row, colour))[:10]
    verdicts = [lab.judge(cell) for cell in cells]
    assert [f"{verdict.cell}: {verdict.red}" for verdict in verdicts if verdict.red] == []


@pytest.mark.parametrize("colour", COLOURS)
def test_faults_of_the_network_are_met(lab: Lab, colour: Colour) -> None:
    cells = [cell for row in ["Run.load", "File.read"] for cell in lab.cells(row, colour, "tcp")]
    chosen = [cell for cell in cells if cell.fault in {"reset in the body", "content-length too long", "DNS failure"}]
    assert [f"{verdict.cell}: {verdict.red}" for verdict in map(lab.judge, chosen) if verdict.red] == []
    assert len(chosen) > 4


def test_the_report_knows_these_faults() -> None:
    written = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert re.findall(r"^\| ([^|]+?) +\| [\d,]+ \|", written, re.MULTILINE) == NAMES
    assert "Red: 0." in written
