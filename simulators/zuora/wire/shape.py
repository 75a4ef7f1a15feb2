"""How a request body becomes a shape, and what is said of one that does not fit."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from simulators.kit.table import Call
from simulators.zuora.rules.refusal import INVALID, MALFORMED, MISSING, UNKNOWN_FIELD, Refused, one_of

LENIENT = {"lenient": True}
_LONG = re.compile(rb"\d{19}")


def words(text: str) -> tuple[str, ...]:
    """Names parted by blanks, in order."""
    return tuple(text.split())


class Shape(BaseModel):
    """A JSON object of the wire. ACCEPTS: fields the vendor knows that have no effect here; CUSTOM:
    whether custom fields (`__c`) and those of the vendor's connectors (`__NS`, `__QT`) may be given."""

    # Built when first read, not when the program starts.
    model_config = ConfigDict(extra="allow", defer_build=True)
    ACCEPTS: ClassVar[tuple[str, ...]] = ()
    CUSTOM: ClassVar[bool] = False

    @model_validator(mode="after")
    def _known_fields_only(self, info: ValidationInfo) -> Shape:
        if info.context == LENIENT:
            return self
        for name in self.model_extra or ():
            if name not in self.ACCEPTS and not (self.CUSTOM and is_custom(name)):
                raise PydanticCustomError("unknown_field", "{name}", {"name": name})
        return self

    def custom_fields(self) -> dict[str, object]:
        """The custom fields that were given."""
        return {name: value for name, value in (self.model_extra or {}).items() if is_custom(name)}


def is_custom(name: str) -> bool:
    """Whether a field is the company's own or a connector's."""
    return name.endswith(("__c", "__NS", "__QT"))


def _no_float(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError("is not a number")
    return value


def _plain_date(value: Any) -> Any:
    # The vendor's dates are yyyy-mm-dd; some clients send the full moment, of which the day counts.
    if isinstance(value, str) and len(value) >= 10:
        return value[:10]
    raise ValueError("is not a date")


def _in_calendar(value: date) -> date:
    if not 1900 <= value.year <= 2999:
        raise ValueError("is out of the calendar")
    return value


Number = Annotated[Decimal, BeforeValidator(_no_float), Field(gt=-(10**18), lt=10**18)]
Day = Annotated[date, BeforeValidator(_plain_date), AfterValidator(_in_calendar)]

S = TypeVar("S", bound=Shape)


def parse(call: Call) -> dict[str, Any]:
    """The body as an object; an empty body counts as an empty object."""
    try:
        value = call.json() if call.body else {}
    except ValueError:
        raise Refused(MALFORMED, "The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise Refused(MALFORMED, "The request body must be a JSON object.")
    if _LONG.search(call.body) and _too_long(value):
        raise Refused(INVALID, "A number is out of range.")
    return value


def _too_long(value: object) -> bool:
    """Whether a whole number is in it that no JSON library of the vendor's would take."""
    if isinstance(value, dict):
        return any(_too_long(each) for each in value.values())
    if isinstance(value, list):
        return any(_too_long(each) for each in value)
    return isinstance(value, int) and abs(value) >= 2**63


def read(shape: type[S], call: Call) -> S:
    """The body as a shape; Refused in the vendor's categories if it is malformed, lacks a field, has one
    too many, or one of the wrong kind."""
    return check(shape, parse(call))


def read_crud(shape: type[S], call: Call) -> S:
    """The body of a CRUD call, which ignores fields that it does not know unless it is told not to."""
    return check(shape, parse(call), lenient=call.args().get("rejectUnknownFields", "").lower() != "true")


def check(shape: type[S], value: object, *, lenient: bool = False) -> S:
    """A parsed value as a shape; Refused as in `read`. lenient: fields that are not known are ignored."""
    try:
        return shape.model_validate(value, context=LENIENT if lenient else None)
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Refused:
    first = error.errors(include_url=False, include_context=True)[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return Refused(MISSING, f"'{place}' is required.", place)
    if first["type"] == "unknown_field":
        name = str(first["ctx"]["name"])
        place = f"{place}.{name}" if place else name
        return Refused(UNKNOWN_FIELD, f"Unknown field '{place}'.", place)
    if first["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", str(first["ctx"]["expected"]))
        no = one_of(str(first["loc"][-1]), choices)
        return Refused(no.category, no.message, place)
    return Refused(INVALID, f"'{place}' has an invalid value.", place)
