"""Scripts for the documented public API: changing one line, `import wandb`, changes nothing of what they print."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wandql.server import open_application, run_in_thread

pytestmark = pytest.mark.interop

GUIDES = Path(__file__).parent / "guides"
IMPORT = "import wandb\n"


def printed(script: str, data: Path, directory: Path, environment: dict[str, str]) -> str:
    """Run a script against a copy of the sample data, in an empty directory, and return what it prints."""
    directory.mkdir()
    shutil.copytree(data, directory / "data")
    (directory / "here").mkdir()
    (directory / "script.py").write_text(script)
    with open_application(directory / "data") as application, run_in_thread(application) as url:
        known = {
            "WANDB_BASE_URL": url,
            "WANDB_API_KEY": application.api_key,
            "WANDB_CACHE_DIR": str(directory / "cache"),
        }
        done = subprocess.run(
            [sys.executable, str(directory / "script.py")],
            env={**environment, **known},
            cwd=directory / "here",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace(url, "URL")


@pytest.mark.parametrize("guide", sorted(path.stem for path in GUIDES.glob("*.py")))
def test_a_script_prints_the_same_with_either_import(guide: str, sample_data: Path, tmp_path: Path) -> None:
    script = (GUIDES / f"{guide}.py").read_text()
    assert script.count(IMPORT) == 1
    environment = {"PATH": "", "HOME": str(tmp_path), "WANDB_SILENT": "true"}
    official = printed(script, sample_data, tmp_path / "official", environment)
    ours = printed(script.replace(IMPORT, "import wandql as wandb\n"), sample_data, tmp_path / "ours", environment)
    assert official.strip()
    assert ours == official
