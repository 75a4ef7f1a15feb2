"""A payout: what it is made of to the cent, and its entries when it arrives and when it comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.canonical.money import Money
from core.canonical.payments import Payout, PayoutPart
from core.finance.cash import payouts
from core.finance.cash.payouts import PartOf
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.cash_reading import Unit, first, is_journal, journal, rows_of, unit_of

_LISTS = ("transactions", "items", "balance_transactions", "entries", "balance", "lines")
_KINDS: tuple[tuple[str, PartOf], ...] = (
    (r"payout_(fail|revers|cancel)|returned", PartOf.RETURNED),
    (r"refund", PartOf.REFUNDS),
    (r"dispute|chargeback", PartOf.DISPUTES),
    (r"reserve", PartOf.RESERVE),
    (
        r"stripe_fee|processor_fee|network|adjust|billing_fee|^fees?$|processing_fee|fx_\w*fee|conver\w*_fee",
        PartOf.PROCESSOR_FEES,
    ),
    (r"charge|payment|gross|sale|captur", PartOf.PAYMENTS),
)
# Kinds that take money away, whatever sign the case writes.
_OUT = {PartOf.REFUNDS, PartOf.PROCESSOR_FEES, PartOf.RESERVE}
_BANK = re.compile(r"^(bank|received)\w*_(usd|eur|gbp|cad|jpy|aud|chf|inr)$")
_DAY = date(2026, 1, 1)


def reads(inputs: Mapping[str, Any]) -> bool:
    """Whether a payout or its parts are named."""
    words = r"payout|gross|charge|refund|dispute|fee|reserve|adjust"
    return any(key in _LISTS or re.search(words, key) for key in inputs)


def answer(case: Case) -> Any:
    """Journals by the word in their name, sums by part."""
    unit = unit_of(case)
    strange = [key for key in case.inputs if _BANK.search(key) and not key.endswith(f"_{_code(case)}")]
    if strange and _in_own_currency(case.inputs, unit) is None:
        raise NotOffered(f"{', '.join(strange)}: what a bank of another currency received is not read here")
    payout = _payout(case.inputs, unit)
    return {key: _figure(key, shape, payout, case, unit) for key, shape in case.wanted.items()}


def _code(case: Case) -> str:
    return unit_of(case).currency.lower()


def _figure(key: str, shape: Any, payout: Payout, case: Case, unit: Unit) -> Any:
    if is_journal(shape) or (isinstance(shape, list) and not shape):
        back = re.search(r"fail|return|cancel|revers", key)
        entry = payouts.returned(payout) if back else payouts.arrived(payout)
        return journal(entry, shape, unit)
    if isinstance(shape, Mapping):
        return {name: _figure(f"{key}_{name}", inner, payout, case, unit) for name, inner in shape.items()}
    return unit.major(_sum(key, payout, case.inputs, unit))


def _sum(key: str, payout: Payout, inputs: Mapping[str, Any], unit: Unit) -> int:
    parts = {part.kind: part for part in payout.parts}
    stated = first(inputs, "payout", "payout_amount", "bank_amount", "bank")
    if re.search(r"diff|gap|unexplained|missing", key):
        if stated is None or isinstance(stated, Mapping | list):
            raise NotOffered(f"{key}: the payout's own amount is not given")
        return unit.minor(stated, "payout") - payout.amount.minor
    if re.search(r"dispute|chargeback", key):
        part = parts.get(PartOf.DISPUTES)
        return 0 if part is None else -part.fees.minor if "fee" in key else part.gross.minor
    if "fee" in key:
        own = parts.get(PartOf.PROCESSOR_FEES)
        return sum(p.fees.minor for p in payout.parts) - (own.gross.minor if own else 0)
    for pattern, kind in _KINDS:
        if kind is not PartOf.PAYMENTS and re.search(pattern, key):
            return parts[kind].gross.minor if kind in parts else 0
    if re.search(r"gross|charge|payment|captur", key):
        return parts[PartOf.PAYMENTS].gross.minor if PartOf.PAYMENTS in parts else payout.amount.minor
    return payout.amount.minor


def _payout(inputs: Mapping[str, Any], unit: Unit) -> Payout:
    sums: dict[PartOf, list[int]] = {}
    for kind, gross, fee in _parts(inputs, unit):
        sums.setdefault(kind, [0, 0])
        sums[kind][0] += gross
        sums[kind][1] += fee
    parts = tuple(
        PayoutPart(kind, Money(gross, unit.currency), Money(fee, unit.currency))
        for kind, (gross, fee) in sums.items()
    )
    total = sum(part.gross.minor - part.fees.minor for part in parts)
    stated = first(inputs, "payout", "amount", "payout_amount", "net")
    if {part.kind for part in parts} == {PartOf.PROCESSOR_FEES}:
        return _converted(inputs, unit, parts)
    if not parts:
        if isinstance(stated, Mapping):
            stated = first(stated, "amount", "net")
        stated = _in_own_currency(inputs, unit) if stated is None else stated
        if stated is None:
            raise NotOffered(f"payout: inputs {sorted(inputs)} name neither its amount nor its parts")
        total = unit.minor(stated, "payout")
    return Payout("payout", Money(total, unit.currency), "paid", _DAY, parts)


def _converted(inputs: Mapping[str, Any], unit: Unit, fees: tuple[PayoutPart, ...]) -> Payout:
    """Converted on its way to a bank in another currency: what the fee leaves arrives, at the value that
    the balance had (ledgerly, cross-currency payouts, resolution A)."""
    if not any(re.search(r"fx|conver|exchange", key) for key in inputs):
        raise NotOffered("fee: whether the payout's amount is with its fee or without is not said")
    stated = first(inputs, "payout", "payout_amount", "amount")
    gross = unit.minor(_in_own_currency(inputs, unit) if stated is None else stated, "payout")
    part = PayoutPart(PartOf.PAYMENTS, Money(gross, unit.currency), Money(0, unit.currency))
    left = Money(gross + sum(each.gross.minor for each in fees), unit.currency)
    return Payout("payout", left, "paid", _DAY, (part, *fees))


def _in_own_currency(inputs: Mapping[str, Any], unit: Unit) -> Any:
    """payout_cad in books of CAD; None where the payout is told in another currency only."""
    own = unit.currency.lower()
    return first(inputs, f"payout_{own}", f"payout_amount_{own}", f"amount_{own}")


def _parts(inputs: Mapping[str, Any], unit: Unit) -> Iterator[tuple[PartOf, int, int]]:
    listed = next((inputs[key] for key in _LISTS if isinstance(inputs.get(key), list)), None)
    if listed is not None:
        for row in listed:
            named = str(first(row, "reporting_category", "category", "type", "kind", "what") or "charge")
            if named == "payout":
                continue
            gross = unit.minor(first(row, "amount", "gross", "charge") or 0, "amount")
            yield _kind(named), gross, unit.minor(first(row, "fee", "fees") or 0, "fee")
        return
    for key, value in inputs.items():
        if re.search(r"^payout|^net$|^bank|currency|date|status|^amount$", key):
            continue
        if not re.search(r"charge|gross|payment|refund|dispute|fee|reserve|adjust|sale|captur", key):
            continue
        for row in rows_of(value):
            yield from _loose(key, row, unit)


def _loose(key: str, row: Any, unit: Unit) -> Iterator[tuple[PartOf, int, int]]:
    if isinstance(row, Mapping):
        gross = unit.minor(first(row, "amount", "gross", "charge") or 0, key)
        fee = unit.minor(first(row, "fee", "fees") or 0, key)
    else:
        gross, fee = unit.minor(row, key), 0
    kind = _kind(key)
    if kind is PartOf.DISPUTES:
        won = re.search(r"won|revers|reinstat", key)
        if re.search(r"fee", key):
            yield kind, 0, gross
            return
        gross = abs(gross) if won else -abs(gross)
    elif kind in _OUT and not re.search(r"adjust|releas", key):
        gross = -abs(gross)
    yield kind, gross, fee


def _kind(name: str) -> PartOf:
    name = name.lower()
    found = next((kind for pattern, kind in _KINDS if re.search(pattern, name)), None)
    if found is None:
        raise NotOffered(f"{name}: no part of a payout has that name")
    return found
