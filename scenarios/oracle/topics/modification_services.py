"""Services that are cancelled, upgraded, extended or repriced while they run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.calendar import Period, add_months
from core.finance.exact import Residual, to_money
from core.finance.revenue.allocation import Sharing, relative
from core.finance.revenue.contra import after_credit, part_on
from core.finance.revenue.modification import AtCancel, Units, blended, cancel, respread, spread_change
from core.finance.revenue.schedule import Rule, Slice, recognised, schedule
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.deferral_terms import cents_named, spread_named
from scenarios.oracle.topics.revenue_reading import amount, currency_of, day, money, service_of, words_of


def rule_of(case: Case) -> Rule:
    """The stored convention that the case's words name; daily if none."""
    text = f"{case.inputs.get('basis', '')} {case.convention}"
    return Rule(spread_named(text), cents_named(text))


def months(slices: Iterable[Slice]) -> dict[date, int]:
    """Minor units by first of the month."""
    sums: defaultdict[date, int] = defaultdict(int)
    for piece in slices:
        sums[piece.month] += piece.amount.minor
    return dict(sorted(sums.items()))


def by_month(wanted: Any, amounts: Mapping[date, int], currency: str) -> Any:
    """As a list, or by "2026-03", as the case wants it; months without an amount are left out of the map."""
    named = {f"{month:%Y-%m}": Money(minor, currency) for month, minor in amounts.items()}
    if isinstance(wanted, Mapping):
        return named | {key: Money(0, currency) for key in wanted if key not in named}
    listed = list(named.values())
    return listed + [Money(0, currency)] * (len(wanted or ()) - len(listed))


def cancelled(case: Case) -> dict[str, Any]:
    """With a refund: contra revenue and what is left of the schedule; without: kept or released."""
    inputs, currency, rule = case.inputs, currency_of(case), rule_of(case)
    price = money(_first(inputs, "invoice", "amount", "price"), "invoice", currency)
    service = service_of(inputs["service"])
    on = day(next(value for key, value in inputs.items() if key.startswith(("cancel", "terminat"))))
    back = inputs.get("refund", inputs.get("credit", "0"))
    unused = part_on(price, service, on, rule).unrecognised
    said = f"{case.subtopic} {case.convention} {inputs.get('policy', '')}".replace("_", " ")
    named = back in ("unused", "prorated", "pro_rata")
    refund = unused if named else money(_amount_in(back), "refund", currency)
    prorated = named or (refund == unused and ("prorat" in said or "unused" in said))
    release = "release" in said and "keep" not in said
    # What is refunded for the time not served reverses no revenue.
    parted = part_on(refund, service, on, rule)
    off = unused if prorated else parted.unrecognised
    if off == unused:
        slices = cancel(
            price - unused, Period(service.start, max(on, service.start)), on, AtCancel.KEEP_SCHEDULE, rule
        )
    elif refund:
        slices = after_credit(price, refund, service, on, rule)
    else:
        slices = cancel(price, service, on, AtCancel.RELEASE if release else AtCancel.KEEP_SCHEDULE, rule)
    contra = Money(0, currency) if prorated else refund - off
    amounts = months(slices)
    wanted = case.wanted
    left = dict.fromkeys(amounts, 0)
    rest = price.minor
    for month in amounts:
        rest -= amounts[month] + (off.minor if month == on.replace(day=1) else 0)
        left[month] = rest
    figures: dict[str, Any] = {
        "revenue": by_month(wanted.get("revenue"), amounts, currency),
        "deferred_end": by_month(wanted.get("deferred_end"), left, currency),
        "deferred": by_month(wanted.get("deferred"), left, currency),
        "refund": refund,
        "refunds_contra": contra,
        "deferred_reversed": off,
        "unused": unused,
    }
    recognised_then = part_on(price, service, on, rule).recognised
    names = ("recognised", "recognised_to_date", "recognised_at_cancel", "revenue_to_date")
    return figures | dict.fromkeys(names, recognised_then) | {"released_at_cancel": unused - off}


def plan_change(case: Case) -> dict[str, Any]:
    """The unused days of the old plan come back, the new plan's remaining days are charged; both are
    billed with the next period."""
    inputs, currency, rule = case.inputs, currency_of(case), rule_of(case)
    service = service_of(_first(inputs, "period", "service"))
    old = money(_first(inputs, *_OLD_PLAN), "plan", currency)
    new = money(_first(inputs, "new_plan", "new", "to", "new_price", *_CHANGES), "new_plan", currency)
    on = day(next(v for k, v in inputs.items() if k.endswith("_at") or k in ("on", "date", "effective")))
    unused = part_on(old, service, on, rule).unrecognised
    charge = part_on(new, service, on, rule).unrecognised
    rest = Period(on, service.end)
    changed = (*schedule(-unused, rest, rule), *schedule(charge, rest, rule))
    total = months((*schedule(old, service, rule), *changed))
    figures: dict[str, Any] = {
        "unused_credit": unused,
        "credit": -unused,
        "charge": charge,
        "net": charge - unused,
        "unbilled": charge - unused,
        "next_invoice": new + charge - unused,
    }
    # The period after, at the new price.
    after = months(schedule(new, Period(service.end, add_months(service.end, 1)), rule))
    both = {month: total.get(month, 0) + after.get(month, 0) for month in {**total, **after}}
    net, first, last = charge - unused, *list(both)[:1], list(both)[-1]
    nothing = dict.fromkeys(both, 0)
    accounts = {
        "revenue": both,
        "accounts_receivable": nothing | {first: old.minor, last: (new + net).minor},
        "unbilled_receivable": nothing | {first: net.minor, last: -net.minor},
    }
    for name, amounts in accounts.items():
        size = len(case.wanted.get(name) or ())
        shown = dict(list(amounts.items())[:size]) if size else amounts
        figures[name] = by_month(case.wanted.get(name), shown, currency)
    for month, minor in both.items():
        figures[f"{month:%B}_revenue".lower()] = figures[f"revenue_{month:%B}".lower()] = Money(
            minor, currency
        )
    figures["movements"] = {
        name: {f"{m:%Y-%m}": Money(v, currency) for m, v in amounts.items() if v}
        for name, amounts in accounts.items()
    }
    return figures


_CHANGES = ("upgrade", "downgrade")
_OLD_PLAN = ("old_plan", "plan", "old", "from", "old_price", "price", "invoice", "amount")


def service_changed(case: Case) -> dict[str, Any]:
    """Prospectively what is left and what is added over what remains; or measured again from the start."""
    inputs, currency, rule = case.inputs, currency_of(case), rule_of(case)
    price = money(_first(inputs, "price", "amount", "invoice"), "price", currency)
    service = service_of(_first(inputs, "service", "term"))
    on = day(_first(inputs, "modified_at", "changed_at", "effective", "effective_at"))
    added = money(inputs.get("added", inputs.get("price_added", "0")), "added", currency)
    until = _first({**inputs, "": str(service.end)}, "extended_to", "new_end", "")
    through = service_of([str(service.start), until]).end
    said = f"{case.subtopic} {case.convention} {inputs.get('treatment', '')}".replace("_", " ")
    recognised_then = recognised(price, service, on, rule)
    if "catch up" in said or "retrospective" in said:
        whole = Period(service.start, through)
        again = recognised(price + added, whole, on, rule)
        planned = months(schedule(price + added, whole, rule))
        figures: dict[str, Any] = {"catch_up": again - recognised_then, "revised_revenue_to_date": again}
    else:
        planned = months(respread(price, service, on, added, through, rule))
        figures = {"remaining_consideration": price - recognised_then + added}
    for key in ("revenue", "months", "schedule"):
        figures[key] = by_month(case.wanted.get(key), planned, currency)
    return figures | {"revenue_to_date": recognised_then, "total": price + added}


def renegotiated(case: Case) -> dict[str, Any]:
    """A service of alike years: what is left at its new price, and years added for a price of their own."""
    inputs, currency = case.inputs, currency_of(case)
    original = inputs.get("original", inputs)
    changed = _leaves({key: value for key, value in inputs.items() if key != "original"})
    unit = "year" if any("year" in key or "annual" in key for key in original) else "month"
    count = amount(_first(original, f"{unit}s", "term", "periods"), "years")
    gone = _gone(dict(original) | changed, unit, count)
    names = (f"price_per_{unit}", f"{unit}ly_price", "annual_price", "annual_fee", "annual", "price", "fee")
    each = amount(_first(original, *names), "price")
    left, new_each, more, for_all = count - gone, each, Fraction(0), Fraction(0)
    for key, value in changed.items():
        words = words_of(key)
        if words & _GONE or isinstance(value, bool) or "standalone" in words:
            continue
        if words & {f"{unit}s", "periods"} and not words & {"price", "fee", "consideration"}:
            more = amount(value, key)
        elif words & {"added", "extension", "extended", "total", "additional", "extra"}:
            for_all = amount(value, key)
        elif words & {"price", "fee", "annual", "reduced"}:
            new_each = amount(value, key)
    total = left * new_each + for_all
    per = blended([Units(left + more, total / (left + more))])
    figures: dict[str, Any] = {"treatment": "prospective", "revenue_to_date": to_money(gone * each, currency)}
    totals = ("remaining_consideration", "consideration_to_allocate", "total_remaining")
    figures |= dict.fromkeys(totals, to_money(total, currency))
    figures |= dict.fromkeys((f"remaining_{unit}s", f"{unit}s_remaining"), left + more)
    revenue = (f"revenue_per_{unit}", "annual_revenue", f"{unit}ly_revenue", "revenue_per_period")
    return figures | dict.fromkeys(revenue, to_money(per, currency))


_GONE = frozenset({"elapsed", "delivered", "completed", "served", "after", "modified", "at"})


def _leaves(inputs: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """All plain values, under the words that lead to them."""
    found: dict[str, Any] = {}
    for key, value in inputs.items():
        # "modified" and "modification" only say that it is the change.
        name = f"{path}_{key}" if path else "" if key in ("modified", "modification", "change") else key
        if isinstance(value, Mapping):
            found |= _leaves(value, name)
        elif not isinstance(value, list):
            found[f"{path}_{key}" if path else key] = value
    return found


def _gone(given: Mapping[str, Any], unit: str, count: Fraction) -> Fraction:
    for key, value in given.items():
        if words_of(key) & _GONE and not isinstance(value, bool):
            return amount(value, key)
    for key in given:
        words = words_of(key)
        number = next((int(word) for word in words if word.isdigit()), 0)
        if unit in words and 0 < number <= count:
            return Fraction(number - 1)
    raise NotOffered(f"elapsed: how many {unit}s were over is not given")


def changed_price(case: Case) -> dict[str, Any]:
    """Variable consideration promised before a modification is estimated anew after it."""
    inputs, currency = case.inputs, currency_of(case)
    original = inputs.get("original", inputs)
    names = list(_first(original, "products", "ssp"))
    ssp = original.get("ssp", {})
    alone = {name: amount(ssp.get(name, 1), name) for name in names}
    fixed = money(_first(original, "price", "fixed"), "price", currency)
    first, again = (money(_first({**inputs, **original}, *keys), keys[0], currency) for keys in _VARIABLE)
    added = inputs["added"]
    delivered = set(_first({**inputs, **original}, "delivered", "transferred"))
    sharing = Sharing(Residual.LARGEST_REMAINDER)
    parts = dict(zip(names, relative(fixed + first, list(alone.values()), sharing), strict=True))
    new = str(added.get("product", added.get("name", "C")))
    merged = {name: alone[name] for name in names if name not in delivered}
    merged[new] = amount(added.get("ssp", ssp.get(new, next(iter(alone.values())))), "ssp")
    left = sum((parts[name].minor for name in names if name not in delivered), 0)
    pool = Money(left, currency) + money(added["price"], "added.price", currency)
    after = dict(zip(merged, relative(pool, list(merged.values()), sharing), strict=True))
    change = spread_change(again - first, alone, merged, sharing)
    now = {name: part for name, part in change.items() if name in delivered}
    figures: dict[str, Any] = dict.fromkeys(("allocated_at_inception", "allocation_at_inception"), parts)
    figures |= dict.fromkeys(("after_modification", "allocation_after"), after)
    figures |= dict.fromkeys(("change_of_estimate", "estimate_change", "change_in_price"), change)
    return figures | {
        "initial_allocation": parts,
        "allocation_after_modification": after,
        "remaining_consideration": pool,
        "change_allocation": change,
        "revenue_now": Money(sum(part.minor for part in now.values()), currency),
        "allocation_after_change": {name: after[name] + change[name] for name in merged},
    }


_VARIABLE = (
    ("variable", "variable_estimate", "variable_consideration"),
    ("variable_revised", "revised_variable", "variable_new", "variable_estimate_revised"),
)


def _amount_in(value: Any) -> Any:
    return value["amount"] if isinstance(value, Mapping) else value


def _first(inputs: Mapping[str, Any], *keys: str) -> Any:
    for key in keys:
        if inputs.get(key) is not None:
            return inputs[key]
    raise NotOffered(f"{keys[0]}: it is not given")
