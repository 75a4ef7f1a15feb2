"""Posts a fact by the matrix under a policy: a balanced entry, or none where none belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.ledger import rules_cash, rules_close, rules_revenue
from core.finance.ledger.chart import account
from core.finance.ledger.entry import Entry, Line, netted
from core.finance.ledger.fact import Fact, Kind, Part
from core.finance.ledger.policy import Policy
from core.finance.ledger.rule import CASH, ITEM, Leg, Rule, Side

MATRIX = {rule.kind: rule for rule in (*rules_revenue.RULES, *rules_cash.RULES, *rules_close.RULES)}

# Facts that never post, and why; whatever else yields no entry is an exception (control C36).
NO_ENTRY = {kind: rule.no_entry for kind, rule in MATRIX.items() if rule.no_entry}


def post(fact: Fact, policy: Policy) -> Entry | None:
    """The entry of a fact; None where the matrix or the policy books nothing.

    Held names a part that the rule does not know, an amount of the wrong sign, carves that do not add up
    to nothing, a rounding difference over its limit, a material correction, an item that is not remeasured.
    """
    if fact.kind is Kind.LATE_CORRECTION:
        return _corrected(fact, policy)
    rule = MATRIX[fact.kind]
    parts = _derived(fact, policy)
    unknown = sorted({part.name for part in parts} - rule.parts)
    if unknown:
        raise Held(f"{rule.kind}: part {unknown[0]!r} is not of {rule.title!r}: {sorted(rule.parts)}")
    legs = [leg for leg in rule.legs if set(leg.when) <= policy.chosen]
    lines = netted(line for part in parts for leg in legs for line in _lines(fact, rule, leg, part))
    return Entry(fact.id, rule.kind, fact.on, lines, rule.title) if lines else None


def original_period(on: date) -> str:
    """The month that a late line belongs to, as a dimension."""
    return f"{on:%Y-%m}"


def _corrected(fact: Fact, policy: Policy) -> Entry | None:
    """Same accounts, in the first open period, marked with the month it belongs to (P55)."""
    late = fact.corrects
    if late is None:
        raise Held("corrects: a correction of a closed period needs the fact that came late")
    month = original_period(late.on)
    parts = tuple(
        replace(part, at=replace(part.at, original_period=month)) if part.at else part for part in late.parts
    )
    entry = post(replace(late, on=fact.on, parts=parts, at=replace(late.at, original_period=month)), policy)
    if entry is None:
        return None
    size = max(sum(line.debit.minor for line in entry.lines if line.entity == e) for e in _entities(entry))
    if policy.material is not None and size >= policy.material:
        raise Held(f"{late.kind} {late.id}: {size} minor units of {month} are material; approve or restate")
    return entry


def _entities(entry: Entry) -> set[str]:
    return {line.entity for line in entry.lines}


def _lines(fact: Fact, rule: Rule, leg: Leg, part: Part) -> Iterator[Line]:
    if leg.part != part.name or not (part.amount or part.debit_as or part.credit_as):
        return
    if part.amount.minor < 0 and not leg.signed:
        raise Held(f"{rule.kind}.{part.name}: {part.amount} is negative; a reversal is a fact of its own")
    entity = fact.entity if leg.books is Side.OWN else fact.counterparty
    if not entity:
        raise Held(f"{rule.kind}: entity: whose books it is is not said; name entity and counterparty")
    at = part.at or fact.at
    if leg.debit:
        yield Line(entity, _account(fact, rule, leg.debit, part), part.amount, at, part.debit_as)
    if leg.credit:
        foreign = None if part.credit_as is None else -part.credit_as
        yield Line(entity, _account(fact, rule, leg.credit, part), -part.amount, at, foreign)


def _account(fact: Fact, rule: Rule, name: str, part: Part) -> str:
    if name == CASH:
        return str((fact.cash or rule.cash).value)
    if name != ITEM:
        return str(name)
    if not account(part.account).monetary:
        raise Held(f"{rule.kind}: account {part.account} is not monetary; it keeps its historical rate")
    return part.account


# --- parts that follow from others ---


def _derived(fact: Fact, policy: Policy) -> Sequence[Part]:
    work_out = _DERIVED.get(fact.kind)
    return work_out(fact, policy) if work_out else fact.parts


def _sum(fact: Fact, *names: str) -> Money:
    found = [part.amount for part in fact.parts if part.name in names]
    currency = fact.parts[0].amount.currency if fact.parts else "USD"
    return sum(found, Money(0, currency))


def _billed_after_recognised(fact: Fact, _: Policy) -> Sequence[Part]:
    net, asset = _sum(fact, "net"), _sum(fact, "asset")
    if asset.minor < 0:
        raise Held(f"P06.asset: {asset} is negative; a contract asset cannot be", owner="controller")
    known = min(net, asset, key=lambda money: money.minor)
    rest = tuple(part for part in fact.parts if part.name not in ("net", "asset"))
    return (Part("asset_billed", known), Part("rest", net - known), *rest)


def _plan_changed(fact: Fact, _: Policy) -> Sequence[Part]:
    beyond = _sum(fact, "unused_net", "unused_tax") - _sum(fact, "new_net", "new_tax")
    return (*fact.parts, Part("kept", beyond)) if beyond.minor > 0 else fact.parts


def _carved(fact: Fact, _: Policy) -> Sequence[Part]:
    total = _sum(fact, "carve", "carve_unbilled")
    if total:
        raise Held(f"P14.carve: the carves add up to {total}, not to nothing; allocate the contract again")
    return fact.parts


def _rounded(fact: Fact, policy: Policy) -> Sequence[Part]:
    size = abs(_sum(fact, "difference").minor)
    month = size + abs(_sum(fact, "month_so_far").minor)
    for what, found, limit in (
        ("document", size, policy.rounding_document),
        ("month", month, policy.rounding_month),
    ):
        if found > limit:
            raise Held(
                f"P54.difference: {found} minor units are over the limit of {limit} a {what}; find the cause"
            )
    return tuple(part for part in fact.parts if part.name == "difference")


_DERIVED: dict[Kind, Callable[[Fact, Policy], Sequence[Part]]] = {
    Kind.RECOGNISED_BEFORE_BILLED: _billed_after_recognised,
    Kind.PLAN_CHANGED: _plan_changed,
    Kind.PRICE_ALLOCATED: _carved,
    Kind.ROUNDING_DIFFERENCE: _rounded,
}
