"""Compiles `queries/` against `schema.graphql`: `python -m tools.codegen.generate [--check]`.

Run it from the repository's root. `--check` writes nothing and exits 1 where the committed code is not current.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import filecmp
import io
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib import import_module
from pathlib import Path

from tools.codegen import usage
from tools.codegen.options import CONFIG, Options
from tools.codegen.sources import QueryRulesError, Sources

__all__ = ["generate", "main", "stale_files"]

# Without a mention of wandql ruff would ask the working directory whose it is.
FIX = [
    "check", "--isolated", "--ignore-noqa", "--quiet", "--fix", "--unsafe-fixes", "--target-version=py311",
    "--line-length=120", "--select=I,UP,F401",
    '--config=lint.isort.required-imports=["from __future__ import annotations"]',
    '--config=lint.isort.known-first-party=["wandql"]',
]  # fmt: skip
# The docstring of a field or an enum member.
LONE_STRING = re.compile(r"""^( {4})((["'])(?!\3\3).*\3)$""", re.MULTILINE)
FORMAT = ["format", "--isolated", "--quiet", "--target-version=py311", "--line-length=120"]


def generate(parent: Path) -> Path:
    """Write the generated package below `parent`, in place of what is there, and return its folder.

    What is there stays where anything fails.

    Raises:
        QueryRulesError: A query breaks a rule of `tools.codegen.rules`; the message names file, operation and field.
    """
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    options = Options.of(config)
    package = parent / options.target_package_name
    with tempfile.TemporaryDirectory() as scratch:
        config["tool"]["ariadne-codegen"]["target_package_path"] = scratch
        with contextlib.redirect_stdout(io.StringIO()):
            # Imported by name: its functions have no types.
            import_module("ariadne_codegen.main").models_only(config)
        fresh = Path(scratch, options.target_package_name)
        for file in fresh.glob("*.py"):
            file.write_text(LONE_STRING.sub(_in_triple_quotes, file.read_text(encoding="utf-8")), encoding="utf-8")
        for arguments in (FIX, FORMAT):
            subprocess.run([sys.executable, "-m", "ruff", *arguments, str(fresh)], check=True)
        shutil.rmtree(package, ignore_errors=True)
        shutil.copytree(fresh, package)
    return package


def _in_triple_quotes(match: re.Match[str]) -> str:
    text = str(ast.literal_eval(match[2])).replace("\\", "\\\\")
    return f'{match[1]}"""{text}{" " if text.endswith(chr(34)) else ""}"""'


def stale_files(committed: Path) -> list[Path]:
    """Return the files of `committed` that differ from what would be generated, missing and surplus ones included."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = generate(Path(scratch))
        names = {path.name for folder in (fresh, committed) for path in folder.glob("*.py")}
        equal, _, _ = filecmp.cmpfiles(fresh, committed, sorted(names), shallow=False)
    return [committed / name for name in sorted(names - set(equal))]


def main() -> int:
    """Generate or check, and report which schema fields are used by whom."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the committed code is stale")
    check: bool = parser.parse_args().check
    try:
        options = Options.of(tomllib.loads(CONFIG.read_text(encoding="utf-8")))
        if check:
            stale = stale_files(options.package)
            if stale:
                print("Stale, run `make generate`:", *stale, sep="\n  ")
                return 1
        else:
            generate(options.target_package_path)
        print(usage.report(Sources.load(options.schema_path, options.queries_path)))
    except QueryRulesError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
