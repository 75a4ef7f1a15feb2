"""Usage records: taken in by account, subscription or charge; billed once their period is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.catalogue import USAGE
from simulators.zuora.rules.contracts import Charge, Subscription
from simulators.zuora.rules.keeping import meant
from simulators.zuora.rules.metering import PENDING, Import, Reading
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class UsageWish:
    """What a caller gives of a usage record. account, subscription, charge: ids or numbers."""

    account: str
    unit: str
    quantity: Decimal
    on: date
    begins: str
    ends: str | None = None
    subscription: str = ""
    charge: str = ""
    description: str | None = None
    source: str = "API"
    upload: str = ""
    custom: Mapping[str, object] = field(default_factory=dict)


def find(state: State, key: str) -> Reading:
    """By id; Refused if there is none."""
    found = state.usage.get(key)
    if found is None:
        raise not_found("usage", key)
    return found


def take_in(state: State, wish: UsageWish) -> Reading:
    """A new usage record; what names no charge that could ever bill it is refused."""
    account, sold, charge = checked(state, wish)
    reading = Reading(
        id=state.new_id(),
        seq=state.next_seq(),
        number=f"U-{state.ids.count('number/usage'):08d}",
        account=account,
        subscription=sold.number if sold else "",
        charge=charge.number if charge else "",
        on=wish.on,
        begins=wish.begins,
        ends=wish.ends,
        unit=wish.unit,
        quantity=wish.quantity,
        created_at=state.now(),
        description=wish.description,
        source=wish.source,
        upload=wish.upload,
        custom=dict(wish.custom),
    )
    state.usage.put(reading, state.now())
    _attach(state, reading)
    refs = (reading.id, *account.refs)
    state.history.note("usage", reading.id, "created", reading.status, refs=refs)
    return reading


def checked(state: State, wish: UsageWish) -> tuple[Account, Subscription | None, Charge | None]:
    """Whose usage it is, and of which subscription and charge; Refused where these do not go together."""
    sold = charge = None
    if wish.charge:
        found = _charge(state, wish.charge)
        if found is None:
            raise Refused(INVALID, f"The charge {wish.charge} is invalid.", "ChargeId")
        sold, charge = found
    if wish.subscription:
        named = state.subscriptions.get(wish.subscription) or state.versions.get(wish.subscription)
        if named is None:
            raise Refused(INVALID, f"The subscription {wish.subscription} is invalid.", "SubscriptionId")
        if sold is not None and sold.number != named.number:
            raise Refused(INVALID, "The charge is not one of the subscription.", "ChargeId")
        sold = sold or named
    account = _owner(state, wish, sold)
    _measured(state, wish, charge)
    return account, sold, charge


def _owner(state: State, wish: UsageWish, sold: Subscription | None) -> Account:
    account = state.accounts.get(wish.account) if wish.account else None
    if account is None and wish.account:
        raise Refused(INVALID, f"The account {wish.account} is invalid.", "AccountId")
    if account is None and sold is not None:
        account = sold.account
    if account is None:
        raise Refused(MISSING, "AccountId or AccountNumber is required.", "AccountId")
    if sold is not None and sold.account is not account:
        raise Refused(INVALID, "The subscription is not one of the account.", "SubscriptionId")
    return account


def _measured(state: State, wish: UsageWish, charge: Charge | None) -> None:
    """Refused unless the unit is one that is billed."""
    if charge is not None:
        if charge.source.kind != USAGE:
            raise Refused(INVALID, f"Charge {charge.number} is not a usage charge.", "ChargeId")
        if charge.source.unit and charge.source.unit != wish.unit:
            message = f"The unit of measure {wish.unit} does not match that of charge {charge.number}."
            raise Refused(INVALID, message, "UOM")
    elif not any(each.unit == wish.unit for each in state.plan_charges):
        raise Refused(INVALID, f"The unit of measure '{wish.unit}' is invalid.", "UOM")


def _charge(state: State, key: str) -> tuple[Subscription, Charge] | None:
    if key in state.charges:
        return state.charges[key]
    return next((pair for pair in state.charges.values() if pair[1].id == key), None)


def _attach(state: State, reading: Reading) -> None:
    """Let the ledgers know that are to bill it."""
    for sold in list(state.subscriptions.where("accountId", reading.account.id).values()):
        for charge in sold.charges:
            if meant(reading, sold, charge):
                ledger = state.ledgers[charge.number]
                ledger.readings[reading.id] = reading
                ledger.refresh(charge)
                state.due.add(ledger)


def _detach(state: State, reading: Reading) -> None:
    for sold in state.subscriptions.where("accountId", reading.account.id).values():
        for charge in sold.charges:
            ledger = state.ledgers.get(charge.number)
            if ledger is not None and ledger.readings.pop(reading.id, None) is not None:
                ledger.refresh(charge)
                state.due.add(ledger)


def change(state: State, reading: Reading, given: Mapping[str, object]) -> None:
    """Overwrite unit, quantity or dates of a record that is not billed."""
    if reading.status != PENDING:
        raise Refused(RULE, f"Usage {reading.id} is {reading.status} and cannot be changed.", "RbeStatus")
    unit = given.get("unit", reading.unit)
    if unit != reading.unit and not any(each.unit == unit for each in state.plan_charges):
        raise Refused(INVALID, f"The unit of measure '{unit}' is invalid.", "UOM")
    _detach(state, reading)
    for name, value in given.items():
        setattr(reading, name, value)
    state.usage.put(reading, state.now())
    _attach(state, reading)
    state.history.note(
        "usage", reading.id, "updated", reading.status, refs=(reading.id, *reading.account.refs)
    )


def remove(state: State, reading: Reading) -> None:
    """Delete a record that is not billed."""
    if reading.status != PENDING:
        raise Refused(RULE, f"Usage {reading.id} is {reading.status} and cannot be deleted.", "RbeStatus")
    _detach(state, reading)
    state.usage.drop(reading)
    state.history.note("usage", reading.id, "deleted", refs=(reading.id, *reading.account.refs))


def import_all(state: State, name: str, wishes: Sequence[UsageWish]) -> Import:
    """Take in the records of a file: one that is refused leaves out all, and the import says why."""
    made = failed_import(state, name, len(wishes), "")
    made.status = "Completed"
    try:
        for wish in wishes:
            checked(state, wish)
    except Refused as no:
        made.status, made.reason = "Failed", no.message
        return made
    for wish in wishes:
        take_in(state, wish)
    return made


def failed_import(state: State, name: str, rows: int, reason: str) -> Import:
    """An import whose file could not be read to its end."""
    made = Import(state.new_id(), name, rows, state.now(), "Failed", reason)
    state.imports[made.id] = made
    return made


def find_import(state: State, key: str) -> Import:
    """By id; Refused if there is none."""
    found = state.imports.get(key)
    if found is None:
        raise not_found("import", key)
    return found
