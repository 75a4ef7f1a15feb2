"""Cases of a wallet beside running subscriptions: what is settled, and what unbilled usage leaves of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from core.finance.exact import exactly, whole
from core.finance.pricing.progressive import Progress, Thresholds, use
from core.finance.pricing.wallets import Grant, Wallet, balances
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.pricing_reading import Units, first, share, units

_DAY = date(2000, 1, 1)
_ENDS = ("draft", "draft_invoice", "invoice", "billing", "finalized", "finalised", "finalized_invoice")
_RATES = ("tax_rate", "tax_pct", "tax_rate_pct", "vat_pct")


@dataclass(slots=True)
class _Charge:
    """One subscription. at_once: usage is billed as it comes."""

    price: Fraction
    at_once: bool
    limits: Thresholds
    progress: Progress = field(default_factory=Progress)
    drafted: int = 0

    def used(self, quantity: Fraction) -> int:
        """What is billed at once."""
        amount = whole(quantity * self.price)
        if self.at_once:
            return amount
        self.progress, billed = use(self.progress, amount, self.limits)
        return billed

    @property
    def unbilled(self) -> int:
        return self.progress.period - self.progress.billed


def answer(case: Case) -> Any:
    """Balances after each step."""
    unit, inputs = units(case), case.inputs
    key = next((each for each in _RATES if inputs.get(each) is not None), None)
    tax = share(inputs[key], f"{key}_pct") if key else Fraction(0)
    opening = unit.minor(first(inputs, "wallet", "balance", "granted_credits", "credit_balance"), "wallet")
    wallet = Wallet((Grant("opening", opening, paid=whole(opening)),))
    charges = {name: _charge(name, price, unit) for name, price in _prices(inputs).items()}
    fee = whole(unit.minor(first(inputs, "plan_price", "subscription_fee") or "0", "plan_price"))
    rows: list[dict[str, Fraction]] = []
    for step in inputs["steps"]:
        short = 0
        for name, quantity in step.items():
            if name in _ENDS:
                # A draft is still to be settled: it only adds the fee; the bill that follows takes all.
                billed = _end(list(charges.values()), fee, draft=name.startswith("draft"))
            else:
                billed = _of(name, charges).used(exactly(quantity, "steps"))
            wallet, drawn = wallet.draw(Fraction(billed + whole(billed * tax)), _DAY)
            short += whole(drawn.short)
        settled = whole(wallet.balance(_DAY))
        both = balances(settled, [(charge.unbilled + charge.drafted, tax) for charge in charges.values()])
        rows.append({
            "balance": unit.major(both.settled),
            "settled": unit.major(both.settled),
            "ongoing": unit.major(both.ongoing),
            "unbilled": unit.major(both.settled - both.ongoing),
            "payable": unit.major(short),
        })  # fmt: skip
    return _shaped(case.wanted, rows)


def _prices(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    if "unit_prices" in inputs:
        prices: Mapping[str, Any] = inputs["unit_prices"]
        return prices
    return {"usage": first(inputs, "unit_price", "price") or "1"}


def _end(charges: list[_Charge], fee: int, *, draft: bool) -> int:
    """What a bill at the end of a period takes from the wallet: nothing while it is a draft."""
    if draft:
        charges[0].drafted += fee + sum(charge.unbilled for charge in charges)
        for charge in charges:
            charge.progress = Progress(charge.progress.lifetime)
        return 0
    drafted = sum(charge.drafted for charge in charges)
    if not drafted:
        _end(charges, fee, draft=True)
        drafted = sum(charge.drafted for charge in charges)
    for charge in charges:
        charge.drafted = 0
    return drafted


def _shaped(wanted: Any, rows: list[dict[str, Fraction]]) -> Any:
    if isinstance(wanted, list):
        return [
            {key: _pick(str(key), row) for key in shape} for shape, row in zip(wanted, rows, strict=False)
        ]
    found: dict[str, Any] = {}
    for key, shape in wanted.items():
        step = re.search(r"step_?(\d+)", str(key))
        if isinstance(shape, Mapping) and step and int(step[1]) <= len(rows):
            found[key] = {name: _pick(str(name), rows[int(step[1]) - 1]) for name in shape}
        elif isinstance(shape, list):
            found[key] = [_pick(str(key), row) for row in rows]
        elif isinstance(shape, Mapping):
            raise NotOffered(f"{key}: there are {len(rows)} steps")
        else:
            found[key] = _pick(str(key), rows[int(step[1]) - 1] if step else rows[-1])
    return found


def _pick(name: str, row: Mapping[str, Fraction]) -> Fraction:
    if re.search(r"usage|unbilled", name):
        return row["unbilled"]
    if "ongoing" in name:
        return row["ongoing"]
    if re.search(r"payable|short|overage", name):
        return row["payable"]
    if re.search(r"balance|settled", name):
        return row["balance"]
    raise NotOffered(f"{name}: balance, ongoing, unbilled and payable are read")


def _charge(name: str, price: Any, unit: Units) -> _Charge:
    said = re.search(r"threshold_(\d+(?:\.\d+)?)", name)
    limit = unit.whole(said[1], "threshold") if said else None
    recurring = "recurring" in name
    limits = Thresholds(() if recurring or limit is None else (limit,), limit if recurring else None)
    return _Charge(unit.minor(price, "unit_prices"), "advance" in name, limits)


def _of(name: str, charges: Mapping[str, _Charge]) -> _Charge:
    found = [charge for key, charge in charges.items() if key == name or key.startswith(f"{name}_")]
    if len(found) != 1:
        raise NotOffered(f"steps: {name!r} is the beginning of {len(found)} of {sorted(charges)}")
    return found[0]
