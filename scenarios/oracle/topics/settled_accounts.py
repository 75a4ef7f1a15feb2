"""Invoices, payments, refunds and chargebacks of one customer: event by event, the balances after each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.cash.application import Account
from core.finance.exact import to_money
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.cash_reading import Unit, first, has_day, rows_of, unit_of

_OPEN = r"balance|open|due|outstanding|owe|left|remain|receivable|account|unpaid|after|rest"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_ACTS = (
    ("reversal", r"charge_?back[ _]?revers|revers\w*[ _]?charge_?back|dispute_won|reinstat"),
    ("chargeback", r"charge_?back|dispute"),
    ("refund", r"refund"),
    ("write_off", r"write_?off|uncollectible"),
    ("credit", r"use_?credit|apply_?credit|credit_applied"),
    ("adjust", r"adjust|credit_note"),
    ("bill", r"^(invoice|bill|charge)$"),
    ("pay", r"pay|^paid$|^paid_(amount|in_full)$"),
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Minor units after an event. act: what it was."""

    act: str
    balance: int
    invoices: Mapping[str, int]
    paid: int
    refunded: int
    purchased: int
    credit: int


@dataclass(slots=True)
class Book:
    """An account under way; bills are issued when something first names them."""

    unit: Unit
    bills: list[Money]
    account: Account
    issued: int = 0
    payments: list[str] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    adjusts: bool = False

    def issue(self, number: int) -> str:
        """Bill up to the number and return its key."""
        if not 0 < number <= len(self.bills):
            raise NotOffered(f"invoice {number}: there are {len(self.bills)}")
        while self.issued < number:
            self.issued += 1
            self.account.invoice(str(self.issued), self.bills[self.issued - 1])
        return str(number)


def answer(case: Case) -> Any:
    """Play all events, then read what is wanted; a variant is played by itself."""
    unit = unit_of(case)
    played = _played(case.inputs, _events(case.inputs), unit)
    found = {}
    for key, wanted in case.wanted.items():
        own = case.inputs.get(key)
        if isinstance(wanted, Mapping) and isinstance(own, Mapping):
            alone = _played(case.inputs, [*rows_of(own.get("events") or own)], unit)
            found[key] = {name: _figure(name, shape, alone) for name, shape in wanted.items()}
        elif isinstance(wanted, Mapping):
            found[key] = {name: _figure(f"{key}_{name}", shape, played) for name, shape in wanted.items()}
        else:
            found[key] = _figure(key, wanted, played)
    return found


def _events(inputs: Mapping[str, Any]) -> list[Any]:
    return rows_of(first(inputs, "events", "payments", "steps")) or _loose(inputs)


def tells(inputs: Mapping[str, Any]) -> bool:
    """Whether payments and what became of them are told without days, key by key."""
    names = [key for key, value in inputs.items() if _is_act(key) and not has_day(str(value))]
    return "invoice" in inputs and bool(names)


def _is_act(key: str) -> bool:
    return key in ("requested", "then") or any(
        re.search(pattern, key) for act, pattern in _ACTS if act not in ("bill", "credit")
    )


def _loose(inputs: Mapping[str, Any]) -> list[Any]:
    """Keys in their order as events; what the gateway made of a payment stands beside it."""
    events: list[Any] = []
    beside = {key: value for key, value in inputs.items() if "processed" in key}
    for key, value in inputs.items():
        for row in rows_of(value) if _is_act(key) and key not in beside else ():
            if key == "then":
                events.append(row)
            else:
                name = "pay" if key == "requested" else key
                told = {"kind": name, **row} if isinstance(row, Mapping) else {name: row}
                events.append({**told, **(beside if _word(name) == "pay" else {})})
    return events


def _played(inputs: Mapping[str, Any], events: list[Any], unit: Unit) -> Book:
    bills = [_bill(row, unit) for row in rows_of(first(inputs, "invoices", "invoice", "invoice_amount"))]
    book = Book(unit, bills, Account(unit.currency))
    if bills:
        book.issue(1)
    for number, row in enumerate(events, start=1):
        act = _happen(book, row, number)
        book.adjusts |= "adjust" in str(row)
        account = book.account
        book.snapshots.append(
            Snapshot(
                act,
                account.balance,
                {key: each.balance for key, each in account.invoices.items()},
                sum(p.processed for p in account.payments.values()),
                sum(p.refunded for p in account.payments.values()),
                sum(p.processed - p.called_back for p in account.payments.values()),
                account.credit,
            )
        )
    return book


def _bill(row: Any, unit: Unit) -> Money:
    return unit.money(first(row, "amount", "total") if isinstance(row, Mapping) else row, "invoices")


def _happen(book: Book, row: Any, number: int) -> str:
    act, value = (_word(row), row) if isinstance(row, str) else _act(row)
    row = {} if isinstance(row, str) else row
    if act == "pay":
        _pay(book, row, value, number)
    elif act == "bill":
        book.bills.append(_bill(value, book.unit))
        book.issue(len(book.bills))
    elif act == "adjust":
        book.account.adjust(_target(book, row, value), book.unit.money(_amount(row, value), "adjustment"))
    elif act == "credit":
        book.account.use_credit(_target(book, row, value))
    elif act == "write_off":
        book.account.write_off(_target(book, row, value))
    else:
        _of_payment(book, act, row, value)
    return act


def _pay(book: Book, row: Mapping[str, Any], value: Any, number: int) -> None:
    unit = book.unit
    invoice = _target(book, row, value)
    open_ = book.account.invoices[invoice].balance
    amount = _amount(row, value)
    requested = Money(open_, unit.currency) if amount is None else unit.money(amount, "pay")
    processed = first(row, "gateway_processed", "processed", "processed_amount")
    currency = str(first(row, "processed_currency", "gateway_currency") or unit.currency)
    taken = None if processed is None else to_money(Fraction(str(processed)), currency)
    failed = row.get("failed") is True or re.search(
        r"fail|declin|error", str(first(row, "outcome", "result", "status") or "")
    )
    if failed:
        return
    key = str(first(row, "external_key", "key") or f"payment {number}")
    times = 2 if any(re.search(r"repeat|duplicate|again", name) and row[name] for name in row) else 1
    for _ in range(times):
        book.account.pay(key, invoice, requested, taken)
    if key not in book.payments:
        book.payments.append(key)


def _of_payment(book: Book, act: str, row: Mapping[str, Any], value: Any) -> None:
    said = first(row, "payment", "of_payment", "of") or value
    number = re.search(r"payment_? ?(\d+)", str(said)) or re.fullmatch(
        r"(\d+)", str(first(row, "payment") or "")
    )
    if not book.payments:
        raise NotOffered(f"{act}: nothing was paid before")
    key = book.payments[int(number[1]) - 1] if number else book.payments[-1]
    amount = None if number and number[0] in str(value) else _amount(row, value)
    if act == "reversal":
        book.account.reverse_charge_back(key)
        return
    currency = str(first(row, "currency", "processed_currency") or book.unit.currency)
    money = None if amount is None else to_money(Fraction(str(amount)), currency)
    if act == "chargeback":
        book.account.charge_back(key, money)
        return
    payment = book.account.payments[key]
    left = Money(payment.processed - payment.refunded - payment.called_back, book.unit.currency)
    adjusted = next((each for key, each in row.items() if "adjust" in key), None)
    back = left if money is None else money
    off = back if adjusted in (True, "yes") else None
    if adjusted not in (None, False, True, "no", "yes"):
        off = book.unit.money(adjusted, "adjustment")
    book.account.refund(key, back, off)


def _act(row: Mapping[str, Any]) -> tuple[str, Any]:
    named = str(first(row, "type", "event", "what", "kind", "action") or "")
    for act, pattern in _ACTS:
        if named and re.search(pattern, named.lower()):
            return act, first(row, "amount", act)
        for key, value in row.items():
            if re.search(pattern, key.lower()) and not re.search(r"external|with_|item_|processed", key):
                return act, value
    raise NotOffered(f"event {dict(row)}: pay, refund, chargeback, adjustment and write-off are known")


def _word(text: str) -> str:
    return next((act for act, pattern in _ACTS if re.search(pattern, text.lower())), "pay")


def _target(book: Book, row: Mapping[str, Any], value: Any) -> str:
    said = f"{value} {row.get('invoice', '')}"
    found = re.search(r"invoice[ _]?(\d+)", said) or re.fullmatch(r"(\d+)", str(row.get("invoice", "")))
    words = [number for word, number in _ORDINALS.items() if re.search(rf"\b{word}\b", said)]
    number = int(found[1]) if found else words[0] if words else max(book.issued, 1)
    return book.issue(number)


def _amount(row: Mapping[str, Any], value: Any) -> str | None:
    """None for all that is open."""
    given = first(row, "amount", "requested")
    text = str(value if given is None else given)
    bare = re.sub(r"(invoice|payment)[ _]?\d+", "", text)
    found = re.search(r"\d+(?:\.\d+)?", bare)
    return found[0] if found and not re.search(r"rest|full|all", bare) else None


# --- answering ---


def _figure(name: str, wanted: Any, book: Book) -> Any:
    if isinstance(wanted, list):
        kinds = _kinds(name if "after" in name else f"after_{name}")
        shots = [shot for shot in book.snapshots if shot.act in kinds] or book.snapshots
        shots = shots if len(shots) == len(wanted) else book.snapshots
        return [_value(name, shot, book) for shot in shots]
    if isinstance(wanted, Mapping):
        return {key: _figure(f"{name}_{key}", value, book) for key, value in wanted.items()}
    if re.search(r"(payments|attempts)(_made|_recorded|_count)?$|number_of_payments|count", name):
        return len(book.payments)
    return _value(name, _shot(name, book), book)


def _shot(name: str, book: Book) -> Snapshot:
    found = re.search(r"(?:event|step)_?(\d+)", name)
    if found:
        number = int(found[1])
    else:
        kind = [n for n, shot in enumerate(book.snapshots, start=1) if shot.act in _kinds(name)]
        place = re.search(r"(?:payment|refund|chargeback|reversal|adjustment)_?(\d+)", name)
        words = [value for word, value in _ORDINALS.items() if re.search(rf"(^|_){word}(_|$)", name)]
        at = int(place[1]) if place else words[0] if words else len(kind)
        number = kind[at - 1] if kind and 0 < at <= len(kind) else len(book.snapshots)
    if "adjust" in name and not book.adjusts:
        raise NotOffered(f"{name}: no event of the inputs adjusts an invoice")
    if not 0 < number <= len(book.snapshots):
        raise NotOffered(f"{name}: there are {len(book.snapshots)} events")
    return book.snapshots[number - 1]


def _kinds(name: str) -> set[str]:
    after = name.partition("after_")[2] or (name if re.search("after", name) else "")
    return {act for act, pattern in _ACTS if after and re.search(pattern.strip("^$"), after)} - (
        {"chargeback"} if re.search(r"revers", after) else set()
    )


def _value(name: str, shot: Snapshot, book: Book) -> Fraction:
    major = book.unit.major
    what = name.partition("_after")[0]
    of = re.search(r"invoice_?(\d+)", what) or re.search(r"invoice_?(\d+)", name)
    if re.search(r"refunded", what):
        return major(shot.refunded)
    if re.search(r"purchased|kept", what):
        return major(shot.purchased)
    if re.search(r"paid|processed|captured", what) and "balance" not in what:
        return major(shot.paid)
    if re.search(r"credit", what):
        return major(shot.credit)
    if of:
        return major(shot.invoices.get(of[1], 0))
    if re.search(r"invoice", what):
        return major(sum(shot.invoices.values()))
    if not re.search(_OPEN, name):
        raise NotOffered(f"{name}: balances, what was paid, refunded or kept, and credit are read")
    return major(shot.balance)
