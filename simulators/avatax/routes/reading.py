"""From a request to values; every refusal about form is made here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError

from simulators.avatax.rules.documents import ADJUSTMENT_REASONS
from simulators.avatax.rules.places import Address
from simulators.avatax.rules.refusal import TaxRefusal, malformed, required, too_long
from simulators.avatax.rules.sales import KINDS
from simulators.avatax.rules.taxation import round_half_up
from simulators.avatax.wire import multi, setup
from simulators.avatax.wire import requests as wire
from simulators.avatax.wire.casing import names_of, normalised
from simulators.kit.money import exponent
from simulators.kit.table import Call

BodyShape = TypeVar("BodyShape", bound=wire.Shape)

_NAMES = names_of(
    (
        multi.AdjustMultiBody,
        multi.CommitMultiBody,
        multi.VerifyMultiBody,
        wire.AddLinesBody,
        wire.AdjustBody,
        wire.BulkLockBody,
        setup.CertificateLinksBody,
        wire.ChangeCodeBody,
        setup.CompanyBody,
        setup.CompanyInitializationBody,
        setup.ConfigurationBody,
        wire.CreateOrAdjustBody,
        setup.CustomerLinksBody,
        wire.LockBody,
        setup.NexusByAddressBody,
        setup.ResetLicenceBody,
        wire.RefundBody,
        wire.SettleBody,
        wire.VoidBody,
    )
)
# Members of the vendor's enumerations may be sent as numbers, too (public SDKs do).
_KINDS = {key: name for i, name in enumerate(KINDS) for key in (name.lower(), str(i))}
_REASONS = {key: name for i, name in enumerate(ADJUSTMENT_REASONS) for key in (name.lower(), str(i))}
# Characters that the vendor wants replaced in codes inside a path (its SDK documentation).
_ESCAPES = {"2f": "/", "2b": "+", "3f": "?", "25": "%", "23": "#"}
_ESCAPED = re.compile(r"_-ava(2f|2b|3f|25|23)-_", re.IGNORECASE)
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_AMOUNT_LIMIT = Decimal(10) ** 15
_FINEST = 20
_KIND_OF_ERROR = {"decimal": "Decimal", "bool": "Boolean", "int": "Int32", "string": "String"}


def body(call: Call, shape: type[BodyShape]) -> BodyShape:
    """The body as one object of that shape."""
    return checked(parsed(call), shape)


def bodies(call: Call, shape: type[BodyShape]) -> list[BodyShape]:
    """The body as a list of objects of that shape."""
    return [checked(one, shape) for one in listed_bodies(call)]


def listed_bodies(call: Call) -> list[object]:
    """The body as a list."""
    given = parsed(call)
    if not isinstance(given, list):
        raise malformed(type(given).__name__, "Array", "model")
    return given


def parsed(call: Call) -> object:
    """The body as JSON with the vendor's spelling of names."""
    if not call.body.strip():
        raise TaxRefusal("ModelRequiredException", "The request needs a body.", param="model")
    try:
        value = call.json()
    except ValueError:
        raise TaxRefusal("JsonFormatError", "The request body is not valid JSON.", param="model") from None
    return normalised(value, _NAMES)


def checked(value: object, shape: type[BodyShape]) -> BodyShape:
    """Every field that is missing (ValueRequiredError) or of the wrong kind (ModelStateInvalid) is named."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        wrong = [_wrong(dict(each)) for each in error.errors(include_url=False, include_context=True)]
        wrong[0].more = tuple(wrong[1:])
        raise wrong[0] from None


def _wrong(error: dict[str, Any]) -> TaxRefusal:
    where = ".".join(str(part) for part in error["loc"]) or "model"
    kind = str(error["type"])
    if kind in ("missing", "string_too_short"):
        return required(where)
    if kind == "string_too_long":
        return too_long(where, int(error["ctx"]["max_length"]))
    given = error["input"]
    shown = given if isinstance(given, str | int | Decimal) else type(given).__name__
    return malformed(shown, _KIND_OF_ERROR.get(kind.partition("_")[0], "Object"), where)


def address_of(given: wire.AddressBody) -> Address:
    """Blanks around the parts do not count."""
    at = None
    if given.latitude is not None and given.longitude is not None:
        if given.latitude.copy_abs() > 90 or given.longitude.copy_abs() > 180:
            raise malformed(f"{given.latitude},{given.longitude}", "Coordinates", "latitude")
        at = given.latitude, given.longitude
    return Address(
        given.line1.strip(),
        given.line2.strip(),
        given.line3.strip(),
        given.city.strip(),
        given.region.strip(),
        given.postal_code.strip(),
        given.country.strip(),
        at,
        given.location_code.strip(),
    )


def kind_of(text: str, otherwise: str = "SalesOrder") -> str:
    """A document type by name, in any case, or number."""
    return member("DocumentType", _KINDS, text or otherwise)


def reason_of(text: str) -> str:
    """A reason of adjustment by name or number."""
    return member("AdjustmentReason", _REASONS, text)


def member(enumeration: str, members: Mapping[str, str], text: str) -> str:
    """One of an enumeration's names, in any case or by number."""
    found = members.get(text.strip().lower())
    if found is None:
        raise malformed(text, enumeration, enumeration)
    return found


def minor_of(name: str, amount: Decimal, currency: str) -> int:
    """Minor units; finer amounts are rounded half up (unconfirmed: the vendor keeps more digits inside)."""
    return round_half_up(bounded(name, amount).scaleb(exponent(currency)))


def bounded(name: str, amount: Decimal) -> Decimal:
    """Neither too large nor too fine to be kept."""
    if amount.copy_abs() >= _AMOUNT_LIMIT or int(amount.as_tuple().exponent) < -_FINEST:
        raise TaxRefusal("InvalidDecimalValue", f"{name} is out of range.", param=name)
    return amount


def date_of(name: str, text: str) -> str:
    """YYYY-MM-DD of an ISO date or moment, with or without zone, "T" or blank, or of M/D/YYYY."""
    day = text.strip()
    american = _US_DATE.match(day)
    if american:
        day = f"{american[3]}-{int(american[1]):02d}-{int(american[2]):02d}"
    try:
        if day[10:11] not in ("", "T", "t", " "):
            raise ValueError
        return date.fromisoformat(day[:10]).isoformat()
    except ValueError:
        raise malformed(text, "DateTime", name) from None


def path_code(call: Call, name: str) -> str:
    """A code out of the path, the vendor's own escapes undone."""
    return _ESCAPED.sub(lambda match: _ESCAPES[match[1].lower()], call.params[name])


def path_number(call: Call, name: str) -> int:
    """A number out of the path."""
    text = call.params[name]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise malformed(text, "Int32", name)
    return int(text)


def query(call: Call) -> dict[str, str]:
    """The query, names in lower case: the vendor does not mind their case."""
    return {name.lower(): value for name, value in call.args().items()} if call.query else {}


def fits(name: str, text: str, longest: int = 50) -> str:
    """Text that is not too long for its field."""
    if len(text) > longest:
        raise too_long(name, longest)
    return text
