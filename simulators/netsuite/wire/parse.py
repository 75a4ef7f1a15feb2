"""From a request body to a wish: property names checked first, then values."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.wire.models import BODIES, Shape

VALIDATIONS = ("error", "warning", "ignore")

# Per model: property name -> model of the value, None where it is plain.
Fields = dict[type[Shape], dict[str, type[Shape] | None]]


def body_to_wish(kind: str, body: Any, validation: str) -> tuple[dict[str, Any], list[str]]:
    """(wish, paths of unknown properties that were dropped); INVALID_CONTENT names what is wrong.

    validation: "error" refuses an unknown property, the others drop it.
    """
    if not isinstance(body, dict):
        raise Refused("INVALID_CONTENT", "The request body must be a JSON object.")
    model = BODIES.get(kind)
    if model is None:
        return {}, []
    dropped: list[str] = []
    clean = _known(model, body, "", dropped)
    if dropped and validation == "error":
        raise Refused("INVALID_CONTENT", f"Unknown property '{dropped[0]}'.", "Path", dropped[0])
    try:
        wish = model.model_validate(clean).model_dump(exclude_unset=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = _path(first["loc"])
        raise Refused("INVALID_CONTENT", f"Invalid value: {first['msg']}", "Path", path) from error
    _lift(model, wish)
    return wish, dropped


def _known(model: type[Shape], body: dict[str, Any], path: str, dropped: list[str]) -> dict[str, Any]:
    fields = _FIELDS[model]
    found = {}
    for name, value in body.items():
        here = f"{path}.{name}" if path else name
        if name in fields:
            inner = fields[name]
            if inner is not None and isinstance(value, dict):
                value = _known(inner, value, here, dropped)  # noqa: PLW2901
            elif inner is not None and isinstance(value, list):
                value = [  # noqa: PLW2901
                    _known(inner, each, f"{here}[{i}]", dropped) if isinstance(each, dict) else each
                    for i, each in enumerate(value)
                ]
            found[name] = value
        elif model.custom and name.startswith(model.custom):
            found[name] = value
        elif name not in model.read_only:
            dropped.append(here)
    return found


def _lift(model: type[Shape], wish: dict[str, Any]) -> None:
    # Custom fields stand between the others on the wire; rules want them together.
    if model.custom:
        custom = {name: wish.pop(name) for name in list(wish) if name.startswith(model.custom)}
        if custom:
            wish["custom"] = custom
    for name, inner in _FIELDS[model].items():
        line_model = _FIELDS[inner].get("items") if inner is not None else None
        if line_model is not None and wish.get(name):
            for line in wish[name]["items"]:
                _lift(line_model, line)


def _path(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _inner(annotation: Any) -> type[Shape] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation if issubclass(annotation, Shape) else None
    return next((found for each in get_args(annotation) if (found := _inner(each))), None)


def _fields(model: type[Shape], into: Fields) -> Fields:
    if model not in into:
        into[model] = {name: _inner(each.annotation) for name, each in model.model_fields.items()}
        for inner in into[model].values():
            if inner is not None:
                _fields(inner, into)
    return into


def _all_fields() -> Fields:
    into: Fields = {}
    for model in BODIES.values():
        _fields(model, into)
    return into


_FIELDS = _all_fields()
