"""Cells of the matrix: one fault at one request of one call, and whether what came of it is what was owed."""

from __future__ import annotations

import math
import shutil
import socket
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import patch

from pydantic import BaseModel

from tests.matrix import seam_async, seam_sync
from tests.matrix.faults import FAULTS, Fault, kind_of
from tests.matrix.lines import Line, Seen, Socket, Spoiled
from tests.matrix.servers import API_KEY, Servers, content_of
from tests.matrix.shapes import Place, places_of, put
from wandql import RetryPolicy
from wandql.api._async.users import REFUSALS
from wandql.errors import ConnectionFailedError, DecodeError, IntegrityError, WandqlError
from wandql.server import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["COLOURS", "ROUTES", "Cell", "Colour", "Lab", "Route", "Verdict"]

Colour = Literal["async", "sync"]
Route = Literal["in-process", "tcp"]
ROUTES: tuple[Route, ...] = ("in-process", "tcp")
COLOURS: tuple[Colour, ...] = ("async", "sync")
SEAMS = {"async": seam_async, "sync": seam_sync}

# Waits are not what is tested: each failed request is followed by the next at once.
POLICY = RetryPolicy(attempts=3, deadline=20.0, first_delay=0.0)
# Where only time ends a request.
HASTY = RetryPolicy(attempts=3, deadline=1.5, first_delay=0.0)
IMPATIENT = RetryPolicy(attempts=3, deadline=20.0, read=0.5, first_delay=0.0)
# What the machine may be busy with otherwise.
SLACK = 5.0
WATCHDOG = 90.0

MUTATING = {"mutation", "idempotent", "PUT"}
ALIKE = {"at", "count", "first", "pages", "slice"}
# What the lack of a feature means by design.
FALLBACKS = {"GetRunHistoryPlan", "GetServerFeatures"}
Shown = Any


@dataclass(frozen=True)
class Cell:
    """One fault at one request of one call.

    Attributes:
        row: The name of the call.
        fault: The name of the fault.
        colour: For tasks or for threads.
        route: Over TCP or in this process.
        which: The number of the request that it meets, from 1; 0 for every request.
        place: The place in the reply where something unusual is.
    """

    row: str
    fault: str
    colour: Colour
    route: Route
    which: int
    place: str = ""

    def __str__(self) -> str:
        when = f"request {self.which}" if self.which else "every request"
        place = f" at {self.place}" if self.place else ""
        return f"{self.row} ({self.colour}, {self.route}): {self.fault}{place}, {when}"


@dataclass(frozen=True)
class Verdict:
    """What came of a cell.

    Attributes:
        cell: Which.
        outcome: "right", or the class of the error.
        red: Why this is not what was owed, or "".
        seconds: How long it took.
    """

    cell: Cell
    outcome: str
    red: str
    seconds: float


@dataclass
class Outcome:
    """What a call did."""

    line: Line
    value: Shown = None
    error: BaseException | None = None
    seconds: float = 0.0
    has_ended: bool = False
    state: Shown = None
    trace: str = ""


@dataclass
class Clean:
    """What a call does where nothing goes wrong: two times, so that what differs each time is known."""

    values: tuple[Shown, Shown]
    states: tuple[Shown, Shown]
    seen: list[Seen]

    @property
    def is_changing(self) -> bool:
        return any(kind_of(each.name) in MUTATING for each in self.seen)


class Lab:
    """Runs cells.

    Args:
        template: The store that every server begins with.
        scratch: A directory for the servers, and for what the calls write.
    """

    def __init__(self, template: Path, scratch: Path) -> None:
        self._template = template
        self._servers = Servers(template, scratch / "servers")
        self._scratch = scratch
        self._clean: dict[tuple[str, Colour], Clean] = {}
        self._number = 0

    def another(self, scratch: Path) -> Lab:
        """Return a lab of its own that knows what this one knows."""
        lab = Lab(self._template, scratch)
        lab._clean = self._clean
        return lab

    def close(self) -> None:
        """End its servers."""
        self._servers.drop()

    def clean(self, row: str, colour: Colour) -> Clean:
        """Return what a call does where nothing goes wrong."""
        if (row, colour) not in self._clean:
            self._servers.drop()
            first = self._run(row, colour, "in-process", POLICY)
            self._servers.drop()
            second = self._run(row, colour, "in-process", POLICY)
            self._servers.drop()
            for each in (first, second):
                if each.error is not None:
                    raise AssertionError(f"{row} ({colour}) fails where nothing goes wrong") from each.error
            values = (first.value, second.value)
            self._clean[row, colour] = Clean(values, (first.state, second.state), first.line.seen)
        return self._clean[row, colour]

    def cells(self, row: str, colour: Colour, route: Route) -> Iterator[Cell]:
        """Yield the cells of a call, but for those with a place."""
        seen = self.clean(row, colour).seen
        for fault in FAULTS:
            # A reply is the same over both routes.
            needs_socket = fault.over_tcp or fault in BREAKS
            if (route != "tcp" and fault.over_tcp) or (route == "tcp" and not needs_socket):
                continue
            hit = [number for number, each in enumerate(seen, 1) if fault.meets(kind_of(each.name))]
            if not hit:
                continue
            yield Cell(row, fault.name, colour, route, 0)
            if route == "tcp" and fault.name == "connection refused":
                continue  # Who has refused once, refuses for good.
            if fault.is_slow and not fault.passes:
                continue  # Its deadline is over with the first request.
            for which in hit[-1:] if fault.is_slow else sorted({*hit[:2], *hit[-1:]}):
                yield Cell(row, fault.name, colour, route, which)
        if route == "tcp" and seen:
            yield Cell(row, "DNS failure", colour, route, 0)

    def placed_cells(self, row: str, colour: Colour) -> Iterator[Cell]:
        """Yield the cells of a call with null or an unknown enum somewhere in a reply.

        All that a list can do reads the same replies, so they are spoiled once.
        """
        if row.partition(".")[2] in ALIKE:
            return
        done: set[tuple[str, Place]] = set()
        for number, each in enumerate(self.clean(row, colour).seen, 1):
            for place in places_of(each.document) if each.document else ():
                if (each.name, place) in done or each.response is None:
                    continue
                if put(each.response.body, place, None) is None:
                    continue
                done.add((each.name, place))
                if place.is_nullable:
                    yield Cell(row, "null", colour, "in-process", number, str(place))
                if place.is_enum:
                    yield Cell(row, "unknown enum", colour, "in-process", number, str(place))

    def judge(self, cell: Cell) -> Verdict:
        """Run a cell, and compare what comes of it with what is owed."""
        clean = self.clean(cell.row, cell.colour)
        if cell.place:
            value = None if cell.fault == "null" else "BRAND_NEW"
            name = clean.seen[cell.which - 1]
            place = next(each for each in places_of(name.document) if str(each) == cell.place)
            outcome = self._run(cell.row, cell.colour, cell.route, POLICY, partial(_placed, place, value), cell.which)
            red = self._placed_red(cell, clean, outcome, place)
        elif cell.fault == "DNS failure":
            outcome = self._run(cell.row, cell.colour, cell.route, POLICY, unknown=True)
            fault = REFUSED
            red = _red(cell, fault, clean, outcome, POLICY)
        else:
            fault = next(each for each in FAULTS if each.name == cell.fault)
            policy = IMPATIENT if fault.name == "no reply at all" else HASTY if fault.is_slow else POLICY
            outcome = self._run(cell.row, cell.colour, cell.route, policy, partial(_met, fault), cell.which)
            red = _red(cell, fault, clean, outcome, policy)
        if outcome.line.changes:
            self._servers.drop()
        text = "right" if outcome.error is None else type(outcome.error).__name__
        return Verdict(cell, text, red, outcome.seconds)

    def judge_failure(self, cell: Cell) -> Verdict:
        """Run a cell that cannot be right, and look at the error alone."""
        fault = next(each for each in FAULTS if each.name == cell.fault)
        outcome = self._run(cell.row, cell.colour, cell.route, POLICY, partial(_met, fault), cell.which)
        if outcome.line.changes:
            self._servers.drop()
        nothing = Clean((None, None), (None, None), [])
        red = _red(cell, fault, nothing, outcome, POLICY)
        return Verdict(cell, type(outcome.error).__name__, red, outcome.seconds)

    def _placed_red(self, cell: Cell, clean: Clean, outcome: Outcome, place: Place) -> str:
        if not outcome.has_ended:
            return f"hangs\n{outcome.trace}"
        if outcome.error is not None:
            if cell.fault == "unknown enum":
                return f"an enum that nobody knows is an error: {_words(outcome.error)}"
            if not isinstance(outcome.error, WandqlError | IndexError):
                return f"foreign: {_words(outcome.error)}\n{outcome.trace}"
            return ""
        if cell.row in MAY_BE_NOTHING:
            return ""
        is_named = kind_of(clean.seen[cell.which - 1].name) == "query" and len(place.path) == 1
        if is_named and _is_nothing(outcome.value) and not _is_nothing(clean.values[0]):
            return f"silent: returns {outcome.value!r} where the server knows no such thing"
        return ""

    def _run(
        self,
        name: str,
        colour: Colour,
        route: Route,
        policy: RetryPolicy,
        spoil: Callable[[Request, Callable[[], Response]], Spoiled | None] | None = None,
        which: int = 0,
        *,
        unknown: bool = False,
    ) -> Outcome:
        self._number += 1
        directory = self._scratch / str(self._number)
        directory.mkdir(parents=True)
        application = self._servers.open()
        line = Line(application, spoil, which)
        outcome = Outcome(line)
        wire = Socket(line) if route == "tcp" else None
        host = "localhost" if unknown else "127.0.0.1"
        settings = {
            "api_key": API_KEY,
            "base_url": f"http://{host}:{wire.port}" if wire else "http://matrix.test",
            "entity": None,
            "project": None,
            "cache_dir": str(directory / "cache"),
            # Nothing here needs the usual certificates, whose reading takes longer than a call.
            "ca_bundle": str(CERTIFICATE) if wire else None,
        }
        seam: Any = SEAMS[colour]
        row = next(each for each in seam.ROWS if each.name == name)
        start = 0.0

        def ready() -> None:
            nonlocal start
            line.is_ready, start = True, time.monotonic()
            is_refused = spoil is not None and getattr(spoil, "args", [None])[0] == REFUSED
            if wire and (unknown or (is_refused and not which)):
                wire.hang_up()
            if unknown:
                RESOLVER.is_down = True

        def work() -> None:
            given = seam.run, row, settings, policy, None if wire else line.handle, ready, directory / "out"
            try:
                (directory / "out").mkdir()
                outcome.value = shown(given[0](*given[1:]), str(settings["base_url"]))
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is judged
                outcome.error = error
                outcome.trace = "".join(traceback.format_exception(error))
            outcome.seconds = time.monotonic() - start if start else math.inf
            outcome.has_ended = True

        with _resolving() if unknown else nullcontext():
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            thread.join(WATCHDOG)
        if wire:
            wire.close()
        is_changing = (name, colour) not in self._clean or self._clean[name, colour].is_changing
        if is_changing and outcome.error is None:
            outcome.state = content_of(application)
        if start == 0.0 and outcome.error is not None:
            raise AssertionError(f"{name} ({colour}) cannot be made ready") from outcome.error
        shutil.rmtree(directory, ignore_errors=True)
        return outcome


CERTIFICATE = Path(__file__).parents[1] / "contract" / "localhost.pem"
REFUSED = next(each for each in FAULTS if each.name == "connection refused")
BREAKS = [REFUSED, *(each for each in FAULTS if each.name == "reset before the headers")]


def _met(fault: Fault, request: Request, answer: Callable[[], Response]) -> Spoiled | None:
    is_file = request.segments != ["graphql"]
    kind = "GET" if request.method == "GET" else "PUT" if is_file else "query"
    return fault.spoil(request, answer) if fault.meets(kind) else None


def _placed(place: Place, value: object, request: Request, answer: Callable[[], Response]) -> Spoiled | None:
    response = answer()
    body = put(response.body, place, value) if request.segments == ["graphql"] else None
    return Spoiled(replace(response, body=body or response.body))


def _red(cell: Cell, fault: Fault, clean: Clean, outcome: Outcome, policy: RetryPolicy) -> str:
    if not outcome.has_ended:
        return f"hangs\n{outcome.trace}"
    hits = [each for each in outcome.line.seen if each.hit] or clean.seen[:1]
    if not hits:
        return "sends no request, so nothing goes wrong"
    most = (len(outcome.line.seen) + 1) * policy.deadline + SLACK
    if outcome.seconds > most:
        return f"late: {outcome.seconds:.1f} s, with a deadline of {policy.deadline} s"
    hit = hits[-1]
    kind = kind_of(hit.name)
    wanted = fault.error_of(kind)
    passes = bool(cell.which) and kind in fault.passes
    falls_back = fault.error is not None and fault.error.__name__ == "UnsupportedError" and hit.name in FALLBACKS
    error = outcome.error
    if error is None:
        if cell.row in SAYS_NO and outcome.value is False and wanted in REFUSALS:
            return ""
        if not (wanted is None or passes or falls_back):
            return f"silent: {wanted.__name__} was owed for {hit.name}, not {str(outcome.value)[:200]}"
        if not same(outcome.value, *clean.values):
            return f"wrong answer: {str(outcome.value)[:300]}, not {str(clean.values[0])[:300]}"
        if clean.is_changing and not same(outcome.state, *clean.states):
            return f"wrong state: {_difference(outcome.state, *clean.states)}"
        return ""
    if wanted is None or (passes and not (type(error) is DecodeError and wanted is IntegrityError)):
        return f"an answer was owed, not {_words(error)}\n{outcome.trace}"
    if wanted is IntegrityError and type(error) in {ConnectionFailedError, DecodeError}:
        return _incomplete(error, hits)  # It is cut, or it cannot be read: which of them is seen first is all the same.
    if type(error) is not wanted:
        return f"{wanted.__name__} was owed for {hit.name}, not {_words(error)}\n{outcome.trace}"
    if API_KEY in f"{error!s}{error!r}{outcome.trace}":
        return f"shows the key: {error}"
    return _incomplete(error, hits)


def _incomplete(error: BaseException, hits: list[Seen]) -> str:
    """Say what an error does not tell that it should."""
    operation, path = getattr(error, "operation", None), getattr(error, "path", None)
    names = {each.name for each in hits} | TELLING.get(hits[-1].name, set())
    if operation is None or operation.partition(" ")[0] not in names:
        return f"names the operation {operation!r}, not one of {names}"
    if path is None and operation not in PATHLESS:
        return f"{operation} names no path"
    if not getattr(error, "hint", None):
        return f"{type(error).__name__} has no hint"
    return ""


# What asks for nothing that has a path.
PATHLESS = {"GetUsers", "GetViewer", "GetServerFeatures", "GetServiceAccounts", "GenerateApiKey"}
# Who tells of a file that is wrong, where it is not the request for it: an upload that only seems to have gone well is
# not there, and a manifest cannot be read.
TELLING = {"PUT": {"GetRunFiles"}, "GET": {"GetArtifactManifest"}}
# What says by its name that the answer may be no, as these do by False.
SAYS_NO = {"Team.invite", "Member.delete", "User.delete_api_key"}
# Where null means that there is none, and this is the answer.
MAY_BE_NOTHING = {
    "Api.artifact_collection_exists", "Api.artifact_exists", "Api.user", "Api.users", "Client.paginate"
}  # fmt: skip


def _is_nothing(value: Shown) -> bool:
    return value in (None, [], {}, 0, "", False)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def shown(value: object, base_url: str = "") -> Shown:
    """Return what can be compared of what a call returned."""
    if isinstance(value, BaseModel):
        fields = {name: shown(each, base_url) for name, each in value.__dict__.items()}
        return {"type": type(value).__name__.removeprefix("Async"), **fields}
    if isinstance(value, Mapping):
        return {str(name): shown(each, base_url) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [shown(each, base_url) for each in value]
    if isinstance(value, int | float | bytes | None):
        return value
    if hasattr(value, "__dataclass_fields__"):
        return {name: shown(getattr(value, name), base_url) for name in value.__dataclass_fields__}
    return str(value).replace(base_url, "SERVER")


def same(value: Shown, first: Shown, second: Shown) -> bool:
    """Tell whether a value is right, but for what differs each time."""
    return not _difference(value, first, second)


def _difference(value: Shown, first: Shown, second: Shown, where: str = "") -> str:
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        if not isinstance(value, dict) or value.keys() != first.keys():
            return f"{where}: {str(value)[:200]}, not {str(first)[:200]}"
        differences = (_difference(value[name], first[name], second[name], f"{where}.{name}") for name in first)
        return next(filter(None, differences), "")
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        if not isinstance(value, list) or len(value) != len(first):
            return f"{where}: {str(value)[:200]}, not {str(first)[:200]}"
        differences = (
            _difference(*each, f"{where}.{number}")  # type: ignore[misc]
            for number, each in enumerate(zip(value, first, second, strict=True))
        )
        return next(filter(None, differences), "")
    return "" if first != second or value == first or value != value else f"{where}: {value!r}, not {first!r}"


class _Resolver:
    is_down = False


RESOLVER = _Resolver()


@contextmanager
def _resolving() -> Iterator[None]:
    """Let no name be found once the resolver is down."""
    resolve = socket.getaddrinfo

    def getaddrinfo(*given: Any, **named: Any) -> Any:
        if RESOLVER.is_down:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(*given, **named)

    try:
        with patch("socket.getaddrinfo", getaddrinfo):
            yield
    finally:
        RESOLVER.is_down = False
