"""What TLS trusts and shows: one context for all sessions of the same settings. No network here."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from wandql.errors import SettingsError
from wandql.settings import Settings

__all__ = ["trust"]

Stamp: TypeAlias = tuple[int, int] | None

# Where OpenSSL, Python and httpx look for what is trusted, and where keys are written for who debugs.
VARIABLES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


def trust(settings: Settings, usual: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return what TLS trusts and shows. Certificates and host names are checked, whatever the settings.

    To read the usual certificates takes as long as thirty requests, so it is done once for a process, and again where
    a file has changed.

    Args:
        settings: Which certificates to trust and to show.
        usual: Makes a context of the certificates that are trusted where the settings name none.

    Raises:
        SettingsError: A file cannot be read, or is not what it should be.
    """
    files = settings.ca_bundle, settings.client_certificate, settings.client_key
    stamps = tuple(_stamp(file) for file in files)
    return _made(usual, *files, stamps, tuple(os.environ.get(name) for name in VARIABLES))


def _stamp(file: Path | None) -> Stamp:
    try:
        state = file.stat() if file is not None else None
    except OSError:
        return None  # to read it says why
    return (state.st_mtime_ns, state.st_size) if state is not None else None


@lru_cache(maxsize=16)
def _made(
    usual: Callable[[], ssl.SSLContext],
    bundle: Path | None,
    certificate: Path | None,
    key: Path | None,
    _stamps: tuple[Stamp, ...],
    _variables: tuple[str | None, ...],
) -> ssl.SSLContext:
    try:
        if bundle is None:
            context = usual()
        else:
            cafile, capath = (None, bundle) if bundle.is_dir() else (bundle, None)
            context = ssl.create_default_context(cafile=cafile, capath=capath)
    except OSError as error:
        raise SettingsError(
            f"The certificates that TLS should trust cannot be read from {bundle}: {error}.",
            hint="ca_bundle names a file of certificates in PEM form, or a directory of them as OpenSSL makes it.",
        ) from error
    if certificate is not None:
        try:
            # Without a terminal nobody can be asked for the key's password.
            context.load_cert_chain(certificate, key, password="")
        except OSError as error:
            raise SettingsError(
                f"The certificate that this client should show cannot be read from {certificate}: {error}.",
                hint="client_certificate names a file in PEM form; client_key the one of its key, where it is another. "
                "The key must not be encrypted.",
            ) from error
    return context
