"""How a committed change reads in the history, and when an opportunity was closed."""

from __future__ import annotations

from simulators.kit.history import History
from simulators.kit.money import minor
from simulators.salesforce.rules.records import Committed
from simulators.salesforce.rules.store import Record, Store

# Object -> what of it is a copy of another system's, or is copied there.
_SAYS = {
    "Invoice__c": (("balance", "Balance__c"), ("versions", "Source_Version__c")),
    "Opportunity": (("status", "Billing_Status__c"),),
    "Account": (("name", "Name"), ("email", "Email__c")),
}
_EVENTS = {"CREATE": "created", "DELETE": "deleted", "UNDELETE": "restored"}


def note(history: History, store: Store, line: Committed, now: int) -> None:
    """Write one change down, with the keys by which its story can be followed elsewhere."""
    record, entity = line.record, line.record.entity
    if "StageName" in record.values and (line.kind == "CREATE" or "StageName" in line.old):
        record.closed_at = now if record.values["IsClosed"] else 0
    state = str((entity.state and record.values[entity.state]) or "")
    amount = record.values[entity.amount] if entity.amount else None
    history.note(
        entity.kind,
        record.key,
        _event(line, state),
        state,
        refs=_refs(store, record),
        amount=0 if amount is None else minor(amount, record.currency),
        currency=record.currency,
        says=tuple((name, _said(record, field)) for name, field in _SAYS.get(entity.name, ())),
    )


def _said(record: Record, field: str) -> str:
    value = record.values[field]
    if record.entity.fields[field].type == "currency":
        return str(minor(value or 0, record.currency))
    return str(value or "")


def _event(line: Committed, state: str) -> str:
    if line.kind != "UPDATE":
        return _EVENTS[line.kind]
    field = line.record.entity.state
    if state and field in line.old and line.old[field] != line.record.values[field]:
        return state.lower().replace(" ", "_")
    return "updated"


def _refs(store: Store, record: Record) -> tuple[str, ...]:
    refs = [record.id]
    for name in record.entity.story:
        value = record.values[name]
        if value is None:
            continue
        parent = store.by_id.get(value) if record.entity.fields[name].refers else None
        refs.append(parent.key if parent else str(value))
    return tuple(dict.fromkeys(refs))
