"""Bundles at a month's end: what each deal allocated, as quotes, journals and plans have it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from core.close.rows.revenue import AllocationLine, ContractVersion
from scenarios.checkers.bundles import Bundle, Stage, bundles, stages
from scenarios.closing.frame import Frame, money

# The only list of stand-alone prices: the CRM's catalogue, whose price a quote line keeps.
_BOOK = "catalogue"


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    found = [(each, bundle) for bundle in bundles(frame.evidence) for each in _allocating(frame, bundle)]
    return {
        "contract_versions": tuple(_version(stage, number) for (number, stage), _ in found),
        "allocations": tuple(
            line for (number, stage), bundle in found for line in _lines(frame, bundle, stage, number)
        ),
    }


def _allocating(frame: Frame, bundle: Bundle) -> Iterator[tuple[int, Stage]]:
    """Numbered, those deals in force and signed by the end that allocate anything."""
    for number, stage in enumerate(stages(bundle.deals), 1):
        known = frame.came(stage.deal.closed_at) and frame.until(stage.deal.start)
        if known and not stage.over and not stage.separate:
            yield number, stage


def _products(stage: Stage) -> list[str]:
    """Those that the deal allocates: of a term that begins its own, else all that are still to deliver."""
    own = {line.product for line in stage.deal.lines}
    if stage.deal.kind in ("new", "renewal"):
        return [product for product in stage.lines if product in own]
    return list(stage.lines)


def _version(stage: Stage, number: int) -> ContractVersion:
    price = sum(stage.charged(product) for product in _products(stage))
    return ContractVersion(
        contract=f"S-{stage.deal.original or stage.deal.key}",
        version=number,
        on=date.fromisoformat(stage.deal.start),
        price=money(price, stage.deal.currency),
        book=_BOOK,
    )


def _lines(frame: Frame, bundle: Bundle, stage: Stage, number: int) -> Iterator[AllocationLine]:
    """Allocated: the price by the quote with what the order's plan adds; carve: what its journal says."""
    erp, currency = frame.evidence.erp, stage.deal.currency
    journals = {j.id for j in erp.journals if j.external == f"P14-{stage.order}"}
    plans = {plan.external: plan.amount for plan in erp.schedules if plan.source == stage.order}
    for product in _products(stage):
        memo = f"SSP-{stage.order}-{product}"
        carve = sum(x.credit - x.debit for x in erp.ledger if x.document in journals and x.memo == memo)
        alone = stage.lines[product].alone
        yield AllocationLine(
            contract=bundle.subscription,
            version=number,
            pob=product,
            stated=money(stage.charged(product), currency),
            allocated=money(stage.charged(product) + plans.get(memo, 0), currency),
            carve=money(carve, currency),
            ssp=money(alone, currency),
            ssp_from=date.fromisoformat(stage.deal.start),
            ssp_to=None,
            book=_BOOK,
        )
