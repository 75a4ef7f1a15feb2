"""Clean books of a deal's revenue: plan, release, obligation, allocation, identities."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.close.rows.revenue import (
    AllocationLine,
    ContractProgress,
    ContractVersion,
    DealToCash,
    DeferredMovement,
    Pob,
    RemainingLine,
    RevenuePlan,
    RpoMovement,
    ScheduleLine,
)
from scenarios.plants.deal import MONTH, START, Books, Deal, post

_YEAR_END = date(2027, 1, 1)


def earn(books: Books, deal: Deal) -> None:
    """The plan by days, January released; obligation, allocation, remaining and the identities."""
    pob, months = f"P-{deal.number}", _by_days(deal.net)
    january, net = months[MONTH], deal.money(deal.net)
    where: dict[str, Any] = {"pob": pob, "contract": deal.contract}
    books["plans"].append(
        RevenuePlan(source=f"L-{deal.number}", amount=net, start=START, end=_YEAR_END, **where)
    )
    for month, part in months.items():
        books["schedule"].append(
            ScheduleLine(
                id=f"S-{deal.number}-{month}",
                source=f"L-{deal.number}",
                period=month,
                amount=deal.money(part),
                journal="JE" if month == MONTH else "",
                **where,
            )
        )
    released = deal.money(january)
    sides = (("2100", released), ("4000", -released))
    post(books, f"S-{deal.number}-{MONTH}", "P04", date(2026, 1, 31), *sides, entity=deal.entity, **where)
    progress = Fraction(january, deal.net)
    books["pobs"].append(
        Pob(id=pob, contract=deal.contract, allocated=net, progress=progress, entity=deal.entity)
    )
    for kind, amount in (("billed", net), ("recognised", -released)):
        books["deferred_movements"].append(
            DeferredMovement(kind=kind, amount=amount, entity=deal.entity, **where)
        )
    _allocate(books, deal)
    books["progress"].append(
        ContractProgress(contract=deal.contract, recognised=released, billed=net, deferred=net - released)
    )
    books["rpo_movements"] += [
        RpoMovement(contract=deal.contract, kind="booking", amount=net),
        RpoMovement(contract=deal.contract, kind="recognised", amount=-released),
    ]
    books["remaining"].append(RemainingLine(contract=deal.contract, amount=net - released))
    _identities(books, deal, released)


def _allocate(books: Books, deal: Deal) -> None:
    """One obligation takes the whole price."""
    pob, net = f"P-{deal.number}", deal.money(deal.net)
    books["contract_versions"].append(
        ContractVersion(contract=deal.contract, version=1, on=START, price=net, book="2026")
    )
    books["allocations"].append(
        AllocationLine(
            contract=deal.contract,
            version=1,
            pob=pob,
            stated=net,
            allocated=net,
            carve=deal.money(0),
            ssp=net,
            ssp_from=START,
            ssp_to=None,
            book="2026",
        )
    )


def _identities(books: Books, deal: Deal, released: Money) -> None:
    """From deal to cash."""
    net = deal.money(deal.net)
    nothing, total = deal.money(0), deal.money(deal.total)
    open_ = total if deal.pays == "later" else nothing
    books["deals"].append(
        DealToCash(
            contract=deal.contract,
            booked=net,
            billed=net,
            credited=nothing,
            to_bill=nothing,
            billed_gross=total,
            credited_gross=nothing,
            cash=total - open_,
            credit_used=nothing,
            written_off=nothing,
            disputed_lost=nothing,
            open_ar=open_,
            recognised=released,
            deferred=net - released,
            asset=nothing,
        )
    )


def _by_days(minor: int) -> dict[str, int]:
    """2026 has 365 days: what of it is earned by each month's end, less what was by the one before."""
    ends = (31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
    earned = [minor * days // 365 for days in ends]
    parts = [after - before for before, after in zip([0, *earned], earned, strict=False)]
    return {f"2026-{number:02d}": part for number, part in enumerate(parts, 1)}
