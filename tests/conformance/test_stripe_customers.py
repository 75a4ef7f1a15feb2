"""Customers through Stripe's own SDK."""

from __future__ import annotations

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, disturb, old_style


def test_a_customer_is_kept_whole(lab: Sandboxes) -> None:
    sdk = client(lab)
    address = {
        "line1": "1 Main St",
        "city": "Springfield",
        "country": "US",
        "postal_code": "12345",
        "state": "IL",
    }
    made = sdk.v1.customers.create(
        {
            "name": "Acme",
            "email": "acme@example.com",
            "phone": "+15555550100",
            "description": "a client",
            "address": address,  # type: ignore[typeddict-item]
            "shipping": {"name": "Dock", "address": {"line1": "2 Main St"}},
            "metadata": {"crm": "1"},
            "preferred_locales": ["de", "en"],
            "tax_exempt": "exempt",
            "invoice_settings": {"footer": "thanks", "custom_fields": [{"name": "PO", "value": "7"}]},
        }
    )
    assert made.id.startswith("cus_")
    assert made.object == "customer"
    got = sdk.v1.customers.retrieve(made.id)
    assert (got.name, got.email, got.description, got.livemode) == (
        "Acme",
        "acme@example.com",
        "a client",
        False,
    )
    assert got.address is not None
    assert (got.address.city, got.address.line2) == ("Springfield", None)
    assert got.shipping is not None
    assert got.shipping.address is not None
    assert (got.shipping.name, got.shipping.address.line1) == ("Dock", "2 Main St")
    assert got.metadata["crm"] == "1"
    assert list(got.preferred_locales or []) == ["de", "en"]
    assert got.tax_exempt == "exempt"
    assert got.invoice_settings.footer == "thanks"
    assert got.invoice_settings.custom_fields[0].name == "PO"  # type: ignore[index]
    assert (got.balance, got.delinquent, got.currency) == (0, False, None)
    assert got.created == made.created


def test_an_update_changes_only_what_it_names(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.customers.create({"name": "A", "email": "a@example.com", "metadata": {"a": "1", "b": "2"}})
    changed = sdk.v1.customers.update(made.id, {"name": "B", "metadata": {"a": "", "c": "3"}})
    assert (changed.name, changed.email) == ("B", "a@example.com")
    assert dict(changed.metadata.to_dict()) == {"b": "2", "c": "3"}
    cleared = sdk.v1.customers.update(made.id, {"email": "", "metadata": ""})
    assert cleared.email is None
    assert cleared.metadata.to_dict() == {}


def test_a_deleted_customer_answers_as_deleted(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.customers.create({"name": "Gone"})
    gone = sdk.v1.customers.delete(made.id)
    assert (gone.id, gone.deleted) == (made.id, True)
    assert sdk.v1.customers.retrieve(made.id).deleted is True
    assert [c.id for c in sdk.v1.customers.list().data] == []
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.customers.update(made.id, {"name": "back"})
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_an_unknown_customer_is_404(lab: Sandboxes) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client(lab).v1.customers.retrieve("cus_nobody")
    error = refused.value
    assert (error.http_status, error.code, error.param) == (404, "resource_missing", "id")
    assert str(error.user_message) == "No such customer: 'cus_nobody'"
    assert error.request_id.startswith("req_")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("wish", "code", "param"),
    [
        ({"nickname": "x"}, "parameter_unknown", "nickname"),
        ({"address": {"planet": "x"}}, "parameter_unknown", "address[planet]"),
        ({"email": "nonsense"}, "email_invalid", "email"),
        ({"balance": "ten"}, "parameter_invalid_integer", "balance"),
        ({"metadata": {"k" * 41: "v"}}, None, "metadata"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata"),
        ({"metadata": {f"k{i}": "v" for i in range(51)}}, None, "metadata"),
        ({"tax_exempt": "perhaps"}, None, "tax_exempt"),
        ({"payment_method": "pm_nothing"}, "resource_missing", "payment_method"),
        ({"expand": ["nothing"]}, None, "expand"),
    ],
)
def test_refusals_name_the_parameter(
    lab: Sandboxes, wish: dict[str, object], code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client(lab).v1.customers.create(wish)  # type: ignore[arg-type]
    assert refused.value.http_status == 400
    assert refused.value.code == code
    assert (refused.value.param or "").startswith(param)


def test_listing_pages_newest_first(lab: Sandboxes) -> None:
    sdk = client(lab)
    ids = [sdk.v1.customers.create({"name": f"c{i}"}).id for i in range(25)][::-1]
    first = sdk.v1.customers.list()
    assert [c.id for c in first.data] == ids[:10]
    assert (first.has_more, first.url) == (True, "/v1/customers")
    second = sdk.v1.customers.list({"limit": 10, "starting_after": ids[9]})
    assert [c.id for c in second.data] == ids[10:20]
    before = sdk.v1.customers.list({"limit": 5, "ending_before": ids[9]})
    assert [c.id for c in before.data] == ids[4:9]
    assert [c.id for c in sdk.v1.customers.list({"limit": 7}).auto_paging_iter()] == ids
    last = sdk.v1.customers.list({"limit": 100})
    assert (len(last.data), last.has_more) == (25, False)


def test_bad_pages_are_refused(lab: Sandboxes) -> None:
    sdk = client(lab)
    for wish, code, param in (
        ({"limit": 0}, "parameter_invalid_integer", "limit"),
        ({"limit": 101}, "parameter_invalid_integer", "limit"),
        ({"starting_after": "cus_nobody"}, "resource_missing", "starting_after"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            sdk.v1.customers.list(wish)  # type: ignore[arg-type]
        assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)


def test_listing_by_email_and_by_time(lab: Sandboxes) -> None:
    sdk = client(lab)
    sdk.v1.customers.create({"email": "a@example.com"})
    two = sdk.v1.customers.create({"email": "b@example.com"})
    assert [c.id for c in sdk.v1.customers.list({"email": "b@example.com"}).data] == [two.id]
    assert sdk.v1.customers.list({"email": "B@example.com"}).data == []
    now = two.created
    assert len(sdk.v1.customers.list({"created": {"gte": now - 60, "lt": now + 60}}).data) == 2
    assert sdk.v1.customers.list({"created": {"gt": now + 60}}).data == []


def test_search_finds_by_fields_and_metadata_and_lags(lab: Sandboxes) -> None:
    sdk = client(lab)
    one = sdk.v1.customers.create(
        {"name": "Ada Lovelace", "email": "ada@example.com", "metadata": {"crm": "A-1"}}
    )
    sdk.v1.customers.create({"name": "Bob", "email": "bob@example.com", "metadata": {"crm": "A-2"}})
    for query in (
        "email:'ada@example.com'",
        "name~'lovelace'",
        "metadata['crm']:'A-1'",
        "metadata['crm']:'A-1' AND email:'ada@example.com'",
        "-metadata['crm']:'A-2'",
    ):
        found = sdk.v1.customers.search({"query": query})
        assert found.object == "search_result"
        assert [c.id for c in found.data] == [one.id], query
    both = sdk.v1.customers.search({"query": "metadata['crm']:'A-1' OR metadata['crm']:'A-2'", "limit": 1})
    assert both.has_more
    assert both.next_page
    assert len(list(both.auto_paging_iter())) == 2
    disturb(lab, "search_lag", microseconds=30_000_000)
    sdk.v1.customers.create({"email": "late@example.com"})
    assert sdk.v1.customers.search({"query": "email:'late@example.com'"}).data == []
    lab.control("stripe", "POST", "clock", {"advance": 31_000_000})
    assert len(sdk.v1.customers.search({"query": "email:'late@example.com'"}).data) == 1


def test_search_refuses_what_it_cannot_read(lab: Sandboxes) -> None:
    for query in ("", "email", "shoe:'7'", "name>'a'", "email:'a' AND name:'b' OR phone:'c'"):
        with pytest.raises(stripe.InvalidRequestError):
            client(lab).v1.customers.search({"query": query})


def test_the_balance_is_kept_in_entries(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({"name": "Acme"})
    entries = sdk.v1.customers.balance_transactions
    credit = entries.create(customer.id, {"amount": -500, "currency": "usd", "description": "sorry"})
    assert (credit.amount, credit.ending_balance, credit.type) == (-500, -500, "adjustment")
    entries.create(customer.id, {"amount": 200, "currency": "usd"})
    got = sdk.v1.customers.retrieve(customer.id)
    assert (got.balance, got.currency) == (-300, "usd")
    assert [e.amount for e in entries.list(customer.id).data] == [200, -500]
    assert entries.retrieve(customer.id, credit.id).description == "sorry"
    assert entries.update(customer.id, credit.id, {"metadata": {"a": "b"}}).metadata["a"] == "b"  # type: ignore[index]
    sdk.v1.customers.update(customer.id, {"balance": 100})
    assert [e.amount for e in entries.list(customer.id, {"limit": 1}).data] == [400]


def test_tax_ids_come_and_go(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({"tax_id_data": [{"type": "eu_vat", "value": "DE123456789"}]})
    ids = sdk.v1.customers.tax_ids
    first = ids.list(customer.id).data[0]
    assert (first.type, first.value, first.country) == ("eu_vat", "DE123456789", "DE")
    assert first.verification is not None
    assert first.verification.status == "verified"
    second = ids.create(customer.id, {"type": "us_ein", "value": "12-3456789"})
    assert ids.retrieve(customer.id, second.id).value == "12-3456789"
    shown = sdk.v1.customers.retrieve(customer.id, {"expand": ["tax_ids"]})
    assert len(shown.tax_ids.data) == 2  # type: ignore[union-attr]
    assert ids.delete(customer.id, second.id).deleted
    assert len(ids.list(customer.id).data) == 1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        ids.create(customer.id, {"type": "eu_vat", "value": "nonsense"})
    assert refused.value.code == "tax_id_invalid"


def test_a_default_method_can_be_set_and_expanded(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.customers.create(
        {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    )
    shown = sdk.v1.customers.retrieve(made.id, {"expand": ["invoice_settings.default_payment_method"]})
    method = shown.invoice_settings.default_payment_method
    assert isinstance(method, stripe.PaymentMethod)
    assert method.card is not None
    assert (method.card.last4, method.customer) == ("4242", made.id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.customers.update(made.id, {"invoice_settings": {"default_payment_method": "pm_card_visa"}})
    assert refused.value.code == "resource_missing"
    sdk.v1.payment_methods.detach(method.id)
    assert sdk.v1.customers.retrieve(made.id).invoice_settings.default_payment_method is None


def test_the_old_style_does_the_same(lab: Sandboxes) -> None:
    with old_style(lab) as module:
        made = module.Customer.create(name="Old", email="old@example.com")
        assert module.Customer.retrieve(made.id).name == "Old"
        assert module.Customer.modify(made.id, name="Older").name == "Older"
        assert [c.id for c in module.Customer.list(email="old@example.com").auto_paging_iter()] == [made.id]
        assert module.Customer.search(query="name:'Older'").data[0].id == made.id
        entry = module.Customer.create_balance_transaction(made.id, amount=-5, currency="usd")
        assert module.Customer.retrieve_balance_transaction(made.id, entry.id).amount == -5
        assert module.Customer.delete(made.id).deleted
        with pytest.raises(
            module.error.InvalidRequestError if hasattr(module, "error") else stripe.InvalidRequestError
        ):
            module.Customer.retrieve("cus_nobody")


def test_the_account_is_there(lab: Sandboxes) -> None:
    account = lab.credentials("stripe")["account"]
    with old_style(lab) as module:
        own = module.Account.retrieve()
        assert (own.id, own.object, own.charges_enabled) == (account, "account", True)
        assert module.Account.retrieve(account).id == account
