"""How cases of the topic processor_journals write events: as records of named amounts and words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from core.canonical.money import Money, exponent
from core.finance.exact import exactly, to_money
from core.finance.ledger.processor import Sale, increments

_FIELDS = frozenset(
    (
        *("amount", "charge", "gross", "net", "subtotal", "tax", "total", "invoice", "fee", "paid_fee"),
        *("application_fee", "processing_fee", "applied", "balance_applied", "credit_applied"),
        *("credit_note", "credited", "payout", "amount_paid", "months", "settled", "booked", "booked_rate"),
        *("refund", "cumulative", "amount_refunded", "returned", "rate_charge", "rate_refund"),
        *("dispute", "withdrawn", "reinstated", "fee_returned", "rate_dispute", "rate_reinstated"),
        *("refund_settled", "charge_settled", "dispute_settled"),
        *("credit_balance_applied", "customer_balance_applied", "customer_credit_applied"),
        *("applied_balance", "applied_credit"),
        *("one_time", "annual", "deferred", "immediate", "setup", "onboarding"),
    )
)
_OF_THE_CHARGE = ("charge", "tax", "currency", "rate_charge", "booked", "booked_rate")
# Names of lines: earned over their term, or with the bill.
_DEFERRED = ("annual", "deferred")
_IMMEDIATE = ("one_time", "immediate", "setup", "onboarding")
# What the processor moved for a charge, its refund, its dispute, in the currency of the books.
_ALIASES = {
    "refunded": "refund",
    "clawback": "withdrawn",
    "refund_settled": "returned",
    "charge_settled": "booked",
    "dispute_settled": "withdrawn",
    "credit_balance_applied": "balance_applied",
    "applied_balance": "balance_applied",
    "applied_credit": "balance_applied",
    "customer_balance_applied": "balance_applied",
    "customer_credit_applied": "balance_applied",
}
_LONG = {"annual", "annually", "yearly", "year", "quarterly", "multiyear", "deferred", "prepaid"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_CUMULATIVE = ("cumulative", "amount_refunded", "to_date", "refunded_total")
_SAME = {
    "refunded": "refund",
    "refunds": "refund",
    "notes": "note",
    "recognized": "recognised",
    "app": "application",
    "issued": "finalized",
    "cancelled": "voided",
    "void": "voided",
    "charges": "charge",
    "disputes": "dispute",
    "payouts": "payout",
    "onetime": "one",
}


@dataclass(frozen=True, slots=True)
class Record:
    """An event of the inputs. words: all that names it; amounts: by field, in major units."""

    words: frozenset[str]
    amounts: Mapping[str, Fraction]
    currency: str = "USD"

    def has(self, *fields: str) -> bool:
        """Any of these."""
        return any(field in self.amounts for field in fields)

    def major(self, *fields: str) -> Fraction | None:
        """The first of these that is given."""
        return next((self.amounts[field] for field in fields if field in self.amounts), None)

    def money(self, *fields: str) -> Money:
        """The first of these, or nothing."""
        return self.of(self.major(*fields) or Fraction(0))

    def of(self, major: Fraction) -> Money:
        """In the record's currency."""
        return to_money(major, self.currency)

    def sale(self) -> Sale:
        """What was sold: lines where they are named, else the net or the gross less tax, by its term."""
        nothing, tax = self.of(Fraction(0)), self.money("tax")
        if self.has(*_IMMEDIATE) or self.has(*_DEFERRED):
            later = sum((self.amounts.get(name, Fraction(0)) for name in _DEFERRED), Fraction(0))
            now = sum((self.amounts.get(name, Fraction(0)) for name in _IMMEDIATE), Fraction(0))
            return Sale(self.of(later), self.of(now), tax)
        net = self.major("net", "subtotal")
        if net is None:
            gross = self.major("settled", "gross", "charge", "invoice", "total", "amount_paid", "amount")
            net = (gross or Fraction(0)) - (self.major("tax") or Fraction(0))
        long = bool(self.words & _LONG) or (self.major("months") or 1) > 1
        return Sale(self.of(net), nothing, tax) if long else Sale(nothing, self.of(net), tax)


def words_of(name: str) -> list[str]:
    """The words of a key, in one form each."""
    found = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    return [_SAME.get(word, word) for word in found]


def records_of(inputs: Mapping[str, Any]) -> list[Record]:
    """Every event that the inputs name, in their order; loose amounts are grouped by what they begin with."""
    found: list[Record] = []
    loose: dict[str, dict[str, Any]] = {}
    shared = {key: value for key, value in inputs.items() if not isinstance(value, Mapping | list)}
    # What is said once of the charge holds for every refund of it.
    charge = {key: value for key, value in shared.items() if _currency(key)[0] in _OF_THE_CHARGE}
    for key, given in inputs.items():
        value = _as_settled(given, shared) if isinstance(given, Mapping) else given
        if isinstance(value, Mapping):
            refund = any(_currency(field)[0] in ("refund", "refunded") for field in value)
            refund &= not any(_currency(field)[0] in ("net", "gross", "charge") for field in value)
            found.append(_record(words_of(key), {**charge, **value} if refund else value))
        elif isinstance(value, list):
            found.extend(_listed(key, value, shared, charge))
        else:
            begin, field = _split(key)
            loose.setdefault(begin, {})[field] = value
    _beside(loose)
    rows = [_record(words_of(begin), row) for begin, row in loose.items() if _amounts(row)[0]]
    return found + _steps(rows)


def _as_settled(row: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """A dispute of a charge that was settled in the currency of the books: at that it was booked."""
    settled = {f"booked{key[7:]}": value for key, value in shared.items() if _currency(key)[0] == "settled"}
    return {**settled, **row} if settled and "withdrawn" in _fields(row) else row


def _fields(row: Mapping[str, Any]) -> set[str]:
    return {_currency(key)[0] for key in row}


def _beside(loose: dict[str, dict[str, Any]]) -> None:
    """A fee or a tax without an amount of its own belongs to the only amount that is named."""
    bare = {_currency(field)[0] for field in loose.get("", ())}
    if (
        len(loose) == 2
        and bare
        and bare <= {"fee", "tax", "months", "currency", "processing_fee", "paid_fee"}
    ):
        named = next(begin for begin in loose if begin)
        loose[named] |= loose.pop("")


def _steps(records: Sequence[Record]) -> list[Record]:
    """An amount to date, named among single ones, is what it adds to those before it."""
    found: list[Record] = []
    before = Fraction(0)
    for record in records:
        amount = record.major("refund", "amount", "cumulative", "amount_refunded")
        if amount is not None and record.words & {"cumulative", "date"}:
            rest = {k: v for k, v in record.amounts.items() if k not in ("refund", "amount", *_CUMULATIVE)}
            found.append(replace(record, amounts={**rest, "refund": amount - before}))
            before = amount
        else:
            before += (amount or 0) if "refund" in record.words else 0
            found.append(record)
    return found


def notices_of(inputs: Mapping[str, Any]) -> list[str]:
    """Events that are named only."""
    return [
        row for value in inputs.values() if isinstance(value, list) for row in value if isinstance(row, str)
    ]


def _listed(
    key: str, rows: Sequence[Any], shared: Mapping[str, Any], charge: Mapping[str, Any]
) -> Iterator[Record]:
    rows = list(rows)
    base = words_of(key)
    if rows and all(isinstance(row, str | int) and _is_number(row) for row in rows):
        values = [exactly(row, key) for row in rows]
        currency = str(shared.get("currency", "USD"))
        if any(word in key for word in _CUMULATIVE):
            steps = increments([to_money(value, currency) for value in values])
            values = [Fraction(step.minor, 10 ** exponent(currency)) for step in steps]
            base = [*base, "refund"]
        field = next((word for word in base if word in _FIELDS), "amount")
        context = {k: v for k, v in shared.items() if k != field}
        rows = [{**context, field: str(value)} for value in values]
    for index, given in enumerate(rows):
        if isinstance(given, Mapping):
            row = given
            name = [str(row[k]) for k in ("name", "event", "kind", "type", "what") if k in row]
            if "refund" in base and "amount" in row:
                row = {**charge, **{k: v for k, v in row.items() if k != "amount"}, "refund": row["amount"]}
            ordinal = [_ORDINALS[index]] if index < len(_ORDINALS) else []
            record = _record([*base, *(w for n in name for w in words_of(n)), *ordinal, str(index + 1)], row)
            if record.amounts:
                yield record


def _record(words: list[str], row: Mapping[str, Any]) -> Record:
    amounts, currency, codes = _amounts(row)
    said = {word for key, value in row.items() if isinstance(value, str) for word in _said(key, value)}
    record = Record(frozenset(words) | said | codes, amounts, currency)
    return replace(record, words=record.words | _nature(record))


def _nature(record: Record) -> set[str]:
    """Words that follow from the amounts."""
    found: set[str] = set()
    if record.has("application_fee"):
        found |= {"application", "fee"}
    if record.has("settled", "booked", "rate_refund", "rate_dispute"):
        found |= {"settled", "in", "fx"}
    if record.has("tax") and record.amounts["tax"]:
        found |= {"with", "tax"}
    if record.has(*_IMMEDIATE):
        found |= {"one", "time", "plus"}
    if record.has("balance_applied"):
        found |= {"balance", "applied"}
    for what in ("refund", "dispute", "payout"):
        if record.has(what):
            found.add(what)
    amount, fee = record.major("amount", "dispute"), record.major("fee")
    if amount is not None and fee is not None:
        found.add("small" if amount < fee else "standard")
    charge, refund = record.major("charge"), record.major("refund", "refunded")
    if charge is not None and refund is not None:
        found.add("full" if charge == refund else "partial")
    return found


def _said(key: str, value: str) -> list[str]:
    return [] if _is_number(value) or key == "currency" else words_of(value)


def _amounts(row: Mapping[str, Any]) -> tuple[dict[str, Fraction], str, set[str]]:
    """Amounts by field, the currency that the books move in, and every word of the fields' names."""
    amounts: dict[str, Fraction] = {}
    currencies: dict[str, str] = {}
    codes: set[str] = set()
    for key, value in row.items():
        if isinstance(value, Mapping | list | bool) or value is None or not _is_number(value):
            continue
        field, code = _currency(key)
        field = _ALIASES.get(field, field)
        if field not in _FIELDS:
            # credit_note_net is the net of a credit note.
            begin, field = _split(field)
            codes |= set(words_of(begin))
        amounts[field] = exactly(value, key)
        if code:
            currencies[field] = code
    own = str(row.get("currency", "") or "").upper()
    moved = next(
        (
            currencies[f]
            for f in ("settled", "booked", "withdrawn", "returned", "refund", "fee")
            if f in currencies
        ),
        "",
    )
    currency = own or moved or next(iter(currencies.values()), "USD")
    codes |= {code.lower() for code in (*currencies.values(), currency)}
    return amounts, currency, codes


def _split(key: str) -> tuple[str, str]:
    """("upgrade", "net") of upgrade_net; ("", "fee") of fee."""
    plain, _ = _currency(key)
    if plain in _FIELDS:
        return "", key
    parts = key.split("_")
    for at in range(1, len(parts)):
        if _currency("_".join(parts[at:]))[0] in _FIELDS:
            return "_".join(parts[:at]), "_".join(parts[at:])
    return key, "amount"


def _currency(key: str) -> tuple[str, str]:
    plain, _, code = key.rpartition("_")
    if plain and len(code) == 3:
        try:
            exponent(code.upper())
        except ValueError:
            return key, ""
        return plain, code.upper()
    return key, ""


def _is_number(value: object) -> bool:
    return not isinstance(value, bool) and re.fullmatch(r"-?\d+(\.\d+)?", str(value)) is not None
