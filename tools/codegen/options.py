"""`codegen.toml`, read strictly: the generator itself ignores what it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pydantic

from tools.codegen.sources import QueryRulesError

__all__ = ["CONFIG", "Options"]

CONFIG = Path("codegen.toml")


class Scalar(pydantic.BaseModel, extra="forbid"):
    """What a custom scalar is in Python.

    Attributes:
        type: Its type, as a dotted name.
    """

    type: str


class Options(pydantic.BaseModel, extra="forbid"):
    """The section `[tool.ariadne-codegen]`. Where only one value is possible, our base model and plugin rely on it."""

    schema_path: Path
    queries_path: Path
    target_package_path: Path
    target_package_name: str
    include_comments: Literal["stable"]
    include_all_inputs: Literal[False]
    include_all_enums: Literal[False]
    defer_model_build: Literal[True]
    use_alias_generator: Literal[True]
    skip_validation_rules: list[str]
    plugins: list[str]
    scalars: dict[str, Scalar] = {}

    @staticmethod
    def of(config: Mapping[str, object]) -> Options:
        """Read the parsed file.

        Raises:
            QueryRulesError: An option is unknown, missing or of the wrong form; the message names it.
        """
        try:
            return _File.model_validate(config).tool.options
        except pydantic.ValidationError as error:
            lines = (f"{CONFIG}: {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            raise QueryRulesError("\n".join(lines)) from error

    @property
    def package(self) -> Path:
        """The folder of the generated package."""
        return self.target_package_path / self.target_package_name


class _Tool(pydantic.BaseModel):
    options: Options = pydantic.Field(alias="ariadne-codegen")


class _File(pydantic.BaseModel):
    tool: _Tool
