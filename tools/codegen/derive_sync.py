"""Derive the sync twin of every `_async` folder: the same code, token by token, without `async` and `await`.

    python -m tools.codegen.derive_sync            write each `_sync` folder beside its `_async`
    python -m tools.codegen.derive_sync --check    write nothing; list the files that are stale and exit 1

Code is rewritten by tokens. A docstring or comment is rewritten by words, its `>>>` lines by tokens. Of other strings
only class names (`AsyncApi`), module paths and whole names of the tables below change; a message about await stays.
What has no sync twin by replacement alone (`asyncio.gather`, prose about coroutines) is an error, not a guess.
"""

from __future__ import annotations

import argparse
import io
import keyword
import re
import subprocess
import sys
import tokenize
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["DerivationError", "Table", "derive", "derive_tree", "main"]

ROOT = Path(__file__).parents[2]


class Table(NamedTuple):
    """Replacements of this project beyond those of the language. One that no source uses is an error.

    Attributes:
        names: Whole identifiers.
        prose: Phrases in docstrings and comments.
    """

    names: Mapping[str, str]
    prose: Mapping[str, str]


TABLE = Table(
    names={
        "aclosing": "closing",
        "aiter_bytes": "iter_bytes",
        "aread": "read",
        "async_client_methods": "client_methods",
        "handle_async_request": "handle_request",
        "seam_async": "seam_sync",
    },
    prose={
        "by the tasks of one event loop": "by threads",
        "shared by tasks": "shared by threads",
        "all tasks of an event loop": "any number of threads",
        "many tasks at once": "many threads at once",
        ", in a thread of its own where that frees an event loop.": ".",
    },
)

# `AsyncFoo` → `Foo` is a rule (see _CLASS), not an entry.
LANGUAGE = {
    "AbstractAsyncContextManager": "AbstractContextManager",
    "StopAsyncIteration": "StopIteration",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "_async": "_sync",
    "aclose": "close",
    "aiter": "iter",
    "anext": "next",
    "asynccontextmanager": "contextmanager",
    "enter_async_context": "enter_context",
    "push_async_callback": "callback",
}

FORBIDDEN = {
    **dict.fromkeys(["anyio", "asyncio", "sniffio", "trio"], "an event loop has no sync twin: use the seam module"),
    "Coroutine": "write `Awaitable[T]`, of which `T` is the twin",
}

# What differs by colour: the order of names, unused imports (`Awaitable`), exemptions from rules about async code.
FIXES = "F401,F811,I,RUF022,RUF023,RUF100,TC005"

_CLASS = re.compile(r"(?<![A-Za-z0-9])Async(?=[A-Z])")
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_CODE_SPAN = re.compile(r"`[^`]+`")
_KEYWORD = re.compile(r"\b(?:async|await) ")
_LEFT_OVER = re.compile(
    r"\b(?:async|asyncio|asynchronous(?:ly)?|await\w*|coroutines?|event loops?|tasks?)\b", re.IGNORECASE
)
_PROMPT = re.compile(r"^(\s*(?:>>>|\.\.\.)(?: |$))(.*)$")
_STRING = re.compile(r"""^([A-Za-z]*)('''|\"""|'|")(.*)\2$""", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*")


class DerivationError(Exception):
    """A source has no sync twin.

    Attributes:
        line: The number of the line in the text that was being rewritten.
    """

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def main(arguments: Sequence[str] | None = None) -> int:
    """Derive the twins of this repository and say which files changed."""
    parser = argparse.ArgumentParser(prog="derive_sync", description="Derive each _sync folder from its _async twin.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    options = parser.parse_args(arguments)
    try:
        stale = derive_tree(options.root, check=options.check)
    except DerivationError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale:
        print(f"{path.relative_to(options.root)}: " + ("stale: run `make generate`" if options.check else "derived"))
    return int(options.check and bool(stale))


def derive_tree(root: Path, *, check: bool = False, table: Table = TABLE) -> list[Path]:
    """Make every `_sync` folder under src and tests what its `_async` sibling says.

    Args:
        root: The repository.
        check: Write nothing.
        table: The replacements of this project.

    Returns:
        The files that were stale: other text, no file, or no source (those are deleted).

    Raises:
        DerivationError: A source has no sync twin, or an entry of the table is in no source.
    """
    sources = {path: path.read_text(encoding="utf-8") for path in _files(root, "_async")}
    words = {word for source in sources.values() for word in _WORD.findall(source)}
    unused = [name for name in table.names if name not in words]
    unused += [phrase for phrase in table.prose if not any(phrase in source for source in sources.values())]
    if unused:
        raise DerivationError(f"tools/codegen/derive_sync.py: no source uses these entries of the table: {unused}")
    twins = {
        _twin(root, path): derive(source, origin=path.relative_to(root).as_posix(), table=table)
        for path, source in sources.items()
    }
    present = {path: path.read_text(encoding="utf-8") for path in _files(root, "_sync")}
    stale = sorted(path for path in twins.keys() | present if twins.get(path) != present.get(path))
    for path in [] if check else stale:
        if path in twins:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(twins[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return stale


def derive(source: str, *, origin: str, table: Table = TABLE) -> str:
    """Return the sync twin of an async module, formatted.

    Args:
        source: The text of the module.
        origin: Its path from the root of the repository, for the header and for errors.
        table: The replacements of this project.

    Raises:
        DerivationError: The source has no sync twin. The message begins with the path and the line.
    """
    try:
        code = _Rewriter(table).code(source)
    except DerivationError as error:
        raise DerivationError(f"{origin}:{error.line}: {error}", error.line) from None
    target = origin.replace("_async", "_sync")
    code = f"# Derived from {origin} by `make generate`: edit that file instead.\n{code}"
    code = _ruff(["check", "--fix", "--exit-zero", "--fixable", FIXES], code, target)
    return _ruff(["format"], code, target)


def _files(root: Path, folder: str) -> list[Path]:
    return sorted(path for tree in ("src", "tests") for path in (root / tree).glob(f"**/{folder}/**/*.py"))


def _twin(root: Path, path: Path) -> Path:
    return root.joinpath(*("_sync" if part == "_async" else part for part in path.relative_to(root).parts))


def _ruff(command: list[str], code: str, target: str) -> str:
    config = ["--config", str(ROOT / "pyproject.toml"), "--quiet", "--no-cache", "--stdin-filename", target, "-"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, *config],
        input=code,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DerivationError(f"{target}: ruff {command[0]} refuses the derived code: {done.stderr.strip()}")
    return done.stdout


class _Token(NamedTuple):
    kind: int
    text: str
    start: int
    end: int


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


class _Rewriter:
    def __init__(self, table: Table) -> None:
        self.names = {**LANGUAGE, **table.names}
        self.prose_table = table.prose

    def code(self, code: str) -> str:
        """Rewrite Python code. Each line stays on its own, but for `Awaitable[…]` in several lines."""
        tokens = _scan(code)
        edits: list[_Edit] = []
        for index, token in enumerate(tokens):
            try:
                edits += self._edits(code, tokens, index)
            except DerivationError as error:
                error.line += code.count("\n", 0, token.start)
                raise
        pieces: list[str] = []
        end = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
            if edit.start >= end:
                pieces += [code[end : edit.start], edit.text]
                end = edit.end
        return "".join([*pieces, code[end:]])

    def _edits(self, code: str, tokens: list[_Token], index: int) -> Iterator[_Edit]:
        token = tokens[index]
        before, after = _neighbour(tokens, index, -1), _neighbour(tokens, index, 1)
        match token:
            case _Token(tokenize.COMMENT, text):
                yield _Edit(token.start, token.end, self.prose(text))
            case _Token(tokenize.STRING, text):
                is_docstring = before.kind == after.kind == tokenize.NEWLINE
                yield _Edit(token.start, token.end, self.docstring(text) if is_docstring else self.string(text))
            case _Token(tokenize.NAME, "async"):
                yield _Edit(token.start, after.start, "")
            case _Token(tokenize.NAME, "await"):
                yield _Edit(token.start, _skip_blanks(code, token.end), "")
                yield from _redundant_parentheses(code, tokens, index)
            case _Token(tokenize.NAME, "Awaitable") if after.text == "[":
                yield _Edit(token.start, tokens[index + 2].start, "")
                yield _closing(tokens, index + 1, "")
            case _Token(tokenize.NAME, "AsyncGenerator") if after.text == "[":
                yield _Edit(token.start, token.end, "Generator")
                yield _closing(tokens, index + 1, ", None]")
            case _Token(tokenize.NAME, "pytest") if [
                each.text for each in tokens[index : index + 5 : 2]
            ] == _ANYIO_MARK:
                yield _mark(code, tokens, index)
            case _Token(tokenize.NAME, text) if text in FORBIDDEN and before.text != ".":
                raise DerivationError(f"{text}: {FORBIDDEN[text]}")
            case _Token(tokenize.NAME, text):
                yield _Edit(token.start, token.end, self.name(text))
            case _:
                pass

    def name(self, name: str) -> str:
        """Rewrite one identifier."""
        return self.names.get(name) or _CLASS.sub("", name)

    def string(self, literal: str) -> str:
        """Rewrite a string that is no docstring: a quoted annotation as code, else only class and module names."""
        prefix, quotes, body = _split(literal)
        if "Awaitable[" in body or "AsyncGenerator[" in body:
            body = self.code(body)
        elif "f" in prefix.lower():
            body = self.template(body)
        elif body in self.names:
            body = self.names[body]
        return f"{prefix}{quotes}{self.words(body, {'_async': '_sync'})}{quotes}"

    def template(self, body: str) -> str:
        """Rewrite the expressions in the body of an f-string. Python 3.11 sees it as one token, later ones do not."""
        pieces: list[str] = []
        end = 0
        while (start := _next_field(body, end)) < len(body):
            middle, stop = _field(body, start + 1)
            expression = self.code(f"[{body[start + 1 : middle]}]")[1:-1]
            pieces += [body[end:start], "{", expression, self.template(body[middle:stop])]
            end = stop
        return "".join([*pieces, body[end:]])

    def docstring(self, literal: str) -> str:
        """Rewrite the examples of a docstring as code, the rest as prose."""
        prefix, quotes, body = _split(literal)
        lines = body.split("\n")
        prompts = [_PROMPT.match(line) for line in lines]
        starts = [i for i in range(len(lines)) if i == 0 or (prompts[i] is None) != (prompts[i - 1] is None)]
        for start, stop in pairwise([*starts, len(lines)]):
            block = [prompt for prompt in prompts[start:stop] if prompt]
            try:
                if block:
                    code = self.code("\n".join(prompt[2] for prompt in block)).split("\n")
                    lines[start:stop] = [prompt[1] + line for prompt, line in zip(block, code, strict=True)]
                else:
                    lines[start:stop] = self.prose("\n".join(lines[start:stop])).split("\n")
            except DerivationError as error:
                error.line += start
                raise
        return "".join([prefix, quotes, "\n".join(lines), quotes])

    def prose(self, text: str) -> str:
        """Rewrite a comment or what a docstring says outside its examples."""
        for phrase, replacement in self.prose_table.items():
            text = text.replace(phrase, replacement)
        text = self.words(_CODE_SPAN.sub(lambda span: _KEYWORD.sub("", span[0]), text), self.names)
        if left := _LEFT_OVER.search(text):
            reason = f"{left[0]!r} is not true of sync code: say it in other words, or as code in backquotes"
            raise DerivationError(reason, 1 + text.count("\n", 0, left.start()))
        return text

    def words(self, text: str, names: Mapping[str, str]) -> str:
        """Replace whole words of a text, and names of classes."""
        return _WORD.sub(lambda word: names.get(word[0]) or _CLASS.sub("", word[0]), text)


_ANYIO_MARK = ["pytest", "mark", "anyio"]
_NOWHERE = _Token(tokenize.NEWLINE, "", 0, 0)


def _scan(code: str) -> list[_Token]:
    """Return the tokens that matter, with offsets. An f-string is one token in every version of Python."""
    starts = [0]
    for line in code.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    opening = getattr(tokenize, "FSTRING_START", -1)
    closing = getattr(tokenize, "FSTRING_END", -1)
    skipped = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    tokens: list[_Token] = []
    open_at: list[int] = []
    try:
        for kind, text, (row, column), (end_row, end_column), _ in tokenize.generate_tokens(io.StringIO(code).readline):
            start, end = starts[row - 1] + column, starts[min(end_row, len(starts)) - 1] + end_column
            if kind == opening:
                open_at.append(start)
            elif kind == closing:
                start = open_at.pop()
                kind, text = tokenize.STRING, code[start:end]
            if not open_at and kind not in skipped:
                tokens.append(_Token(kind, text, start, end))
    except (tokenize.TokenError, SyntaxError) as error:
        raise DerivationError(f"not Python: {error}") from None
    return tokens


def _neighbour(tokens: list[_Token], index: int, step: int) -> _Token:
    index += step
    while 0 <= index < len(tokens) and tokens[index].kind == tokenize.COMMENT:
        index += step
    return tokens[index] if 0 <= index < len(tokens) else _NOWHERE


def _partner(tokens: list[_Token], opening: int) -> int:
    """Return the index of the bracket that closes the one at `opening`."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += _depth(tokens[index].text)
        if not depth:
            return index
    raise DerivationError("a bracket is not closed")


def _closing(tokens: list[_Token], opening: int, text: str) -> _Edit:
    """Replace the bracket that closes the one at `opening`, with the comma and the blanks before it."""
    closing = _partner(tokens, opening)
    last = closing - 1 - (tokens[closing - 1].text == ",")
    return _Edit(tokens[last].end, tokens[closing].end, text)


def _depth(text: str) -> int:
    return (text in {"(", "[", "{"}) - (text in {")", "]", "}"})


def _skip_blanks(code: str, position: int) -> int:
    blanks = _BLANKS.match(code, position)
    return blanks.end() if blanks else position


def _redundant_parentheses(code: str, tokens: list[_Token], index: int) -> Iterator[_Edit]:
    """Drop the parentheses of `(await f(x)).y`: without `await` they only get in the reader's way."""
    if index == 0 or tokens[index - 1].text != "(":
        return
    before = _neighbour(tokens, index - 1, -1)
    is_call = before.kind == tokenize.NAME and not keyword.iskeyword(before.text)
    if is_call or before.kind == tokenize.STRING or before.text in {")", "]", "}"}:
        return
    closing = _partner(tokens, index - 1)
    position = index + 1
    while position < closing:
        token = tokens[position]
        stop = _partner(tokens, position) if _depth(token.text) > 0 else position
        is_part = (
            stop > position or token.text == "." or (token.kind == tokenize.NAME and not keyword.iskeyword(token.text))
        )
        if not is_part or "\n" in code[tokens[position - 1].end : token.start]:
            return
        position = stop + 1
    if "\n" not in code[tokens[closing - 1].end : tokens[closing].start]:
        yield _Edit(tokens[index - 1].start, tokens[index - 1].end, "")
        yield _Edit(tokens[closing].start, tokens[closing].end, "")


def _mark(code: str, tokens: list[_Token], index: int) -> _Edit:
    """Drop `pytest.mark.anyio`: the whole statement or decorator, or one item of a list."""
    stop = index + 5
    before = [token.text for token in tokens[max(0, index - 2) : index]]
    if before[-1:] == ["@"]:
        return _Edit(tokens[index - 1].start, tokens[stop - 1].end, "")
    if before == ["pytestmark", "="]:
        return _Edit(tokens[index - 2].start, tokens[stop - 1].end, "")
    end = tokens[stop].end if tokens[stop].text == "," else tokens[stop - 1].end
    return _Edit(tokens[index].start, _skip_blanks(code, end), "")


def _split(literal: str) -> tuple[str, str, str]:
    parts = _STRING.match(literal)
    if parts is None:
        raise DerivationError(f"not a string: {literal}")
    return parts[1], parts[2], parts[3]


def _next_field(body: str, position: int) -> int:
    """Return where the next replacement field of an f-string's body opens, or the length of the body."""
    while (position := body.find("{", position)) >= 0:
        if body[position : position + 2] != "{{":
            return position
        position += 2
    return len(body)


def _field(body: str, start: int) -> tuple[int, int]:
    """Return where the expression of a field ends (at `=`, `!`, `:` or `}`), and where the field does."""
    depth, position, middle = 0, start, -1
    while position < len(body):
        rest = body[position:]
        if middle < 0 and (quoted := _QUOTED.match(rest)):
            position += quoted.end()
            continue
        if depth == 0 and middle < 0 and (rest[0] in ":}" or (rest[0] == "!" and rest[1:2] != "=")):
            middle = position
        if depth == 0 and rest[0] == "}":
            return middle, position
        depth += _depth(rest[0])
        position += 1
    raise DerivationError("a field of an f-string is not closed")


_QUOTED = re.compile(r"""('''|\"""|'|")(?:\\.|(?!\1).)*\1""", re.DOTALL)


if __name__ == "__main__":
    sys.exit(main())
