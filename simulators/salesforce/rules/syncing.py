"""A standard quote and its opportunity kept alike: start, every later change of a line, end.

https://help.salesforce.com/s/articleView?id=sf.quotes_sync_overview.htm
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.salesforce.rules.bin import delete
from simulators.salesforce.rules.records import Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record

_ALIKE = ("Quantity", "UnitPrice", "Discount", "ServiceDate", "Description")
_OPPORTUNITY_LINE, _QUOTE_LINE, _LINK = "OpportunityLineItem", "QuoteLineItem", "OpportunityLineItemId"


def follow(records: Records, opportunity: Record, old: Mapping[str, Any] | None) -> None:
    """SyncedQuoteId was written: the quote's lines become the opportunity's; emptied: no copy any more."""
    if old is None or "SyncedQuoteId" not in old:
        return
    before, quote = (
        records.store.by_id.get(old["SyncedQuoteId"] or ""),
        records.parent(opportunity.values, "SyncedQuoteId"),
    )
    if before is not None and not before.deleted:
        records.settle(before, {"IsSyncing": False})
    if quote is None:
        return
    if quote.values["OpportunityId"] != opportunity.id:
        said = "The quote to be synced belongs to another opportunity"  # unconfirmed: code and text
        raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("SyncedQuoteId",))
    with _Mirror(records):
        for line in records.children(_OPPORTUNITY_LINE, "OpportunityId", opportunity):
            delete(records, line)
        book = quote.values["Pricebook2Id"]
        if book is not None and opportunity.values["Pricebook2Id"] != book:
            records.update(opportunity, {"Pricebook2Id": book})
        records.settle(quote, {"IsSyncing": True})
        for line in records.children(_QUOTE_LINE, "QuoteId", quote):
            _copy_up(records, opportunity, line)


def up(records: Records, line: Record, old: Mapping[str, Any] | None) -> None:
    """A quote's line was made or changed: so is the opportunity's, while they are synced."""
    quote = records.store.by_id[line.values["QuoteId"]]
    if records.mirroring or not quote.values["IsSyncing"]:
        return
    twin = records.parent(line.values, _LINK)
    with _Mirror(records):
        if old is None or twin is None:
            _copy_up(records, records.store.by_id[quote.values["OpportunityId"]], line)
        else:
            _bring(records, twin, line, old)


def gone_up(records: Records, line: Record) -> None:
    """A quote's line was deleted."""
    quote, twin = records.store.by_id[line.values["QuoteId"]], records.parent(line.values, _LINK)
    synced = quote.values["IsSyncing"] and not quote.deleted
    if synced and twin is not None and not twin.deleted and not records.mirroring:
        with _Mirror(records):
            delete(records, twin)


def down(records: Records, line: Record, old: Mapping[str, Any] | None) -> None:
    """An opportunity's line was made or changed: so is the synced quote's."""
    opportunity = records.store.by_id[line.values["OpportunityId"]]
    quote = records.parent(opportunity.values, "SyncedQuoteId")
    if quote is None or quote.deleted or records.mirroring:
        return
    twins = records.children(_QUOTE_LINE, _LINK, line)
    with _Mirror(records):
        if old is None or not twins:
            wish = {"QuoteId": quote.id, "PricebookEntryId": line.values["PricebookEntryId"], _LINK: line.id}
            records.create(_QUOTE_LINE, {**wish, **_alike(line)})
        else:
            _bring(records, twins[0], line, old)


def leave_down(records: Records, line: Record) -> None:
    """An opportunity's line is about to be deleted, and with it what points at it as its twin."""
    if records.mirroring:
        return
    with _Mirror(records):
        for twin in records.children(_QUOTE_LINE, _LINK, line):
            quote = records.store.by_id[twin.values["QuoteId"]]
            if quote.values["IsSyncing"] and not quote.deleted:
                delete(records, twin)


def _copy_up(records: Records, opportunity: Record, line: Record) -> None:
    wish = {"OpportunityId": opportunity.id, "PricebookEntryId": line.values["PricebookEntryId"]}
    made = records.create(_OPPORTUNITY_LINE, {**wish, **_alike(line)})
    records.settle(line, {_LINK: made.id})


def _alike(line: Record) -> dict[str, Any]:
    return {name: line.values[name] for name in _ALIKE if line.values[name] is not None}


def _bring(records: Records, twin: Record, line: Record, old: Mapping[str, Any]) -> None:
    changed = {name: line.values[name] for name in _ALIKE if name in old}
    if changed:
        records.update(twin, changed)


class _Mirror:
    """`with _Mirror(records):` what is written inside is a copy, and is not copied back."""

    def __init__(self, records: Records) -> None:
        self._records, self._before = records, records.mirroring

    def __enter__(self) -> None:
        self._records.mirroring = True

    def __exit__(self, *_: object) -> None:
        self._records.mirroring = self._before
