"""From a request body to a wish: property names checked against the catalogue, then values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simulators.netsuite.rules.fields.catalogue import LINES, RECORDS, known
from simulators.netsuite.rules.fields.reading import Field
from simulators.netsuite.rules.refusal import Refused, invalid_content
from simulators.netsuite.rules.wishes import Wish

VALIDATIONS = ("error", "warning", "ignore")
# No number of the vendor's has more digits before its point.
_MOST = 10**15
# What every object may carry, since answers do, and what is never taken from it.
_ALWAYS = frozenset({"id", "links", "refName"})
_OF_REFERENCE = frozenset({"id", "externalId", "refName", "links"})
_OF_SUBLIST = frozenset({"items", "links", "totalResults", "count", "hasMore", "offset"})


@dataclass(slots=True)
class Reading:
    """names, values: what to do about unknown names and wrong values; dropped: their paths."""

    names: str
    values: str
    dropped: list[str] = field(default_factory=list)

    def unknown(self, path: str) -> None:
        if self.names == "error":
            name = path.rsplit(".", 1)[-1]
            raise invalid_content(f"Invalid property: the field '{name}' does not exist.", path)
        self.dropped.append(path)

    def wrong(self, path: str, why: str) -> None:
        if self.values == "error":
            raise invalid_content(f"Invalid value for the field '{path.rsplit('.', 1)[-1]}': {why}.", path)
        self.dropped.append(path)


def body_to_wish(
    kind: str, body: Any, names: str = "warning", values: str = "error"
) -> tuple[Wish, list[str]]:
    """(wish, paths of what was dropped); INVALID_CONTENT names what is wrong."""
    if not isinstance(body, dict):
        raise invalid_content("The request body must be a JSON object.")
    reading = Reading(names, values)
    if kind not in RECORDS:
        return {}, []
    return _object(kind, body, "", reading), reading.dropped


def line_to_wish(kind: str, body: Any, names: str, values: str) -> tuple[Wish, list[str]]:
    """The same for one line of a sublist, as in "invoice.item"."""
    if not isinstance(body, dict):
        raise invalid_content("The request body must be a JSON object.")
    reading = Reading(names, values)
    found = _object(kind, body, "", reading) if kind in LINES else {"custom": dict(body)}
    return found, reading.dropped


def _object(kind: str, body: dict[str, Any], path: str, reading: Reading) -> Wish:
    wish: Wish = {}
    custom: dict[str, object] = {}
    for name, value in body.items():
        here = f"{path}.{name}" if path else name
        found = known(kind, name)
        if found is None:
            if name not in _ALWAYS:
                reading.unknown(here)
            continue
        if found.shown:
            continue
        try:
            taken = None if value is None else _value(kind, found, value, here, reading)
        except ValueError as error:
            reading.wrong(here, str(error))
            continue
        if found.ruled:
            wish[name] = taken
        else:
            custom[name] = taken
    if custom:
        wish["custom"] = custom
    return wish


def _value(kind: str, found: Field, value: Any, path: str, reading: Reading) -> object:
    if found.sort == "reference" and isinstance(value, dict):
        for name in sorted(value.keys() - _OF_REFERENCE):
            reading.unknown(f"{path}.{name}")
    if found.sort == "sublist":
        return _sublist(f"{kind}.{found.name}", value, path, reading)
    return _PLAIN[found.sort](value)


def _sublist(kind: str, value: Any, path: str, reading: Reading) -> object:
    lines = value.get("items") if isinstance(value, dict) else None
    if not isinstance(lines, list) or not all(isinstance(each, dict) for each in lines):
        raise ValueError("a sublist is an object with items")
    for name in value:
        if name not in _OF_SUBLIST:
            reading.unknown(f"{path}.{name}")
    if kind not in LINES:
        _any(lines)
        return {"items": [{k: v for k, v in each.items() if k != "links"} for each in lines]}
    return {"items": [_object(kind, each, f"{path}.items[{i}]", reading) for i, each in enumerate(lines)]}


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("a text is expected")
    return str(value)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("a number is expected")
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"'{value}' is not a number") from None
    if not found.is_finite() or abs(found) >= _MOST:
        raise ValueError(f"'{value}' is not a number")
    return found


def _integer(value: Any) -> int:
    found = _number(value)
    if found != found.to_integral_value():
        raise ValueError(f"'{value}' is not a whole number")
    return int(found)


_WORDS = {"true": True, "t": True, "false": False, "f": False}


def _boolean(value: Any) -> bool:
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    if not isinstance(value, bool):
        raise ValueError("true or false is expected")
    return value


def _date(value: Any) -> str:
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise ValueError("a date is written YYYY-MM-DD")


def _choice(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        found = {name: str(value[name]) for name in ("id", "refName") if value.get(name) is not None}
        if not found:
            raise ValueError("an id is expected")
        return found
    return {"id": _text(value)}


def _reference(value: Any) -> dict[str, str] | None:
    if isinstance(value, dict):
        return {
            name: _text(value[name])
            for name in ("id", "externalId", "refName")
            if value.get(name) is not None
        }
    text = _text(value)
    return {"id": text} if text else None


def _subrecord(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is expected")
    _any(value)
    return {name: each for name, each in value.items() if name != "links"}


def _any(value: Any) -> object:
    found: object = value
    if isinstance(value, int) and abs(value) >= _MOST:
        raise ValueError(f"'{value}' is out of range")
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _any(each)
    return found


_PLAIN: dict[str, Callable[[Any], object]] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "moment": _text,
    "choice": _choice,
    "reference": _reference,
    "subrecord": _subrecord,
    "any": _any,
}


def validation(headers: Any, header: str, default: str) -> str:
    """The mode a validation header asks for."""
    given: str = headers.get(header.lower(), default).lower()
    if given not in VALIDATIONS:
        detail = (
            f"Invalid value '{given}' for the header {header}. Acceptable values: Error, Warning, Ignore."
        )
        raise Refused("INVALID_HEADER", detail, "Header", header)
    return given
