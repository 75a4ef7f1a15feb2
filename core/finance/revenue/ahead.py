"""Revenue ahead of billing: what is a contract asset at a month's end, and what of it each bill meets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.canonical.erp import Schedule
from core.canonical.money import Money
from core.finance.exact import Residual, split
from core.finance.revenue.earned import earned
from core.finance.revenue.position import UNBILLED, Standing
from core.finance.revenue.schedule import Rule


class Netting(StrEnum):
    """Within what an asset and a liability are set off before they are shown."""

    CONTRACT = "contract"  # one contract, one position: an asset or a liability (IFRS 15.105)
    DOCUMENT = "document"  # each invoice by itself: asset and liability of a contract may stand side by side


@dataclass(frozen=True, slots=True)
class Ahead:
    """A part of a plan earned and not billed. billed: the day on which its document stands in the ledger,
    and the part is unbilled no more."""

    plan: Schedule
    minor: int
    billed: date


def ahead(
    plans: Iterable[Schedule], on: date, later: Mapping[str, date], rule: Rule, netting: Netting
) -> list[Ahead]:
    """At the end of a day. later: sources of plans that stand in the ledger after it, with their dates.

    A bill meets the asset first, and only its rest is a liability (P05, P06). What is ahead and no document
    is known for is left where it is: then more was credited than was to come.
    """
    groups: defaultdict[tuple[str, str, str], list[Schedule]] = defaultdict(list)
    whose = _WHOSE[netting]
    for plan in plans:
        groups[plan.entity, plan.amount.currency, whose(plan)].append(plan)
    return [
        part
        for _, group in sorted(groups.items())
        if any(plan.source in later for plan in group)
        for part in _of_group(group, on, later, rule)
    ]


_WHOSE: dict[Netting, Callable[[Schedule], str]] = {
    # Without the dimension in the ledger a document is all that is known of the contract.
    Netting.CONTRACT: lambda plan: plan.contract or plan.source,
    Netting.DOCUMENT: lambda plan: plan.source,
}


def _of_group(group: list[Schedule], on: date, later: Mapping[str, date], rule: Rule) -> list[Ahead]:
    currency = group[0].amount.currency
    done = {plan.key: earned(plan, on, rule).minor for plan in group}
    billed = sum(plan.amount.minor for plan in group if plan.source not in later)
    standing = Standing(currency, billed, sum(done.values()))
    by_day: defaultdict[date, list[Schedule]] = defaultdict(list)
    for plan in group:
        if plan.source in later:
            by_day[later[plan.source]].append(plan)
    found: list[Ahead] = []
    for day, of_day in sorted(by_day.items()):
        net = Money(sum(plan.amount.minor for plan in of_day), currency)
        standing, entries = standing.bill(net)
        met = -sum(entry.amount for entry in entries if entry.account == UNBILLED)
        weights = [max(done[plan.key], 0) for plan in of_day]
        if met > 0:
            weights = weights if any(weights) else [max(plan.amount.minor, 0) for plan in of_day]
            parts = split(met, weights, Residual.LARGEST_REMAINDER).parts
            found += [Ahead(plan, part, day) for plan, part in zip(of_day, parts, strict=True) if part]
    return found
