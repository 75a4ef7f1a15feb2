"""Evidence as plain JSON, written and read again."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from fractions import Fraction
from typing import Any, get_args, get_origin, get_type_hints

from scenarios.evidence.run import Evidence


def to_text(evidence: Evidence) -> str:
    """One line of JSON; an exact fraction as "7/2"."""
    return json.dumps(asdict(evidence), default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"evidence holds a {type(value).__name__}, which is no JSON")


def from_json(kind: Any, value: Any) -> Any:
    """Build one of the classes above from plain JSON; KeyError or TypeError names what is missing."""
    origin = get_origin(kind)
    if origin is tuple:
        items = get_args(kind)
        if items[-1] is not Ellipsis:
            return tuple(from_json(item, each) for item, each in zip(items, value, strict=True))
        return tuple(from_json(items[0], each) for each in value)
    if kind is Fraction:
        return Fraction(value)
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
