"""What a field accepts, and the form in which its value is kept (which is also the wire's form)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from simulators.kit.clock import SECOND, at
from simulators.kit.money import exponent
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity, Field

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_WIDEST = Decimal(10) ** 16


@lru_cache(maxsize=256)
def _second(seconds: int) -> str:
    return f"{at(seconds * SECOND):%Y-%m-%dT%H:%M:%S}.000+0000"


def moment_text(now: int) -> str:
    """Microseconds as Salesforce writes a moment: whole seconds, the fraction always .000."""
    return _second(now // SECOND)


def moment_of(text: str) -> str:
    """An ISO moment with a zone in the kept form; ValueError if it is none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}+0000"


def whole_units(amount: Decimal, currency: str) -> Decimal:
    """Rounded half up to the minor unit of `currency`; what is kept is a whole number of them."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)


def kept(entity: Entity, field: Field, value: object) -> object:
    """The value as it is kept; Refused if the field cannot hold it."""
    if value is None:
        return False if field.type == "boolean" else None
    return _ACCEPT[field.type](entity, field, value)


_TOKENS: dict[type, str] = {
    int: "VALUE_NUMBER_INT",
    Decimal: "VALUE_NUMBER_FLOAT",
    str: "VALUE_STRING",
    list: "START_ARRAY",
    dict: "START_OBJECT",
}


def _unreadable(kind: str, value: object) -> Refused:
    token = _TOKENS.get(type(value)) or f"VALUE_{str(value).upper()}"
    said = f"Cannot deserialize instance of {kind} from {token} value {value}"
    return Refused("JSON_PARSER_ERROR", f"{said} or request may be missing a required field")


def _text(entity: Entity, field: Field, value: object) -> object:
    if not isinstance(value, str):
        raise _unreadable("string", value)
    text = value.strip()
    if len(text) > field.length:
        where = f"{entity.label} Name" if field.name == "Name" else field.label
        said = f"{where}: data value too large: {text} (max length={field.length})"
        raise Refused("STRING_TOO_LONG", said, (field.name,))
    return text or None


def _picked(entity: Entity, field: Field, value: object) -> object:
    text = _text(entity, field, value)
    if text is not None and field.values and not field.loose and text not in field.values:
        said = f"{field.label}: bad value for restricted picklist field: {text}"
        raise Refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", said, (field.name,))
    return text


def _picked_several(entity: Entity, field: Field, value: object) -> object:
    text = _text(entity, field, value)
    if not isinstance(text, str):
        return text
    picked = [each.strip() for each in text.split(";") if each.strip()]
    for each in picked:
        _picked(entity, field, each)
    return ";".join(dict.fromkeys(picked)) or None


def _mail(entity: Entity, field: Field, value: object) -> object:
    text = _text(entity, field, value)
    if isinstance(text, str) and not _MAIL.fullmatch(text):
        said = f"{field.label}: invalid email address: {text}"
        raise Refused("INVALID_EMAIL_ADDRESS", said, (field.name,))
    return text


def _number(_: Entity, field: Field, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise _unreadable(field.type, value)
    try:
        exact = Decimal(value)
    except InvalidOperation:
        raise _unreadable(field.type, value) from None
    if not exact.is_finite():
        raise _unreadable(field.type, value)
    if abs(exact) >= _WIDEST:
        said = f"{field.label}: value outside of valid range on numeric field: {value}"
        raise Refused("NUMBER_OUTSIDE_VALID_RANGE", said, (field.name,))
    if field.type == "currency":  # rounded where the record's currency is known
        return exact
    if field.type == "int" and exact != int(exact):
        raise _unreadable("int", value)
    return exact.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP)


def _flag(_: Entity, __: Field, value: object) -> object:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise _unreadable("boolean", value)
    return value


def _date(_: Entity, __: Field, value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise _unreadable("date", value)


def _moment(_: Entity, __: Field, value: object) -> object:
    try:
        return moment_of(value) if isinstance(value, str) else _refuse(value)
    except ValueError:
        raise _unreadable("datetime", value) from None


def _refuse(value: object) -> object:
    raise _unreadable("datetime", value)


_ACCEPT: dict[str, Callable[[Entity, Field, object], object]] = {
    "string": _text, "textarea": _text, "phone": _text, "url": _text, "reference": _text, "id": _text,
    "picklist": _picked, "multipicklist": _picked_several, "email": _mail,
    "double": _number, "currency": _number, "percent": _number,
    "int": _number, "boolean": _flag, "date": _date, "datetime": _moment,
}  # fmt: skip
