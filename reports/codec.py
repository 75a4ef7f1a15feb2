"""Frozen values to JSON and back; an error names the field that is wrong."""

from __future__ import annotations

import math
import types
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class RecordError(ValueError):
    """A record that cannot be read; the text begins with the field's path."""


def to_plain(value: object) -> Any:
    """Dataclasses become objects, tuples become lists; the rest is JSON already."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[T], raw: object, where: str = "record") -> T:
    """Build the dataclass `kind` of plain JSON: every field checked, none unknown, none missing."""
    if not isinstance(raw, dict):
        raise RecordError(f"{where}: expected an object, got {_name(raw)}")
    hints = get_type_hints(kind)
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    for name in raw:
        if name not in known:
            raise RecordError(f"{where}.{name}: unknown field")
    built: dict[str, Any] = {}
    for name, item in known.items():
        if name in raw:
            built[name] = _value(hints[name], raw[name], f"{where}.{name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise RecordError(f"{where}.{name}: missing")
    try:
        return kind(**built)
    except RecordError:
        raise
    except ValueError as error:
        raise RecordError(f"{where}.{error}") from error


def _value(hint: Any, raw: object, where: str) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(raw, list):
            raise RecordError(f"{where}: expected a list, got {_name(raw)}")
        inner = get_args(hint)[0]
        return tuple(_value(inner, item, f"{where}[{at}]") for at, item in enumerate(raw))
    if get_origin(hint) is Literal:
        if raw not in get_args(hint):
            raise RecordError(f"{where}: expected one of {', '.join(get_args(hint))}; got {raw!r}")
        return raw
    if isinstance(hint, types.UnionType):
        if raw is None:
            return None
        return _value(next(arm for arm in get_args(hint) if arm is not types.NoneType), raw, where)
    if is_dataclass(hint):
        return from_plain(hint, raw, where)  # type: ignore[arg-type]
    return _scalar(hint, raw, where)


def _scalar(hint: type, raw: object, where: str) -> object:
    if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(raw, hint) or (isinstance(raw, bool) and hint is not bool):
        raise RecordError(f"{where}: expected {hint.__name__}, got {_name(raw)}")
    if isinstance(raw, float) and not math.isfinite(raw):
        raise RecordError(f"{where}: expected a finite number, got {raw}")
    return raw


def _name(raw: object) -> str:
    return "null" if raw is None else type(raw).__name__
