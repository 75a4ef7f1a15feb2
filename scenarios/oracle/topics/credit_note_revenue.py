"""Cases of credit notes that ask what happens to receivable, revenue and deferred revenue by month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.pricing.credit_revenue import Credit, CreditTo, Movements, movements
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.pricing_reading import Units, first, units

_PRE = ("pre_finalisation_variant", "pre_finalization_variant", "before_finalisation")


def revenue(case: Case) -> Any:
    """Movements by account and month; variants stand beside."""
    inputs, unit = case.inputs, units(case)
    if "equal" in case.convention.lower() or "month_amounts" in inputs:
        raise NotOffered("convention: revenue under a credit note is by days, not in equal parts")
    service = _service(inputs)
    money = _Money(unit, str(inputs.get("currency") or "USD"))
    main = movements(
        money.of(inputs["invoice"]), service, _credits(inputs, money, service), _payments(inputs, money)
    )
    return {key: _part(str(key), value, main, inputs, money, service) for key, value in case.wanted.items()}


class _Money:
    def __init__(self, unit: Units, currency: str) -> None:
        self.unit, self.currency = unit, currency

    def of(self, value: object) -> Money:
        """Of a decimal string."""
        return Money(self.unit.whole(value, "amount"), self.currency)


def _part(
    key: str, wanted: Any, main: Movements, inputs: Mapping[str, Any], money: _Money, service: Period
) -> Any:
    if key.startswith("pre_final") or key.startswith("before_final"):
        given = first(inputs, *_PRE) or inputs
        notes = _credits(given, money, service)
        invoice = money.of(given.get("invoice", inputs["invoice"]))
        for note in notes:
            invoice -= note.net
        return _flat(wanted, movements(invoice, service, ()), money)
    if key in ("journal", "credit_note_journal"):
        return _journal(main, inputs, money, service)
    if key == "movements" or not isinstance(wanted, Mapping | list):
        return (
            _accounts(wanted, main, money)
            if isinstance(wanted, Mapping)
            else _flat({key: wanted}, main, money)[key]
        )
    if _account(key) in main or isinstance(wanted, list):
        return _flat({key: wanted}, main, money)[key]
    return _accounts(wanted, main, money)


def _accounts(wanted: Mapping[str, Any], main: Movements, money: _Money) -> dict[str, Any]:
    return {account: _flat({account: months}, main, money)[account] for account, months in wanted.items()}


def _flat(wanted: Mapping[str, Any], main: Movements, money: _Money) -> dict[str, Any]:
    """By account: one figure is the sum, a list is month by month, an object is by named month."""
    found: dict[str, Any] = {}
    for name, shape in wanted.items():
        if not _account(name):
            raise NotOffered(
                f"{name}: receivable, revenue, deferred revenue, contra and where it goes are read"
            )
        months = main.get(_account(name), {})
        if isinstance(shape, Mapping):
            found[name] = {month: money.unit.major(months.get(_month(month), 0)) for month in shape}
        elif isinstance(shape, list):
            found[name] = [money.unit.major(months[month]) for month in sorted(months)]
        else:
            found[name] = money.unit.major(sum(months.values()))
    return found


def _account(name: str) -> str:
    name = name.lower()
    if "receivable" in name:
        return "accounts_receivable"
    if "deferred" in name:
        return "deferred_revenue"
    if "contra" in name or "credit_note" in name or "refund" in name:
        return "credit_notes_contra"
    if "balance" in name:
        return CreditTo.CUSTOMER_BALANCE.value
    if "out_of_band" in name:
        return CreditTo.OUT_OF_BAND.value
    return "cash" if "cash" in name else "revenue" if "revenue" in name else ""


def _month(text: str) -> date:
    return date.fromisoformat(f"{text[:7]}-01")


def _service(inputs: Mapping[str, Any]) -> Period:
    given = first(inputs, "service", "service_period")
    if isinstance(given, Mapping):
        given = [first(given, "start", "from"), first(given, "end", "to", "until")]
    if not isinstance(given, list):
        raise NotOffered("service: its first day and the day after its last are read")
    start, end = (date.fromisoformat(str(each)) for each in given)
    return Period(start, end + timedelta(days=1) if inputs.get("inclusive") is True else end)


def _credits(inputs: Mapping[str, Any], money: _Money, service: Period) -> list[Credit]:
    rows = first(inputs, "credit_notes", "credit_note")
    rows = rows if isinstance(rows, list) else [] if rows is None else [rows]
    found = []
    for row in rows:
        given = row if isinstance(row, Mapping) else {"amount": row}
        at = first(given, "at", "on", "date")
        day = service.start if at is None else date.fromisoformat(str(at))
        found.append(Credit(day, money.of(given["amount"]), _where(given, money)))
    return found


def _where(given: Mapping[str, Any], money: _Money) -> CreditTo:
    """Told in a word, or by the amount beside the note's own that goes there."""
    said = first(given, "to", "as", "type")
    if said is not None:
        return _to(str(said))
    beside = [key for key in given if key not in ("amount", "at", "on", "date", "id", "reason")]
    parts = [key for key in beside if _to(key) is not CreditTo.RECEIVABLE]
    if not beside:
        return CreditTo.RECEIVABLE
    if len(beside) > 1 or not parts:
        raise NotOffered(f"credit_note: {', '.join(beside)}: one place for all of a note is read")
    if given[parts[0]] is not True and money.of(given[parts[0]]) != money.of(given["amount"]):
        raise NotOffered(f"credit_note: {parts[0]} is of a part of it; one place for all of a note is read")
    return _to(parts[0])


def _to(said: str) -> CreditTo:
    said = said.lower()
    if "balance" in said:
        return CreditTo.CUSTOMER_BALANCE
    if "refund" in said or "cash" in said:
        return CreditTo.CASH
    return CreditTo.OUT_OF_BAND if "out" in said and "band" in said else CreditTo.RECEIVABLE


def _payments(inputs: Mapping[str, Any], money: _Money) -> dict[date, Money]:
    rows = first(inputs, "payments", "payment", "paid")
    at = first(inputs, "paid_at", "payment_at", "paid_on")
    if at is not None:
        amount = rows if isinstance(rows, str) else inputs["invoice"]
        return {date.fromisoformat(str(at)): money.of(amount)}
    rows = rows if isinstance(rows, list) else [] if rows is None else [rows]
    return {
        date.fromisoformat(str(first(row, "at", "on", "date"))): money.of(row["amount"])
        for row in rows
        if isinstance(row, Mapping)
    }


def _journal(
    main: Movements, inputs: Mapping[str, Any], money: _Money, service: Period
) -> list[dict[str, Any]]:
    """Of the credit notes alone: contra revenue and deferred revenue against where the amount goes."""
    taken = sum(note.net.minor for note in _credits(inputs, money, service))
    to = {note.to for note in _credits(inputs, money, service)}
    contra = sum(main.get("credit_notes_contra", {}).values())
    rows = [("credit_notes_contra", contra, 0), ("deferred_revenue", taken - contra, 0)]
    rows += [(each.value, 0, taken) for each in to]
    return [
        {"account": name, "debit": money.unit.major(debit), "credit": money.unit.major(credit)}
        for name, debit, credit in rows
        if debit or credit
    ]
