"""Plants for C24 to C29 and C35: deferral, spreading, obligations, allocation, assets, accruals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.revenue import (
    DeferredMovement,
    RemainingLine,
    RevenuePlan,
    ScheduleLine,
    Spread,
)
from scenarios.plants.clean_usage import CONTRACT
from scenarios.plants.deal import MONTH
from scenarios.plants.plant import (
    Amount,
    Plant,
    add,
    again,
    any_row,
    edit,
    more,
    posted,
    remove,
)

_POB, _DEAL = "P-1", "K-1"
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _net(clean: Extract) -> int:
    return int(clean.plans[0].amount.minor)


def _january(clean: Extract) -> int:
    return int(clean.schedule[0].amount.minor)


def _money(extract: Extract, minor: int) -> Money:
    return Money(minor, extract.plans[0].amount.currency)


def _unplanned(extract: Extract) -> Extract:
    return remove(extract, "schedule", lambda s: s.pob == _POB)


def _cancelled(extract: Extract) -> Extract:
    """What was deferred is given up; the plan goes on."""
    rest = _money(extract, _net(extract) - _january(extract))
    extract = _ended(extract, _january(extract))
    gone = DeferredMovement(pob=_POB, contract=_DEAL, kind="credited", amount=-rest, entity="US")
    sides = (("2100", rest), ("4950", -rest))
    return posted(add(extract, "deferred_movements", gone), "cancel", "P24", *sides, pob=_POB, contract=_DEAL)


def _ended(extract: Extract, recognised: int) -> Extract:
    return edit(
        extract,
        "pobs",
        lambda p: p.id == _POB,
        cancelled_on=date(2026, 1, 20),
        recognised_at_end=_money(extract, recognised),
    )


def _released_twice(extract: Extract) -> Extract:
    source = f"S-1-{MONTH}"
    twice = [replace(line, entry="JE-twice") for line in extract.ledger if line.source == source]
    return add(extract, "ledger", *twice)


def _frozen(extract: Extract) -> Extract:
    return edit(
        extract,
        "ledger",
        lambda x: x.account == "2100" and x.source == "INV-1",
        period="2025-12",
        created_at=lambda x: x.created_at + timedelta(days=9),
    )


def _below(extract: Extract) -> Extract:
    amount = _money(extract, 640)
    move = DeferredMovement(pob="P-neg", contract=_DEAL, kind="recognised", amount=-amount, entity="US")
    extract = add(extract, "deferred_movements", move)
    extract = posted(extract, "below", "P04", ("2100", amount), ("4000", -amount), contract=_DEAL)
    return edit(extract, "ledger", lambda x: x.source == "below" and x.account == "2100", pob="P-neg")


def _flagged(clean: Extract, ours: list[int]) -> Amount:
    """Of months that differ by more than a cent: what a second calculation has more."""
    is_now = [s.amount.minor for s in clean.schedule[:12]]
    return sum(a - b for a, b in zip(ours, is_now, strict=False) if abs(a - b) > 1)


def _evenly(clean: Extract) -> Amount:
    part = (2 * _net(clean) + 12) // 24
    return _flagged(clean, [*[part] * 11, _net(clean) - 11 * part])


def _a_day_less(clean: Extract) -> Amount:
    gone, ours, days = 0, [], 0
    for count in (*_DAYS[:11], 30):
        days += count
        upto = _net(clean) * days // 364
        ours.append(upto - gone)
        gone = upto
    return _flagged(clean, ours)


def _plan(
    extract: Extract, name: str, minor: int, start: date, end: date, way: Spread, *months: int
) -> Extract:
    plan = RevenuePlan(source=name, amount=Money(minor, "USD"), start=start, end=end, spread=way)
    lines = [
        ScheduleLine(
            id=f"{name}-{n}",
            source=name,
            period=f"{start.year}-{start.month + n:02d}",
            amount=Money(part, "USD"),
        )
        for n, part in enumerate(months)
    ]
    return add(add(extract, "plans", plan), "schedule", *lines)


def _no_leap_day(extract: Extract) -> Extract:
    # 91 days in truth; taken as 90.
    start, end = date(2024, 1, 1), date(2024, 4, 1)
    return _plan(extract, "leap", 91_000, start, end, Spread.DAILY, 31_344, 28_311, 31_345)


def _residual_first(extract: Extract) -> Extract:
    start, end = date(2026, 1, 1), date(2027, 1, 1)
    return _plan(extract, "rest", 1_000, start, end, Spread.MONTHS_EVEN, 87, *[83] * 11)


def _revenue(extract: Extract, minor: int) -> Extract:
    amount = _money(extract, minor)
    extract = posted(extract, "more-revenue", "P00", ("6900", amount), ("4000", -amount))
    return edit(
        extract,
        "ledger",
        lambda x: x.source == "more-revenue" and x.account == "4000",
        pob=_POB,
        contract=_DEAL,
    )


def _never_released(extract: Extract) -> Extract:
    """The month's release of an obligation was not posted."""
    return remove(extract, "ledger", lambda x: x.source == f"S-1-{MONTH}")


def _modified(extract: Extract) -> Extract:
    """A second version that leaves the obligation without a share."""
    extract = again(extract, "contract_versions", any_row, version=2)
    return _revenue(again(extract, "allocations", any_row, version=2, pob="P-new"), 500)


def _asset(extract: Extract, contract: str, minor: int) -> Extract:
    currency = "USD" if contract == CONTRACT else extract.plans[0].amount.currency
    amount = Money(minor, currency)
    return posted(extract, "asset", "P05", ("1150", amount), ("4000", -amount), contract=contract)


def _use(row: object) -> bool:
    return getattr(row, "contract", "") == CONTRACT


def _trued_up(cause: str) -> Plant:
    def make(extract: Extract) -> Extract:
        return edit(
            extract,
            "usage_billed",
            any_row,
            amount=lambda b: more(b.amount, 10_000_000),
            causes=((cause, Money(10_000_000, "USD")),),
        )

    return Plant("C29", cause, make, lambda _: -10_000_000)


def _remaining(kind: str, cause: str) -> Plant:
    def make(extract: Extract) -> Extract:
        line = RemainingLine(contract=_DEAL, amount=_money(extract, 330), kind=kind)
        return add(extract, "remaining", line)

    return Plant("C35", cause, make, lambda _: -330)


def _first_line(line: object) -> bool:
    return getattr(line, "pob", "") == _POB


PLANTS = (
    Plant("C24", "schedule missing", _unplanned, lambda e: _net(e) - _january(e), frozenset({"C25"})),
    Plant("C24", "schedule not stopped at cancel", _cancelled, lambda e: _january(e) - _net(e)),
    Plant("C24", "posted twice", _released_twice, _january, frozenset({"C26", "C36"})),
    Plant("C24", "posted into closed period", _frozen),
    Plant("C24", "negative deferred", _below),
    Plant(
        "C25",
        "convention drift",
        lambda e: edit(e, "plans", any_row, spread=Spread.MONTHS_EVEN),
        _evenly,
    ),
    Plant(
        "C25",
        "end date inclusive error",
        lambda e: edit(e, "plans", any_row, end=date(2026, 12, 31)),
        _a_day_less,
    ),
    Plant("C25", "leap day", _no_leap_day),
    Plant("C25", "residual on wrong period", _residual_first),
    Plant("C26", "revenue not released", _never_released, _january, frozenset({"C24", "C36"})),
    Plant("C26", "over-recognition (> allocated)", lambda e: _revenue(e, _net(e)), lambda e: -_net(e)),
    Plant("C26", "unallocated modification", _modified, lambda _: -500),
    Plant(
        "C26",
        "cancelled POB still running",
        lambda e: _ended(e, _january(e) - 100),
        lambda _: -100,
    ),
    Plant(
        "C27",
        "SSP missing or out of effective date",
        lambda e: edit(e, "allocations", _first_line, ssp=None),
    ),
    Plant(
        "C27",
        "discount to wrong POB",
        lambda e: edit(e, "allocations", _first_line, discountable=False, ssp=lambda a: more(a.ssp, 100)),
    ),
    Plant(
        "C27",
        "rounding residual lost",
        lambda e: edit(e, "allocations", _first_line, allocated=lambda a: more(a.allocated, -1)),
        lambda _: -1,
    ),
    Plant("C27", "standalone book stale", lambda e: edit(e, "allocations", _first_line, book="2025")),
    Plant("C28", "negative", lambda e: _asset(e, _DEAL, -210), lambda _: 210),
    Plant("C28", "billed but not cleared", lambda e: _asset(e, _DEAL, 210), lambda _: -210),
    Plant(
        "C28",
        "not reclassified when unconditional",
        lambda e: edit(e, "progress", _use, unconditional=True),
    ),
    Plant(
        "C28",
        "accrual not reversed",
        lambda e: edit(_asset(e, CONTRACT, 210), "progress", _use, accrued_before=Money(210, "USD")),
        lambda _: -210,
    ),
    Plant(
        "C28",
        "asset and liability shown gross for one contract",
        lambda e: edit(
            _asset(e, _DEAL, 210),
            "progress",
            lambda p: p.contract == _DEAL,
            deferred=lambda p: more(p.deferred, 210),
        ),
        lambda _: -210,
    ),
    *(_trued_up(cause) for cause in ("late usage", "price change", "credit", "cut-off time zone")),
    _remaining("cancellable", "cancellable part in RPO"),
    _remaining("early_renewal", "renewal counted early"),
    _remaining("usage", "usage in RPO"),
)
