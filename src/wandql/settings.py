"""Settings: where each value comes from, and in what order.

A setting is looked for in these places, and the first that has it wins:

1. The keyword argument of the call: what a reader of the code sees must be what happens.
2. The `overrides` of the call: the same, in the form that older scripts use.
3. The environment: it belongs to this process.
4. The netrc file (API key only): it belongs to this user and to one host, so it is asked for the host of the
   `base_url` that steps 1 to 6 gave.
5. `wandb/settings`, or `.wandb/settings` where a directory `.wandb` exists, under `root_dir`: it belongs to this
   directory.
6. `settings` under `config_dir`: it belongs to this user, whatever the directory.
7. The default.

`root_dir` and `config_dir` say where the files are, so they are not looked for in them. The header `username` comes
from the environment alone, because elsewhere that name is the deprecated one of `entity`.

Nothing is written, created, asked for or sent here.
"""

from __future__ import annotations

import json
import math
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from configparser import (
    ConfigParser,
    DuplicateOptionError,
    DuplicateSectionError,
    MissingSectionHeaderError,
    ParsingError,
)
from dataclasses import dataclass, field, fields
from enum import Enum
from netrc import NetrcParseError, netrc
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NoReturn, TypeAlias, TypeVar
from urllib.parse import urlsplit

from wandql.errors import AuthenticationError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import SupportsIndex, TypeGuard

__all__ = ["NOT_GIVEN", "ApiKey", "NotGiven", "Settings"]

T = TypeVar("T")


class _Absent(Enum):
    NOT_GIVEN = "not given"

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NotGiven: TypeAlias = Literal[_Absent.NOT_GIVEN]
"""The type of `NOT_GIVEN`."""

NOT_GIVEN: Final = _Absent.NOT_GIVEN
"""The default of an argument for which None means something of its own."""

VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "api_key": ("WANDB_API_KEY",),
    "app_url": ("WANDB_APP_URL",),
    "artifact_dir": ("WANDB_ARTIFACT_DIR",),
    "base_url": ("WANDB_BASE_URL",),
    "ca_bundle": ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"),
    "cache_dir": ("WANDB_CACHE_DIR",),
    "client_certificate": ("WANDQL_CLIENT_CERTIFICATE",),
    "client_key": ("WANDQL_CLIENT_KEY",),
    "config_dir": ("WANDB_CONFIG_DIR",),
    "data_dir": ("WANDB_DATA_DIR",),
    "debug": ("WANDB_DEBUG",),
    "entity": ("WANDB_ENTITY",),
    "extra_headers": ("WANDB__EXTRA_HTTP_HEADERS",),
    "identity_token_file": ("WANDB_IDENTITY_TOKEN_FILE",),
    "ignore_globs": ("WANDB_IGNORE_GLOBS",),
    "mode": ("WANDB_MODE",),
    "organization": ("WANDB_ORGANIZATION",),
    "project": ("WANDB_PROJECT",),
    "proxy": ("WANDB_HTTPS_PROXY", "WANDB_HTTP_PROXY"),
    "root_dir": ("WANDB_DIR",),
    "silent": ("WANDB_SILENT",),
    "test": ("WANDB_TEST",),
    "timeout": ("WANDB_HTTP_TIMEOUT",),
    "user_email": ("WANDB_USER_EMAIL",),
    "username": ("WANDB_USERNAME",),
}
"""The environment variables of each setting; the first that is set counts."""

DEFAULT_BASE_URL: Final = "https://api.wandb.ai"

# The official client's 9 s bounded one read, its later 19 s a whole call. Here the deadline bounds a call with all its
# retries, a busy server may ask for a wait of some tens of seconds, and a page of full runs alone can take ten.
DEFAULT_TIMEOUT: Final = 60.0

# Servers whose web address does not follow from the rule in `_web_address`.
_WEB_ADDRESSES: Final[Mapping[str, str]] = {"https://api.forge.coreweave.com": "https://forge.coreweave.com/wandb"}

_WEB_HOSTS: Final = {"wandb.ai", "www.wandb.ai", "app.wandb.ai"}
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{40,}")
_IDENTITY_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_WRITABLE_BY_ALL: Final = 0o002
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FALSE: Final = {"", "0", "f", "false", "n", "no", "off"}


class ApiKey(str):
    """An API key: its `str()` is the key, its `repr()` never shows it, and it refuses to be pickled.

    Example:
        >>> key = ApiKey("0123456789" * 4)
        >>> key
        <ApiKey of 40 characters>
        >>> len(str(key))
        40
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<ApiKey of {len(self)} characters>"

    def __copy__(self) -> ApiKey:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> ApiKey:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("an API key is not pickled: a pickle would carry it to files and other machines unseen")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Settings(Mapping[str, object]):
    """What a client works with. Immutable; each value knows the place that it came from.

    It is made by `Settings.resolve`. It reads as an object (`settings.entity`) and as a mapping
    (`settings["entity"]`, `dict(settings)`), which also holds what `overrides` and the files have beyond the settings
    named here.

    A pickle leaves out the API key, the extra headers and the proxy. A copy keeps them.

    Attributes:
        base_url: The server: scheme, host and perhaps a path, without a slash at the end.
        app_url: The web pages of that server, without a slash at the end.
        entity: The default user or team of a path, or None: the server knows the key's own.
        project: The default project of a path, or None.
        run: The default run of an empty run path, or None.
        organization: The default organization of registries, or None.
        api_key: The API key, or None where no place has one.
        timeout: The deadline of one call with all its requests and retries, in seconds.
        username: Sent as the header `X-WANDB-USERNAME`, or None.
        user_email: Sent as the header `X-WANDB-USER-EMAIL`, or None.
        extra_headers: Headers that are added to every request to the server.
        ca_bundle: The file or directory of certificates that TLS trusts, or None for the usual ones.
        client_certificate: The file of the certificate that this client shows to the server, or None.
        client_key: The file of that certificate's key, or None where it is in the same file.
        proxy: The proxy of all requests, those for files too, such as `http://user:password@proxy:3128`, or None: then
            `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are obeyed, as everywhere.
        identity_token_file: The identity token that the official client would exchange for an access token, or None.
            It is not a key: the error about a missing key names it.
        root_dir: The directory that holds `wandb/`, such as the local settings file.
        config_dir: The directory of the user's settings file.
        cache_dir: The directory for what can be fetched again.
        data_dir: The directory for what cannot.
        artifact_dir: The directory below which artifacts are downloaded.
        ignore_globs: The patterns of files that are never uploaded.
        mode: What `WANDB_MODE` says. A query is sent in every mode.
        debug: What `WANDB_DEBUG` says. Errors are the same with and without.
        silent: What `WANDB_SILENT` says: no progress bars on a terminal. Nothing else is ever printed.
        test: Whether `WANDB_TEST` is set: no request is tried twice.
        section: As old scripts know it; the files' section `[default]` is read whatever it says.
        git_remote: As old scripts know it; queries do not use it.
    """

    base_url: str
    app_url: str
    entity: str | None
    project: str | None
    run: str | None
    organization: str | None
    api_key: ApiKey | None
    timeout: float
    username: str | None
    user_email: str | None
    extra_headers: Mapping[str, str]
    ca_bundle: Path | None
    client_certificate: Path | None
    client_key: Path | None
    proxy: str | None
    identity_token_file: Path | None
    root_dir: Path
    config_dir: Path
    cache_dir: Path
    data_dir: Path
    artifact_dir: Path
    ignore_globs: tuple[str, ...]
    mode: str | None
    debug: bool
    silent: bool
    test: bool
    section: str
    git_remote: str
    _extras: Mapping[str, object]
    _sources: Mapping[str, str]
    _key_places: tuple[str, ...] = field(default=())

    @classmethod
    def resolve(
        cls,
        overrides: Mapping[str, object] | None = None,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        entity: str | None | NotGiven = NOT_GIVEN,
        project: str | None | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
        environ: Mapping[str, str] | None = None,
        home: Path | None = None,
        cwd: Path | None = None,
    ) -> Settings:
        """Look every setting up, in the order that the module's description numbers.

        The result depends on the arguments, the environment and the files alone. No request is sent.

        None and an empty text mean two things. For a setting that can be nothing (`entity`, `project`, `run`, …) they
        are an answer: nothing, whatever the places further down say. For one that cannot (`api_key`, `base_url`,
        `timeout`, …) None and an empty variable are no answer, and the next place is asked; an empty text as argument
        is an error.

        Args:
            overrides: Settings by name. Unknown names are kept and can be read back. `username` is the deprecated
                name of `entity`.
            api_key: The API key.
            base_url: The address of the server. A slash or `/graphql` at its end does no harm.
            entity: The default user or team of a path.
            project: The default project of a path.
            timeout: The deadline of one call with all its retries, in seconds.
            environ: The environment variables; those of the process where None.
            home: The user's home directory; that of the process where None.
            cwd: The working directory; that of the process where None.

        Returns:
            The settings, complete. Only `api_key` may be missing: see `require_api_key`.

        Raises:
            SettingsError: A value has the wrong form (the message names its place, and never shows a key), or a
                settings file cannot be read (the message names file and line).

        Example:
            >>> settings = Settings.resolve({"entity": "my-team"}, timeout=30, environ={}, home=Path("/nowhere"))
            >>> settings.entity, settings.timeout, settings["base_url"]
            ('my-team', 30.0, 'https://api.wandb.ai')
            >>> settings.source_of("entity")
            'overrides["entity"]'
        """
        environ = os.environ if environ is None else environ
        home = _home(environ) if home is None else home
        cwd = _cwd() if cwd is None else cwd

        arguments: dict[str, object] = {"api_key": api_key, "base_url": base_url, "timeout": timeout}
        arguments |= {
            name: given for name, given in {"entity": entity, "project": project}.items() if given is not NOT_GIVEN
        }
        explicit = [_argument_layer(arguments), _overrides_layer(overrides)]
        environment = _environment_layer(environ)
        directory = _directory(home, cwd)

        search = _Search([*explicit, environment], {})
        root_dir = search.take("root_dir", directory, cwd)
        config_dir = search.take("config_dir", directory, home / ".config" / "wandb")
        local = root_dir / (".wandb" if (root_dir / ".wandb").is_dir() else "wandb") / "settings"
        files = [_file_layer(local), _file_layer(config_dir / "settings")]

        search.layers.extend(files)
        url = search.take("base_url", _server_address, DEFAULT_BASE_URL)
        token_file = search.take("identity_token_file", directory, None)
        token = [_token_layer(search)] if token_file else []
        key, places = _find_key(search, [*explicit, environment, *token, *_netrc_layers(environ, home, url), *files])
        app_url = search.take("app_url", _web_address_given, None)
        if app_url is None:
            search.sources["app_url"] = "derived from base_url"
        names = {each.name for each in fields(cls)}
        extras = {
            name: (layer.values[name], layer.label(name))
            for layer in reversed([explicit[1], *files])
            for name in layer.values
            if name not in names
        }
        search.sources |= {name: place for name, (_, place) in extras.items()}
        return cls(
            base_url=url,
            app_url=app_url or _web_address(url),
            entity=search.take("entity", _text, None),
            project=search.take("project", _text, None),
            run=search.take("run", _text, None),
            organization=search.take("organization", _text, None),
            api_key=key,
            timeout=search.take("timeout", _seconds, DEFAULT_TIMEOUT),
            username=_Search([environment], search.sources).take("username", _header_value, None),
            user_email=search.take("user_email", _header_value, None),
            extra_headers=search.take("extra_headers", _headers, {}),
            ca_bundle=search.take("ca_bundle", directory, None),
            client_certificate=search.take("client_certificate", directory, None),
            client_key=search.take("client_key", directory, None),
            proxy=search.take("proxy", _proxy, None),
            identity_token_file=token_file,
            root_dir=root_dir,
            config_dir=config_dir,
            cache_dir=search.take("cache_dir", directory, _xdg(environ, "XDG_CACHE_HOME", home / ".cache")),
            data_dir=search.take("data_dir", directory, _xdg(environ, "XDG_DATA_HOME", home / ".local" / "share")),
            artifact_dir=search.take("artifact_dir", directory, cwd / "artifacts"),
            ignore_globs=search.take("ignore_globs", _globs, ()),
            mode=search.take("mode", _text, None),
            debug=search.take("debug", _flag, default=False),
            silent=search.take("silent", _flag, default=False),
            test=search.take("test", _flag, default=False),
            section=search.take("section", _text, "default"),
            git_remote=search.take("git_remote", _text, "origin"),
            _extras={name: value for name, (value, _) in extras.items()},
            _sources=search.sources,
            _key_places=places,
        )

    def source_of(self, name: str) -> str:
        """Return the place that a setting came from, such as `environment WANDB_ENTITY`. No request is sent.

        Args:
            name: The name of the setting.

        Raises:
            KeyError: There is no such setting.

        Example:
            >>> Settings.resolve(environ={"WANDB_ENTITY": "me"}, home=Path("/nowhere")).source_of("entity")
            'environment WANDB_ENTITY'
        """
        return self._sources[name]

    def places_for_key(self) -> tuple[str, ...]:
        """Return every place where an API key was looked for, in order, up to the one that has it. No request is sent.

        Example:
            >>> Settings.resolve(environ={}, home=Path("/nowhere"), cwd=Path("/nowhere")).places_for_key()[2]
            'environment WANDB_API_KEY (not set)'
        """
        return self._key_places

    def require_api_key(self) -> ApiKey:
        """Return the API key, or say where it was looked for. No request is sent.

        Raises:
            AuthenticationError: No place has a key.

        Example:
            >>> Settings.resolve(api_key="0123456789" * 4, environ={}, home=Path("/nowhere")).require_api_key()
            <ApiKey of 40 characters>
        """
        if self.api_key is not None:
            return self.api_key
        places = "".join(f"\n  {place}" for place in self._key_places)
        raise AuthenticationError(
            f"No API key for {self.base_url} was found. Looked at:{places}",
            hint=f"Get a key at {self.app_url}/authorize, then set WANDB_API_KEY or pass api_key=…",
        )

    def explain(self) -> str:
        """Return a table of every setting, its value and the place that it came from.

        The key and the extra headers are masked. Where there is no key, the places where it was looked for follow. No
        request is sent.

        Example:
            >>> print(Settings.resolve(environ={}, home=Path("/nowhere")).explain())  # doctest: +ELLIPSIS
            base_url  ... https://api.wandb.ai  ... default
            ...
        """
        rows = [(name, _shown(name, value), self._sources[name]) for name, value in self.items()]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        lines = [f"{name:{widths[0]}}  {value:{widths[1]}}  {source}" for name, value, source in rows]
        places = () if self.api_key else self._key_places
        return "\n".join(
            [*lines, *(["", "The API key was looked for at:"] if places else []), *(f"  {place}" for place in places)]
        )

    def __getitem__(self, name: str) -> object:
        if name in _NAMES:
            value: object = getattr(self, name)
            return value
        return self._extras[name]

    def __iter__(self) -> Iterator[str]:
        yield from _NAMES
        yield from self._extras

    def __len__(self) -> int:
        return len(_NAMES) + len(self._extras)

    def __repr__(self) -> str:
        given = (name for name in self if name == "base_url" or not self._sources[name].startswith(_UNGIVEN))
        return f"Settings({', '.join(f'{name}={_shown(name, self[name])}' for name in given)})"

    def __copy__(self) -> Settings:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Settings:
        return self

    def __getstate__(self) -> dict[str, object]:
        state = dict(vars(self))
        secrets: dict[str, object] = {"api_key": None, "extra_headers": {}, "proxy": None}
        lost = {name: "left out of the pickle that these settings come from" for name in secrets if state[name]}
        state |= {name: secrets[name] for name in lost}
        state["_sources"] = {**self._sources, **lost}
        if "api_key" in lost:
            state["_key_places"] = ("the pickle that these settings come from (a key is never in it)",)
        return state


_UNGIVEN: Final = ("default", "derived", "found nowhere")
_NAMES: Final = tuple(each.name for each in fields(Settings) if not each.name.startswith("_"))


def _shown(name: str, value: object) -> str:
    if value is None:
        return "none"
    # A key under a wrong name, such as `overrides={"API_KEY": …}`, is a key all the same.
    if isinstance(value, ApiKey) or (name not in _NAMES and isinstance(value, str) and _is_key(value)):
        return f"… ({len(value)} characters)"
    if name == "proxy" and isinstance(value, str):
        return _without_user(value)
    if _is_mapping(value):
        return ", ".join(f"{name}: …" for name in value)
    return ", ".join(str(item) for item in value) if _is_sequence(value) else str(value)


# `isinstance` alone leaves the types of the contents unknown.
def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_sequence(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, (list, tuple))


# Where values come from


@dataclass(frozen=True)
class _Layer:
    """One place: what it holds, how it is called, and what to say where it has no key."""

    values: Mapping[str, object]
    label: Callable[[str], str]
    absent: str
    is_argument: bool = False


@dataclass
class _Search:
    """The layers, the strongest first, and what was found where."""

    layers: list[_Layer]
    sources: dict[str, str]

    def take(self, name: str, read: Callable[[object], T], default: T) -> T:
        """Return the value of the first layer that has one."""
        for layer in self.layers:
            if name not in layer.values:
                continue
            given = layer.values[name]
            is_empty = given is None or (isinstance(given, str) and not given.strip())
            if is_empty and default is None:
                self.sources[name] = layer.label(name)
                return default
            if given is None or (is_empty and not layer.is_argument):
                continue
            self.sources[name] = layer.label(name)
            return _read(read, given, layer.label(name))
        self.sources[name] = "default"
        return default


def _read(read: Callable[[object], T], given: object, place: str) -> T:
    try:
        return read(given)
    except _UnusableError as fault:
        raise SettingsError(f"{place}: {fault}", hint=fault.hint) from None


class _UnusableError(Exception):
    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint


def _argument_layer(values: Mapping[str, object]) -> _Layer:
    return _Layer(values, lambda name: f"argument {name}", "not given", is_argument=True)


def _overrides_layer(overrides: object) -> _Layer:
    values = _named_values(overrides)
    return _entity_by_its_old_name(_Layer(values, lambda name: f'overrides["{name}"]', "not given", is_argument=True))


def _named_values(overrides: object) -> dict[str, object]:
    if overrides is None:
        return {}
    if not _is_mapping(overrides):
        raise SettingsError(f"overrides: {type(overrides).__name__} is not a mapping.", hint='Write {"entity": "…"}.')
    values: dict[str, object] = {}
    for name, value in overrides.items():
        if not isinstance(name, str):
            raise SettingsError(f"overrides: {name!r} is not the name of a setting, which is text.")
        values[name] = value
    return values


def _environment_layer(environ: Mapping[str, str]) -> _Layer:
    chosen = {
        name: next((variable for variable in variables if variable in environ), variables[0])
        for name, variables in VARIABLES.items()
    }
    values = {name: environ[variable].strip() for name, variable in chosen.items() if variable in environ}
    return _Layer(values, lambda name: f"environment {chosen[name]}", "not set")


def _file_layer(path: Path) -> _Layer:
    values, absent = _read_settings_file(path)
    return _entity_by_its_old_name(_Layer(values, lambda _: f"settings file {path} [default]", absent))


def _read_settings_file(path: Path) -> tuple[Mapping[str, object], str]:
    # Without interpolation "%" is a character like any other.
    parser = ConfigParser(interpolation=None)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        parser.read_string(text, source=str(path))
    except (FileNotFoundError, NotADirectoryError):
        return {}, "no such file"
    except OSError as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _malformed(path, error.object.count(b"\n", 0, error.start) + 1, "is not UTF-8") from None
    except MissingSectionHeaderError as error:
        raise _malformed(path, error.lineno, "stands before any section: write [default] above it") from None
    except ParsingError as error:
        # Python 3.13 has a subclass with `lineno` and without `errors`.
        line: int = getattr(error, "lineno", 0) or error.errors[0][0]
        raise _malformed(path, line, "is not of the form name = value") from None
    except DuplicateOptionError as error:
        raise _malformed(path, error.lineno, f"gives {error.option!r} a second time") from None
    except DuplicateSectionError as error:
        raise _malformed(path, error.lineno, f"begins the section {error.section!r} a second time") from None
    return dict(parser["default"] if parser.has_section("default") else parser.defaults()), "no api_key"


def _malformed(path: Path, line: int | None, fault: str) -> SettingsError:
    return SettingsError(f"The settings file {path}, line {line}, {fault}.", hint="Repair or delete the file.")


def _entity_by_its_old_name(layer: _Layer) -> _Layer:
    if "username" not in layer.values:
        return layer
    # The caller's caller of `resolve`: the line that builds the client.
    warnings.warn(
        f'{layer.label("username")}: "username" is deprecated, use "entity"', DeprecationWarning, stacklevel=5
    )
    if "entity" in layer.values:
        return layer
    return _Layer(
        {**layer.values, "entity": layer.values["username"]},
        lambda name: layer.label("username" if name == "entity" else name),
        layer.absent,
        layer.is_argument,
    )


def _find_key(search: _Search, layers: Iterable[_Layer]) -> tuple[ApiKey | None, tuple[str, ...]]:
    places: list[str] = []
    for layer in layers:
        place = layer.label("api_key")
        given = layer.values.get("api_key")
        is_empty = given == "" and not layer.is_argument
        if given is None or is_empty:
            places.append(f"{place} ({'empty' if is_empty else layer.absent})")
            continue
        search.sources["api_key"] = place
        return _read(_api_key, given, place), (*places, place)
    search.sources["api_key"] = "found nowhere"
    return None, tuple(places)


def _token_layer(search: _Search) -> _Layer:
    place = search.sources["identity_token_file"]
    return _Layer({}, lambda _: place, "it holds an identity token, which wandql does not exchange for a key")


def _netrc_layers(environ: Mapping[str, str], home: Path, url: str) -> list[_Layer]:
    named = environ.get("NETRC")
    paths = [_expanded(named, home)] if named else [home / ".netrc", home / "_netrc"]
    return [_netrc_layer(path, url) for path in paths]


def _netrc_layer(path: Path, url: str) -> _Layer:
    address = urlsplit(url)
    # The entry `default` of a netrc file is meant for any host: a password of some other service is no API key.
    hosts = [f"{address.hostname}:{address.port}", str(address.hostname)]
    key: str | None = None
    absent = f"no entry for {address.hostname}"
    try:
        if path.stat().st_mode & _WRITABLE_BY_ALL and os.name == "posix":
            return _Layer({}, lambda _: f"netrc {path}", "not used: everybody may write it; chmod 600 mends that")
        entries = {name.lower(): entry for name, entry in netrc(path).hosts.items() if name != "default"}
        key = next((entries[host][2] for host in hosts if entries.get(host)), None)
    except (FileNotFoundError, NotADirectoryError):
        absent = "no such file"
    except OSError as error:
        absent = f"cannot be read: {error.strerror}"
    except NetrcParseError as error:
        # The parser's own words quote the file, which holds passwords.
        absent = f"cannot be read: malformed at line {error.lineno}"
    except UnicodeDecodeError:
        absent = "cannot be read: not text"
    if not key:
        return _Layer({}, lambda _: f"netrc {path}", absent)
    return _Layer({"api_key": key}, lambda _: f"netrc {path} (host {address.hostname})", "")


def _home(environ: Mapping[str, str]) -> Path:
    try:
        return Path(environ.get("HOME") or Path.home())
    except RuntimeError:
        return Path("~")


def _cwd() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path()


def _xdg(environ: Mapping[str, str], variable: str, usual: Path) -> Path:
    return Path(environ.get(variable) or usual) / "wandb"


# What values look like


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise _UnusableError(f"{given!r} is not text.")
    return given.strip()


def _flag(given: object) -> bool:
    return str(given).strip().lower() not in _FALSE


def _seconds(given: object) -> float:
    try:
        seconds = float(given) if isinstance(given, (str, int, float)) and not isinstance(given, bool) else math.nan
    except (ValueError, OverflowError):
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise _UnusableError(f"{given!r} is not a number of seconds above 0.")
    return seconds


def _globs(given: object) -> tuple[str, ...]:
    patterns: object = given.split(",") if isinstance(given, str) else given
    if not _is_sequence(patterns):
        raise _UnusableError(f"{given!r} is not a list of patterns.")
    return tuple(glob for pattern in patterns if (glob := _text(pattern)))


def _expanded(text: str, home: Path) -> Path:
    return home / text[1:].lstrip("/\\") if text == "~" or text.startswith(("~/", "~\\")) else Path(text)


def _directory(home: Path, cwd: Path) -> Callable[[object], Path]:
    def read(given: object) -> Path:
        if not isinstance(given, (str, Path)):
            raise _UnusableError(f"{given!r} is not a path.")
        if "\0" in str(given):
            raise _UnusableError(f"{given!r} is not a path: no path has a NUL.")
        return cwd / _expanded(str(given), home)

    return read


def _api_key(given: object) -> ApiKey:
    if not isinstance(given, str):
        raise _UnusableError(f"an API key is text, not {type(given).__name__}.")
    key = given.strip()
    if _is_key(key) or _IDENTITY_TOKEN.fullmatch(key):
        return ApiKey(key)
    raise _UnusableError(
        f"this is no API key: it has {len(key)} characters." if key else "the API key is empty.",
        hint="A key has 40 or more of the characters A-Z a-z 0-9 _ -, with or without a prefix that ends in '-'.",
    )


def _is_key(text: str) -> bool:
    return _KEY.fullmatch(text.partition("-")[2] or text) is not None


def _server_address(given: object) -> str:
    url = _address(given).removesuffix("/graphql").rstrip("/")
    address = urlsplit(url)
    if address.hostname in _WEB_HOSTS:
        raise _UnusableError(f"{url!r} is the address of the web pages.", hint=f"Did you mean {DEFAULT_BASE_URL!r}?")
    if url == DEFAULT_BASE_URL.replace("https:", "http:"):
        raise _UnusableError(f"{url!r} would send the key unencrypted.", hint=f"Did you mean {DEFAULT_BASE_URL!r}?")
    return url


def _proxy(given: object) -> str:
    url = _text(given)
    try:
        address = urlsplit(url)
        is_address = address.scheme in {"http", "https", "socks5", "socks5h"} and bool(address.hostname)
        is_address = is_address and address.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        # Not quoted: it may hold a password.
        raise _UnusableError("this is not the address of a proxy.", hint="Write it as 'http://host:port'.")
    return url


def _without_user(url: str) -> str:
    address = urlsplit(url)
    user, at, host = address.netloc.rpartition("@")
    return address._replace(netloc=f"…{at}{host}" if user else host).geturl()


def _web_address_given(given: object) -> str | None:
    return _address(given)


def _address(given: object) -> str:
    url = _text(given).rstrip("/")
    try:
        address = urlsplit(url)
        # Reading the port checks it.
        is_address = address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0
    except ValueError:
        raise _UnusableError(f"{url!r} is not an address.") from None
    if address.username is not None or address.password is not None:
        raise _UnusableError(
            "the address holds a user name or password.", hint="Pass the key as api_key or WANDB_API_KEY."
        )
    if not is_address:
        hint = (
            f"Did you mean 'https://{url}'?"
            if url and "/" not in url and not address.scheme
            else "Write it as 'https://host'."
        )
        raise _UnusableError(f"{url!r} is not an http or https address with a host.", hint=hint)
    if address.query or address.fragment:
        raise _UnusableError(
            f"{url!r} has a query or a fragment.", hint=f"Did you mean {url.partition('?')[0].partition('#')[0]!r}?"
        )
    return url


def _web_address(base_url: str) -> str:
    known = _WEB_ADDRESSES.get(base_url)
    return known or base_url.replace("://api.wandb.", "://wandb.", 1).replace("://api.", "://app.", 1)


def _header_value(given: object) -> str:
    text = _text(given)
    if not text.isprintable():
        raise _UnusableError("a header cannot hold control characters.")
    return text


def _headers(given: object) -> Mapping[str, str]:
    try:
        values: object = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        values = None
    # A value may be a secret: it is never quoted.
    if not _is_mapping(values):
        raise _UnusableError("this is not a JSON object of headers.", hint='Write {"Name": "value"}.')
    headers: dict[str, str] = {}
    for name, value in values.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise _UnusableError(f"{name!r} is not the name of a header.")
        if not isinstance(value, str) or not value.isprintable():
            raise _UnusableError(f"the value of the header {name!r} is not a line of text.")
        headers[name] = value
    return headers
