"""JSON property names in any case, as the vendor reads them, brought to the one the shapes are written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel


def names_of(shapes: Iterable[type[BaseModel]]) -> dict[str, str]:
    """Lower-case name, and name as spelt -> name as spelt, for the shapes and all that they hold."""
    names: dict[str, str] = {}
    for shape in shapes:
        for attribute, field in shape.model_fields.items():
            name = field.alias or attribute
            names[name.lower()] = names[name] = name
            names.update(names_of(_shapes_in(field.annotation)))
    return names


def _shapes_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [shape for part in get_args(annotation) for shape in _shapes_in(part)]


def normalised(value: Any, names: Mapping[str, str]) -> Any:
    """A copy with known names as the shapes spell them; null means absent, unknown names stay as they are."""
    if isinstance(value, dict):
        return {
            names.get(name) or names.get(name.lower(), name): (
                normalised(part, names) if isinstance(part, (dict, list)) else part
            )
            for name, part in value.items()
            if part is not None
        }
    if isinstance(value, list):
        return [normalised(part, names) for part in value]
    return value
