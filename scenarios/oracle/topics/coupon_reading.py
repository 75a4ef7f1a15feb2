"""How cases write fees and coupons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.finance.exact import exactly
from core.finance.pricing.coupons import (
    Coupon,
    CouponOrder,
    CouponPolicy,
    Fee,
    Frequency,
    Leftover,
    PercentOf,
    Spread,
)
from core.finance.tax.taxes import Tax
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.pricing_reading import Units, beside, first, share, stack

_AMOUNTS = ("amount", "net", "price", "value", "unit_price", "fee")
_SINGLE: tuple[str, ...] = ("fee", "price", "subtotal", "invoice", "net", "list_price", "plan_price")
_SINGLE += ("monthly_price", "annual_price", "yearly_price", "monthly_fee", "annual_fee")
_COUPONS: tuple[str, ...] = (
    "coupons",
    "discounts",
    "coupon",
    "discount",
    "coupon_pct",
    "coupon_percent",
    "discount_pct",
)
_COUPONS += ("coupon_amount", "discount_amount", "percent_coupon", "percent_off", "amount_off")
_COUPONS += ("fixed_coupon", "coupon_fixed", "invoice_coupon", "invoice_coupons", "percentage_coupon")
_NAMES = ("name", "code", "id", "what", "metric", "charge", "billable_metric", "product")
_PERCENT = ("pct", "percent")
_OFTEN = ("frequency", "duration", "duration_in_months", "frequency_duration", "periods")
_SCOPES: tuple[str, ...] = (
    "fees",
    "fee",
    "applies_to",
    "only_fees",
    "targets",
    "on",
    "limited_to",
    "charges",
)
_SCOPES += ("metrics", "metric", "billable_metrics", "billable_metric", "products", "product")


@dataclass(frozen=True, slots=True)
class Charged:
    """Fees of a bill with the taxes of each, and the coupons that stand on a fee alone."""

    fees: tuple[Fee, ...]
    taxes: tuple[tuple[Tax, ...], ...]
    own: tuple[Coupon, ...]
    names: Mapping[str, str]


def charged(inputs: Mapping[str, Any], units: Units, rows: Any = None) -> Charged:
    """Of a list "fees" (amounts or objects), or of the named fees of the object."""
    if rows is None:
        rows = _of_subscriptions(inputs)
    if rows is None:
        rows = first(inputs, "fees", "lines", "items", "line_items", "charges_list")
    if rows is None and (one := first(inputs, *_SINGLE)) is not None:
        rows = [one]
    if rows is None:
        names = ("subscription", "subscriptions", "subscription_fee", "usage", "charges", "add_on", "add_ons")
        rows = [{"name": name, "amount": inputs[name]} for name in names if inputs.get(name) is not None]
    if isinstance(rows, Mapping):
        rows = [
            {**({"amount": row} if not isinstance(row, Mapping) else row), "name": str(name)}
            for name, row in rows.items()
        ]
    if not isinstance(rows, list) or not rows:
        raise NotOffered(f"fees: none are found in {sorted(inputs)}; a list 'fees' is read")
    rows, rest = beside(rows, inputs, "amount")
    return _charged(rows, stack(rest, units) or (), units)


def _of_subscriptions(inputs: Mapping[str, Any]) -> list[Any] | None:
    """The fees of several subscriptions, each with its plan."""
    given = inputs.get("subscriptions") or inputs.get("plans")
    if isinstance(given, Mapping):
        given = [
            {"name": name, **(row if isinstance(row, Mapping) else {"fees": row})}
            for name, row in given.items()
        ]
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        return None
    found: list[Any] = []
    for number, row in enumerate(given, 1):
        plan = str(first(row, "name", "plan", "id", "code") or number)
        fees = first(row, "fees", "charges", "usage", "amounts")
        if isinstance(fees, Mapping):
            fees = [{"name": name, "amount": amount} for name, amount in fees.items()]
        fees, rest = beside(fees if isinstance(fees, list) else [fees], row, "amount")
        rates = {key: value for key, value in rest.items() if key.startswith(("tax", "vat"))}
        for fee in fees:
            found.append({**rates, **(fee if isinstance(fee, Mapping) else {"amount": fee}), "plan": plan})
    return found


def _charged(rows: list[Any], common: tuple[Tax, ...], units: Units) -> Charged:
    fees, taxes, own, names = [], [], [], dict[str, str]()
    objects = [row if isinstance(row, Mapping) else {"amount": row} for row in rows]
    for number, row in enumerate(objects, 1):
        amount = first(row, *_AMOUNTS)
        if amount is None:
            raise NotOffered(f"fees[{number}]: no amount in {sorted(row)}; one of {_AMOUNTS} is read")
        quantity = first(row, "qty", "quantity")
        times = exactly(quantity, "quantity") if quantity is not None else Fraction(1)
        key = str(number)
        names |= {str(row[name]): key for name in _NAMES if row.get(name) is not None}
        fees.append(Fee(key, units.minor(amount, "fees") * times, _plan(row)))
        mine = stack({k: v for k, v in row.items() if k not in ("amount", "fee")}, units)
        taxes.append(common if mine is None else mine)
        for name in ("coupon", "discount", "coupon_pct", "discount_pct"):
            if row.get(name) is not None and str(row[name]) != "0":
                own.append(_coupon(row[name], name, f"fee {key}", units, frozenset({key})))
    return Charged(tuple(fees), tuple(taxes), tuple(own), names)


def _plan(row: Mapping[str, Any]) -> str:
    return str(first(row, "plan", "subscription", "sub") or "")


def coupons(inputs: Mapping[str, Any], units: Units, rows: Charged) -> tuple[Coupon, ...]:
    """Those of the whole bill, in the order they are written in; a fee is named by place, name or plan."""
    found: list[Coupon] = []
    often = {key: inputs[key] for key in _OFTEN if isinstance(inputs.get(key), int | str)}
    for name in _COUPONS:
        value = inputs.get(name)
        if value is None:
            continue
        for row in value if isinstance(value, list) else [value]:
            key = f"coupon {len(found) + 1}"
            given = row if isinstance(row, Mapping) or not often else {**_plain(row, name), **often}
            found.append(_coupon(given, name, key, units, _scope(row, rows)))
    return tuple(found)


def coupon_policy(case: Case) -> CouponPolicy:
    """The switches that a case's text names; the usual ones else."""
    said = f"{case.convention} {case.inputs.get('order', '')} {case.inputs.get('coupon_order', '')}".lower()
    order = (
        CouponOrder.AS_GIVEN
        if re.search(r"as given|order given|in the order (they|of)|one after (the )?(other|another)", said)
        else CouponOrder.NARROWEST_FIRST
    )
    full = any(
        word in said for word in ("original amount", "not compounding", "each on the full", "of the full")
    )
    lost = any(word in said for word in ("remainder is lost", "not carried", "no carry"))
    spread = Spread.WHOLE if "largest remainder" in said else Spread.EXACT
    return CouponPolicy(
        order,
        PercentOf.FULL if full else PercentOf.REST,
        Leftover.LOST if lost else Leftover.CARRIED,
        spread,
    )


def _coupon(row: Any, name: str, key: str, units: Units, scope: frozenset[str]) -> Coupon:
    if not isinstance(row, Mapping):
        row = _plain(row, name)
    said = str(first(row, "frequency", "duration") or "").replace("recurring", "repeating")
    # How many bills it lasts is said of a repeating coupon only.
    lasts = _bills(row) > 0
    if unread := {"excludes", "except", "minimum", "min_amount", "max_amount", "expires"} & set(row):
        raise NotOffered(f"{name}: what {', '.join(sorted(unread))} means for a coupon is not read")
    often = Frequency(said or ("repeating" if lasts else "once"))
    bills = _bills(row)
    if often is Frequency.REPEATING and not bills:
        raise NotOffered(f"{name}: for how many bills it repeats is not said in {sorted(row)}")
    percent = first(row, "pct", "percent", "percent_off", "percentage", "percentage_rate")
    plans = first(row, "plan", "plans")
    where = frozenset(str(p) for p in (plans if isinstance(plans, list) else [plans]) if p is not None)
    if percent is not None:
        return Coupon(key, None, share(percent, "pct"), often, bills, scope, where)
    amount = first(row, "amount", "amount_off", "value", "fixed")
    if amount is None:
        raise NotOffered(f"{name}: neither amount nor pct in {sorted(row)}")
    return Coupon(key, units.whole(amount, name), None, often, bills, scope, where)


def _bills(row: Mapping[str, Any]) -> int:
    """How many bills it lasts; 0 where no number is said."""
    names = ("bills", "periods", "duration_in_months", "frequency_duration", "months", "duration")
    said = next((row[name] for name in names if re.fullmatch(r"\d+", str(row.get(name)))), 0)
    return int(said)


def _plain(value: Any, name: str) -> dict[str, Any]:
    percent = any(word in name for word in _PERCENT) or str(value).endswith("%")
    return {"pct" if percent else "amount": value}


def _scope(row: Any, rows: Charged) -> frozenset[str]:
    if not isinstance(row, Mapping):
        return frozenset()
    named = first(row, *_SCOPES)
    if named is None or str(named).lower() in ("all", "invoice", "everything", "all fees", "all_fees"):
        return frozenset()
    keys = {fee.key for fee in rows.fees}
    places: set[str] = set()
    for each in named if isinstance(named, list) else [named]:
        places |= _places(str(each), rows)
    if not places <= keys:
        raise NotOffered(
            f"coupon: it is for {sorted(places)}; fees are named by place, 1 to {len(keys)}, or by name"
        )
    return frozenset(places)


def _places(said: str, rows: Charged) -> set[str]:
    """A fee by its place or name, or all of a plan: "2", "api", "plan P2", "subscription 2", "fees 1, 2"."""
    if said in {fee.key for fee in rows.fees}:
        return {said}
    if said in rows.names:
        return {rows.names[said]}
    words = re.sub(
        r"^(the )?(plan|subscription|sub)[ _]?(of )?(subscription )?", "", said.strip(), flags=re.I
    )
    of_plan = {fee.key for fee in rows.fees if fee.plan and fee.plan in (said, words)}
    if of_plan:
        return of_plan
    if re.match(r"(fee|charge|metric|line|item)s? ", said):
        return set(re.findall(r"\d+", said))
    return {said}
