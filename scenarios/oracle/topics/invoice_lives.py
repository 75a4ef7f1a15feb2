"""An invoice's movements by month: refunds, disputes, voids, bad debt, the customer's credit balance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.finance.cash.invoice_life import NUMBER, Book, InvoiceLife
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.cash_reading import Unit, book, is_journal, unit_of
from scenarios.oracle.topics.invoice_life_reading import (
    Happening,
    amounts,
    applied_of,
    happenings_of,
    kind_of,
    rules,
    service,
)

# Of one day: what is done first.
_ORDER = ("issue", "pay", "give_up", "void", "refund", "dispute", "lost", "won")


@dataclass(slots=True)
class Told:
    """A life and what each of its happenings moved: (kind, day, movements without releases)."""

    life: InvoiceLife
    steps: list[tuple[str, date, list[tuple[Book, int]]]] = field(default_factory=list)


def answer(case: Case) -> Any:
    """Variants one by one, else the one invoice."""
    inputs = case.inputs
    unit = unit_of(case)
    variants = inputs.get("variants")
    if variants:
        shared = {key: value for key, value in inputs.items() if key != "variants"}
        rows = (
            list(variants.items())
            if isinstance(variants, Mapping)
            else [(str(number), row) for number, row in enumerate(variants, start=1)]
        )
        found = {}
        for at, (key, wanted) in enumerate(case.wanted.items()):
            number = re.search(r"\d+", key)
            index = next((i for i, (name, _) in enumerate(rows) if name == key), None)
            index = index if index is not None else int(number[0]) - 1 if number else at
            if not 0 <= index < len(rows):
                raise NotOffered(f"{key}: there are {len(rows)} variants")
            found[key] = _one({**shared, **rows[index][1]}, wanted, unit, case)
        return found
    return _one(inputs, case.wanted, unit, case)


def _one(inputs: Mapping[str, Any], wanted: Any, unit: Unit, case: Case) -> Any:
    return _walk(wanted, (), told(inputs, unit, case), unit)


def told(inputs: Mapping[str, Any], unit: Unit, case: Case) -> Told:
    """Play the happenings of the inputs in the order of their days."""
    days = service(inputs)
    net, tax = amounts(inputs, unit)
    story = Told(InvoiceLife(days, net, tax, rules(case, inputs)))
    happenings = sorted(happenings_of(inputs, unit), key=lambda h: (h.on, _ORDER.index(h.kind)))
    if not any(h.kind == "issue" for h in happenings):
        before = min((h.on for h in happenings), default=days.start)
        happenings.insert(0, Happening(min(days.start, before), "issue"))
    applied = applied_of(inputs, unit)
    if net < 0 and not applied:
        applied = net + tax  # a negative invoice becomes credit at once
    disputed = 0
    for each in happenings:
        if each.kind == "dispute":
            disputed = each.amount if each.amount is not None else net + tax
        done = len(story.life.movements)
        _happen(story.life, each, applied, disputed)
        moved = [
            (b, n) for on, b, n in story.life.movements[done:] if on >= each.on or b not in (Book.REVENUE,)
        ]
        story.steps.append((each.kind, each.on, _without_release(story.life, done, moved)))
    story.life.finish()
    return story


def _without_release(life: InvoiceLife, done: int, moved: list[tuple[Book, int]]) -> list[tuple[Book, int]]:
    """A release moves revenue against deferred revenue; what a happening moves is all the rest."""
    new = [(b, n) for _, b, n in life.movements[done:]]
    earned = sum(n for b, n in new if b is Book.REVENUE)
    kept = [(b, n) for b, n in new if b is not Book.REVENUE]
    if not earned:
        return moved
    sums: dict[Book, int] = {}
    for b, n in kept:
        sums[b] = sums.get(b, 0) + n
    sums[Book.DEFERRED] = sums.get(Book.DEFERRED, 0) + earned
    return [(b, n) for b, n in sums.items() if n]


def _happen(life: InvoiceLife, each: Happening, applied: int, disputed: int) -> None:
    total = life.net + life.tax
    if each.kind == "issue":
        life.issue(each.on, applied)
    elif each.kind == "pay":
        life.pay(each.on, each.amount, outside=each.outside)
    elif each.kind == "refund":
        life.refund(each.on, total if each.amount is None else each.amount)
    elif each.kind == "dispute":
        life.dispute(each.on, disputed)
    elif each.kind == "won":
        life.dispute_won(each.on, disputed or total if each.amount is None else each.amount)
    elif each.kind == "void":
        life.void(each.on)
    elif each.kind == "give_up":
        life.give_up(each.on)


# --- answering ---


def _walk(wanted: Any, path: tuple[str, ...], story: Told, unit: Unit) -> Any:
    if is_journal(wanted):
        return _journal(wanted, path, story, unit)
    if isinstance(wanted, Mapping):
        if wanted and all(_is_month(key) for key in wanted):
            return _months(path[-1], wanted, story, unit)
        return {key: _walk(value, (*path, str(key)), story, unit) for key, value in wanted.items()}
    name = path[-1] if path else ""
    account = book(name)
    if account is None:
        raise NotOffered(f"{'.'.join(path)}: no account of an invoice's life has that name")
    if isinstance(wanted, list):
        months = story.life.by_month().get(account, {})
        return [unit.major(months[month]) for month in sorted(months)]
    return unit.major(_figure(name, account, story))


def _figure(name: str, account: Book, story: Told) -> int:
    """What a happening moved where the name has one beside its account, else the balance in the end."""
    for kind, _, moved in story.steps:
        said = re.search(rf"_(?:at|on|by|of|after)_(?:the_)?{kind}", name)
        if said:
            return sum(n for b, n in moved if b is account)
    return story.life.balance(account)


def _is_month(key: str) -> bool:
    return bool(re.match(r"\d{4}-\d{2}|(start|opening|end|closing|total)", key))


def _months(name: str, wanted: Mapping[str, Any], story: Told, unit: Unit) -> dict[str, Any]:
    account = book(name)
    if account is None:
        raise NotOffered(f"{name}: no account of an invoice's life has that name")
    months = story.life.by_month().get(account, {})
    found: dict[str, Any] = {}
    for key in wanted:
        if re.match(r"\d", key):
            found[key] = unit.major(months.get(date.fromisoformat(f"{key[:7]}-01"), 0))
        else:
            found[key] = unit.major(0 if key.startswith(("start", "open")) else sum(months.values()))
    return found


def _journal(wanted: Any, path: tuple[str, ...], story: Told, unit: Unit) -> list[dict[str, Any]]:
    """The entry of the happening that the name names; that of the invoice has its first month earned."""
    name = path[-1] if path else ""
    kind = kind_of(name) or "issue"
    at = next((n for n, (each, _, _) in enumerate(story.steps) if each == kind), None)
    if at is None:
        raise NotOffered(f"{name}: nothing of the kind happens")
    _, on, moved = story.steps[at]
    names = [str(row["account"]) for row in wanted]
    sums: dict[Book, int] = {}
    for account, n in moved:
        sums[account] = sums.get(account, 0) + n
    if kind == "issue" and any(book(each) is Book.REVENUE for each in names):
        earned = story.life.by_month().get(Book.REVENUE, {}).get(on.replace(day=1), 0)
        sums[Book.REVENUE] = sums.get(Book.REVENUE, 0) + earned
        sums[Book.DEFERRED] = sums.get(Book.DEFERRED, 0) - earned
    rows = []
    for account, n in sums.items():
        debit = n if _debit_normal(account) else -n
        called = next((each for each in names if book(each) is account), account.value)
        if debit:
            rows.append(
                {
                    "account": called,
                    "debit": unit.major(max(debit, 0)),
                    "credit": unit.major(max(-debit, 0)),
                }
            )
    return rows


def _debit_normal(account: Book) -> bool:
    return (NUMBER[account][0] in "16" and account is not Book.RECOVERED) or NUMBER[account] == "4900"
