"""Documents as the source code of their types. Pure."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel

from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["Style", "write_types"]

Style: TypeAlias = Literal["typeddict", "pydantic"]

SCALARS: Final[dict[type, str]] = {bool: "bool", int: "int", float: "float", str: "str", type(None): "None"}
ORDER: Final = ("bool", "int", "float", "str")


@dataclass
class _Seen:
    """The values that were seen under a key, or in a list."""

    count: int = 0
    scalars: set[str] = field(default_factory=set[str])
    items: _Seen | None = None
    objects: int = 0
    keys: dict[str, _Seen] = field(default_factory=dict[str, "_Seen"])

    def add(self, value: JSONValue) -> None:
        self.count += 1
        if isinstance(value, dict):
            self.objects += 1
            for key, inner in value.items():
                self.keys.setdefault(key, _Seen()).add(inner)
        elif isinstance(value, list):
            self.items = self.items or _Seen()
            for item in value:
                self.items.add(item)
        else:
            self.scalars.add(SCALARS[type(value)])


def write_types(documents: Mapping[str, Iterable[JSONObject]], style: Style, *, title: str) -> str:
    """Return Python source with a class for each group of documents, and for each object within them.

    Args:
        documents: The documents by the name of their class.
        style: Whether the classes are TypedDicts or pydantic models.
        title: What the source is, for its first line.
    """
    writer = _Writer(style)
    for name, group in documents.items():
        seen = _Seen()
        for document in group:
            seen.add(document)
        writer.write_class(writer.take_name(name), seen)
    return writer.source(title)


class _Writer:
    def __init__(self, style: Style) -> None:
        self._style = style
        self._names: set[str] = {"BaseModel", "ConfigDict", "Field", "NotRequired", "TypedDict"}
        self._classes: list[str] = []

    def source(self, title: str) -> str:
        text = "\n\n\n".join(self._classes)
        wanted = ["NotRequired", "TypedDict"] if self._style == "typeddict" else ["BaseModel", "ConfigDict", "Field"]
        used = [name for name in wanted if re.search(rf"\b{name}\b", text)]
        package = "typing_extensions" if self._style == "typeddict" else "pydantic"
        return f"# {title}\n\nfrom {package} import {', '.join(used)}\n\n\n{text}\n"

    def take_name(self, wanted: str) -> str:
        """Return a name that no other class has."""
        name, number = wanted, 2
        while name in self._names or keyword.iskeyword(name):
            name, number = f"{wanted}{number}", number + 1
        self._names.add(name)
        return name

    def write_class(self, name: str, seen: _Seen) -> None:
        fields = {key: self._type(inner, f"{name}{_camel(key)}") for key, inner in sorted(seen.keys.items())}
        optional = {key for key, inner in seen.keys.items() if inner.count < seen.objects}
        write = self._typed_dict if self._style == "typeddict" else self._model
        self._classes.append(write(name, fields, optional))

    def _type(self, seen: _Seen, name: str) -> str:
        parts: list[str] = [scalar for scalar in ORDER if scalar in seen.scalars]
        if "float" in parts and "int" in parts:
            parts.remove("int")
        if seen.items is not None:
            parts.append(f"list[{self._type(seen.items, f'{name}Item') if seen.items.count else 'object'}]")
        if seen.keys:
            name = self.take_name(name)
            self.write_class(name, seen)
            parts.append(name)
        elif seen.objects:
            parts.append("dict[str, object]")
        return " | ".join([*parts, *(["None"] if "None" in seen.scalars else [])])

    def _typed_dict(self, name: str, fields: Mapping[str, str], optional: set[str]) -> str:
        types = {key: f"NotRequired[{kind}]" if key in optional else kind for key, kind in fields.items()}
        if all(_is_plain(key) for key in types):
            lines = [f"    {key}: {kind}" for key, kind in types.items()] or ["    pass"]
            return "\n".join([f"class {name}(TypedDict):", *lines])
        lines = [f"        {_quoted(key)}: {kind}," for key, kind in types.items()]
        return "\n".join([f"{name} = TypedDict(", f"    {_quoted(name)},", "    {", *lines, "    },", ")"])

    def _model(self, name: str, fields: Mapping[str, str], optional: set[str]) -> str:
        lines = [f"class {name}(BaseModel):", "    model_config = ConfigDict(protected_namespaces=())"]
        attributes = zip(fields.items(), _attributes(fields, {*fields.values()}), strict=True)
        for (key, kind), attribute in attributes:
            is_optional = key in optional
            if is_optional and "None" not in kind.split(" | "):
                kind += " | None"
            options = [
                *(["default=None"] if is_optional else []),
                *([f"alias={_quoted(key)}"] if attribute != key else []),
            ]
            default = f" = Field({', '.join(options)})" if attribute != key else " = None" if is_optional else ""
            lines.append(f"    {attribute}: {kind}{default}")
        return "\n".join(lines)


def _attributes(keys: Iterable[str], types: set[str]) -> Iterator[str]:
    """Yield the name of an attribute for each key: an identifier of its own that hides nothing."""
    taken = {*dir(BaseModel), *keyword.kwlist, *SCALARS.values(), *re.findall(r"\w+", " ".join(types)), "list", "dict"}
    plain = {key for key in keys if _is_plain(key) and not key.startswith("_") and key not in taken}
    for key in keys:
        if key in plain:
            yield key
            continue
        wanted = re.sub(r"\W", "_", key).strip("_") or "key"
        name = f"key_{wanted}" if not wanted.isidentifier() else wanted
        while name in taken or name in plain:
            name += "_"
        taken.add(name)
        yield name


def _is_plain(key: str) -> bool:
    """Tell whether a key can stand in the body of a class. Two underscores at its start would change it there."""
    return key.isidentifier() and key.isascii() and not keyword.iskeyword(key) and not key.startswith("__")


def _camel(key: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", key))


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else character.encode("unicode_escape").decode()
