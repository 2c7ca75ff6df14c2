"""From documents to columns: names, types, and values that survive."""

from __future__ import annotations

import io
import json
import tempfile
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from wandql.errors import LocalFileError, UsageError
from wandql.frames.builder import TableBuilder
from wandql.frames.columns import name_columns, take_apart
from wandql.frames.libraries import check_installed
from wandql.frames.shapes import arrow_type, merge, shape_of
from wandql.frames.tables import pandas_of, polars_of
from wandql.frames.writers import replacing, write_csv, write_parquet

ROWS: list[dict[str, Any]] = [
    {"a": 1, "b": 2, "c": "x", "d": [1], "e": {"f": 1, "g": {}}, "h": None, "i": True, "big": 2**70, "o": [{"k": 1}]},
    {"a": 2.5, "b": 3, "c": 1, "d": [2.5, None], "e": 7, "i": None, "big": 1},
    {"a": float("nan"), "b": 2**53 + 1, "c": [1, {"q": 1}], "d": [], "e": {"f": 1.5}, "big": 3},
    {"c": 2, "n": 2.0, "m": 1, "big": 2**64, "huge": 10**400},
    {"c": 2.0, "n": 1, "m": "t", "huge": 0.5},
]


def build(rows: list[dict[str, Any]], size: int, file: IO[bytes] | None = None) -> TableBuilder:
    """Build a table of rows that arrive so many at a time."""
    builder = TableBuilder(pa.schema([("id", pa.string())]), ["config", "summary"], file)
    for begin in range(0, len(rows), size):
        part = rows[begin : begin + size]
        ids = pa.array([str(begin + number) for number in range(len(part))])
        builder.add([ids], [part, [{} for _ in part]])
    return builder


def column(name: str, rows: list[dict[str, Any]] | None = None) -> tuple[str, list[Any]]:
    table = build(ROWS if rows is None else rows, 2).table()
    return str(table.schema.field(name).type), table[name].to_pylist()


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("on_disk", [False, True])
def test_columns_order_types_and_values_do_not_depend_on_pages(size: int, on_disk: bool) -> None:
    whole = build(ROWS, len(ROWS)).table()
    with tempfile.TemporaryFile() as file:
        parts = build(ROWS, size, file if on_disk else None).table()
    assert parts.schema.equals(whole.schema, check_metadata=True)
    assert repr(parts.to_pylist()) == repr(whole.to_pylist())


def test_numbers_are_floats_where_one_is_and_nan_stays() -> None:
    kind, values = column("config.a")
    assert kind == "double"
    assert values[:2] + values[3:] == [1.0, 2.5, None, None]
    assert values[2] != values[2]


def test_integers_of_64_bits_stay_exact_and_larger_ones_are_json() -> None:
    assert column("config.b") == ("int64", [2, 3, 2**53 + 1, None, None])
    kind, values = column("config.big")
    assert (kind, [value and json.loads(value) for value in values]) == ("string", [2**70, 1, 3, 2**64, None])


def test_an_integer_that_no_float_holds_is_infinite_among_floats() -> None:
    assert column("config.huge") == ("double", [None, None, None, float("inf"), 0.5])


def test_what_is_mixed_is_json_that_tells_1_from_its_float() -> None:
    kind, values = column("config.c")
    assert kind == "string"
    assert values == ['"x"', "1", '[1,{"q":1}]', "2", "2.0"]


def test_lists_of_one_type_are_lists() -> None:
    assert column("config.d") == ("list<element: double>", [[1.0], [2.5, None], [], None, None])
    assert column("config.o") == ("string", ['[{"k":1}]', None, None, None, None])


def test_an_object_and_a_value_of_one_key_have_columns_of_their_own() -> None:
    assert column("config.e") == ("int64", [None, 7, None, None, None])
    assert column("config.e.f") == ("double", [1.0, None, 1.5, None, None])
    assert column("config.e.g") == ("string", ["{}", None, None, None, None])


def test_a_key_that_is_always_null_has_a_column() -> None:
    assert column("config.h") == ("null", [None] * 5)


def test_json_columns_say_so() -> None:
    schema = build(ROWS, 5).schema()
    assert [field.name for field in schema if field.metadata == {b"wandql.encoding": b"json"}] == [
        "config.big", "config.c", "config.e.g", "config.m", "config.o"
    ]  # fmt: skip


def test_a_table_without_rows_has_the_fixed_columns() -> None:
    table = build([], 1).table()
    assert (table.schema.names, table.num_rows) == (["id"], 0)


def test_names_that_are_alike_are_numbered_the_shortest_path_first() -> None:
    paths = [("c", "a", "b"), ("c", "a.b"), ("c", "a.b#2"), ("c", "z")]
    assert name_columns(paths) == {
        ("c", "a.b"): "c.a.b",
        ("c", "a", "b"): "c.a.b#3",
        ("c", "a.b#2"): "c.a.b#2",
        ("c", "z"): "c.z",
    }


def test_documents_with_the_same_keys_come_apart_as_others_do() -> None:
    alike = [{"a": 1, "b": {"c": 2}}, {"a": 3, "b": {"c": 4}}]
    assert dict(take_apart(alike)) == {("a",): (1, 3), ("b", "c"): (2, 4)}
    assert dict(take_apart([*alike, {"b": None}])) == {("a",): [1, 3, None], ("b", "c"): [2, 4, None]}
    assert dict(take_apart([])) == {}
    assert dict(take_apart([{}, {}])) == {}


def test_shapes_merge_in_any_order() -> None:
    groups: list[list[Any]] = [[1], [2.5, 2**80], ["x"], [[1]], [[None], [[2]]], [None], [True]]
    shapes = [shape_of(group) for group in groups]
    for one in shapes:
        for other in shapes:
            for third in shapes:
                assert merge(one, merge(other, third)) == merge(merge(third, one), other)


def test_a_big_integer_is_a_number_beside_floats() -> None:
    assert arrow_type(shape_of([2**80])) is None
    assert arrow_type(shape_of([2**80, 1.5])) == pa.float64()
    assert arrow_type(shape_of([[2**80], [1.5]])) == pa.list_(pa.float64())


def test_pandas_types_follow_from_the_table_not_from_nulls() -> None:
    frame = pandas_of(build(ROWS, 2).table())
    assert [str(frame[name].dtype) for name in ("config.b", "config.i", "config.a")] == ["Int64", "boolean", "float64"]
    assert frame["config.c"].tolist() == ["x", 1, [1, {"q": 1}], 2, 2.0]
    empty = build(ROWS, 2).table().slice(0, 0)
    assert pandas_of(empty).dtypes.equals(frame.dtypes)


def test_polars_takes_the_table() -> None:
    frame = polars_of(build(ROWS, 2).table())
    assert frame["config.d"].to_list() == [[1.0], [2.5, None], [], None, None]


def test_parquet_gives_back_what_was_written() -> None:
    builder, file = build(ROWS, 2), io.BytesIO()
    write_parquet(builder, file)
    table = pq.read_table(io.BytesIO(file.getvalue()))
    assert table.schema.equals(builder.schema(), check_metadata=True)
    assert repr(table.to_pylist()) == repr(builder.table().to_pylist())


def test_csv_has_a_line_for_each_row_and_lists_as_json() -> None:
    file = io.BytesIO()
    write_csv(build(ROWS, 2), file)
    read = pa.csv.read_csv(io.BytesIO(file.getvalue())).to_pylist()
    assert len(read) == len(ROWS)
    assert [row["config.d"] for row in read] == ["[1.0]", "[2.5,null]", "[]", "", ""]
    assert [row["config.b"] for row in read] == [2, 3, 2**53 + 1, None, None]


def test_a_file_appears_whole_or_not_at_all(tmp_path: Any) -> None:
    target = tmp_path / "runs.csv"
    target.write_text("before")
    with pytest.raises(UnicodeEncodeError), replacing(target) as file:
        file.writelines([b"half", "\udcff".encode()])
    assert target.read_text() == "before"
    with replacing(target) as file:
        file.write(b"after")
    assert [path.name for path in tmp_path.iterdir()] == ["runs.csv"]
    assert target.read_text() == "after"
    with pytest.raises(LocalFileError, match="missing"), replacing(tmp_path / "missing" / "x"):
        pass


def test_a_library_that_is_missing_is_named_with_its_extra() -> None:
    with pytest.raises(UsageError, match="needs nowhere") as caught:
        check_installed("A thing", "nowhere")
    assert caught.value.hint == "pip install 'wandql[arrow]'"
