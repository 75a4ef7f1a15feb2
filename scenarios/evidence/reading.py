"""Evidence from plain JSON."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints


def from_json(kind: Any, value: Any) -> Any:
    """Build one of the classes above from plain JSON; KeyError or TypeError names what is missing."""
    origin = get_origin(kind)
    if origin is tuple:
        item = get_args(kind)[0]
        return tuple(from_json(item, each) for each in value)
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        try:
            return kind(**{f.name: from_json(hints[f.name], value[f.name]) for f in fields(kind)})
        except KeyError as missing:
            raise KeyError(f"{kind.__name__} lacks {missing}; it has {sorted(value)}") from None
    return value


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(kind: type) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]
