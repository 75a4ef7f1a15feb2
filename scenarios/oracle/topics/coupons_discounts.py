"""Cases of the topic coupons_discounts: bills with coupons, prepaid credit and tax in every order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from core.finance.pricing.bills import Bill, BillPolicy, ChargeOrder, bill
from core.finance.pricing.coupons import Coupon
from core.finance.tax.rounding import Place
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.coupon_reading import Charged, charged, coupon_policy, coupons
from scenarios.oracle.topics.pricing_reading import Units, first, units
from scenarios.oracle.topics.tax_policies import reading
from scenarios.oracle.topics.understanding import understood

_COUNTS = ("months", "invoices", "bills", "number_of_invoices", "invoice_count")
_CREDITS = (
    "credit_note",
    "prepaid_credit",
    "prepaid_credits",
    "credit",
    "credits",
    "wallet",
    "credit_balance",
)


@understood
def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    return _Answer(case).all()


class _Answer:
    def __init__(self, case: Case) -> None:
        self._case, self._unit = case, units(case)
        self._policy = _policy(case, self._unit)
        self._variants = _variants(case.inputs)

    def all(self) -> Any:
        """Every figure of the shape that is wanted."""
        inputs = dict(self._case.inputs)
        count = next((inputs.pop(k) for k in _COUNTS if _is_count(inputs.get(k))), None)
        if count is not None and any(isinstance(shape, list) for shape in self._case.wanted.values()):
            # The same bill so many times.
            return self._row_of_bills({**inputs, "bills": [{}] * int(count)})
        if any(isinstance(inputs.get(key), list) for key in ("bills", "invoices", "periods")):
            return self._row_of_bills(inputs)
        return self._of(self._case.wanted, inputs, "")

    def _of(self, wanted: Any, inputs: Mapping[str, Any], name: str) -> Any:
        if not isinstance(wanted, Mapping):
            return self._named(name, wanted, inputs)
        found: dict[str, Any] = {}
        for key, value in wanted.items():
            variant = self._variant(str(key))
            if variant is not None:
                given = {**inputs, **variant[0]}
                shape = value if isinstance(value, Mapping) else None
                found[key] = self._of(value, given, name) if shape else self._named(variant[1], value, given)
            elif isinstance(value, Mapping) and re.search(r"rate|code", str(key)):
                found[key] = self._by_code(value, inputs)
            elif isinstance(value, Mapping):
                found[key] = self._of(value, inputs, f"{name}_{key}" if name else str(key))
            else:
                found[key] = self._named(f"{name}_{key}" if name else str(key), value, inputs)
        return found

    def _by_code(self, wanted: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        policy = replace(self._policy, tax=replace(self._policy.tax, place=Place.CODE))
        codes = self._bill(inputs, policy)[0].taxed.by_code()
        return {code: self._unit.major(codes.get(code, 0)) for code in wanted}

    def _variant(self, key: str) -> tuple[Mapping[str, Any], str] | None:
        """What of the inputs a figure's name replaces, and the figure that is left of the name."""
        if key in self._variants:
            return self._variants[key], "total"
        for name in sorted(self._variants, key=len, reverse=True):
            if key.startswith(f"{name}_"):
                return self._variants[name], key.removeprefix(f"{name}_")
        return None

    def _named(self, name: str, wanted: Any, inputs: Mapping[str, Any]) -> Any:
        policy = self._policy
        order = _order(name)
        if order is not None:
            policy = replace(policy, order=order)
        done, rows = self._bill(inputs, policy)
        if isinstance(wanted, list):
            return [self._unit.rounded(each) for each in _list(name, done, len(wanted))]
        if order is not None and not re.search(r"tax_amount|credit_used|sub_?total", name):
            return self._unit.major(done.total)
        return self._unit.major(_figure(name, done, rows))

    def _bill(
        self, inputs: Mapping[str, Any], policy: BillPolicy, given: tuple[Coupon, ...] | None = None
    ) -> tuple[Bill, Charged]:
        rows = charged(inputs, self._unit)
        vouchers = (*rows.own, *coupons(inputs, self._unit, rows)) if given is None else given
        credit = first(inputs, *_CREDITS)
        amount = 0 if credit is None else self._unit.whole(credit, "prepaid_credit")
        return bill(rows.fees, rows.taxes, vouchers, amount, policy), rows

    def _row_of_bills(self, inputs: dict[str, Any]) -> Any:
        """Bills one after the other: what is left of a coupon goes on to the next."""
        lists = [k for k in ("bills", "invoices", "periods") if isinstance(inputs.get(k), list)]
        rows = first(inputs, *lists)
        common = {k: v for k, v in inputs.items() if k not in lists}
        given: tuple[Coupon, ...] | None = None
        done: list[tuple[Bill, Charged]] = []
        for row in [rows] if not isinstance(rows, list) else rows:
            one = {**common, **_as_bill(row)}
            if given is None:
                given = coupons(one, self._unit, charged(one, self._unit))
            made = self._bill(one, self._policy, given)
            given = made[0].coupons.left
            done.append(made)
        found: dict[str, Any] = {}
        for key, value in self._case.wanted.items():
            if isinstance(value, list):
                found[key] = [
                    {name: self._unit.major(_figure(str(name), *each)) for name in shape}
                    if isinstance(shape, Mapping)
                    else self._unit.major(_figure(str(key), *each))
                    for shape, each in zip(value, done, strict=False)
                ]
            elif re.search(r"left|remaining", str(key)):
                found[key] = self._unit.major(sum(_left(coupon) for coupon in given or ()))
            else:
                found[key] = self._unit.major(sum((_figure(str(key), *each) for each in done), Fraction(0)))
        return found


def _as_bill(row: Any) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return row
    return {"fees": row if isinstance(row, list) else [row]}


def _policy(case: Case, unit: Units) -> BillPolicy:
    base = BillPolicy()
    tax = replace(base.tax, mode=unit.mode)
    if case.convention:
        named = reading(unit, case.convention).policy
        if named.place is not reading(unit).policy.place:
            tax = named
    said = f"{case.convention} {case.inputs.get('order', '')}"
    return BillPolicy(_order(said) or base.order, coupon_policy(case), tax)


def _order(text: str) -> ChargeOrder | None:
    name = re.sub(r"[\s\-,;]+", "_", text.lower())
    if "all_before_tax" in name or "both_before_tax" in name:
        return ChargeOrder.ALL_BEFORE_TAX
    if "all_after_tax" in name or "both_after_tax" in name:
        return ChargeOrder.ALL_AFTER_TAX
    if re.search(r"(coupons?|discounts?)_(are_)?before_tax", name) or "credits?_after" in name:
        return ChargeOrder.COUPON_BEFORE_CREDIT_AFTER
    if re.search(r"(coupons?|discounts?)_(are_)?after_tax", name):
        return ChargeOrder.ALL_AFTER_TAX
    if name in ("before_tax", "before"):
        return ChargeOrder.ALL_BEFORE_TAX
    return ChargeOrder.ALL_AFTER_TAX if name in ("after_tax", "after") else None


def _variants(inputs: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for key, value in inputs.items():
        if "variant" not in key:
            continue
        if key == "variants" and isinstance(value, Mapping):
            found |= {name: each for name, each in value.items() if isinstance(each, Mapping)}
        elif isinstance(value, Mapping):
            found[key] = value
            found.setdefault(key.removesuffix("_variant"), value)
    return found


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _list(name: str, done: Bill, count: int) -> list[Fraction]:
    if re.search(r"coupon|discount", name) and count != len(done.coupons.parts):
        return [Fraction(each.taken) for each in done.coupons.used]
    if re.search(r"coupon|discount", name):
        return [Fraction(part) for part in done.coupons.parts]
    if re.search(r"tax|vat", name):
        return [Fraction(line.tax) for line in done.taxed.lines]
    if re.search(r"taken|used", name):
        return [Fraction(each.taken) for each in done.coupons.used]
    if re.search(r"total|gross", name):
        return [Fraction(line.gross) for line in done.taxed.lines]
    return [Fraction(line.net) for line in done.taxed.lines]


def _figure(name: str, done: Bill, _rows: Charged) -> Fraction:
    if re.search(r"(before|without|excl\w*)_(prepaid_)?credit", name):
        return Fraction(done.total + done.credit)
    if re.search(r"credit", name) and not re.search(r"left|remaining|balance|after", name):
        return Fraction(done.credit)
    if re.search(r"(coupon|discount)\w*_(left|remaining|unused)", name):
        return Fraction(sum(_left(coupon) for coupon in done.coupons.left))
    if re.search(r"coupon|discount", name) and not re.search(r"after|less|net_of", name):
        return Fraction(done.coupons.taken)
    if re.search(r"sub_?total|net|excl|before_tax|taxable", name):
        return Fraction(done.sub_total)
    if re.search(r"(^|_)(tax|taxes|vat)(_|$)", name) and not re.search(r"incl|with_tax|after_tax", name):
        return Fraction(done.tax)
    if re.search(r"fees", name):
        return Fraction(done.fees)
    if re.search(r"total|due|payable|invoice|amount|pay|incl", name):
        return Fraction(done.total)
    raise NotOffered(f"{name}: coupon, credit, tax, sub_total, fees and total of a bill are read")


def _left(coupon: Coupon) -> int:
    return (coupon.fixed or 0) if coupon.left is None else coupon.left
