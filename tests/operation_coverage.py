"""Which operations of `queries/` the tests execute against the embedded server: all of them, or the run has failed.

Each process notes the names of those that succeeded. When all is done, the whole run is reported on; it fails for a
missing one where every test was chosen, as in CI.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wandql.server import application as server

if TYPE_CHECKING:
    from collections.abc import Iterator

QUERIES = Path(__file__).parents[1] / "queries"
FILE = "operations.txt"
OPERATION = re.compile(r"^(?:query|mutation) (\w+)", re.MULTILINE)


def known_operations() -> set[str]:
    """Return the names of all operations."""
    return {name for path in QUERIES.glob("*.graphql") for name in OPERATION.findall(path.read_text(encoding="utf-8"))}


@pytest.fixture(scope="session", autouse=True)
def _note_operations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Note the names of the operations that the embedded server executes in this process without an error."""
    run_operation, executed = server.run_operation, set[str]()

    def run(operation: server.Operation, *given: object) -> server.Outcome:
        outcome = run_operation(operation, *given)  # type: ignore[arg-type]
        if not outcome.failed and operation.name:
            executed.add(operation.name)
        return outcome

    server.run_operation = run
    yield
    server.run_operation = run_operation
    (tmp_path_factory.getbasetemp() / FILE).write_text("\n".join(sorted(executed)))


def missing_operations(config: pytest.Config) -> list[str]:
    """Return the names of the operations that no test of this run has executed."""
    base: Path = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    executed = {name for path in [*base.glob(FILE), *base.glob(f"*/{FILE}")] for name in path.read_text().split()}
    return sorted(known_operations() - executed)


def chooses_every_test(config: pytest.Config) -> bool:
    """Whether nothing on the command line leaves tests out."""
    option = config.option
    return not (option.file_or_dir or option.keyword or option.markexpr or option.maxfail or option.collectonly)


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workerinput") or not chooses_every_test(config):
        return
    if missing_operations(config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not chooses_every_test(config):
        return
    missing, known = missing_operations(config), known_operations()
    terminalreporter.section("operations")
    terminalreporter.line(f"{len(known) - len(missing)} of {len(known)} operations of queries/ were executed.")
    for name in missing:
        terminalreporter.line(f"No test executes {name}.")
