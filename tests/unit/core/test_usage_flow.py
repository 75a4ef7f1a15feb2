"""Use on its way through the core: once into billing, held with a reason, missed by nobody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import orjson
import pytest

from core.canonical.errors import Held, Missing, Unclear
from core.canonical.events import Event, Topic
from core.canonical.usage import UsageEvent
from core.connectivity.batch import Batch
from core.connectivity.direct import Direct
from core.connectivity.flows import FLOW_OF, USAGE
from core.connectors.product import webhook
from core.connectors.product.nothing import NothingUsed
from core.connectors.webhook_errors import BadSignature, Malformed, UnknownType
from core.connectors.zuora.mapping import line
from core.connectors.zuora.metering import record, units
from core.connectors.zuora.ordering import Plan, change_order, new_order, standing
from core.reconcile.usage import usage_metered
from core.steps.schedule_revenue import plans
from scenarios.world.product import signed
from tests.unit.core.fakes import AT, LONG_AGO, START_US, Books, Office, in_office, make_order

ID = "USE-1"


def used(**values) -> UsageEvent:
    fields = {
        "id": ID, "account": "acme", "subscription": "S-q1", "meter": "calls", "quantity": Decimal("12.5"),
        "on": date(2026, 1, 1),
    }  # fmt: skip
    return UsageEvent(**{**fields, **values})


def books(**values) -> Books:
    return Books(used={ID: used(**values)}, meters={"S-q1": frozenset({"calls"})})


async def go(office: Office) -> None:
    case = await USAGE.open(office.desk, ID)
    assert (case.key, case.aggregate) == ("usage:acme:USE-1", "acme")
    for step in USAGE.steps:
        await step.act(office.desk, case)


def test_use_is_metered_once_however_often_it_is_told():
    async def story(office: Office) -> None:
        await go(office)
        await go(office)

    in_office(story, b := books())
    assert list(b.metered) == [ID]
    assert [key for operation, key in b.diary if operation == "billing.meter"] == [
        "usage:acme:USE-1/meter_usage"
    ]


@pytest.mark.parametrize(
    ("values", "why"), [({"on": date(2026, 1, 2)}, "on: 2026-01-02"), ({"meter": "gb"}, "meter: 'gb'")]
)
def test_what_cannot_be_rated_is_held_with_its_reason(values, why):
    with pytest.raises(Held, match=why) as held:
        in_office(go, b := books(**values))
    assert held.value.owner == "billing operations"
    assert not b.metered


def test_a_contract_without_a_meter_holds_and_an_unknown_one_may_still_come():
    b = books()
    b.meters["S-q1"] = frozenset()
    with pytest.raises(Held, match="meter: 'calls'"):
        in_office(go, b)
    with pytest.raises(Missing):
        in_office(go, Books(used={ID: used()}))


def test_direct_takes_a_notice_and_batch_reads_the_log():
    async def direct(office: Office) -> None:
        model = Direct(office.parts())
        for notice in ("n1", "n2"):
            await model.accept(Event(notice, "product", Topic.USAGE_REPORTED, ID, START_US))

    async def batch(office: Office) -> None:
        await Batch(office.parts()).jobs["nightly"]()

    assert FLOW_OF[Topic.USAGE_REPORTED] is USAGE
    for story in (direct, batch):
        in_office(story, b := books())
        assert list(b.metered) == [ID]


def test_a_lost_answer_writes_no_second_record():
    b = books()
    b.lose("billing.meter")

    async def twice(office: Office) -> None:
        with pytest.raises(Unclear):
            await go(office)
        await go(office)

    in_office(twice, b)
    assert sum(operation == "billing.meter" for operation, _ in b.diary) == 1


def test_the_control_finds_what_billing_lacks():
    async def look(office: Office) -> list[str]:
        found = await usage_metered(office.desk, LONG_AGO)
        return [(each.flow, each.subject) for each in found]

    b = books()
    b.used["USE-2"] = used(id="USE-2")
    b.metered["USE-2"] = b.used["USE-2"]
    assert in_office(look, b) == [("usage_to_billing", ID)]
    assert in_office(look, Books()) == []


def test_a_notice_is_signed_and_names_the_use():
    body = orjson.dumps({"id": "n1", "type": "usage.recorded", "usage": ID, "created": 5})
    headers = {name.lower(): value for name, value in signed(body, START_US, "s").items()}
    (event,) = webhook.read(headers, body, "s", START_US, 300)
    assert (event.id, event.channel, event.topic, event.subject) == (
        "n1", "product", Topic.USAGE_REPORTED, ID,
    )  # fmt: skip
    assert webhook.identify({}, body) == "n1"
    for secret, late in (("other", 0), ("", 0), ("s", 301_000_000)):
        with pytest.raises(BadSignature):
            webhook.read(headers, body, secret, START_US + late, 300)
    for odd in (b"{}", b'{"id": "", "type": "usage.recorded", "usage": "u", "created": 1}', b"["):
        sealed = {name.lower(): value for name, value in signed(odd, START_US, "s").items()}
        with pytest.raises(Malformed):
            webhook.read(sealed, odd, "s", START_US, 300)
    other = orjson.dumps({"id": "n1", "type": "usage.priced"})
    sealed = {name.lower(): value for name, value in signed(other, START_US, "s").items()}
    with pytest.raises(UnknownType, match=r"usage\.priced"):
        webhook.read(sealed, other, "s", START_US, 300)


def test_a_product_without_meters_has_nothing_to_tell():
    async def ask(_: Office) -> list[str]:
        with pytest.raises(Missing):
            await NothingUsed().usage("u")
        return [each async for each in NothingUsed().usage_since(AT)]

    assert in_office(ask) == []


def test_a_usage_record_carries_the_event_in_its_description():
    assert record(used()) == {
        "AccountNumber": "A-acme",
        "SubscriptionNumber": "S-q1",
        "UOM": "calls",
        "Quantity": Decimal("12.5"),
        "StartDateTime": "2026-01-01T00:00:00Z",
        "Description": ID,
    }
    with pytest.raises(Held, match="usage id"):
        record(used(id="x" * 201))


SOLD = {
    "termEndDate": "2027-01-01",
    "ratePlans": [
        {"id": "p1", "productSku": "SEAT", "ratePlanCharges": [
            {"number": "C1", "type": "Recurring", "uom": "Seats", "quantity": 10, "price": 10},
        ]},
        {"id": "p2", "productSku": "CALLS", "ratePlanCharges": [
            {"number": "C2", "type": "Usage", "uom": "calls"},
        ]},
        {"id": "p3", "productSku": "OLD", "lastChangeType": "Remove", "ratePlanCharges": [
            {"number": "C3", "type": "Usage", "uom": "old"},
        ]},
    ]
}  # fmt: skip


def test_meters_are_the_units_of_usage_charges():
    assert units(SOLD) == {"calls"}
    assert units({"ratePlans": []}) == frozenset()


def test_a_metered_product_is_ordered_without_a_price_and_left_alone_by_changes():
    order = make_order()
    body = new_order(order, {"SEAT": Plan("plan", "charge", metered=True)})
    create = body["subscriptions"][0]["orderActions"][0]["createSubscription"]
    assert create["subscribeToRatePlans"] == [{"productRatePlanId": "plan"}]
    from dataclasses import replace

    from core.canonical.orders import OrderKind, OrderLine
    from tests.unit.core.fakes import usd

    same = OrderLine("CALLS", 1, 1, usd(0), 1)
    more = OrderLine("SEAT", 12, 10, usd(1000), 1)
    changed = replace(order, kind=OrderKind.AMENDMENT, lines=(same, more))
    actions = change_order(changed, {}, standing(SOLD))["subscriptions"][0]["orderActions"]
    assert [each["type"] for each in actions] == ["UpdateProduct"]
    gone = replace(changed, lines=(replace(same, quantity=0),))
    actions = change_order(gone, {}, standing(SOLD))["subscriptions"][0]["orderActions"]
    assert [each["type"] for each in actions] == ["RemoveProduct"]


@pytest.mark.parametrize(
    ("said", "metered"),
    [
        ({"uOM": "Seats"}, False),
        ({"uOM": "calls"}, True),
        ({"uOM": None}, False),
        ({"chargeType": "Usage", "unitOfMeasure": "Seats"}, True),
        ({"chargeType": "Recurring", "unitOfMeasure": "GB"}, False),
    ],
)
def test_a_metered_line_has_no_revenue_plan(said, metered):
    item = {"id": "i", "serviceStartDate": "2026-01-01", "serviceEndDate": "2026-01-31", "chargeAmount": 5}
    item |= {"subscriptionName": "S-O1", "sku": "SEAT", "chargeName": "Seats", "taxAmount": 0}
    found = line({**item, **said}, "USD")
    assert found.metered is metered
    assert len(plans("INV1", (found,), 1)) == (not metered)
