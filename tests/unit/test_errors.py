"""Claims about the tree of errors."""

from __future__ import annotations

import builtins
import copy
import pickle
import re
from pathlib import Path

import pytest

from wandql import errors
from wandql.errors import (
    AuthenticationError,
    GraphQLError,
    MissingEntryError,
    NotFoundError,
    RateLimitError,
    RequestError,
    SettingsError,
    WandqlError,
)

CLASSES = [getattr(errors, name) for name in errors.__all__]
REQUEST_CLASSES = [each for each in CLASSES if issubclass(each, RequestError)]
KEY = "0123456789" * 4
CONTEXT = {
    "operation": "GetRuns",
    "path": "me/mnist",
    "status": 404,
    "attempts": 2,
    "request_id": "abc",
    "server_message": "no such project",
}


def drawn_tree() -> dict[str, str | None]:
    """The parent of each class in the drawing of the module's docstring."""
    parents: dict[str, str | None] = {}
    open_at: list[tuple[int, str]] = []
    for line in errors.__doc__.splitlines():
        if drawn := re.match(r"^    (?P<branch>[│ ]*[├└]── )?(?P<name>\w+Error)(?P<rest>.*)$", line):
            column = drawn.start("name")
            while open_at and open_at[-1][0] >= column:
                open_at.pop()
            parents[drawn["name"]] = open_at[-1][1] if open_at else None
            open_at.append((column, drawn["name"]))
    return parents


def promised_builtins() -> dict[str, set[str]]:
    """The built-in bases that the drawing names, such as "a ValueError", with those of the classes above."""
    own = {
        name: set(re.findall(r"\ba (\w+Error)", line.partition(";")[2]))
        for line in errors.__doc__.splitlines()
        for name in re.findall(r"── (\w+Error)", line)
    }
    parents = drawn_tree()

    def inherited(name: str) -> set[str]:
        parent = parents[name]
        return own.get(name, set()) | (inherited(parent) if parent else set())

    return {name: inherited(name) for name in parents}


def whole(cls: type[WandqlError]) -> WandqlError:
    """An error with every attribute that its class has, none of them at its default."""
    error = cls("What happened.", hint="What to do.", **(CONTEXT if issubclass(cls, RequestError) else {}))
    if isinstance(error, RateLimitError):
        error.retry_after = 1.5
    if isinstance(error, GraphQLError):
        error.messages, error.partial = ["one", "two"], True
    return error


def test_the_drawing_is_the_tree():
    classes = {each.__name__: each for each in CLASSES}
    parents = drawn_tree()
    assert set(parents) == set(classes)
    for name, parent in parents.items():
        bases = [base for base in classes[name].__bases__ if issubclass(base, WandqlError)]
        assert [base.__name__ for base in bases] == ([parent] if parent else [])


def test_an_error_is_the_builtin_that_the_drawing_promises_and_no_other():
    usual = {each for each in vars(builtins).values() if isinstance(each, type) and issubclass(each, Exception)}
    for each in CLASSES:
        bases = {base.__name__ for base in each.__mro__ if base in usual} - {"Exception", "OSError"}
        assert bases == promised_builtins()[each.__name__]


def test_every_error_of_the_module_is_exported():
    defined = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, Exception)}
    assert defined == set(errors.__all__)
    assert errors.__all__ == sorted(errors.__all__)


def test_the_names_of_the_official_client_are_names_of_these_errors():
    assert errors.Error is WandqlError
    assert errors.CommError is RequestError
    assert issubclass(NotFoundError, ValueError)
    assert issubclass(MissingEntryError, KeyError)


@pytest.mark.parametrize("cls", CLASSES)
def test_an_error_pickles_and_copies_with_every_attribute(cls):
    error = whole(cls)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        loaded = pickle.loads(pickle.dumps(error, protocol))
        assert type(loaded) is cls
        assert vars(loaded) == vars(error)
        assert (str(loaded), repr(loaded), loaded.args) == (str(error), repr(error), error.args)
    assert vars(copy.deepcopy(error)) == vars(error)


@pytest.mark.parametrize("cls", CLASSES)
def test_the_text_of_an_error_begins_with_the_message_and_ends_with_the_hint(cls):
    lines = str(whole(cls)).splitlines()
    assert lines[0] == "What happened."
    assert lines[-1] == "Hint: What to do."
    assert str(cls("What happened.")) == "What happened."


@pytest.mark.parametrize("cls", REQUEST_CLASSES)
def test_the_text_of_a_failed_request_has_its_context_and_the_servers_words(cls):
    assert str(whole(cls)) == (
        "What happened.\n"
        "The server says: no such project\n"
        "(operation GetRuns, path me/mnist, status 404, attempts 2, request id abc)\n"
        "Hint: What to do."
    )


def test_what_is_not_known_is_not_shown():
    assert str(RequestError("What happened.", operation="GetRuns")) == "What happened.\n(operation GetRuns)"
    assert str(RequestError("It says no such project.", server_message="no such project")) == "It says no such project."


@pytest.mark.parametrize("cls", CLASSES)
def test_an_error_is_caught_as_every_class_above_it(cls):
    for above in cls.__mro__[:-1]:
        with pytest.raises(above):
            raise whole(cls)


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_says_in_a_docstring_what_it_means(cls):
    assert cls.__doc__ != cls.__bases__[0].__doc__
    assert cls.__doc__.splitlines()[0].endswith((".", ":"))


def test_no_error_of_settings_shows_the_key(tmp_path):
    from wandql.settings import Settings

    places = {"environ": {}, "home": tmp_path, "cwd": tmp_path}
    with pytest.raises(SettingsError) as malformed:
        Settings.resolve(api_key=f"{KEY}!", **places)
    with pytest.raises(SettingsError) as misplaced:
        Settings.resolve({"extra_headers": {"X-Key": KEY + "\n"}}, **places)
    with pytest.raises(AuthenticationError) as missing:
        Settings.resolve({"API_KEY": KEY}, **places).require_api_key()
    for error in (malformed.value, misplaced.value, missing.value):
        assert KEY not in f"{error} {error!r} {vars(error)}"
        assert KEY.encode() not in pickle.dumps(error)


# Bases, which are caught and not raised.
ABSTRACT = {"WandqlError", "TransportError"}


def test_every_class_is_raised_by_a_test():
    """A class that nothing raises would be a promise that nobody keeps."""
    tests = Path(__file__).parents[1].rglob("test_*.py")
    found = " ".join(match[0] for path in tests for match in RAISED.finditer(path.read_text()))
    missing = {each.__name__ for each in CLASSES} - ABSTRACT - set(re.findall(r"\w+", found))
    assert missing == set()


# In `raises(…)`, and in tables of what is to be raised.
RAISED = re.compile(r"raises\(([^)]*)\)|^\s+\(?(?:errors\.)?(\w+Error),", re.MULTILINE)
