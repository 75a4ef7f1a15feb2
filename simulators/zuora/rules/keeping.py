"""A draft becomes the latest version of its subscription, and billing learns which charges changed."""

from __future__ import annotations

from simulators.zuora.rules.callouts import AMENDED, SUBSCRIBED
from simulators.zuora.rules.catalogue import USAGE
from simulators.zuora.rules.contracts import Charge, Subscription
from simulators.zuora.rules.ledger import Ledger
from simulators.zuora.rules.metering import PENDING, Reading
from simulators.zuora.rules.state import State


def keep(state: State, draft: Subscription, *, event: str = "") -> None:
    """Make a draft the latest version; where it has the number of the present one it takes its place."""
    before = state.subscriptions.get(draft.number)
    known: dict[str, Charge] = {}
    if before is not None:
        state.subscriptions.drop(before)
        known = {charge.number: charge for charge in before.charges}
        if before.version != draft.version:
            before.latest = False
    state.subscriptions.put(draft, state.now())
    state.versions[draft.id] = draft
    past = state.versions_of.setdefault(draft.number, [])
    if past and past[-1].version == draft.version:
        past[-1] = draft
    else:
        past.append(draft)
    for charge in draft.charges:
        state.charges[charge.number] = (draft, charge)
        if known.get(charge.number) is not charge or (before is not None and before.owner is not draft.owner):
            recheck(state, draft, charge)
    if any(c.source.discount is not None for c in draft.charges):
        state.discounted.setdefault(draft.owner.id, {})[draft.number] = None
    if draft.ramp is not None:
        state.ramps[draft.ramp.number] = draft.number
    state.watch_term(draft)
    event = event or ("created" if draft.version == 1 else "changed")
    refs = (*draft.refs, draft.orders[-1])
    state.history.note("subscription", draft.original_id, event, draft.status, refs=refs)
    if event == "created":
        state.callouts.announce(SUBSCRIBED, {"Subscription": draft, "Account": draft.account})
    else:
        state.callouts.announce(AMENDED, {"Subscription": draft, "Account": draft.account})


def recheck(state: State, draft: Subscription, charge: Charge) -> None:
    """Let the charge's ledger know what the charge is now."""
    ledger = state.ledgers.get(charge.number)
    if ledger is None:
        ledger = state.ledgers[charge.number] = Ledger(charge.number, draft.owner.id, state.rules)
        if charge.source.kind == USAGE:
            for reading in state.usage.where("accountId", draft.account.id).values():
                if reading.status == PENDING and not reading.charge and meant(reading, draft, charge):
                    ledger.readings[reading.id] = reading
    ledger.account = draft.owner.id
    ledger.recheck = bool(ledger.pieces)
    ledger.refresh(charge)
    state.due.add(ledger)


def meant(reading: Reading, sold: Subscription, charge: Charge) -> bool:
    """Whether a usage record is for the charge: by number, else by unit and subscription."""
    if charge.source.kind != USAGE:
        return False
    if reading.charge:
        return reading.charge == charge.number
    return charge.source.unit == reading.unit and reading.subscription in ("", sold.number)
