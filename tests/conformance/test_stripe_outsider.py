"""What somebody who knows Stripe tries first and the other suites do not: found by trying as an outsider."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, disturb, listening, paid, pass_time


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


def test_a_file_can_be_shown_to_others(lab: Sandboxes) -> None:
    sdk = client(lab)
    picture = io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * 40)
    picture.name = "receipt.png"
    file = sdk.v1.files.create({"purpose": "dispute_evidence", "file": picture})
    later = file.created + 3_600
    link = sdk.v1.file_links.create({"file": file.id, "expires_at": later, "metadata": {"a": "b"}})
    assert (link.object, link.file, link.expired, link.expires_at) == ("file_link", file.id, False, later)
    assert link.url is not None
    shown = sdk.v1.files.retrieve(file.id)
    assert shown.links is not None
    assert [k.id for k in shown.links.data] == [link.id]
    pass_time(lab, 1)
    assert sdk.v1.file_links.retrieve(link.id).expired is True
    assert sdk.v1.file_links.retrieve(link.id).url is None
    open_one = sdk.v1.file_links.create({"file": file.id, "expand": ["file"]})
    assert open_one.file.id == file.id  # type: ignore[union-attr]
    assert [k.id for k in sdk.v1.file_links.list({"expired": False}).data] == [open_one.id]
    assert sdk.v1.file_links.update(open_one.id, {"expires_at": "now"}).expired is True
    assert len(sdk.v1.file_links.list({"file": file.id, "expired": True}).data) == 2
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.file_links.create({"file": file.id, "expires_at": later})
    assert refused.value.param == "expires_at"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.file_links.create({"file": "file_none"})
    assert refused.value.code == "resource_missing"


def test_invoices_show_the_customers_tax_numbers_as_they_were(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({"tax_id_data": [{"type": "eu_vat", "value": "DE123456789"}]}).id
    draft = sdk.v1.invoices.create({"customer": customer})
    sdk.v1.invoice_items.create({"customer": customer, "invoice": draft.id, "amount": 500, "currency": "usd"})
    final = sdk.v1.invoices.finalize_invoice(draft.id)
    number = sdk.v1.customers.tax_ids.list(customer).data[0]
    sdk.v1.customers.tax_ids.delete(customer, number.id)
    for invoice in (final, sdk.v1.invoices.retrieve(final.id)):
        assert invoice.customer_tax_ids is not None
        assert [(t.type, t.value) for t in invoice.customer_tax_ids] == [("eu_vat", "DE123456789")]
    assert sdk.v1.invoices.create({"customer": customer}).customer_tax_ids == []
