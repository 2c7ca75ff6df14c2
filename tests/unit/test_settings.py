"""Claims about where settings come from."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wandql.errors import AuthenticationError, SettingsError
from wandql.settings import NOT_GIVEN, VARIABLES, ApiKey, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEY = "0123456789abcdef" * 2 + "ghijklmn"
OTHER_KEY = "local-" + "Z" * 40
SECRET = "s3cret-s3cret"


class Machine:
    """A home, a working directory and an environment of their own."""

    def __init__(self, root: Path) -> None:
        self.home, self.cwd = root / "home", root / "work"
        self.environ: dict[str, str] = {}
        for directory in (self.home, self.cwd):
            directory.mkdir()

    def write(self, name: str, text: str, *, local: bool = False) -> Path:
        path = (self.cwd if local else self.home) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def write_global(self, text: str) -> Path:
        return self.write(".config/wandb/settings", text)

    def write_local(self, text: str) -> Path:
        return self.write("wandb/settings", text, local=True)

    def resolve(self, overrides: Mapping[str, object] | None = None, **arguments: object) -> Settings:
        resolve: Callable[..., Settings] = Settings.resolve
        return resolve(overrides, environ=self.environ, home=self.home, cwd=self.cwd, **arguments)

    def files(self) -> set[Path]:
        return set(self.home.rglob("*")) | set(self.cwd.rglob("*"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def everywhere(machine: Machine, name: str, variable: str, texts: list[str]) -> tuple[list[Callable[[], object]], dict]:
    """The places of a setting, the weakest first, and the arguments that the strongest two fill."""
    overrides: dict[str, object] = {}
    arguments: dict[str, object] = {"overrides": overrides}
    return [
        lambda: machine.write_global(f"[default]\n{name} = {texts[0]}\n"),
        lambda: machine.write_local(f"[default]\n{name} = {texts[1]}\n"),
        lambda: machine.environ.update({variable: texts[2]}),
        lambda: overrides.update({name: texts[3]}),
        lambda: arguments.update({name: texts[4]}),
    ], arguments


# The order of places


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("entity", ["a", "b", "c", "d", "e"]),
        ("project", ["a", "b", "c", "d", "e"]),
        ("base_url", [f"https://{host}" for host in "abcde"]),
        ("timeout", ["1", "2", "3", "4", "5"]),
        ("api_key", [letter * 40 for letter in "abcde"]),
    ],
)
def test_an_argument_beats_overrides_beat_the_environment_beats_the_local_file_beats_the_global_file(
    machine, name, texts
):
    places, arguments = everywhere(machine, name, VARIABLES[name][0], texts)
    sources = []
    for place, text in zip(places, texts, strict=True):
        place()
        settings = machine.resolve(**arguments)
        assert settings[name] == (float(text) if name == "timeout" else text)
        sources.append(settings.source_of(name))
    assert sources == [
        f"settings file {machine.home / '.config/wandb/settings'} [default]",
        f"settings file {machine.cwd / 'wandb/settings'} [default]",
        f"environment {VARIABLES[name][0]}",
        f'overrides["{name}"]',
        f"argument {name}",
    ]


def test_netrc_is_asked_for_the_key_after_the_environment_and_before_the_files(machine):
    machine.write_local(f"[default]\napi_key = {'f' * 40}\n")
    assert machine.resolve().api_key == "f" * 40
    netrc = machine.write(".netrc", f"machine api.wandb.ai login user password {'n' * 40}\n")
    settings = machine.resolve()
    assert settings.api_key == "n" * 40
    assert settings.source_of("api_key") == f"netrc {netrc} (host api.wandb.ai)"
    machine.environ["WANDB_API_KEY"] = "e" * 40
    assert machine.resolve().api_key == "e" * 40


def test_without_any_place_the_defaults_hold(machine):
    settings = machine.resolve()
    assert dict(settings) == {
        "base_url": "https://api.wandb.ai",
        "app_url": "https://wandb.ai",
        "entity": None,
        "project": None,
        "run": None,
        "organization": None,
        "api_key": None,
        "timeout": 60.0,
        "username": None,
        "user_email": None,
        "extra_headers": {},
        "ca_bundle": None,
        "client_certificate": None,
        "client_key": None,
        "proxy": None,
        "identity_token_file": None,
        "root_dir": machine.cwd,
        "config_dir": machine.home / ".config/wandb",
        "cache_dir": machine.home / ".cache/wandb",
        "data_dir": machine.home / ".local/share/wandb",
        "artifact_dir": machine.cwd / "artifacts",
        "ignore_globs": (),
        "mode": None,
        "debug": False,
        "silent": False,
        "test": False,
        "section": "default",
        "git_remote": "origin",
    }
    assert len(settings) == 28
    assert {settings.source_of(name) for name in settings} == {"default", "derived from base_url", "found nowhere"}


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("WANDB_API_KEY", KEY, "api_key", KEY),
        ("WANDB_API_KEY", f" {KEY}\n", "api_key", KEY),
        ("WANDB_APP_URL", "https://web.example/", "app_url", "https://web.example"),
        ("WANDB_ARTIFACT_DIR", "/a", "artifact_dir", Path("/a")),
        ("WANDB_BASE_URL", "http://localhost:8080/", "base_url", "http://localhost:8080"),
        ("REQUESTS_CA_BUNDLE", "/ca.pem", "ca_bundle", Path("/ca.pem")),
        ("CURL_CA_BUNDLE", "/ca.pem", "ca_bundle", Path("/ca.pem")),
        ("SSL_CERT_FILE", "/ca.pem", "ca_bundle", Path("/ca.pem")),
        ("WANDB_CACHE_DIR", "/c", "cache_dir", Path("/c")),
        ("XDG_CACHE_HOME", "/c", "cache_dir", Path("/c/wandb")),
        ("WANDB_CONFIG_DIR", "/c", "config_dir", Path("/c")),
        ("WANDB_DATA_DIR", "/d", "data_dir", Path("/d")),
        ("XDG_DATA_HOME", "/d", "data_dir", Path("/d/wandb")),
        ("WANDB_DEBUG", "true", "debug", True),
        ("WANDB_DEBUG", "false", "debug", False),
        ("WANDB_ENTITY", "team", "entity", "team"),
        ("WANDQL_CLIENT_CERTIFICATE", "/client.pem", "client_certificate", Path("/client.pem")),
        ("WANDQL_CLIENT_KEY", "/client.key", "client_key", Path("/client.key")),
        ("WANDB_HTTPS_PROXY", "http://u:p@proxy:3128", "proxy", "http://u:p@proxy:3128"),
        ("WANDB_HTTP_PROXY", "http://proxy:3128", "proxy", "http://proxy:3128"),
        ("WANDB__EXTRA_HTTP_HEADERS", '{"X-A": "b"}', "extra_headers", {"X-A": "b"}),
        ("WANDB_IDENTITY_TOKEN_FILE", "/t", "identity_token_file", Path("/t")),
        ("WANDB_IGNORE_GLOBS", "*.ckpt, *.bin,", "ignore_globs", ("*.ckpt", "*.bin")),
        ("WANDB_MODE", "offline", "mode", "offline"),
        ("WANDB_ORGANIZATION", "org", "organization", "org"),
        ("WANDB_PROJECT", "p", "project", "p"),
        ("WANDB_DIR", "/r", "root_dir", Path("/r")),
        ("WANDB_SILENT", "1", "silent", True),
        ("WANDB_TEST", "anything", "test", True),
        ("WANDB_HTTP_TIMEOUT", "3.5", "timeout", 3.5),
        ("WANDB_USER_EMAIL", "me@example.org", "user_email", "me@example.org"),
        ("WANDB_USERNAME", "me", "username", "me"),
    ],
)
def test_the_variables_of_the_official_client_are_read(machine, variable, text, name, value):
    machine.environ[variable] = text
    assert machine.resolve()[name] == value


def test_every_variable_has_a_row_in_the_test_above():
    rows = test_the_variables_of_the_official_client_are_read.pytestmark[0].args[1]
    assert {name for names in VARIABLES.values() for name in names} <= {variable for variable, *_ in rows}


@pytest.mark.parametrize(
    ("variable", "name", "elsewhere"),
    [
        ("WANDB_CACHE_DIR", "cache_dir", "cache"),
        ("WANDB_DATA_DIR", "data_dir", "data"),
        ("WANDB_DIR", "root_dir", "root"),
    ],
)
def test_a_directory_may_begin_at_home_or_where_the_process_is(machine, variable, name, elsewhere):
    machine.environ[variable] = f"~/{elsewhere}"
    assert machine.resolve()[name] == machine.home / elsewhere
    machine.environ[variable] = elsewhere
    assert machine.resolve()[name] == machine.cwd / elsewhere


# What "nothing" means


@pytest.mark.parametrize("name", ["entity", "project"])
@pytest.mark.parametrize("nothing", [None, "", " "])
def test_nothing_as_override_or_argument_wipes_what_the_places_below_say(machine, name, nothing):
    machine.write_local(f"[default]\n{name} = file\n")
    machine.environ[VARIABLES[name][0]] = "environment"
    for settings in (machine.resolve({name: nothing}), machine.resolve(**{name: nothing})):
        assert settings[name] is None
    assert machine.resolve({name: nothing}).source_of(name) == f'overrides["{name}"]'


@pytest.mark.parametrize("name", ["entity", "project", "organization"])
def test_an_empty_variable_hides_the_files(machine, name):
    machine.write_local(f"[default]\n{name} = file\n")
    machine.environ[VARIABLES[name][0]] = ""
    assert machine.resolve()[name] is None
    assert machine.resolve().source_of(name) == f"environment {VARIABLES[name][0]}"


@pytest.mark.parametrize(("name", "value"), [("base_url", "https://a.example"), ("timeout", 5.0), ("api_key", KEY)])
def test_an_empty_variable_or_none_is_no_answer_where_a_value_is_needed(machine, name, value):
    machine.write_local(f"[default]\n{name} = {value}\n")
    machine.environ[VARIABLES[name][0]] = ""
    assert machine.resolve({name: None}, **{name: None})[name] == value


@pytest.mark.parametrize("name", ["base_url", "timeout", "api_key"])
def test_an_empty_argument_is_an_error_where_a_value_is_needed(machine, name):
    machine.environ["WANDB_API_KEY"] = KEY
    with pytest.raises(SettingsError, match=f"argument {name}"):
        machine.resolve(**{name: ""})
    with pytest.raises(SettingsError, match=f'overrides\\["{name}"\\]'):
        machine.resolve({name: ""})


def test_not_given_is_the_same_as_leaving_the_argument_out(machine):
    machine.environ["WANDB_ENTITY"] = "team"
    assert machine.resolve(entity=NOT_GIVEN).entity == "team"
    assert repr(NOT_GIVEN) == "NOT_GIVEN"


# Overrides


def test_an_api_key_in_overrides_counts(machine):
    machine.environ["WANDB_API_KEY"] = OTHER_KEY
    assert machine.resolve({"api_key": KEY}).api_key == KEY


def test_the_key_is_looked_up_for_the_host_of_the_final_base_url(machine):
    machine.write(
        ".netrc",
        f"machine api.wandb.ai login user password {KEY}\nmachine other.example login user password {OTHER_KEY}\n",
    )
    assert machine.resolve().api_key == KEY
    assert machine.resolve({"base_url": "https://other.example"}).api_key == OTHER_KEY
    assert machine.resolve(base_url="https://OTHER.example/").api_key == OTHER_KEY
    assert machine.resolve(base_url="https://third.example").api_key is None


def test_username_in_overrides_is_the_deprecated_name_of_entity(machine):
    machine.environ |= {"WANDB_ENTITY": "environment", "WANDB_USERNAME": "header"}
    with pytest.warns(DeprecationWarning, match='overrides\\["username"\\]: "username" is deprecated, use "entity"'):
        settings = machine.resolve({"username": "old"})
    assert (settings.entity, settings.username) == ("old", "header")
    assert settings.source_of("entity") == 'overrides["username"]'
    with pytest.warns(DeprecationWarning, match='use "entity"'):
        assert machine.resolve({"username": "old", "entity": "new"}).entity == "new"


def test_username_in_a_settings_file_is_the_deprecated_name_of_entity(machine):
    machine.write_local("[default]\nusername = old\n")
    with pytest.warns(DeprecationWarning, match='use "entity"'):
        settings = machine.resolve()
    assert (settings.entity, settings.username) == ("old", None)


def test_unknown_overrides_and_keys_of_files_can_be_read_back(machine):
    path = machine.write_global("[default]\ncolour = blue\nsize = 3\n")
    overrides = {"colour": "red", "shape": 4}
    settings = machine.resolve(overrides)
    assert (settings["colour"], settings["size"], settings["shape"]) == ("red", "3", 4)
    assert settings.source_of("size") == f"settings file {path} [default]"
    assert settings.source_of("colour") == 'overrides["colour"]'
    assert overrides == {"colour": "red", "shape": 4}


@pytest.mark.parametrize("overrides", ["key", ["entity"], 3, {1: "x"}])
def test_overrides_that_are_no_settings_by_name_are_refused(machine, overrides):
    with pytest.raises(SettingsError, match="overrides"):
        machine.resolve(overrides)


def test_a_lookalike_array_in_overrides_is_kept(machine):
    numpy = pytest.importorskip("numpy")
    array = numpy.zeros(3)
    assert machine.resolve({"weights": array})["weights"] is array


# Settings files


def test_the_local_file_is_under_dot_wandb_where_that_directory_exists(machine):
    machine.write_local("[default]\nentity = plain\n")
    assert machine.resolve().entity == "plain"
    machine.write(".wandb/settings", "[default]\nentity = dotted\n", local=True)
    assert machine.resolve().entity == "dotted"


def test_the_files_move_with_their_variables(machine):
    machine.write("elsewhere/wandb/settings", "[default]\nentity = local\n", local=True)
    machine.write("etc/settings", "[default]\nproject = global\n")
    machine.environ |= {"WANDB_DIR": "elsewhere", "WANDB_CONFIG_DIR": str(machine.home / "etc")}
    settings = machine.resolve()
    assert (settings.entity, settings.project) == ("local", "global")


def test_no_file_of_a_parent_directory_is_read(machine):
    machine.write("wandb/settings", "[default]\nentity = parent\n", local=True)
    machine.cwd = machine.cwd / "below"
    machine.cwd.mkdir()
    assert machine.resolve().entity is None


@pytest.mark.parametrize("value", ["50%", "%(here)s", "a % b", "%%"])
def test_a_percent_sign_in_a_file_is_a_character_like_any_other(machine, value):
    machine.write_local(f"[default]\nproject = {value}\n")
    assert machine.resolve().project == value


def test_keys_of_files_are_read_in_any_case_and_quotes_are_kept(machine):
    machine.write_local('[default]\nEntity = "team"\nIGNORE_GLOBS = *.a,*.b\n')
    settings = machine.resolve()
    assert settings.entity == '"team"'
    assert settings.ignore_globs == ("*.a", "*.b")


def test_other_sections_of_a_file_are_not_read(machine):
    machine.write_local("[work]\nentity = other\n[default]\nproject = mine\n")
    settings = machine.resolve()
    assert (settings.entity, settings.project) == (None, "mine")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("entity = me\n", 1),
        ("[default]\nentity = me\nnonsense\n", 3),
        ("[default]\nentity = me\nentity = you\n", 3),
        ("[default]\nentity = me\n\n[default]\n", 4),
        ("[default\nentity = me\n", 1),
        (b"[default]\nentity = \xff\n", 2),
    ],
)
def test_a_malformed_file_is_an_error_that_names_file_and_line(machine, text, line):
    path = machine.write_local("")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError) as caught:
        machine.resolve()
    assert f"{path}, line {line}," in str(caught.value)


def test_a_file_that_cannot_be_read_is_an_error_that_names_it(machine):
    path = machine.cwd / "wandb" / "settings"
    path.mkdir(parents=True)
    with pytest.raises(SettingsError, match="cannot be read") as caught:
        machine.resolve()
    assert str(path) in str(caught.value)


def test_a_byte_order_mark_does_no_harm(machine):
    machine.write_local("\ufeff[default]\nentity = me\n")
    assert machine.resolve().entity == "me"


def test_a_wrong_value_in_a_file_is_an_error_that_names_the_file(machine):
    path = machine.write_global("[default]\nbase_url = nonsense\n")
    with pytest.raises(SettingsError) as caught:
        machine.resolve()
    assert str(path) in str(caught.value)


# netrc


@pytest.mark.parametrize("name", [".netrc", "_netrc"])
def test_netrc_is_read_from_home(machine, name):
    machine.write(name, f"machine api.wandb.ai login user password {KEY}\n")
    assert machine.resolve().api_key == KEY


def test_netrc_of_the_variable_is_read_instead_of_those_at_home(machine):
    machine.write(".netrc", f"machine api.wandb.ai login user password {KEY}\n")
    path = machine.write("secrets", f"machine api.wandb.ai login user password {OTHER_KEY}\n")
    machine.environ["NETRC"] = "~/secrets"
    settings = machine.resolve()
    assert settings.api_key == OTHER_KEY
    assert settings.source_of("api_key") == f"netrc {path} (host api.wandb.ai)"


def test_a_host_with_its_port_is_matched_before_the_host_alone(machine):
    machine.write(
        ".netrc",
        f"machine localhost login u password {KEY}\nmachine localhost:8080 login u password {OTHER_KEY}\n",
    )
    assert machine.resolve(base_url="http://localhost:8080").api_key == OTHER_KEY
    assert machine.resolve(base_url="http://localhost:9090").api_key == KEY
    assert machine.resolve(base_url="http://localhost").api_key == KEY


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_a_netrc_that_everybody_may_write_is_not_used_and_told(machine):
    path = machine.write(".netrc", f"machine api.wandb.ai login user password {'n' * 40}\n")
    path.chmod(0o602)
    settings = machine.resolve()
    assert settings.api_key is None
    assert f"netrc {path} (not used: everybody may write it; chmod 600 mends that)" in settings.places_for_key()
    path.chmod(0o600)
    assert machine.resolve().api_key == "n" * 40


def test_the_password_of_a_proxy_is_neither_shown_nor_pickled(machine):
    settings = machine.resolve({"proxy": "http://user:secret@proxy.test:3128"})
    assert "secret" not in settings.explain() + repr(settings) + str(settings)
    assert "http://…@proxy.test:3128" in settings.explain()
    assert pickle.loads(pickle.dumps(settings)).proxy is None


@pytest.mark.parametrize("text", ["proxy", "ftp://proxy", "http://", "http://u:secret@proxy:x", "http://[::1"])
def test_what_is_no_proxy_is_told_without_quoting_it(machine, text):
    with pytest.raises(SettingsError, match="not the address of a proxy") as caught:
        machine.resolve({"proxy": text})
    assert "secret" not in str(caught.value)


def test_the_default_entry_of_netrc_is_not_sent_to_the_server(machine):
    machine.write(".netrc", f"default login anonymous password {KEY}\n")
    assert machine.resolve().api_key is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"machine api.wandb.ai login user passwort " + SECRET.encode(), "malformed at line 1"),
        (b"# one\n" + SECRET.encode() + b"\n", "malformed at line 2"),
        (b"machine other.example login user password " + SECRET.encode(), "no entry for api.wandb.ai"),
    ],
)
def test_a_netrc_without_the_key_is_told_with_the_places_and_never_quoted(machine, content, why):
    path = machine.write(".netrc", "")
    path.write_bytes(content)
    settings = machine.resolve()
    assert settings.api_key is None
    place = next(place for place in settings.places_for_key() if str(path) in place)
    assert why in place
    with pytest.raises(AuthenticationError) as caught:
        settings.require_api_key()
    assert place in str(caught.value)
    assert SECRET not in str(caught.value) + settings.explain()


def test_an_unreadable_netrc_does_not_hide_a_key_further_down(machine):
    (machine.home / ".netrc").mkdir()
    machine.write_local(f"[default]\napi_key = {KEY}\n")
    assert machine.resolve().api_key == KEY
    assert any("cannot be read" in place for place in machine.resolve().places_for_key())


# The key


@pytest.mark.parametrize(
    "key",
    ["a" * 40, "A-b_9" * 20, "local-" + "a" * 40, "x" * 86, "eyJhbGciOi.eyJzdWIi.c2ln-_", f"\t{'a' * 40} "],
)
def test_a_key_of_the_right_form_is_taken(machine, key):
    assert machine.resolve(api_key=key).require_api_key() == key.strip()


@pytest.mark.parametrize(
    "key", ["short-s3cret", "s3cret" * 8 + "!", "prefix-" + "s3cret" * 6, "a.s3cret", "s3cret s3cret" * 9]
)
def test_a_malformed_key_is_an_error_that_names_the_place_and_not_the_key(machine, key):
    machine.write(".netrc", f"machine api.wandb.ai login user password {key.replace(' ', '!')}\n")
    machine.environ["WANDB_API_KEY"] = key
    for place, arguments in {
        "argument api_key": {"api_key": key},
        'overrides["api_key"]': {"overrides": {"api_key": key}},
        "environment WANDB_API_KEY": {},
    }.items():
        with pytest.raises(SettingsError) as caught:
            machine.resolve(**arguments)
        assert place in str(caught.value)
        assert "s3cret" not in str(caught.value) + repr(caught.value)
    del machine.environ["WANDB_API_KEY"]
    with pytest.raises(SettingsError, match="netrc") as caught:
        machine.resolve()
    assert "s3cret" not in str(caught.value)


def test_a_malformed_key_that_a_stronger_place_hides_does_no_harm(machine):
    machine.environ["WANDB_API_KEY"] = "nonsense"
    assert machine.resolve(api_key=KEY).api_key == KEY


def test_a_key_that_is_no_text_is_refused(machine):
    with pytest.raises(SettingsError, match="argument api_key: an API key is text, not bytes"):
        machine.resolve(api_key=KEY.encode())


def test_without_a_key_the_error_names_every_place_and_where_to_get_one(machine):
    machine.environ |= {"WANDB_BASE_URL": "https://api.acme.example", "WANDB_IDENTITY_TOKEN_FILE": "/token"}
    settings = machine.resolve()
    assert settings.places_for_key() == (
        "argument api_key (not given)",
        'overrides["api_key"] (not given)',
        "environment WANDB_API_KEY (not set)",
        "environment WANDB_IDENTITY_TOKEN_FILE (it holds an identity token, which wandql does not exchange for a key)",
        f"netrc {machine.home / '.netrc'} (no such file)",
        f"netrc {machine.home / '_netrc'} (no such file)",
        f"settings file {machine.cwd / 'wandb/settings'} [default] (no such file)",
        f"settings file {machine.home / '.config/wandb/settings'} [default] (no such file)",
    )
    with pytest.raises(AuthenticationError) as caught:
        settings.require_api_key()
    assert all(place in str(caught.value) for place in settings.places_for_key())
    assert "https://app.acme.example/authorize" in str(caught.value.hint)
    assert caught.value.attempts == 0


def test_with_a_key_the_places_end_where_it_was_found(machine):
    machine.environ["WANDB_API_KEY"] = KEY
    assert machine.resolve().places_for_key() == (
        "argument api_key (not given)",
        'overrides["api_key"] (not given)',
        "environment WANDB_API_KEY",
    )


# Addresses


@pytest.mark.parametrize(
    ("given", "base_url"),
    [
        ("https://api.wandb.ai/", "https://api.wandb.ai"),
        (" https://a.example// ", "https://a.example"),
        ("https://a.example/graphql", "https://a.example"),
        ("https://a.example/wandb/graphql/", "https://a.example/wandb"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_a_server_address_ends_without_slash_and_without_graphql(machine, given, base_url):
    assert machine.resolve(base_url=given).base_url == base_url


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("api.wandb.ai", "Did you mean 'https://api.wandb.ai'?"),
        ("localhost:8080", "not an http or https address"),
        ("ftp://a.example", "not an http or https address"),
        ("https://", "not an http or https address"),
        ("https:///path", "not an http or https address"),
        ("https://a.example:port", "is not an address"),
        ("https://a.example:99999", "is not an address"),
        ("https://[::1", "is not an address"),
        ("https://a.example?x=1", "Did you mean 'https://a.example'?"),
        ("https://a.example#x", "has a query or a fragment"),
        ("https://wandb.ai", "Did you mean 'https://api.wandb.ai'?"),
        ("http://api.wandb.ai", "unencrypted"),
        (8080, "8080 is not text"),
    ],
)
def test_an_address_of_the_wrong_form_is_an_error(machine, given, says):
    with pytest.raises(SettingsError) as caught:
        machine.resolve(base_url=given)
    assert says in str(caught.value)
    assert "argument base_url" in str(caught.value)


def test_a_password_in_an_address_is_refused_and_not_shown(machine):
    with pytest.raises(SettingsError) as caught:
        machine.resolve(base_url=f"https://api:{SECRET}@a.example")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("base_url", "app_url"),
    [
        ("https://api.wandb.ai", "https://wandb.ai"),
        ("https://api.acme.example", "https://app.acme.example"),
        ("https://wandb.acme.example", "https://wandb.acme.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://a.example/wandb", "https://a.example/wandb"),
        ("https://api.forge.coreweave.com", "https://forge.coreweave.com/wandb"),
    ],
)
def test_the_address_of_the_web_app_follows_from_that_of_the_server(machine, base_url, app_url):
    assert machine.resolve(base_url=base_url).app_url == app_url


# Other values


@pytest.mark.parametrize("given", [0, -1, "abc", "nan", "inf", True, [], "1e999", 10**400])
def test_a_timeout_is_a_number_of_seconds_above_zero(machine, given):
    with pytest.raises(SettingsError, match="argument timeout"):
        machine.resolve(timeout=given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("nonsense", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ('{"X": 1}', "value of the header 'X'"),
        ({"X Y": "z"}, "'X Y' is not the name"),
        ({"X": "a\r\nEvil: 1"}, "value of the header 'X'"),
        ({1: "a"}, "1 is not the name"),
    ],
)
def test_extra_headers_are_a_mapping_of_text(machine, given, says):
    with pytest.raises(SettingsError) as caught:
        machine.resolve({"extra_headers": given})
    assert says in str(caught.value)
    assert "Evil" not in str(caught.value)


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"entity": 3}, "3 is not text"),
        ({"root_dir": 3}, "3 is not a path"),
        ({"ignore_globs": 3}, "3 is not a list"),
        ({"ignore_globs": [3]}, "3 is not text"),
        ({"user_email": "a\nb"}, "control characters"),
    ],
)
def test_a_value_of_the_wrong_type_is_an_error_that_names_its_place(machine, overrides, says):
    with pytest.raises(SettingsError) as caught:
        machine.resolve(overrides)
    assert says in str(caught.value)
    assert f'overrides["{next(iter(overrides))}"]' in str(caught.value)


# Reading, showing, copying


def test_settings_read_as_an_object_and_as_a_mapping(machine):
    settings = machine.resolve({"entity": "me"})
    assert settings["entity"] == settings.entity == settings.get("entity") == "me"
    assert settings.get("nothing") is None
    assert "entity" in settings
    assert "_sources" not in settings
    assert dict(settings)["entity"] == "me"
    with pytest.raises(KeyError):
        settings["nothing"]
    with pytest.raises(KeyError):
        settings.source_of("nothing")


def test_settings_cannot_be_changed(machine):
    settings = machine.resolve()
    with pytest.raises(AttributeError):
        settings.entity = "x"
    with pytest.raises(TypeError):
        settings["entity"] = "x"


def test_equal_values_make_equal_settings(machine):
    machine.environ["WANDB_ENTITY"] = "me"
    assert machine.resolve() == machine.resolve(entity="me")
    assert machine.resolve() != machine.resolve(entity="you")


def test_explain_shows_each_setting_with_its_value_and_its_place(machine):
    netrc = machine.write(".netrc", f"machine api.wandb.ai login user password {KEY}\n")
    machine.environ["WANDB_PROJECT"] = "mnist"
    text = machine.resolve({"entity": "me", "shape": "round"}).explain()
    rows = {line.split()[0]: line.split(maxsplit=1)[1] for line in text.splitlines()}
    assert rows["entity"].split(maxsplit=1) == ["me", 'overrides["entity"]']
    assert rows["project"].split(maxsplit=1) == ["mnist", "environment WANDB_PROJECT"]
    assert rows["shape"].split(maxsplit=1) == ["round", 'overrides["shape"]']
    assert rows["api_key"].startswith("… (40 characters) ")
    assert rows["api_key"].endswith(f"netrc {netrc} (host api.wandb.ai)")
    assert rows["timeout"].split() == ["60.0", "default"]
    assert len({line.rindex(line.split("  ")[-1].strip()) for line in text.splitlines()}) == 1


def test_explain_lists_the_places_of_a_missing_key(machine):
    settings = machine.resolve()
    assert settings.explain().splitlines()[-7:] == [f"  {place}" for place in settings.places_for_key()]


def test_no_secret_is_shown_anywhere(machine):
    headers = {"X-Proxy-Token": SECRET}
    settings = machine.resolve({"extra_headers": headers, "API_KEY": OTHER_KEY}, api_key=KEY)
    shown = [
        repr(settings),
        str(settings),
        settings.explain(),
        repr(settings.api_key),
        f"{settings.require_api_key()!r}",
    ]
    shown += [repr(settings.places_for_key()), f"{settings!s}"]
    for text in shown:
        assert KEY not in text
        assert OTHER_KEY not in text
        assert SECRET not in text
    assert KEY not in repr(dict(settings))
    assert "X-Proxy-Token" in settings.explain()


def test_the_key_is_text_with_a_masked_repr():
    key = ApiKey(KEY)
    assert (str(key), f"{key}", repr(key)) == (KEY, KEY, "<ApiKey of 40 characters>")
    assert key == KEY


def test_a_pickle_holds_no_secret_and_says_so(machine):
    settings = machine.resolve({"extra_headers": {"X-Token": SECRET}}, api_key=KEY, entity="me")
    pickled = pickle.dumps(settings)
    assert KEY.encode() not in pickled
    assert SECRET.encode() not in pickled
    loaded = pickle.loads(pickled)
    assert (loaded.entity, loaded.base_url, loaded.api_key, loaded.extra_headers) == ("me", settings.base_url, None, {})
    with pytest.raises(AuthenticationError, match="pickle"):
        loaded.require_api_key()
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(settings.api_key)


def test_a_pickle_of_settings_without_secrets_is_whole(machine):
    settings = machine.resolve({"entity": "me", "extra": 1})
    loaded = pickle.loads(pickle.dumps(settings))
    assert loaded == settings
    assert loaded.explain() == settings.explain()


def test_a_copy_keeps_the_key(machine):
    settings = machine.resolve(api_key=KEY)
    assert copy.copy(settings).api_key == copy.deepcopy(settings).api_key == KEY
    assert copy.deepcopy({"key": settings.api_key}) == {"key": KEY}


# Side effects


def test_nothing_is_written_or_created(machine):
    before = machine.files()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        machine.resolve().explain()
    assert machine.files() == before


def test_the_process_is_the_default_of_environment_home_and_working_directory(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WANDB_ENTITY", "process")
    monkeypatch.chdir(tmp_path)
    settings = Settings.resolve()
    assert (settings.entity, settings.root_dir) == ("process", Path.cwd())
    assert settings.config_dir == tmp_path / ".config/wandb"


def test_a_process_without_home_or_working_directory_has_settings_all_the_same(tmp_path):
    script = f"""
import os, pathlib
os.mkdir({str(tmp_path / "gone")!r}); os.chdir({str(tmp_path / "gone")!r}); os.rmdir({str(tmp_path / "gone")!r})
def nowhere(*_): raise RuntimeError("Could not determine home directory.")
pathlib.Path.home = nowhere
from wandql.settings import Settings
print(Settings.resolve(environ={{}}).base_url)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("https://api.wandb.ai\n", "")


def test_importing_the_pure_parts_loads_neither_pydantic_nor_httpx():
    script = (
        "import sys, wandql.settings, wandql.paths, wandql.filters; print({'pydantic', 'httpx'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
