"""Deleting, undeleting, merging, and emptying the recycle bin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.salesforce.rules.records import Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Bin, Record
from simulators.salesforce.rules.values import moment_text

_MERGED_AT_ONCE = 2  # besides the master
_MERGEABLE = ("Account", "Contact", "Lead", "Case")


def delete(records: Records, record: Record) -> None:
    """Delete a record and what lives in it; clear what points at it, unless that forbids it."""
    with records.unit():
        found = Bin()
        _delete(records, record, found)
        records.store.bins[record.id] = found


def _delete(records: Records, record: Record, found: Bin) -> None:
    hooks = records.hooks(record.entity)
    if records.locked:
        records.touch([record.id])
    if hooks.leaving:
        hooks.leaving(records, record)
    ways = records.catalogue.children[record.entity.name].values()
    held = [(way, records.children(way.entity.name, way.field.name, record)) for way in ways]
    for way, children in held:
        if children and way.field.on_delete == "restrict":
            raise _held(record, way.entity.plural, children)
    for way, children in held:
        for child in children:
            if child.deleted:  # gone already with another of its parents
                continue
            if way.field.on_delete == "cascade":
                found.taken.append(child)
                _delete(records, child, found)
            else:
                found.cleared.append((child, way.field.name))
                records.store.assign(child, way.field.name, None)
    _stamp(records, record)
    records.store.erase(record)
    if hooks.left:
        hooks.left(records, record)


def _stamp(records: Records, record: Record) -> None:
    moment = moment_text(records.clock.now())
    for field in ("LastModifiedDate", "SystemModstamp"):
        records.store.assign(record, field, moment)


def _held(record: Record, plural: str, by: list[Record]) -> Refused:
    name = record.values.get("Name") or record.id
    said = f"Your attempt to delete {name} could not be completed because it is associated with the following"
    names = ", ".join(str(child.values.get("Name") or child.id) for child in by)
    return Refused("DELETE_FAILED", f"{said} {plural}.: {names}\n")


def undelete(records: Records, text: str) -> Record:
    """Bring a record back with what went along with it; UNDELETE_FAILED if it is not in the bin."""
    record = records.store.find(text)
    if record is None:
        raise Refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    if not record.deleted or record.values.get("MasterRecordId"):
        raise Refused("UNDELETE_FAILED", "Entity is not in the recycle bin")
    for field in record.entity.fields.values():
        parent = records.store.by_id.get(record.values[field.name] or "") if field.child else None
        if parent is not None and parent.deleted and field.on_delete == "cascade":
            raise Refused("UNDELETE_FAILED", "You cannot undelete a record whose parent is deleted")
    with records.unit():
        found = records.store.bins.pop(record.id, Bin())
        for each in (record, *found.taken):
            if each.deleted and each.id in records.store.by_id:
                records.store.restore(each)
                _stamp(records, each)
        for child, name in found.cleared:
            if not child.deleted and child.values[name] is None:
                records.store.assign(child, name, record.id)
        for each in (record, *found.taken):
            hooks = records.hooks(each.entity)
            if hooks.after:
                hooks.after(records, each, {})
    return record


def purge(records: Records, text: str) -> Record:
    """Delete for good: what is in the bin, or (hardDelete) what is not yet."""
    record = records.store.find(text)
    if record is None:
        raise Refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    with records.unit():
        if not record.deleted:
            delete(records, record)
        found = records.store.bins.pop(record.id, Bin())
        for each in (record, *found.taken):
            if each.deleted and each.id in records.store.by_id:
                records.store.purge(each)
    return record


def merge(
    records: Records, kind: str, master: str, others: list[str], changed: Mapping[str, Any]
) -> tuple[Record, list[str], list[str]]:
    """Up to two records into a third: their children move to it, they are deleted and point at it.

    Returns (the master, ids of the merged, ids of the records that moved).
    """
    entity = records.catalogue.known(kind)
    if entity is None or entity.name not in _MERGEABLE or "MasterRecordId" not in entity.fields:
        raise Refused("INVALID_TYPE", f"merge is not supported for {kind}")
    if not others or len(others) > _MERGED_AT_ONCE:
        said = f"the number of records to merge must be between 1 and {_MERGED_AT_ONCE}"
        raise Refused("INVALID_NUMBER_OF_RECORDS", said)  # unconfirmed: this code
    winner = records.wanted(entity, master)
    losers = [records.wanted(entity, text) for text in others]
    if winner in losers or len({each.id for each in losers}) != len(losers):
        raise Refused("INVALID_ID_FIELD", "a record cannot be merged with itself")
    moved: list[str] = []
    with records.unit():
        if changed:
            records.update(winner, changed)
        for loser in losers:
            for way in records.catalogue.children[entity.name].values():
                for child in records.children(way.entity.name, way.field.name, loser):
                    if child is winner:
                        records.store.assign(child, way.field.name, None)
                        continue
                    records.store.assign(child, way.field.name, winner.id)
                    _stamp(records, child)
                    moved.append(child.id)
            records.store.assign(loser, "MasterRecordId", winner.id)
            _stamp(records, loser)
            records.store.erase(loser)
        _stamp(records, winner)
    return winner, [each.id for each in losers], moved
