"""Law of the synced quote: whatever is done to a line of either, both have the same lines and sum."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .salesforce_client import Crm

SIDES = {"OpportunityLineItem": "OpportunityId", "QuoteLineItem": "QuoteId"}
SHOWN = ("Quantity", "UnitPrice", "Discount", "TotalPrice")
AMOUNTS = st.decimals(1, 500, places=2)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("make", "change", "delete")), st.sampled_from(tuple(SIDES)), st.integers(0, 4),
        st.integers(1, 9), AMOUNTS, st.sampled_from((None, 5, 12.5)),
    ),
    max_size=8,
)  # fmt: skip


def _lines(crm: Crm, kind: str, parent: str) -> list[tuple[Any, ...]]:
    query = f"SELECT Id, {', '.join(SHOWN)} FROM {kind} WHERE {SIDES[kind]} = '{parent}'"
    rows = crm.query(query).json["records"]
    return sorted((tuple(str(row[name]) for name in SHOWN) for row in rows), key=str)


@settings(max_examples=25, deadline=None)
@given(ACTS)
def test_both_have_the_same_lines(acts: list[tuple[Any, ...]]) -> None:
    crm = Crm()
    crm.deal()
    book = crm.secrets["standard_pricebook"]
    owner = crm.make(
        "Opportunity", Name="S", StageName="Prospecting", CloseDate="2026-01-31", Pricebook2Id=book
    )
    entry = crm.query(f"SELECT Id FROM PricebookEntry WHERE Pricebook2Id = '{book}'").json["records"][0]["Id"]
    quote = crm.make("Quote", Name="Q", OpportunityId=owner, Pricebook2Id=book)
    parents = {"OpportunityLineItem": owner, "QuoteLineItem": quote}
    assert crm.change("Opportunity", owner, SyncedQuoteId=quote).status == 204
    for act, kind, place, quantity, price, discount in acts:
        line = {"Quantity": quantity, "UnitPrice": price, "Discount": discount}
        query = f"SELECT Id FROM {kind} WHERE {SIDES[kind]} = '{parents[kind]}'"
        there = [row["Id"] for row in crm.query(query).json["records"]]
        if act == "make":
            crm.make(kind, **{SIDES[kind]: parents[kind], "PricebookEntryId": entry, **line})
        elif there and act == "change":
            assert crm.change(kind, there[place % len(there)], **line).status == 204
        elif there:
            assert crm.call("DELETE", f"/sobjects/{kind}/{there[place % len(there)]}").status == 204
        mine, its = (_lines(crm, each, parents[each]) for each in SIDES)
        assert mine == its
        total = sum((Decimal(line[3]) for line in mine), Decimal(0))
        assert Decimal(str(crm.get("Opportunity", owner)["Amount"] or 0)) == total
        assert Decimal(str(crm.get("Quote", quote)["TotalPrice"])) == total
