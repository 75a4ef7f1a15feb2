"""What an order would bill, worked out on drafts and on copies of the ledgers; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.catalogue import USAGE
from simulators.zuora.rules.charging import Due, lines
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.documents import Item
from simulators.zuora.rules.drafting import Drafts, draft_all
from simulators.zuora.rules.ledger import Ledger
from simulators.zuora.rules.order import OrderWish
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, one_of
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class PreviewWish:
    """thru: SpecificDate, TermEnd or NumberOfPeriods; stranger: who would order where no account is named."""

    order: OrderWish
    thru: str
    on: date | None = None
    periods: int = 1
    types: tuple[str, ...] = ("BillingDocs",)
    skipped: frozenset[str] = frozenset()
    stranger: Account | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The drafts, the lines they would bill, up to which day, and in which currency."""

    drafts: Drafts
    items: list[Item]
    target: date
    account: Account


def preview(state: State, wish: PreviewWish) -> Preview:
    """Work the order out without keeping it."""
    if wish.order.account:
        account = find_account(state, wish.order.account)
    elif wish.stranger is not None:
        account = wish.stranger
    else:
        message = "One of 'existingAccountNumber' and 'previewAccountInfo' is required."
        raise Refused(MISSING, message, "existingAccountNumber")
    drafts = draft_all(state, account, wish.order, wish.order.number or "preview")
    target = _target(wish, drafts)
    items = would_bill(state, drafts.versions.values(), target, account.currency, wish.skipped)
    return Preview(drafts, items, target, account)


def would_bill(
    state: State,
    drafts: Iterable[Subscription],
    target: date,
    currency: str,
    skipped: frozenset[str] = frozenset(),
) -> list[Item]:
    """The lines that billing these versions up to the target date would make; usage is not previewed."""
    sold = list(drafts)
    dues = []
    for draft in sold:
        for charge in draft.charges:
            if charge.source.kind == USAGE or charge.source.kind in skipped:
                continue
            real = state.ledgers.get(charge.number)
            ledger = real.copy() if real else Ledger(charge.number, draft.owner.id, state.rules)
            ledger.recheck = bool(ledger.pieces)
            ledger.refresh(charge)
            dues.append(Due(draft, charge, ledger))
    return lines(state, dues, sold, target, currency)


def _target(wish: PreviewWish, drafts: Drafts) -> date:
    sold = list(drafts.versions.values())
    if wish.thru == "SpecificDate":
        if wish.on is None:
            message = "'specificPreviewThruDate' is required with SpecificDate."
            raise Refused(MISSING, message, "specificPreviewThruDate")
        return wish.on
    if wish.thru == "TermEnd":
        ends = [draft.term_end for draft in sold]
        if None in ends:
            raise Refused(INVALID, "An evergreen subscription has no term end.", "previewThruType")
        return max(end for end in ends if end is not None)
    if wish.thru == "NumberOfPeriods":
        return max((_after_periods(wish.periods, draft) for draft in sold), default=wish.order.on)
    raise one_of("previewThruType", ("SpecificDate", "TermEnd", "NumberOfPeriods"))


def _after_periods(periods: int, draft: Subscription) -> date:
    """The first day of the last of so many billing periods from the start, by the longest of its charges."""
    found = [draft.start]
    for charge in draft.charges:
        if not charge.segments or charge.source.kind == USAGE:
            continue
        day = charge.segments[0].start
        for _ in range(periods - 1 + (1 if charge.arrears else 0)):
            if charge.cycle.unit == "Once":
                break
            day = charge.period(day)[1]
        found.append(day)
    return max(found)
