"""Laws of settings: the strongest place wins, and whatever stands in a place, the key is never told."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
from hypothesis import example, given

from wandql.errors import AuthenticationError, SettingsError
from wandql.settings import VARIABLES, Settings

PLACES = ["argument", "overrides", "environment", "local", "global"]
KEYS = {place: place[0] * 40 for place in PLACES}


def resolve(
    directory: str, overrides: dict[str, object] | None = None, environ: dict[str, str] | None = None, **more
) -> Settings:
    root = Path(directory)
    return Settings.resolve(overrides, environ=environ or {}, home=root / "home", cwd=root / "work", **more)


def write(directory: str, name: str, content: bytes) -> None:
    path = Path(directory) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


FILES = {"local": "work/wandb/settings", "global": "home/.config/wandb/settings"}


@given(st.dictionaries(st.sampled_from(["entity", "project", "api_key"]), st.sets(st.sampled_from(PLACES)), max_size=3))
def test_the_strongest_place_that_has_a_setting_wins(places_of):
    def told(place: str) -> dict[str, str]:
        return {name: KEYS[place] if name == "api_key" else place for name, has in places_of.items() if place in has}

    with TemporaryDirectory() as directory:
        for place, name in FILES.items():
            write(directory, name, "\n".join(["[default]", *(f"{k} = {v}" for k, v in told(place).items())]).encode())
        environ = {VARIABLES[name][0]: value for name, value in told("environment").items()}
        settings = resolve(directory, told("overrides"), environ, **told("argument"))
    for name, has in places_of.items():
        winner = next((place for place in PLACES if place in has), None)
        assert settings[name] == (KEYS.get(winner) if name == "api_key" else winner)
        assert settings.source_of(name).startswith(
            {None: ("default", "found"), "local": "settings file", "global": "settings file"}.get(winner, winner)
        )


@given(
    st.dictionaries(
        st.sampled_from(sorted(name for names in VARIABLES.values() for name in names)), st.text(max_size=20)
    )
)
@example({"WANDB_DIR": "\0"})
def test_any_environment_gives_settings_or_an_error_that_names_the_variable(environ):
    with TemporaryDirectory() as directory:
        try:
            settings = resolve(directory, environ=environ)
        except SettingsError as error:
            told = error.message
        else:
            told = f"environment {next(iter(environ), '')} {settings.explain()}"
    assert any(f"environment {variable}" in told for variable in environ) or not environ


@given(st.binary(max_size=60) | st.text("[]default=:\n a%#;", max_size=60).map(str.encode))
def test_any_settings_file_gives_settings_or_an_error_that_names_it(content):
    with TemporaryDirectory() as directory:
        write(directory, FILES["local"], content)
        try:
            told = resolve(directory).explain()
        except SettingsError as error:
            told = error.message
        assert str(Path(directory) / FILES["local"]) in told


@given(st.binary(max_size=60) | st.text('machine loginpassword"#\n x', max_size=60).map(str.encode))
def test_any_netrc_gives_settings_and_is_never_quoted(content):
    secret = b"s3cret-s3cret-s3cret"
    with TemporaryDirectory() as directory:
        write(directory, "home/.netrc", content + b" " + secret)
        settings = resolve(directory, base_url="https://nowhere.example")
        try:
            told = str(settings.require_api_key())
        except AuthenticationError as error:
            told = f"{error}{error!r}{settings.explain()}{settings!r}"
    assert secret.decode() not in told


@given(st.text("abcXYZ_- .!", max_size=50), st.text("abcXYZ_- .!", max_size=50))
def test_a_key_is_taken_as_it_is_or_refused_and_never_told(before, after):
    key = f"{before}s3cret{after}"
    with TemporaryDirectory() as directory:
        try:
            settings = resolve(directory, api_key=key)
        except SettingsError as error:
            told = f"{error}{error!r}"
        else:
            told = settings.explain() + repr(settings) if settings.require_api_key() == key.strip() else key
    assert "s3cret" not in told


@given(
    st.sampled_from(["http", "https"]),
    st.from_regex(r"[a-z][a-z0-9]{0,9}(\.[a-z][a-z0-9]{0,5}){0,2}", fullmatch=True),
    st.none() | st.integers(1, 65535),
)
def test_an_address_that_was_read_is_read_again_as_itself(scheme, host, port):
    given_url = f"{scheme}://{host}" + (f":{port}" if port else "")
    with TemporaryDirectory() as directory:
        base_url = resolve(directory, base_url=f" {given_url}/graphql/ ").base_url
        assert base_url == given_url
        assert resolve(directory, base_url=base_url).base_url == base_url
