"""C27: a bundle's price is borne by its parts as they are worth alone, and each is earned as delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scenarios.checkers.bundles import Bundle, Stage, bundles, stages
from scenarios.checkers.days import day, text_of
from scenarios.checkers.findings import distinct, grouped, major, totals, unequal
from scenarios.checkers.revenue import CLOSING_DAYS, DAY, EPOCH, READING, revenue_month
from scenarios.evidence.erp import RevenueSchedule
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

# Minor units that one deal may be off by: its own odd cent, and the one that the days cut off.
_ODD = 2


@dataclass(frozen=True, slots=True)
class _Books:
    """moved: by (order, product), what journals P14 gave; totals: by order; plans: by external name; of: by
    order; once: those of bills for what is delivered once, by product and contract; released: by plan and
    month; through: day up to which allocation is due; ran: the latest release, its moment and month."""

    moved: Mapping[tuple[str, str], int]
    totals: Mapping[str, int]
    plans: Mapping[str, RevenueSchedule]
    of: Mapping[str, Sequence[RevenueSchedule]]
    once: Mapping[tuple[str, str], Sequence[RevenueSchedule]]
    released: Mapping[str, Mapping[str, int]]
    through: int
    ran: tuple[int, str]


def check(evidence: Evidence) -> Verdict:
    """The quotes have prices and stand-alone prices, the ledger what was moved and planned. After each deal
    what is left of price and moved amounts stands, in every obligation that is still to be delivered, in
    one proportion to what it is worth alone; what is moved adds up to nothing; what was delivered once is
    planned on its day and no earlier, all else over what is left of the service; plans are released by
    their days. So no amount is worked out forwards: the books are put to the test of the standard.
    """
    books = _books(evidence)
    witnesses: list[Witness] = []
    examined = 0
    for bundle in bundles(evidence):
        examined += 1
        for stage in stages(bundle.deals):
            if stage.on <= books.through and stage.deal.closed_at < (books.through + 1 - EPOCH) * DAY:
                witnesses += _stage(bundle, stage, books)
        witnesses += _once(bundle, books)
        witnesses += _releases(bundle, books)
    return judged("C27", examined, witnesses)


def _books(evidence: Evidence) -> _Books:
    journals = {j.id: j.external for j in evidence.erp.journals}
    moved: dict[tuple[str, str], int] = {}
    released: dict[str, dict[str, int]] = {}
    for line in evidence.erp.ledger:
        name = journals.get(line.document, "")
        if name.startswith("P14-"):
            order = name.removeprefix("P14-")
            key = (order, line.memo.removeprefix(f"SSP-{order}-"))
            moved[key] = moved.get(key, 0) + line.credit - line.debit
        elif line.account == "4000" and (month := revenue_month(name)):
            months = released.setdefault(line.memo, {})
            months[month] = months.get(month, 0) + line.credit - line.debit
    runs = sorted((revenue_month(j.external), j.created_at) for j in evidence.erp.journals)
    runs = [run for run in runs if run[0]]
    last = runs[-1][0] if runs else ""
    ran = (min((at for month, at in runs if month == last), default=0), last)
    through = 0
    if evidence.billed_through:
        over = text_of(day(evidence.billed_through) - CLOSING_DAYS)
        through = day(f"{over[:7]}-01") - 1
    plans = evidence.erp.schedules
    sums = totals((order, amount) for (order, _), amount in moved.items())
    by_order = grouped(plans, lambda plan: plan.source)
    once: dict[tuple[str, str], list[RevenueSchedule]] = {}
    for plan in plans:
        product, _, number = plan.external.partition("-once-")[2].partition("-S-")
        once.setdefault((product, f"S-{number}"), []).append(plan)
    by_name = {plan.external: plan for plan in plans}
    return _Books(moved, sums, by_name, by_order, once, released, through, ran)


def _stage(bundle: Bundle, stage: Stage, books: _Books) -> Iterator[Witness]:
    names = distinct(bundle.subscription, stage.order, stage.deal.key)
    currency = stage.deal.currency
    moved = {product: books.moved.get((stage.order, product), 0) for product in stage.lines}
    if total := books.totals.get(stage.order, 0):
        said = f"what {stage.order} moves adds up to {major(total, currency)}"
        yield Witness("wrong_amount", names, said, total, currency)
    if stage.over or stage.separate:
        left = {product: _left(bundle, stage, product, books) for product in stage.lines}
        for product, amount in (left if stage.over else moved).items():
            if abs(amount) > (_ODD if stage.over and stage.lines[product].months else 0):
                said = f"{stage.order} leaves {major(amount, currency)} moved to {product}"
                yield Witness("wrong_amount", names, said, amount, currency)
        return
    yield from _proportion(bundle, stage, moved, books, names)
    for product, line in stage.lines.items():
        plan = books.plans.get(f"SSP-{stage.order}-{product}")
        if line.months and (plan or moved[product]):
            yield from _planned(
                f"{product} in {stage.order}", plan, moved[product], (stage.on, stage.end), names, currency
            )


def _proportion(
    bundle: Bundle, stage: Stage, moved: Mapping[str, int], books: _Books, names: tuple[str, ...]
) -> Iterator[Witness]:
    """What each obligation has to be earned with, against the same share of what it is worth alone."""
    fresh = stage.deal.kind in ("new", "renewal")
    products = [p for p in stage.lines if not fresh or p in {line.product for line in stage.deal.lines}]
    worth = {p: stage.alone(p) for p in products}
    has = {
        p: moved[p]
        + (stage.charged(p) if worth[p] else 0)
        + (0 if fresh else _left(bundle, stage, p, books, before=True))
        for p in products
    }
    whole, price = sum(worth.values()), sum(has.values())
    for product in products:
        due = price * worth[product] / whole if whole else Fraction(0)
        off = has[product] - due
        if abs(off) > _ODD * len(bundle.deals):
            currency = stage.deal.currency
            said = (
                f"{stage.order} leaves {product} {major(has[product], currency)} to be earned, its share of"
            )
            said += f" {major(price, currency)} is {major(int(due), currency)}"
            yield Witness("wrong_amount", names, said, int(off), currency)


def _left(bundle: Bundle, stage: Stage, product: str, books: _Books, *, before: bool = False) -> int:
    """Of what was moved to an obligation, the part that is not earned when the stage begins; once the
    contract is over, when that day has passed. before: without what the stage itself moves."""
    on = stage.on + (1 if stage.over else 0)
    line, left = stage.lines[product], 0
    orders = [f"O-{d.key}" for d in bundle.deals if (d.start, d.key) <= (stage.deal.start, stage.deal.key)]
    for order in orders[: -1 if before else None]:
        if line.months:
            for plan in (books.plans.get(f"SSP-{order}-{product}{end}") for end in ("", "-end")):
                left += 0 if plan is None else plan.amount - _by_days(plan, on)
        elif not stage.over and (not line.delivered or day(line.delivered) >= stage.on):
            left += books.moved.get((order, product), 0)
    return left


def _once(bundle: Bundle, books: _Books) -> Iterator[Witness]:
    """What is delivered once: on its day all that it was given by any order, and its own price by the bill;
    not before."""
    ended = next((day(d.start) for d in bundle.deals if d.kind == "cancellation"), 0)
    for line in (x for deal in bundle.deals for x in deal.lines if not x.months and x.quantity):
        on = day(line.delivered) if line.delivered else ended
        orders = [f"O-{deal.key}" for deal in bundle.deals]
        plans = [plan for order in orders if (plan := books.plans.get(f"SSP-{order}-{line.product}"))]
        for plan in (*plans, *books.once.get((line.product, bundle.subscription), ())):
            names = distinct(bundle.subscription, plan.source, plan.external)
            what = f"{line.product} of {plan.source}"
            start, told = day(plan.start), text_of(on) if on else "no day"
            if on and on <= books.through and (start, day(plan.end)) != (on, on + 1):
                said = f"the plan of {what} runs from {plan.start} to {plan.end}, delivered on {told}"
                yield Witness("other", names, said, plan.amount, plan.currency)
            elif start <= books.through and (not on or on > books.through):
                said = f"the plan of {what} is for {plan.start}, and nobody has delivered it by then"
                yield Witness("other", names, said, plan.amount, plan.currency)
        for order in orders:
            due, plan = (
                books.moved.get((order, line.product), 0),
                books.plans.get(f"SSP-{order}-{line.product}"),
            )
            if due or plan:
                what = f"{line.product} in {order}"
                days = (day(plan.start), day(plan.end)) if plan else (0, 0)
                names = distinct(bundle.subscription, order)
                yield from _planned(what, plan, due, days, names, bundle.deals[0].currency)


def _planned(
    what: str,
    plan: RevenueSchedule | None,
    due: int,
    days: tuple[int, int],
    names: tuple[str, ...],
    currency: str,
) -> Iterator[Witness]:
    if plan is None:
        yield Witness("lost", names, f"{what} has no plan of {major(due, currency)}", due, currency)
        return
    yield from unequal(f"the plan of {what}", plan.amount, due, currency, distinct(*names, plan.external))
    if (day(plan.start), day(plan.end)) != days:
        said = f"the plan of {what} runs from {plan.start} to {plan.end}, its days are {text_of(days[0])}"
        yield Witness("other", names, f"{said} to {text_of(days[1])}", plan.amount, currency)


def _releases(bundle: Bundle, books: _Books) -> Iterator[Witness]:
    """Each plan that the latest release has known, month by month to that one."""
    for plan in (each for deal in bundle.deals for each in books.of.get(f"O-{deal.key}", ())):
        if plan.created_at + READING > books.ran[0]:
            continue
        months, done = books.released.get(plan.external, {}), 0
        for month in sorted({*months, books.ran[1]}):
            if month > books.ran[1]:
                continue
            done += months.get(month, 0)
            after = day(f"{month}-28") + 4
            due = _by_days(plan, day(f"{text_of(after)[:7]}-01"))
            names = distinct(bundle.subscription, plan.source, plan.external)
            yield from unequal(f"{plan.external} earned by {month}", done, due, plan.currency, names)


def _by_days(plan: RevenueSchedule, after: int) -> int:
    """What of a plan belongs to the days before `after`, cut down to the minor unit."""
    first, last = day(plan.start), day(plan.end)
    gone = min(max(after - first, 0), last - first)
    size = abs(plan.amount) * gone // (last - first) if last > first else 0
    return -size if plan.amount < 0 else size
