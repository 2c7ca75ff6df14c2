"""Run the round trip of `tests/server/round_trip.py` with other versions of the official SDK than the pinned one.

    python -m tools.sdk_versions 0.17.0 0.22.0

Each version is installed into an environment of its own in a temporary directory, from the package index that pip is
set up for, and writes to and reads from an embedded server of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from wandql.server import open_application, run_in_thread

PROGRAM: Final = Path(__file__).parents[1] / "tests" / "server" / "round_trip.py"
VERSIONS: Final = ("0.17.0", "0.22.0")

# What 0.17 needs and does not ask for: it reads its own version with pkg_resources, and knows NumPy 1.
COMPANIONS: Final = ("setuptools<70", "numpy<2")


def main() -> None:
    """Try each version that is named, or the ones from `VERSIONS`."""
    with tempfile.TemporaryDirectory(prefix="wandql-sdks-") as directory:
        results = {version: try_version(version, Path(directory)) for version in sys.argv[1:] or VERSIONS}
    for version, ok in results.items():
        print(f"wandb {version}: {'ok' if ok else 'FAILED'}")
    sys.exit(0 if all(results.values()) else 1)


def try_version(version: str, directory: Path) -> bool:
    """Install a version, run the round trip with it, and return whether all went well."""
    home = directory / version
    python = home / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", f"wandb=={version}", *COMPANIONS]
    subprocess.run(install, check=True)
    with open_application(entity="alice") as application, run_in_thread(application) as url:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WANDB_")}
        places = {name: str(home) for name in ("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR")}
        settings = {"WANDB_BASE_URL": url, "WANDB_API_KEY": application.api_key, "WANDB_SILENT": "true"}
        environment = {**kept, **places, **settings, "WANDB_ERROR_REPORTING": "false"}
        done = subprocess.run([str(python), str(PROGRAM)], cwd=home, env=environment, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    main()
