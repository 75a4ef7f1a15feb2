"""Cases of the topic credit_notes: an invoice of fees credited line by line, or revenue after a credit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.finance.exact import whole
from core.finance.pricing.coupons import apply_coupons
from core.finance.pricing.credit_notes import (
    CreditNote,
    Invoiced,
    InvoicedFee,
    Item,
    LastTakes,
    effective_rate,
    invoiced,
    settle,
)
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.coupon_reading import charged, coupon_policy, coupons
from scenarios.oracle.topics.credit_note_revenue import revenue
from scenarios.oracle.topics.pricing_reading import Units, first, units
from scenarios.oracle.topics.understanding import understood

_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
}


@understood
def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    if first(case.inputs, "service", "service_period", "month_days") is not None:
        return revenue(case)
    unit = units(case)
    return _Answer(case, unit, _credited(case, unit, LastTakes.REST)).of(case.wanted, "")


@dataclass(frozen=True, slots=True)
class _Credited:
    invoice: Invoiced
    notes: tuple[CreditNote, ...]
    paid: tuple[int, ...]


def _credited(case: Case, unit: Units, last: LastTakes) -> _Credited:
    inputs = case.inputs
    rows = charged(inputs, unit)
    vouchers = (*rows.own, *coupons(inputs, unit, rows))
    parts = apply_coupons(rows.fees, vouchers, coupon_policy(case)).parts
    fees = tuple(
        InvoicedFee(fee.key, whole(fee.amount), tuple((tax.code, tax.rate) for tax in taxes), part)
        for fee, taxes, part in zip(rows.fees, rows.taxes, parts, strict=True)
    )
    invoice = invoiced(fees, last)
    issued = invoice
    for items in _items(inputs, fees, unit):
        issued, _ = issued.credit(items)
    paid = first(inputs, "paid", "payments", "paid_amount")
    if isinstance(paid, bool):
        return _Credited(issued, issued.notes, (issued.total,) if paid else ())
    listed = paid if isinstance(paid, list) else [] if paid is None else [paid]
    amounts = [row.get("amount") if isinstance(row, Mapping) else row for row in listed]
    return _Credited(issued, issued.notes, tuple(unit.whole(each, "paid") for each in amounts))


def _items(inputs: Mapping[str, Any], fees: tuple[InvoicedFee, ...], unit: Units) -> list[list[Item]]:
    """One list of items a credit note; every fee by itself, where nothing is said."""
    for days in ("unused_days", "unserved_days"):
        if days in inputs:
            part = Fraction(int(inputs[days][0]), int(inputs[days][1]))
            return [[Item(fee.key, fee.amount * part) for fee in fees]]
    if "used_days" in inputs:
        part = 1 - Fraction(int(inputs["used_days"][0]), int(inputs["used_days"][1]))
        return [[Item(fee.key, fee.amount * part) for fee in fees]]
    rows = first(
        inputs, "credits", "credit_notes", "partial_credits", "partial_credit", "credit", "credit_note"
    )
    if rows is None or rows == "full":
        return [[Item(fee.key, Fraction(fee.amount))] for fee in fees]
    left = {fee.key: Fraction(fee.amount) for fee in fees}
    found = []
    for row in rows if isinstance(rows, list) else [rows]:
        found.append(_note(row, fees, unit, left))
        for item in found[-1]:
            left[item.fee] -= item.amount
    return found


def _note(row: Any, fees: tuple[InvoicedFee, ...], unit: Units, left: Mapping[str, Fraction]) -> list[Item]:
    if isinstance(row, list):
        return [item for each in row for item in _note(each, fees, unit, left)]
    if not isinstance(row, Mapping):
        return _over(left, unit.minor(row, "credits"))
    if "items" in row:
        return [item for each in row["items"] for item in _note(each, fees, unit, left)]
    named = first(row, "fee", "item", "line", "fee_index")
    if named is None:
        if "fees" in row or "lines" in row:
            keys = [str(each) for each in first(row, "fees", "lines")]
            return [Item(fee.key, Fraction(fee.amount)) for fee in fees if fee.key in keys]
        return _over(left, unit.minor(first(row, "amount", "net"), "credits"))
    by_key = {fee.key: fee for fee in fees}
    if str(named) not in by_key:
        raise NotOffered(f"credit: fee {named!r}; fees are named by their place, 1 to {len(fees)}")
    amount = first(row, "amount", "net")
    fee = by_key[str(named)]
    return [Item(fee.key, Fraction(fee.amount) if amount is None else unit.minor(amount, "credit"))]


def _over(left: Mapping[str, Fraction], amount: Fraction) -> list[Item]:
    """An amount that names no fee: a fee of just that amount, else fee by fee, each up to what is left."""
    same = next((key for key, rest in left.items() if rest == amount), None)
    if same is not None:
        return [Item(same, amount)]
    items, last = [], list(left)[-1]
    for key, rest in left.items():
        taken = min(rest, amount)
        if taken:
            items.append(Item(key, taken))
            amount -= taken
    return items if not amount else [*items, Item(last, amount)]


class _Answer:
    def __init__(self, case: Case, unit: Units, done: _Credited) -> None:
        self._case, self._unit, self._done = case, unit, done

    def of(self, wanted: Any, name: str) -> Any:
        """The same shape with figures in it; names on the way say which note and which figure."""
        if isinstance(wanted, Mapping) and wanted.keys() <= self._codes and re.search("tax|rate|code", name):
            return self._by_code(wanted, name)
        if isinstance(wanted, Mapping):
            return {
                key: self.of(value, f"{name}_{key}" if name else str(key)) for key, value in wanted.items()
            }
        if isinstance(wanted, list):
            notes = self._done.notes
            if wanted and isinstance(wanted[0], Mapping) and "account" in wanted[0]:
                return self._journal(wanted, self._note(name))
            return [self._row(each, name, note) for each, note in zip(wanted, notes, strict=False)]
        return self._figure(name)

    def _journal(self, wanted: list[Any], note: CreditNote) -> list[dict[str, Any]]:
        """A credit note as the reverse of its invoice; accounts by what their names say."""
        found: list[dict[str, Any]] = []
        sum_ = 0
        for row in wanted:
            name = str(row["account"])
            if re.search(r"tax|vat", name):
                debit = note.tax
            elif re.search(r"receivable|customer|debtor", name):
                debit = -note.total
            elif re.search(r"sales|revenue|income|return|credit_note", name):
                debit = note.net
            else:
                raise NotOffered(f"{name}: receivable, sales and tax of a credit note are read")
            sum_ += debit
            sides = {"debit": max(debit, 0), "credit": max(-debit, 0)}
            found.append({"account": name, **{side: self._unit.major(sides[side]) for side in sides}})
        if sum_:
            raise NotOffered("journal: the accounts that are wanted do not balance; another one is meant")
        return found

    @property
    def _codes(self) -> set[str]:
        return {code for fee in self._done.invoice.fees for code, _ in fee.rates}

    def _by_code(self, wanted: Mapping[str, Any], name: str) -> dict[str, Any]:
        exact = dict(self._note(name).tax_by_code)
        if name.startswith("invoice"):
            exact = {}
            for fee in self._done.invoice.fees:
                for code, rate in fee.rates:
                    exact[code] = exact.get(code, Fraction(0)) + (fee.amount - fee.coupon) * rate
        return {code: self._unit.rounded(exact.get(code, Fraction(0))) for code in wanted}

    def _row(self, wanted: Any, name: str, note: CreditNote) -> Any:
        if isinstance(wanted, Mapping):
            return {key: self._of_note(note, str(key)) for key in wanted}
        return self._of_note(note, name)

    def _figure(self, name: str) -> Fraction:
        if "naive" in name:
            own = _credited(self._case, self._unit, LastTakes.OWN)
            return self._unit.major(sum(note.total for note in own.notes))
        if re.search(r"sum_of_credit|all_credit|credit_notes_(sum|total)|total_credited", name):
            return self._unit.major(sum(note.total for note in self._done.notes))
        if re.search(r"(remaining|left|open|creditable_after)", name):
            return self._unit.major(self._done.invoice.creditable)
        if name.startswith("invoice") or not re.search(r"credit|note|refund|adjust", name):
            return self._of_invoice(name)
        return self._of_note(self._note(name), name)

    def _note(self, name: str) -> CreditNote:
        notes = self._done.notes
        if re.search(r"(^|_)(last|final)(_|$)", name):
            return notes[-1]
        said = re.search(r"note_?s?_(\d+)|credit_(\d+)", name)
        place = int(said[1] or said[2]) if said else None
        if place is None:
            words = re.findall(r"(first|second|third|fourth|fifth)(?!\w*payment)", name)
            place = _ORDINALS[words[0]] if words else 1
        if not 0 < place <= len(notes):
            raise NotOffered(f"{name}: there are {len(notes)} credit notes")
        return notes[place - 1]

    def _of_invoice(self, name: str) -> Fraction:
        invoice = self._done.invoice
        if "rate" in name:
            return Fraction(whole(effective_rate(invoice.fees) * 10**7), 10**5)
        if re.search(r"tax|vat", name) and not re.search(r"incl|excl", name):
            return self._unit.major(invoice.tax)
        if re.search(r"coupon|discount", name):
            return self._unit.major(invoice.coupon)
        if re.search(r"fees|gross_amount", name):
            return self._unit.major(invoice.amount)
        if re.search(r"net|sub_?total|excl", name):
            return self._unit.major(invoice.net)
        return self._unit.major(invoice.total)

    def _of_note(self, note: CreditNote, name: str) -> Fraction:
        if "refundable" in name:
            return self._unit.major(self._refundable(note, name))
        if re.search(r"rounding", name):
            return self._unit.major(note.tax_rounding)
        if re.search(r"(precise|exact)\w*tax", name):
            return self._unit.major(note.exact_tax)
        if re.search(r"coupon|adjustment", name):
            return self._unit.major(note.coupon)
        if re.search(r"rate", name):
            return Fraction(whole(note.rate * 10**7), 10**5)
        if re.search(r"tax|vat", name) and not re.search(r"incl|excl", name):
            return self._unit.major(note.tax)
        if re.search(r"(^|_)net|sub_?total|excl", name):
            return self._unit.major(note.net)
        return self._unit.major(note.total)

    def _refundable(self, note: CreditNote, name: str) -> int:
        paid = self._done.paid
        said = re.search(r"after_(?:the_)?(first|second|third|one|two|three|\d+)", name)
        count = len(paid) if not said else int(_ORDINALS.get(said[1], 0) or said[1])
        return settle(note.total, self._done.invoice.total, sum(paid[:count])).refundable
