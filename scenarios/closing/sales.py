"""Deals, contracts, lines, customers and days of service, out of a run's books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from core.close.rows.sales import (
    Contract,
    CrmAccount,
    Opportunity,
    QuoteLine,
    ServicePeriod,
    SubscriptionItem,
    SystemCustomer,
)
from scenarios.closing.frame import Frame, at, money, on
from scenarios.evidence.billing import ChargeSegment, Subscription
from scenarios.evidence.crm import CrmOpportunity
from scenarios.evidence.run import Change

_GONE = frozenset({"Draft"})


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    quotes = _quotes(frame)
    won = [o for o in _won(frame) if o.kind == "new" and o.key in quotes]
    return {
        "opportunities": (*(_opportunity(o, quotes[o.key]) for o in won), *_changes(frame)),
        "contracts": tuple(_contracts(frame)),
        "quote_lines": tuple(_quote_lines(frame, won, quotes)),
        "items": tuple(_items(frame, won)),
        "service_periods": tuple(_periods(frame)),
        "accounts": tuple(_accounts(frame)),
        "customers": tuple(_customers(frame)),
    }


def _won(frame: Frame) -> Iterator[CrmOpportunity]:
    for opportunity in frame.evidence.crm.opportunities:
        if opportunity.stage == "Closed Won" and frame.came(opportunity.closed_at):
            yield opportunity


def _quotes(frame: Frame) -> dict[str, Change]:
    """The last state of each opportunity's quote; its amount is of one billing period."""
    found: dict[str, Change] = {}
    for change in frame.evidence.changes:
        if (change.system, change.kind) == ("salesforce", "quote") and len(change.refs) > 2 and change.amount:
            found[change.refs[2]] = change
    return found


def _opportunity(row: CrmOpportunity, quote: Change) -> Opportunity:
    return Opportunity(
        key=row.key,
        account=row.account,
        stage=row.stage,
        closed_on=at(row.closed_at).date(),
        tcv=money(quote.amount, row.currency),
        start=on(row.start),
    )


def _changes(frame: Frame) -> Iterator[Opportunity]:
    """Amendments, renewals and cancellations: each must have its order. What they are worth is in no quote
    as a whole, so that they are counted and not valued."""
    for row in _won(frame):
        if row.kind != "new":
            yield Opportunity(
                key=row.key,
                account=row.account,
                stage=row.stage,
                closed_on=at(row.closed_at).date(),
                tcv=money(0, row.currency),
            )


def _first(frame: Frame, subscription: Subscription) -> list[ChargeSegment]:
    """What recurs on the subscription from its first day."""
    usage = {charge.charge for charge in frame.evidence.billing.usage_charges}
    mine = [s for s in subscription.segments if s.start == subscription.start]
    return [segment for segment in mine if segment.charge not in usage]


def _contracts(frame: Frame) -> Iterator[Contract]:
    changes = {o.key: o for o in _won(frame) if o.kind != "new"}
    for subscription in frame.evidence.billing.subscriptions:
        if subscription.status in _GONE:
            continue
        recurring = _first(frame, subscription)
        for order in subscription.orders:
            key = order.removeprefix("O-")
            if key in changes:
                yield Contract(
                    id=order,
                    opportunity=key,
                    account=changes[key].account,
                    tcv=money(0, changes[key].currency),
                    booked_on=at(changes[key].closed_at).date(),
                    subscription=subscription.number,
                )
        yield Contract(
            id=subscription.number,
            opportunity=subscription.number.removeprefix("S-"),
            account=frame.accounts.get(subscription.account, subscription.account),
            tcv=money(sum(s.amount for s in recurring), subscription.currency),
            booked_on=at(subscription.created_at).date(),
            subscription=subscription.number,
            start=on(subscription.start),
        )


def _quote_lines(frame: Frame, won: list[CrmOpportunity], quotes: dict[str, Change]) -> Iterator[QuoteLine]:
    by_quote = {quotes[o.key].id: o for o in won}
    last: dict[str, Change] = {}
    for change in frame.evidence.changes:
        if (change.system, change.kind) == ("salesforce", "quote_line") and len(change.refs) > 3:
            last[change.id] = change
    for change in last.values():
        opportunity = by_quote.get(change.refs[2])
        if opportunity is not None and change.amount:
            yield QuoteLine(
                id=f"{opportunity.key}/{change.refs[3]}",
                opportunity=opportunity.key,
                product=change.refs[3],
                quantity=Fraction(1),
                price=Fraction(change.amount),
                currency=opportunity.currency,
                start=on(opportunity.start),
            )


def _items(frame: Frame, won: list[CrmOpportunity]) -> Iterator[SubscriptionItem]:
    """Of the sales of so far; quantity and price of a line are one amount, as CRM's changes have it."""
    keys = {f"S-{o.key}" for o in won}
    for subscription in frame.evidence.billing.subscriptions:
        if subscription.number in keys:
            for segment in _first(frame, subscription):
                yield SubscriptionItem(
                    id=segment.charge,
                    subscription=subscription.number,
                    quote_line=f"{subscription.number.removeprefix('S-')}/{segment.product}",
                    product=segment.product,
                    quantity=Fraction(1),
                    price=Fraction(segment.amount),
                    currency=subscription.currency,
                    start=on(subscription.start),
                )


def _periods(frame: Frame) -> Iterator[ServicePeriod]:
    """Segments of a charge follow each other; a change of quantity does not end the service."""
    cancelled = {
        f"S-{o.original}": on(o.start)
        for o in frame.evidence.crm.opportunities
        if o.kind == "cancellation" and o.stage == "Closed Won" and o.start
    }
    usage = {charge.charge for charge in frame.evidence.billing.usage_charges}
    for subscription in frame.evidence.billing.subscriptions:
        if subscription.status in _GONE:
            continue
        for segment in subscription.segments:
            start = date.fromisoformat(segment.start)
            if segment.charge not in usage and segment.quantity and start < frame.billed_through:
                ends = on(segment.end)
                if segment.end and segment.end == subscription.end:
                    # Until when the service was sold is for the CRM to say.
                    ends = cancelled.get(subscription.number, ends)
                end = min(ends or frame.end, frame.billed_through)
                yield ServicePeriod(
                    item=segment.charge, subscription=subscription.number, start=start, end=end
                )


def _accounts(frame: Frame) -> Iterator[CrmAccount]:
    """Those that something was sold to."""
    sold = {o.account for o in _won(frame)}
    for account in frame.evidence.crm.accounts:
        if not account.deleted and (account.key in sold or account.id in sold):
            yield CrmAccount(key=account.key, name=account.name, currency=account.currency)


def _customers(frame: Frame) -> Iterator[SystemCustomer]:
    """What belongs to an account of so far, or to none at all."""
    evidence = frame.evidence
    sold = {account.key for account in _accounts(frame)}
    known = {account.key for account in evidence.crm.accounts if not account.deleted}
    rows = [("billing", a.id, a.crm_account, a.currency) for a in evidence.billing.accounts]
    rows += [("erp", c.id, c.external, "") for c in evidence.erp.customers]
    rows += [("payments", c.id, c.crm_account, "") for c in evidence.payments.customers]
    for system, name, account, currency in rows:
        if account in sold or account not in known:
            yield SystemCustomer(system=system, id=name, account=account, currency=currency)
