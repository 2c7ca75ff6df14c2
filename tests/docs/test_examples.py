"""Every example of the documentation runs: the Python blocks of Markdown files, and the `>>>` lines of docstrings.

They find the embedded server of `sample_server` in the environment, as a user's script finds the real one. Code with
`await` runs in an event loop. A block that begins with three backquotes and `python no-run` is only compiled.
"""

from __future__ import annotations

import ast
import asyncio
import doctest
import inspect
import io
import re
import traceback
from contextlib import closing, contextmanager, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import wandql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from tests.conftest import SampleServer

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
BLOCK = re.compile(r"^```python(?P<no_run> no-run)?\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
CHECKER = doctest.OutputChecker()
Namespace = dict[str, object]


class Docstring(NamedTuple):
    """A docstring with examples: the module, the name within it, and where it begins."""

    module: str
    name: str
    path: Path
    line: int
    text: str


def find_docstrings(source: Path) -> Iterator[Docstring]:
    """Yield every docstring with examples below a folder of packages."""
    for path in sorted(source.rglob("*.py")):
        module = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        yield from _find(ast.parse(path.read_text(encoding="utf-8")), module, "", path)


def _find(node: ast.AST, module: str, name: str, path: Path) -> Iterator[Docstring]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _find(child, module, f"{name}.{child.name}".lstrip("."), path)
        elif isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            text = child.value.value
            if isinstance(text, str) and ">>>" in text:
                yield Docstring(module, name, path, child.lineno, text)


class Examples:
    """Runs code as a reader would who goes through a page: everything in one namespace, in order, in one event loop."""

    def __init__(self, namespace: Namespace, runner: asyncio.Runner) -> None:
        self.namespace = namespace
        self.runner = runner

    def run(self, source: str, path: Path, line: int, mode: str = "exec") -> None:
        """Run one piece of code. Tracebacks name the file and the line where it stands."""
        code = compile_example(source, path, line, mode)
        if code.co_flags & inspect.CO_COROUTINE:
            self.runner.run(eval(code, self.namespace))
        else:
            exec(code, self.namespace)

    def run_prompts(self, text: str, path: Path, line: int) -> None:
        """Run the `>>>` lines of a text and compare what they print."""
        for example in doctest.DocTestParser().get_examples(text, str(path)):
            place = line + example.lineno
            flags = sum(flag for flag, on in example.options.items() if on) | doctest.ELLIPSIS
            got = io.StringIO()
            wanted = example.want
            with redirect_stdout(got):
                try:
                    self.run(example.source, path, place, "single")
                except Exception as error:
                    if example.exc_msg is None:
                        raise
                    wanted = example.exc_msg
                    got = io.StringIO("".join(traceback.format_exception_only(error)))
            if not CHECKER.check_output(wanted, got.getvalue(), flags):
                difference = CHECKER.output_difference(doctest.Example("", wanted), got.getvalue(), flags)
                pytest.fail(f"{path}:{place}: {example.source}{difference}", pytrace=False)


def compile_example(source: str, path: Path, line: int, mode: str) -> CodeType:
    """Compile a piece of code that begins at a line of a file. It may await at the top level."""
    return compile("\n" * (line - 1) + source, str(path), mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


@pytest.fixture
def environment(
    sample_server: SampleServer, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> SampleServer:
    """Point the environment of this process at the sample server, and stand in an empty directory."""
    monkeypatch.setenv("WANDB_BASE_URL", sample_server.url)
    monkeypatch.setenv("WANDB_API_KEY", sample_server.api_key)
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))
    return sample_server


@contextmanager
def examples(server: SampleServer, *, asynchronous: bool) -> Iterator[Examples]:
    """Give what examples take for granted: `api`, `server`, `settings`, `transport` and the public names."""
    public = {name: getattr(wandql, name) for name in wandql.__all__}
    given = {"wandql": wandql, "server": server, "settings": wandql.Settings.resolve(), "transport": None}
    with asyncio.Runner() as runner:
        if asynchronous:
            api = wandql.AsyncApi()
            try:
                yield Examples({**public, **given, "api": api}, runner)
            finally:
                runner.run(api.aclose())
        else:
            with closing(wandql.Api()) as api:
                yield Examples({**public, **given, "api": api}, runner)


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_python_blocks_of_a_page_run(page: Path, environment: SampleServer) -> None:
    with examples(environment, asynchronous=False) as given:
        del given.namespace["api"]
        run_page(page, given)


def run_page(page: Path, given: Examples) -> None:
    """Run the Python blocks of a Markdown file."""
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start("code")) + 1
        if block["no_run"]:
            compile_example(block["code"], page, line, "exec")
        elif block["code"].startswith(">>>"):
            given.run_prompts(block["code"], page, line)
        else:
            given.run(block["code"], page, line)


@pytest.mark.parametrize(
    "docstring", [*find_docstrings(SOURCE)], ids=lambda docstring: f"{docstring.module}:{docstring.name}"
)
def test_the_examples_of_a_docstring_print_what_it_says(docstring: Docstring, environment: SampleServer) -> None:
    with examples(environment, asynchronous="_async" in docstring.path.parts) as given:
        given.namespace = {**vars(import_module(docstring.module)), **given.namespace}
        given.run_prompts(docstring.text, docstring.path, docstring.line)


def test_a_page_is_run_from_top_to_bottom_and_may_await(tmp_path: Path, environment: SampleServer) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n\n```python\nx = 1\n```\n\n```python no-run\nraise SystemExit\n```\n\n"
        "```python\nasync with AsyncApi() as later:\n    y = [run.id async for run in later.runs('alice/mnist')]\n```\n"
        "```python\n>>> x\n1\n>>> y\n['run-1', ...]\n```\n"
    )
    with examples(environment, asynchronous=False) as given:
        run_page(page, given)
        assert given.namespace["y"] == ["run-1", "run-2", "run-3"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n```python\nx = 1\nx.y\n```\n", 5),
        ("```python no-run\nx = (\n```\n", 2),
        ("```python\nasync def f():\n    1 / 0\n\nawait f()\n```\n", 5),
    ],
)
def test_an_example_that_fails_names_its_line(tmp_path: Path, environment: SampleServer, text: str, line: int) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with (
        examples(environment, asynchronous=False) as given,
        pytest.raises((ArithmeticError, AttributeError, SyntaxError)) as caught,
    ):
        run_page(page, given)
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(caught.tb)]
    if isinstance(caught.value, SyntaxError):
        places.append((caught.value.filename or "", caught.value.lineno))
    assert (str(page), line) in places


@pytest.mark.parametrize(
    "text",
    [">>> 1\n2\n", ">>> 1\n", ">>> x = 1\n1\n", ">>> int('x')\nTraceback (most recent call last):\nKeyError: 1\n"],
)
def test_an_example_that_prints_something_else_fails(tmp_path: Path, environment: SampleServer, text: str) -> None:
    page = tmp_path / "page.md"
    with examples(environment, asynchronous=False) as given, pytest.raises(pytest.fail.Exception, match=r"page\.md:7"):
        given.run_prompts(text, page, 7)
