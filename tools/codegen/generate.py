"""Compiles `queries/` against `schema.graphql`: `python -m tools.codegen.generate [--check]`.

Run it from the repository's root. `--check` writes nothing and exits 1 where the committed code is not current.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import dataclasses
import filecmp
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ariadne_codegen.config import get_config_dict
from ariadne_codegen.main import models_only
from ariadne_codegen.settings import ModelsOnlySettings

from tools.codegen import usage
from tools.codegen.rules import QueryRulesError
from tools.codegen.sources import Sources

__all__ = ["generate", "main", "stale_files"]

CONFIG = Path("codegen.toml")
FIX = [
    "check", "--isolated", "--ignore-noqa", "--quiet", "--fix", "--unsafe-fixes", "--target-version=py311", "--line-length=120",
    "--select=I,UP,F401", '--config=lint.isort.required-imports=["from __future__ import annotations"]',
]  # fmt: skip
# The docstring of a field or an enum member.
LONE_STRING = re.compile(r"""^( {4})((["'])(?!\3\3).*\3)$""", re.MULTILINE)
FORMAT = ["format", "--isolated", "--quiet", "--target-version=py311", "--line-length=120"]


def generate(parent: Path) -> Path:
    """Write the generated package below `parent`, in place of what is there, and return its folder.

    Raises:
        QueryRulesError: A query breaks a rule of `tools.codegen.rules`; the message names file, operation and field.
    """
    config = get_config_dict(str(CONFIG))
    section = config["tool"]["ariadne-codegen"]
    unknown = section.keys() - {field.name for field in dataclasses.fields(ModelsOnlySettings)}
    if unknown:
        raise QueryRulesError(f"{CONFIG}: unknown options {sorted(unknown)}; the generator would ignore them")
    section["target_package_path"] = str(parent)
    package = parent / str(section["target_package_name"])
    shutil.rmtree(package, ignore_errors=True)
    with contextlib.redirect_stdout(io.StringIO()):
        models_only(config)  # type: ignore[no-untyped-call] # ariadne-codegen's own main is not annotated
    for file in package.glob("*.py"):
        file.write_text(LONE_STRING.sub(_in_triple_quotes, file.read_text(encoding="utf-8")), encoding="utf-8")
    for arguments in (FIX, FORMAT):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(package)], check=True)
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
    section = get_config_dict(str(CONFIG))["tool"]["ariadne-codegen"]
    parent, schema, queries = (Path(section[key]) for key in ("target_package_path", "schema_path", "queries_path"))
    try:
        if check:
            stale = stale_files(parent / section["target_package_name"])
            if stale:
                print("Stale, run `make generate`:", *stale, sep="\n  ")
                return 1
        else:
            generate(parent)
        print(usage.report(Sources.load(schema, queries)))
    except QueryRulesError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
