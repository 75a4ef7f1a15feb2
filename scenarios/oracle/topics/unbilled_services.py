"""Services earned by time and billed at other times: contract asset and liability, one of them, net."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.canonical.money import Money
from core.finance.calendar import Period, last_day
from core.finance.revenue.position import Standing
from core.finance.revenue.schedule import recognised, schedule
from core.finance.revenue.waterfall import months_between
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.modification_services import rule_of
from scenarios.oracle.topics.revenue_reading import MONTHS, currency_of, day, money, service_of

_BILLED = ("invoice_at", "invoiced_at", "billed_at", "invoice_date", "finalised_at", "finalized_at", "at")


@dataclass(frozen=True, slots=True)
class _Bill:
    on: date
    amount: Money


def later_invoice(case: Case) -> dict[str, Any]:
    """One service, billed in arrears (or whenever), recognised day by day."""
    inputs, currency = case.inputs, currency_of(case)
    price = money(_first(inputs, "amount", "price", "fee", "total"), "amount", currency)
    service = service_of(inputs["service"], inclusive="inclusive" in case.convention)
    at = _first({**inputs, "": str(service.end)}, *_BILLED, "")
    return _figures(case, [(price, service)], [_Bill(day(at), price)])


def invoiced_lines(case: Case) -> dict[str, Any]:
    """Several lines, each with its service and the day of its invoice."""
    inputs, currency = case.inputs, currency_of(case)
    services: list[tuple[Money, Period]] = []
    bills: list[_Bill] = []
    for line in inputs.get("lines", inputs.get("items")):
        price = money(_first(line, "amount", "price", "fee"), "amount", currency)
        services.append((price, service_of(_first(line, "service", "period"))))
        on = next((line[key] for key in _BILLED if key in line), None) or _first(inputs, *_BILLED)
        bills.append(_Bill(day(on), price))
    return _figures(case, services, bills)


def billings(case: Case) -> dict[str, Any]:
    """A price over its service, and a plan of bills: free months, a ramp, milestones."""
    inputs, currency = case.inputs, currency_of(case)
    plan = _first(inputs, "billing", "billings", "billed", "invoices")
    service = service_of(_first(inputs, "service", "term"), inclusive="inclusive" in case.convention)
    months = months_between(service.start, service.end - timedelta(days=1))
    if isinstance(plan, Mapping):
        bills = [
            _Bill(day(f"{on}-01" if len(on) == 7 else on), money(v, on, currency)) for on, v in plan.items()
        ]
    elif plan and isinstance(plan[0], Mapping):
        bills = [
            _Bill(day(_first(b, *_BILLED, "date", "on")), money(b["amount"], "amount", currency))
            for b in plan
        ]
    else:
        bills = [
            _Bill(max(m, service.start), money(v, "billing", currency))
            for m, v in zip(months, plan, strict=False)
        ]
    total = sum((bill.amount.minor for bill in bills), 0)
    given = next((inputs[key] for key in ("price", "total", "amount") if key in inputs), None)
    price = money(given, "price", currency) if given is not None else Money(total, currency)
    return _figures(case, [(price, service)], bills)


def _figures(case: Case, services: list[tuple[Money, Period]], bills: list[_Bill]) -> dict[str, Any]:
    rule, currency = rule_of(case), currency_of(case)
    nothing = Money(0, currency)
    first = min([service.start for _, service in services] + [bill.on for bill in bills])
    last = max([service.end - timedelta(days=1) for _, service in services] + [bill.on for bill in bills])
    months = months_between(first, last)
    by_month = dict.fromkeys(months, nothing)
    for price, service in services:
        for piece in schedule(price, service, rule):
            by_month[piece.month] += piece.amount
    standings: list[Standing] = []
    standing, billed = Standing(currency), []
    for month in months:
        now = sum((b.amount for b in bills if month <= b.on <= last_day(month)), nothing)
        standing = Standing(
            currency, standing.billed + now.minor, standing.recognised + by_month[month].minor
        )
        standings.append(standing)
        billed.append(now)
    by_month_served = [m for m in months if first.replace(day=1) <= m < max(s.end for _, s in services)]
    names = [f"{month:%Y-%m}" for month in months]
    assets, liabilities = [s.asset for s in standings], [s.liability for s in standings]
    figures: dict[str, Any] = {}
    for kind, values in (
        (("revenue", "recognised", "recognized"), list(by_month.values())),
        (("contract_asset", "unbilled_end", "contract_asset_end", "unbilled"), assets),
        (("contract_liability", "deferred_end", "deferred", "contract_liability_end"), liabilities),
        (("billed", "accounts_receivable"), billed),
    ):
        for key in kind:
            figures[key] = _shaped(case.wanted.get(key), names, values, len(by_month_served))
        for month, value in zip(months, values, strict=True):
            figures |= {f"{key}_{MONTHS[month.month - 1]}": value for key in kind}
    figures["movements"] = _movements(names, list(by_month.values()), assets, liabilities, billed)
    figures |= _by_day(case, services, bills)
    on = bills[0].on
    before = sum((recognised(price, service, on, rule) for price, service in services), nothing)
    figures["unbilled_before_invoice"] = before
    figures["unbilled_after_invoice"] = _at(services, bills, on, case)[1]
    figures["receivable_after_invoice"] = sum((b.amount for b in bills if b.on <= on), nothing)
    return figures | {"total": sum(by_month.values(), nothing)}


def _movements(names: list[str], revenue: list[Money], *rest: list[Money]) -> dict[str, Any]:
    assets, liabilities, billed = rest
    accounts = {
        "revenue": revenue,
        "unbilled_receivable": _moves(assets),
        "unbilled_accounts_receivable": _moves(assets),
        "contract_asset": _moves(assets),
        "deferred_revenue": _moves(liabilities),
        "contract_liability": _moves(liabilities),
        "accounts_receivable": billed,
    }
    return {
        account: {name: each for name, each in zip(names, moved, strict=True) if each}
        for account, moved in accounts.items()
    }


def _by_day(case: Case, services: list[tuple[Money, Period]], bills: list[_Bill]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if isinstance(shape, Mapping) and shape and all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", k) for k in shape):
            found[key] = {name: _on(key, day(name), services, bills, case) for name in shape}
    return found


def _on(key: str, on: date, services: list[tuple[Money, Period]], bills: list[_Bill], case: Case) -> Money:
    earned, asset, liability = _at(services, bills, on, case)
    if "unbilled" in key or "asset" in key:
        return asset
    return liability if "deferred" in key or "liability" in key else earned


def _at(
    services: list[tuple[Money, Period]], bills: list[_Bill], on: date, case: Case
) -> tuple[Money, Money, Money]:
    """Recognised, asset and liability at the end of a day."""
    currency, rule = currency_of(case), rule_of(case)
    through = on + timedelta(days=1)
    earned = sum(
        (recognised(price, service, through, rule) for price, service in services), Money(0, currency)
    )
    billed = sum((bill.amount.minor for bill in bills if bill.on <= on), 0)
    standing = Standing(currency, billed, earned.minor)
    return earned, standing.asset, standing.liability


def _moves(balances: list[Money]) -> list[Money]:
    return [now - (balances[i - 1] if i else Money(0, now.currency)) for i, now in enumerate(balances)]


def _shaped(wanted: Any, names: list[str], values: list[Money], served: int) -> Any:
    """By month as it is wanted; a list as long as the service leaves out the month of a later bill."""
    if isinstance(wanted, list) and len(wanted) == served < len(values):
        return values[:served]
    return dict(zip(names, values, strict=True)) if isinstance(wanted, Mapping) else values


def _first(inputs: Mapping[str, Any], *keys: str) -> Any:
    for key in keys:
        if inputs.get(key) is not None:
            return inputs[key]
    raise NotOffered(f"{keys[0]}: it is not given")
