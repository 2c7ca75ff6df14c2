"""The async→sync derivation: what each construct becomes, what it refuses, and how the tree is kept current."""

from __future__ import annotations

import ast
import inspect
import textwrap
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from tools.codegen.derive_sync import ROOT, DerivationError, Table, derive, derive_tree, main

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = "src/wandql/api/_async/runs.py"
EMPTY = Table(names={}, prose={})


def text(source: str, table: Table = EMPTY) -> str:
    """Return the derived text without its header."""
    return derive(textwrap.dedent(source), origin=ORIGIN, table=table).split("\n", 1)[1].strip()


STATEMENTS = {
    "a coroutine function": ("async def f(): ...", "def f(): ..."),
    "a loop": ("async for x in y:\n    pass", "for x in y:\n    pass"),
    "contexts": ("async with a as b, c() as d:\n    pass", "with a as b, c() as d:\n    pass"),
    "an await": ("x = await f(1)", "x = f(1)"),
    "an await of an await": ("x = await (await f)(1)", "x = f(1)"),
    "an awaited condition": ("if not await f():\n    pass", "if not f():\n    pass"),
    "an attribute of what is awaited": ("x = (await f(1)).y[0]", "x = f(1).y[0]"),
    "an awaited argument keeps its parentheses": ("f(await x)", "f(x)"),
    "an awaited operand keeps its parentheses": ("x = (await a or b).c", "x = (a or b).c"),
    "an awaited tuple keeps its parentheses": ("x = (await a,)", "x = (a,)"),
    "an awaited element": ("x = y[await a]", "x = y[a]"),
    "a comprehension": (
        "x = [await f(a) async for a in b if await g(a)]",
        "x = [f(a) for a in b if g(a)]",
    ),
    "a nested comprehension": (
        "x = {a: c async for a in b for c in a async for d in c}",
        "x = {a: c for a in b for c in a for d in c}",
    ),
    "the built-in functions": ("x = await anext(aiter(y), None)", "x = next(iter(y), None)"),
    "the end of an iteration": ("raise StopAsyncIteration", "raise StopIteration"),
    "closing": ("await self.client.aclose()", "self.client.close()"),
    "a decorator": (
        "@asynccontextmanager\n@AsyncThing.register\nasync def f(): ...",
        "@contextmanager\n@Thing.register\ndef f(): ...",
    ),
    "class names": ("class AsyncApi(_AsyncBase): ...", "class Api(_Base): ..."),
    "a name that only contains the word": ("is_async = asynchrony(Asynchrony)", "is_async = asynchrony(Asynchrony)"),
    "an overload": (
        "@overload\nasync def f(self, x: int) -> AsyncRun: ...",
        "@overload\ndef f(self, x: int) -> Run: ...",
    ),
    "a line break after await": ("x = (\n    await\n    f(\n        1,\n    )\n)", "x = f(\n    1,\n)"),
    "a method chain in lines": ("x = (\n    await a.b()\n    .c()\n)", "x = a.b().c()"),
    "a comment between": ("x = f(  # one\n    await y,  # two\n)", "x = f(  # one\n    y,  # two\n)"),
}

TYPES = {
    "an iterator": ("def f() -> AsyncIterator[AsyncRun]: ...", "def f() -> Iterator[Run]: ..."),
    "a generator has a third parameter": (
        "def f() -> AsyncGenerator[int, None]: ...",
        "def f() -> Generator[int, None, None]: ...",
    ),
    "an awaitable": (
        "def f(call: Callable[[], Awaitable[list[int]]]): ...",
        "def f(call: Callable[[], list[int]]): ...",
    ),
    "an awaitable in lines": ("x: Awaitable[\n    int,\n]", "x: int"),
    "a quoted annotation": ('x: "AsyncRun | None"', 'x: "Run | None"'),
    "a quoted awaitable": ('Call: TypeAlias = "Callable[[], Awaitable[T]]"', 'Call: TypeAlias = "Callable[[], T]"'),
    "a bound": ('T = TypeVar("T", bound="AsyncApi")', 'T = TypeVar("T", bound="Api")'),
    "a context manager": ("x: AbstractAsyncContextManager[int]", "x: AbstractContextManager[int]"),
    "special methods": (
        "class A:\n    async def __aenter__(self): ...\n    async def __aexit__(self, *e): ...\n"
        "    def __aiter__(self): ...\n    async def __anext__(self): ...",
        "class A:\n    def __enter__(self): ...\n    def __exit__(self, *e): ...\n"
        "    def __iter__(self): ...\n    def __next__(self): ...",
    ),
}

STRINGS = {
    "text about awaiting stays": (
        'x = "await the async reply, then aclose"',
        'x = "await the async reply, then aclose"',
    ),
    "a class name changes": ('x = "AsyncApi(entity=None)"', 'x = "Api(entity=None)"'),
    "public names change": ('__all__ = ["AsyncApi", "aclose"]', '__all__ = ["Api", "close"]'),
    "a module path changes": ('x = "wandql.api._async.runs"', 'x = "wandql.api._sync.runs"'),
    "a part of a word stays": ('x = "NotAsyncApi my_asyncio_async"', 'x = "NotAsyncApi my_asyncio_async"'),
    "an await in an f-string": ('x = f"{await a.b(1)!r:>{await w}} await"', 'x = f"{a.b(1)!r:>{w}} await"'),
    "an attribute in an f-string": ('x = f"{(await a).b:05d}{{await a}}"', 'x = f"{a.b:05d}{{await a}}"'),
    "a comprehension in an f-string": (
        """x = f"{', '.join([a async for a in await b['await x: }']])}\"""",
        """x = f"{', '.join([a for a in b['await x: }']])}\"""",
    ),
    "a comparison in an f-string": ('x = f"{await a != b}{await c=}"', 'x = f"{a != b}{c=}"'),
    "lines of an f-string": ('x = f"""\n{await a} async\n"""', 'x = f"""\n{a} async\n"""'),
    "bytes": ('x = rb"AsyncApi await"', 'x = rb"Api await"'),
}

PROSE = {
    "a comment": ("# `await api.run()` of an `AsyncApi` calls aclose()", "# `api.run()` of an `Api` calls close()"),
    "a docstring": (
        '"""Return the runs: `async for run in runs`, see `AsyncRuns`."""',
        '"""Return the runs: `for run in runs`, see `Runs`."""',
    ),
    "the docstring of a function": (
        'async def f():\n    """See `AsyncRun.f`."""',
        'def f():\n    """See `Run.f`."""',
    ),
    "the docstring of an attribute": (
        'class A:\n    x = 1\n    """See `AsyncRun`."""',
        'class A:\n    x = 1\n    """See `Run`."""',
    ),
    "examples": (
        '''
        def f():
            """Do it.

            >>> async with AsyncApi() as api:  # one `await x`
            ...     names = [run.name async for run in await api.runs(
            ...         "await x",
            ...     )]
            >>> print(f"{(await api.run('a/b/c')).state}")
            AsyncRun finished
            """
        ''',
        textwrap.dedent('''
        def f():
            """Do it.

            >>> with Api() as api:  # one `x`
            ...     names = [run.name for run in api.runs(
            ...         "await x",
            ...     )]
            >>> print(f"{api.run('a/b/c').state}")
            Run finished
            """
        ''').strip(),
    ),
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [pytest.param(*case, id=name) for cases in (STATEMENTS, TYPES, STRINGS, PROSE) for name, case in cases.items()],
)
def test_each_construct_becomes_its_twin(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "pytestmark = pytest.mark.anyio\n\n\nasync def test_it(): ...",
        "@pytest.mark.anyio\nasync def test_it(): ...",
    ],
)
def test_the_mark_of_an_async_test_is_dropped_with_its_import(source: str) -> None:
    assert text(f"import pytest\n\n{source}") == "def test_it(): ..."


def test_other_marks_stay() -> None:
    source = "import pytest\n\npytestmark = [pytest.mark.anyio, pytest.mark.slow]"
    assert text(source) == "import pytest\n\npytestmark = [pytest.mark.slow]"


def test_imports_are_sorted_merged_and_dropped_where_nothing_uses_them() -> None:
    source = """
        from collections.abc import AsyncIterator, Awaitable, Iterator
        from wandql.client._async.transport import AsyncTransport
        import abc

        def f(x: AsyncIterator[Awaitable[int]], y: Iterator[AsyncTransport], z: abc.ABC): ...
    """
    assert text(source) == (
        "import abc\nfrom collections.abc import Iterator\n\nfrom wandql.client._sync.transport import Transport\n\n\n"
        "def f(x: Iterator[int], y: Iterator[Transport], z: abc.ABC): ..."
    )


def test_public_names_stay_sorted() -> None:
    assert text('__all__ = ["AsyncApi", "Pages"]') == '__all__ = ["Api", "Pages"]'
    assert text('__all__ = ["AsyncRuns", "Pages"]') == '__all__ = ["Pages", "Runs"]'


def test_an_exemption_from_a_rule_about_async_code_is_dropped() -> None:
    assert text('"""M."""\n\n\nasync def f(*, timeout: float) -> None:  # noqa: ASYNC109\n    """Do it."""') == (
        '"""M."""\n\n\ndef f(*, timeout: float) -> None:\n    """Do it."""'
    )


def test_the_table_replaces_identifiers_and_phrases() -> None:
    table = Table(names={"asleep": "sleep"}, prose={"An asynchronous client": "A client"})
    source = '"""An asynchronous client."""\nawait seam.asleep(asleep_time)  # asleep\nx = "asleep", "asleep now"'
    assert text(source, table) == '"""A client."""\n\nseam.sleep(asleep_time)  # sleep\nx = "sleep", "asleep now"'


def test_the_header_names_the_source_and_the_command() -> None:
    header = derive("x = 1\n", origin=ORIGIN, table=EMPTY).split("\n")[0]
    assert header == f"# Derived from {ORIGIN} by `make generate`: edit that file instead."


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("x = 1\nimport asyncio\n", 2, "seam module"),
        ("x: Coroutine[None, None, int]\n", 1, "Awaitable"),
        ('"""Runs.\n\nYou must await them.\n"""\n', 3, "'await' is not true of sync code"),
        ("\n# An asynchronous thing\n", 2, "'asynchronous' is not true of sync code"),
        ('def f():\n    """Runs.\n\n    >>> 1\n    >>> import asyncio\n    """\n', 5, "seam module"),
        ("\nx = f'{anyio.run(x)}'\n", 2, "seam module"),
    ],
)
def test_what_has_no_twin_is_refused_with_its_place(source: str, line: int, reason: str) -> None:
    with pytest.raises(DerivationError, match=reason) as caught:
        derive(source, origin=ORIGIN, table=EMPTY)
    assert str(caught.value).startswith(f"{ORIGIN}:{line}: ")


@pytest.mark.parametrize("source", ["x = (\n", "def f(:\n    pass\n"])
def test_what_is_not_python_is_refused(source: str) -> None:
    with pytest.raises(DerivationError, match=r"wandql/api/_a?sync/runs\.py"):
        derive(source, origin=ORIGIN, table=EMPTY)


@pytest.mark.parametrize(
    "module",
    ["argparse", "calendar", "dataclasses", "fractions", "json.decoder", "shlex", "statistics", "textwrap", "zipfile"],
)
def test_code_without_async_keeps_its_meaning(module: str) -> None:
    source = inspect.getsource(import_module(module))
    derived = derive(source, origin=ORIGIN, table=EMPTY)
    assert _meaning(derived) == _meaning(source)


def _meaning(source: str) -> str:
    """Return a module's code without what formatting may change: imports, order of names, blanks of docstrings."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = "".join(node.value.value.split())
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"__all__", "__slots__"}:
            node.value = ast.Constant(sorted(ast.literal_eval(node.value)))
    return ast.unparse(tree)


def test_deriving_twice_changes_nothing() -> None:
    once = derive("async def f():\n    return (await g()).x\n", origin=ORIGIN, table=EMPTY)
    body = once.split("\n", 1)[1]
    assert derive(body, origin=ORIGIN, table=EMPTY) == once


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, source in {
        "src/pkg/_async/__init__.py": '"""Runs."""\n',
        "src/pkg/_async/deep/runs.py": "async def runs(): ...\n",
        "tests/contract/_async/test_runs.py": "async def test_runs(): ...\n",
        "src/pkg/pure.py": "x = 1\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return tmp_path


def names(root: Path, paths: list[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


DERIVED = ["src/pkg/_sync/__init__.py", "src/pkg/_sync/deep/runs.py", "tests/contract/_sync/test_runs.py"]


def test_a_tree_is_derived_folder_by_folder_and_then_current(tree: Path) -> None:
    assert names(tree, derive_tree(tree, table=EMPTY)) == DERIVED
    assert (tree / DERIVED[1]).read_text().endswith("def runs(): ...\n")
    assert derive_tree(tree, table=EMPTY) == []


def test_a_check_lists_what_is_stale_and_writes_nothing(tree: Path) -> None:
    derive_tree(tree, table=EMPTY)
    (tree / DERIVED[1]).write_text("def runs(): return 1\n")
    (tree / DERIVED[2]).unlink()
    assert names(tree, derive_tree(tree, check=True, table=EMPTY)) == DERIVED[1:]
    assert (tree / DERIVED[1]).read_text() == "def runs(): return 1\n"
    assert not (tree / DERIVED[2]).exists()


def test_a_twin_without_a_source_is_deleted(tree: Path) -> None:
    derive_tree(tree, table=EMPTY)
    orphan = tree / "src/pkg/_sync/old.py"
    orphan.write_text("x = 1\n")
    assert derive_tree(tree, check=True, table=EMPTY) == [orphan]
    assert orphan.exists()
    assert derive_tree(tree, table=EMPTY) == [orphan]
    assert not orphan.exists()


@pytest.mark.parametrize("table", [Table({"asleep": "sleep"}, {}), Table({}, {"An asynchronous": "A"})])
def test_an_entry_of_the_table_that_no_source_uses_is_an_error(tree: Path, table: Table) -> None:
    with pytest.raises(DerivationError, match=r"\['(asleep|An asynchronous)'\]"):
        derive_tree(tree, table=table)


def test_the_command_exits_with_1_on_a_stale_twin_and_names_it(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.codegen.derive_sync.derive_tree.__kwdefaults__", {"check": False, "table": EMPTY})
    assert main(["--root", str(tree), "--check"]) == 1
    assert f"{DERIVED[0]}: stale: run `make generate`\n" in capsys.readouterr().out
    assert main(["--root", str(tree)]) == 0
    assert f"{DERIVED[0]}: derived\n" in capsys.readouterr().out
    assert main(["--root", str(tree), "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_the_command_reports_a_source_without_a_twin(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.codegen.derive_sync.derive_tree.__kwdefaults__", {"check": False, "table": EMPTY})
    (tree / "src/pkg/_async/bad.py").write_text("import asyncio\n")
    assert main(["--root", str(tree), "--check"]) == 1
    assert capsys.readouterr().err.startswith("src/pkg/_async/bad.py:1: asyncio: ")


def test_the_twins_of_this_repository_are_current() -> None:
    assert derive_tree(ROOT, check=True) == []
