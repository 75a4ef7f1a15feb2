"""Revenue schedules: our simplification of advanced revenue management, which REST does not offer."""

from __future__ import annotations

from dataclasses import replace as changed
from decimal import Decimal

from simulators.netsuite.rules.amounts import whole
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.extras import kept
from simulators.netsuite.rules.records import Schedule
from simulators.netsuite.rules.refusal import exists, missing, user_error
from simulators.netsuite.rules.wishes import Wish


def create(company: Company, _kind: str, wish: Wish) -> Schedule:
    """A new schedule; sourceDoc, startDate, endDate, amount and currency are mandatory."""
    now = company.clock.now()
    draft = _filled(company, Schedule("", None, "", "", "", "", 0, "", "", "", now, now), wish, frozenset())
    _check(company, draft, draft.amount != 0 or _amount(wish) is not None)
    draft.id = company.schedules.next_id()
    _keep(company, draft, "created")
    return draft


def update(company: Company, row: Schedule, wish: Wish, replace: frozenset[str]) -> None:
    """Change what the wish names."""
    draft = _filled(company, row, wish, replace)
    if draft == row:
        return
    _check(company, draft, True)
    draft.modified_at = company.clock.now()
    _keep(company, draft, "updated")


def delete(company: Company, row: Schedule) -> None:
    company.schedules.drop(row)
    company.touch("revRecSchedule", row.id)
    company.history.note(
        "schedule", row.id, "deleted", "deleted", refs=_refs(row), amount=row.amount, currency=row.currency
    )


def _amount(wish: Wish) -> Decimal | None:
    # `amount` is ours, `totalAmount` the catalogue's.
    found: Decimal | None = wish.get("totalAmount", wish.get("amount"))
    return found


def _filled(company: Company, row: Schedule, wish: Wish, replace: frozenset[str]) -> Schedule:
    custom = kept(company, "revRecSchedule", row.custom, wish.get("custom", {}), replace)
    draft = changed(row, custom=custom)
    if "externalId" in wish:
        draft.external = wish["externalId"] or None
    draft.name = wish.get("name", draft.name) or ""
    draft.source = wish.get("sourceDoc", draft.source) or ""
    if ref := wish.get("sourceTran"):
        source = company.transaction(company.refer(ref, "sourceTran", *company.transactions))
        assert source is not None
        draft.source = draft.source or source.number
        draft.currency = draft.currency or source.currency
        custom["sourceTran"] = {"id": source.id}
    draft.start = wish.get("startDate", draft.start) or ""
    draft.end = wish.get("endDate", draft.end) or ""
    if ref := wish.get("currency"):
        draft.currency = company.symbol(ref)
    amount = _amount(wish)
    if amount is not None and draft.currency:
        draft.amount = whole(amount, draft.currency, "amount")
    if ref := wish.get("deferredRevenueAccount"):
        draft.deferral = company.refer(ref, "deferredRevenueAccount", "account")
    if ref := wish.get("recognitionAccount"):
        draft.recognition = company.refer(ref, "recognitionAccount", "account")
    return draft


def _check(company: Company, draft: Schedule, priced: bool) -> None:
    fields = (
        ("Source Document", draft.source),
        ("Start Date", draft.start),
        ("End Date", draft.end),
        ("Currency", draft.currency),
        ("Amount", priced),
    )
    lacks = [label for label, value in fields if not value]
    if lacks:
        raise missing(*lacks)
    if draft.end < draft.start:
        raise user_error("The end date of a revenue schedule must not be before its start date.")
    other = company.schedules.named(draft.external) if draft.external else None
    if other is not None and other.id != draft.id:
        raise exists()


def _refs(row: Schedule) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in (row.external, row.source, row.name) if each))


def _keep(company: Company, draft: Schedule, event: str) -> None:
    company.schedules.put(draft)
    company.touch("revRecSchedule", draft.id)
    company.history.note(
        "schedule", draft.id, event, "active", refs=_refs(draft), amount=draft.amount, currency=draft.currency
    )
