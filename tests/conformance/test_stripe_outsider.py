"""What somebody who knows Stripe tries first and the other suites do not: found by trying as an outsider."""

from __future__ import annotations

import json
from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, disturb, listening, paid


@pytest.mark.parametrize("wanted", ["any", "challenge"])
def test_an_account_can_ask_for_3d_secure(lab: Sandboxes, wanted: str) -> None:
    sdk = client(lab)
    options = {"card": {"request_three_d_secure": wanted}}
    card = "pm_card_threeDSecureOptional"
    assert paid(sdk, card).status == "succeeded"
    asked = paid(sdk, card, payment_method_options=options)
    assert (asked.status, asked.next_action.type) == ("requires_action", "use_stripe_sdk")
    disturb(lab, "authenticate", payment_intent=asked.id)
    got: Any = sdk.v1.payment_intents.retrieve(asked.id, {"expand": ["latest_charge"]})
    secure = got.latest_charge.payment_method_details.card.three_d_secure
    assert (got.status, secure.result) == ("succeeded", "authenticated")
    # Nobody is there to be asked, and a card that is not enrolled asks nobody.
    customer = sdk.v1.customers.create({}).id
    assert (
        paid(sdk, card, payment_method_options=options, off_session=True, customer=customer).status
        == "succeeded"
    )
    assert paid(sdk, payment_method_options=options).status == "succeeded"
    wish: Any = {
        "payment_method_types": ["card"], "payment_method": card, "confirm": True,
        "payment_method_options": options,
    }  # fmt: skip
    assert sdk.v1.setup_intents.create(wish).status == "requires_action"


def test_events_come_in_the_version_of_the_endpoint(lab: Sandboxes) -> None:
    sdk = client(lab)
    with listening() as old, listening() as new:
        for listener, more in ((old, {"api_version": "2024-06-20"}), (new, {})):
            wish: Any = {"url": listener.url, "enabled_events": ["customer.created"], **more}
            sdk.v1.webhook_endpoints.create(wish)
        sdk.v1.customers.create({})
        versions = [json.loads(listener.wait(1)[0][1])["api_version"] for listener in (old, new)]
    assert versions[0] == "2024-06-20"
    assert versions[1] == sdk.v1.events.list({"type": "customer.created"}).data[0].api_version


def test_a_search_counts_when_asked(lab: Sandboxes) -> None:
    sdk = client(lab)
    for i in range(5):
        sdk.v1.customers.create({"name": "Ada" if i % 2 else "Bob"})
    found = sdk.v1.customers.search({"query": 'name:"Bob"', "limit": 1, "expand": ["total_count"]})
    assert (found.total_count, len(found.data), found.has_more) == (3, 1, True)
    plain = sdk.v1.customers.search({"query": 'name:"Bob"'})
    assert not hasattr(plain, "total_count")
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        sdk.v1.customers.list({"expand": ["total_count"]})


@pytest.mark.parametrize(
    ("card", "level", "low", "high"),
    [
        ("pm_card_visa", "normal", 0, 64),
        ("pm_card_riskLevelElevated", "elevated", 65, 74),
        ("pm_card_riskLevelHighest", "highest", 75, 99),
    ],
)
def test_risk_has_a_score(lab: Sandboxes, card: str, level: str, low: int, high: int) -> None:
    sdk = client(lab)
    try:
        charge = paid(sdk, card).latest_charge
    except stripe.CardError as no:
        charge = sdk.v1.charges.retrieve(no.error.charge)  # type: ignore[union-attr,arg-type]
    assert charge.outcome.risk_level == level
    assert low <= charge.outcome.risk_score <= high


def test_who_lives_by_a_test_clock_is_listed_with_it_only(lab: Sandboxes) -> None:
    sdk = client(lab)
    clock = sdk.v1.test_helpers.test_clocks.create({"frozen_time": 1_767_225_600}).id
    here, there = sdk.v1.customers.create({}).id, sdk.v1.customers.create({"test_clock": clock}).id
    assert [c.id for c in sdk.v1.customers.list().data] == [here]
    assert [c.id for c in sdk.v1.customers.list({"test_clock": clock}).data] == [there]
    price = sdk.v1.prices.create(
        {
            "unit_amount": 0, "currency": "usd", "recurring": {"interval": "month"},
            "product_data": {"name": "Free"},
        }
    ).id  # fmt: skip
    subs = {
        c: sdk.v1.subscriptions.create({"customer": c, "items": [{"price": price}]}).id for c in (here, there)
    }
    assert [s.id for s in sdk.v1.subscriptions.list().data] == [subs[here]]
    assert [s.id for s in sdk.v1.subscriptions.list({"test_clock": clock}).data] == [subs[there]]
    assert [s.id for s in sdk.v1.subscriptions.list({"customer": there}).data] == [subs[there]]


def test_lists_that_are_always_there_can_be_expanded_in_vain(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    sdk.v1.invoices.create({"customer": customer})
    assert sdk.v1.invoices.list({"expand": ["data.lines"]}).data[0].lines.data == []
