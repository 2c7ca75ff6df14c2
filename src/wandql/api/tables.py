"""Tables that runs logged: what refers to them, and what is in them. Pure."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from wandql.api.records import read_object
from wandql.errors import DecodeError, MismatchError, NotFoundError
from wandql.frames.arrays import keep, make_field, unify
from wandql.frames.arrow import Array, Field, load_arrow
from wandql.frames.libraries import check_installed
from wandql.frames.shapes import shape_of
from wandql.frames.tables import pandas_of, polars_of
from wandql.graphql.scalars import JSONObject, JSONString, JSONValue

if TYPE_CHECKING:
    from pandas import DataFrame
    from polars import DataFrame as PolarsFrame
    from pyarrow import Table as ArrowTable

__all__ = ["Table", "TableLink", "find_links", "read_table"]

KINDS: Final = ("table-file", "incremental-table-file", "joined-table", "partitioned-table")
LINK: Final = re.compile(r"wandb-(?P<client>client-)?artifact://(?P<artifact>[^/]+)/(?P<name>.+)")
TIMESTAMP: Final = "timestamp"
SHOWN: Final = 5


@dataclass(frozen=True)
class Table:
    """A table that a run logged. Images and other media in it are objects that tell where they are: none is fetched.

    Attributes:
        columns: The names of its columns.
        rows: Its rows, each with a value for every column. Times are aware, in UTC.
        key: The key of the run's summary under which it was logged.
        path: The path of its run.

    Example:
        >>> from wandql import Table
        >>> table = Table(["id", "guess"], [[0, "cat"], [1, "dog"]])
        >>> len(table), table.column("guess"), table.dicts()[0]
        (2, ['cat', 'dog'], {'id': 0, 'guess': 'cat'})
    """

    columns: list[str]
    rows: list[list[JSONValue | datetime]] = field(repr=False)
    key: str = ""
    path: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[list[JSONValue | datetime]]:
        return iter(self.rows)

    def column(self, name: str) -> list[JSONValue | datetime]:
        """Return the values of one column. Sends no request.

        Args:
            name: The name of the column.

        Raises:
            KeyError: There is none of that name.

        Example:
            >>> from wandql import Table
            >>> Table(["id"], [[0], [1]]).column("id")
            [0, 1]
        """
        if name not in self.columns:
            raise KeyError(name)
        number = self.columns.index(name)
        return [row[number] for row in self.rows]

    def dicts(self) -> list[dict[str, JSONValue | datetime]]:
        """Return the rows as dicts. Sends no request.

        Example:
            >>> from wandql import Table
            >>> Table(["id"], [[0], [1]]).dicts()
            [{'id': 0}, {'id': 1}]
        """
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_arrow(self) -> ArrowTable:
        """Return it as an Arrow table. Sends no request.

        The type of a column follows from its values as it does for runs: what is mixed, and objects, are JSON text.

        Raises:
            UsageError: pyarrow is not installed.

        Example:
            >>> from wandql import Table
            >>> Table(["id"], [[0], [1]]).to_arrow().schema.types
            [DataType(int64)]
        """
        pa = load_arrow()
        columns = [[row[number] for row in self.rows] for number in range(len(self.columns))]
        pairs = [_typed(name, values) for name, values in zip(self.columns, columns, strict=True)]
        table: ArrowTable = pa.Table.from_arrays(
            [array for _, array in pairs], schema=pa.schema([field for field, _ in pairs])
        )
        return table

    def to_pandas(self) -> DataFrame:
        """Return it as a pandas DataFrame. Sends no request.

        Raises:
            UsageError: pandas or pyarrow is not installed.

        Example:
            >>> from wandql import Table
            >>> Table(["id"], [[0], [1]]).to_pandas()["id"].tolist()
            [0, 1]
        """
        check_installed("A pandas DataFrame", "pandas", "pyarrow")
        return pandas_of(self.to_arrow())

    def to_polars(self) -> PolarsFrame:
        """Return it as a polars DataFrame. Sends no request.

        Raises:
            UsageError: polars or pyarrow is not installed.

        Example:
            >>> from wandql import Table
            >>> Table(["id"], [[0], [1]]).to_polars()["id"].to_list()
            [0, 1]
        """
        check_installed("A polars DataFrame", "polars", "pyarrow")
        return polars_of(self.to_arrow())


@dataclass(frozen=True, slots=True)
class TableLink:
    """Where the file of a table is: in a version of an artifact, and mostly among the files of the run, too.

    Attributes:
        client_id: What the SDK called the version before it was uploaded, or None.
        artifact_id: The opaque id of the version, or None.
        name: The name of the file within the version.
        file: The name of the file among those of the run, or None.
    """

    client_id: str | None
    artifact_id: str | None
    name: str
    file: str | None


def find_links(summary: Mapping[str, JSONValue], key: str, *, of: str) -> list[TableLink]:
    """Return where a table is that a run logged: one file, or several where it was logged in parts.

    Args:
        summary: The summary of the run.
        key: Under which it was logged.
        of: The path of the run, for errors.

    Raises:
        NotFoundError: The summary has no such key.
        MismatchError: It is no table there.
    """
    if key not in summary:
        near = get_close_matches(key, summary) or [name for name, value in summary.items() if _kind(value) in KINDS]
        raise NotFoundError(
            f"{of} has logged nothing as {key!r}.",
            hint=f"Near to it are: {', '.join(map(repr, near[:SHOWN]))}." if near else "It has logged no table.",
            path=of,
        )
    value = summary[key]
    match value:
        case {"_type": "table-file" | "incremental-table-file", **reference}:
            earlier = reference.get("previous_increments_paths")
            places = [*(earlier if isinstance(earlier, list) else []), reference.get("artifact_path")]
            file = reference.get("path")
            return _links(
                [place for place in places if isinstance(place, str)], file if isinstance(file, str) else None
            )
        case _:
            kind = _kind(value) or type(value).__name__
            raise MismatchError(
                f"{key!r} in the summary of {of} is no table that can be read, but: {kind}.",
                hint="run.summary has it as it is.",
                path=of,
                problems=[f"{key}: {kind}"],
            )


def read_table(texts: Sequence[bytes], *, key: str, of: str) -> Table:
    """Return the table that files hold, the rows of one after those of the other.

    Args:
        texts: The contents of the files.
        key: Under which it was logged.
        of: The path of the run, for errors.

    Raises:
        DecodeError: A file is no table.
    """
    what = f"a table {key!r} of {of}"
    columns: list[str] = []
    rows: list[list[JSONValue | datetime]] = []
    for text in texts:
        document = read_object(JSONString(text.decode(errors="replace")), what=what)
        names, data = document.get("columns"), document.get("data")
        if not isinstance(names, list) or not isinstance(data, list):
            raise DecodeError(f"The server sent {what} without columns or data.")
        columns = [str(name) for name in names]
        times = _times(document, columns)
        for row in data:
            if not isinstance(row, list) or len(row) != len(columns):
                raise DecodeError(f"The server sent {what} with a row that has not {len(columns)} values.")
            rows.append([_time(value) if number in times else value for number, value in enumerate(row)])
    return Table(columns, rows, key, of)


def _typed(name: str, values: Sequence[JSONValue | datetime]) -> tuple[Field, Array]:
    """Return a column with the type that follows from its values."""
    pa = load_arrow()
    times = [value for value in values if isinstance(value, datetime)]
    if times:
        kind = pa.timestamp("us", tz="UTC")
        column: Field = pa.field(name, kind)
        array: Array = pa.array([value if isinstance(value, datetime) else None for value in values], kind)
        return column, array
    plain = [value for value in values if not isinstance(value, datetime)]
    shape = shape_of(plain)
    return make_field(name, shape), unify(keep(plain, shape), shape)


def _kind(value: JSONValue) -> str | None:
    kind = value.get("_type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else None


def _links(places: Sequence[str], file: str | None) -> list[TableLink]:
    found = [match for match in map(LINK.fullmatch, places) if match]
    links: list[TableLink] = []
    for match in found:
        artifact, name = match["artifact"], unquote(match["name"])
        known = file if len(found) == 1 else None
        if match["client"]:
            links.append(TableLink(artifact.partition(":")[0], None, name, known))
        else:
            links.append(TableLink(None, b64encode(bytes.fromhex(artifact)).decode(), name, known))
    return links or [TableLink(None, None, "", file)]


def _times(document: JSONObject, columns: Sequence[str]) -> set[int]:
    """Return the numbers of the columns whose values are times: milliseconds since 1970."""
    match document.get("column_types"):
        case {"params": {"type_map": dict(types)}}:
            return {number for number, name in enumerate(columns) if _is_time(types.get(name))}
        case _:
            return set()


def _is_time(declared: JSONValue) -> bool:
    match declared:
        case {"wb_type": "timestamp"}:
            return True
        case {"wb_type": "union", "params": {"allowed_types": list(types)}}:
            rest = [each for each in types if each != {"wb_type": "none"}]
            return bool(rest) and all(_is_time(each) for each in rest)
        case _:
            return False


def _time(value: JSONValue) -> JSONValue | datetime:
    return datetime.fromtimestamp(value / 1000, UTC) if isinstance(value, int | float) else value
