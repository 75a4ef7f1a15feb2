"""Finding objects by conditions on their fields, through an index wherever one fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from simulators.kit.clock import SECOND, midnight
from simulators.zuora.rules.fields import OBJECTS, custom, field_of
from simulators.zuora.rules.refusal import INVALID, Refused
from simulators.zuora.rules.rows import DERIVED, derived
from simulators.zuora.rules.shelf import Shelf
from simulators.zuora.rules.state import State
from simulators.zuora.rules.vocabulary import DATE, FLAG, NUMBER, TIME, Field

# Operators of the object query; ZOQL's signs are spelled out by its parser.
OPERATORS = ("EQ", "NE", "LT", "GT", "LE", "GE", "SW", "IN")


@dataclass(frozen=True, slots=True)
class Condition:
    """`field op value`; the value is still text; None is null. For IN: the texts."""

    field: str
    op: str
    value: str | None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A condition with its field found and its value understood."""

    name: str
    field: Field
    op: str
    value: Any


def shelf_of(state: State, name: str) -> Shelf[Any]:
    """The shelf of an object by its capitalised name."""
    if name in DERIVED:
        return derived(state, name)
    shelves: dict[str, Shelf[Any]] = {
        "Account": state.accounts,
        "Invoice": state.invoices,
        "CreditMemo": state.memos,
        "Subscription": state.subscriptions,
        "Payment": state.payments,
        "Refund": state.refunds,
        "Order": state.orders,
        "BillRun": state.bill_runs,
        "PaymentRun": state.payment_runs,
        "Contact": state.contacts,
        "PaymentMethod": state.methods,
        "Product": state.products,
        "ProductRatePlan": state.plans,
        "ProductRatePlanCharge": state.plan_charges,
        "Usage": state.usage,
    }
    return shelves[name]


def known_field(name: str, field: str) -> Field:
    """A field by the object query's spelling; Refused if the object has none such."""
    if field.endswith("__c") and name in ("Account", "Subscription"):
        return custom(field)
    found = OBJECTS[name].get(field)
    if found is None:
        raise Refused(INVALID, f"{name} has no field '{field}'.", field)
    return found


def proper_name(name: str, field: str) -> str:
    """The field's own spelling; the object query also takes it all in lower case (SDK examples)."""
    if field in OBJECTS[name] or field.endswith("__c"):
        return field
    lower = field.lower()
    return next((known for known in OBJECTS[name] if known.lower() == lower), field)


def checks(name: str, conditions: Iterable[Condition], *, zoql: bool = False) -> list[Check]:
    """The conditions made ready; Refused for an unknown field or a value that does not fit it."""
    ready = []
    for condition in conditions:
        if zoql:
            found = field_of(name, condition.field)
            if found is None:
                raise Refused(INVALID, f"{name} has no field '{condition.field}'.", condition.field)
            plain = condition.field
            if not plain.endswith("__c"):
                plain = plain[:1].lower() + plain[1:]
        else:
            found, plain = known_field(name, condition.field), condition.field
        value: Any
        if condition.op == "IN":
            value = [_understood(found, plain, text) for text in condition.values]
        else:
            value = _understood(found, plain, condition.value)
        ready.append(Check(plain, found, condition.op, value))
    return ready


def find(state: State, name: str, wanted: Sequence[Check]) -> list[Any]:
    """The objects that pass every test, in order of creation."""
    candidates = _candidates(shelf_of(state, name), wanted)
    return sorted((item for item in candidates if passes(item, wanted)), key=lambda item: item.seq)


def passes(item: object, wanted: Sequence[Check]) -> bool:
    """Whether the object passes every test."""
    return all(_passes(test.field.read(item), test) for test in wanted)


def _candidates(shelf: Shelf[Any], wanted: Sequence[Check]) -> Iterator[Any]:
    best: Iterable[Any] | None = None
    size = len(shelf)
    for test in wanted:
        if test.op in ("EQ", "IN") and test.name in ("id", *_NUMBERS):
            keys = test.value if test.op == "IN" else [test.value]
            return iter([item for key in dict.fromkeys(keys) if key and (item := shelf.get(key))])
        if test.op == "EQ" and shelf.indexes(test.name):
            found = shelf.where(test.name, test.value)
            if len(found) <= size:
                best, size = found.values(), len(found)
        elif test.op == "IN" and shelf.indexes(test.name):
            keys = dict.fromkeys(test.value)
            items = [item for key in keys for item in shelf.where(test.name, key).values()]
            if len(items) <= size:
                best, size = items, len(items)
        elif test.op == "GT" and test.name == "balance" and test.value == 0 and shelf.indexes("open"):
            found = shelf.where("open", True)
            if len(found) <= size:
                best, size = found.values(), len(found)
    if best is not None:
        return iter(best)
    for test in wanted:
        if test.name == "updatedDate" and test.op in ("GT", "GE", "EQ") and test.value is not None:
            return shelf.changed_since(test.value)
    return iter(shelf)


_NUMBERS = ("accountNumber", "invoiceNumber", "memoNumber", "paymentNumber", "refundNumber", "orderNumber")


def _passes(value: Any, test: Check) -> bool:
    op, wanted = test.op, test.value
    if op == "EQ":
        return bool(value == wanted)
    if op == "NE":
        return bool(value != wanted)
    if op == "IN":
        return value in wanted
    if value is None or wanted is None:
        return False
    if op == "SW":
        return str(value).startswith(str(wanted))
    if op == "LT":
        return bool(value < wanted)
    if op == "GT":
        return bool(value > wanted)
    return bool(value <= wanted) if op == "LE" else bool(value >= wanted)


def _understood(field: Field, name: str, text: str | None) -> Any:
    if text is None or (text == "null" and field.kind != FLAG):
        return None
    try:
        if field.kind == NUMBER:
            return Decimal(text)
        if field.kind == DATE:
            return date.fromisoformat(text[:10])
        if field.kind == TIME:
            return _moment(text)
        if field.kind == FLAG:
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError, InvalidOperation):
        raise Refused(INVALID, f"'{text}' is not a value of the field '{name}'.", name) from None
    return text


def _moment(text: str) -> int:
    given = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    offset = given.utcoffset()
    seconds = given.hour * 3600 + given.minute * 60 + given.second
    if offset is not None:
        seconds -= offset.days * 86_400 + offset.seconds
    return midnight(given.date()) + seconds * SECOND
