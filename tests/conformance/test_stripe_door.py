"""Keys, idempotency, versions, limits, errors through Stripe's own SDK."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes, sandboxes
from tests.conformance.stripe_sdk import client, disturb, old_style, paid, pass_time


def test_the_same_key_gives_the_same_answer(lab: Sandboxes) -> None:
    sdk = client(lab)
    one = sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k"})
    two = sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k"})
    assert one.id == two.id
    assert one.last_response is not None
    assert two.last_response is not None
    assert "Idempotent-Replayed" not in one.last_response.headers
    assert two.last_response.headers["Idempotent-Replayed"] == "true"
    assert two.last_response.headers["Idempotency-Key"] == "k"
    assert two.last_response.headers["Original-Request"] == one.last_response.headers["Request-Id"]
    assert len(sdk.v1.customers.list().data) == 1


def test_the_same_key_for_something_else_is_refused(lab: Sandboxes) -> None:
    sdk = client(lab)
    sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError, match="same parameters they were first used with") as refused:
        sdk.v1.customers.create({"name": "B"}, {"idempotency_key": "k"})
    assert refused.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        sdk.v1.payment_intents.create({"amount": 100, "currency": "usd"}, {"idempotency_key": "k"})


def test_a_decline_is_kept_under_its_key(lab: Sandboxes) -> None:
    sdk = client(lab)
    wish: Any = {
        "amount": 1000, "currency": "usd", "payment_method": "pm_card_chargeDeclined", "confirm": True,
        "payment_method_types": ["card"],
    }  # fmt: skip
    seen = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refused:
            sdk.v1.payment_intents.create(wish, {"idempotency_key": "d"})
        assert refused.value.error is not None
        seen.append((refused.value.error.charge, (refused.value.headers or {}).get("Idempotent-Replayed")))
    assert seen[0][0] == seen[1][0]
    assert (seen[0][1], seen[1][1]) == (None, "true")
    assert len(sdk.v1.charges.list().data) == 1


def test_a_failed_validation_is_not_kept(lab: Sandboxes) -> None:
    sdk = client(lab)
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_intents.create({"amount": 100}, {"idempotency_key": "v"})  # type: ignore[typeddict-item]
    made = sdk.v1.payment_intents.create({"amount": 100, "currency": "usd"}, {"idempotency_key": "v"})
    assert made.status == "requires_payment_method"


def test_an_internal_error_is_kept(lab: Sandboxes) -> None:
    sdk = client(lab)
    disturb(lab, "server_error", operation="create_customer", applied=True)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as broken:
            sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "s"})
        assert broken.value.http_status == 500
    assert len(sdk.v1.customers.list().data) == 1
    assert sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "t"}).name == "A"


def test_keys_are_forgotten_after_a_day(lab: Sandboxes) -> None:
    sdk = client(lab)
    one = sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k"})
    pass_time(lab, 0.9)
    assert sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k"}).id == one.id
    pass_time(lab, 0.2)
    assert sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k"}).id != one.id


def test_keys_belong_to_posts_and_are_not_too_long(lab: Sandboxes) -> None:
    sdk = client(lab)
    with pytest.raises(stripe.IdempotencyError, match="255"):
        sdk.v1.customers.create({}, {"idempotency_key": "k" * 256})
    sdk.v1.customers.list({"limit": 1}, {"idempotency_key": "g"})
    assert sdk.v1.customers.create({}, {"idempotency_key": "g"}).id


def test_two_at_once_with_one_key() -> None:
    with sandboxes("stripe", options={"stripe": {"write_us": 300_000}}) as slow:
        sdk = client(slow)
        seen: list[Any] = []

        def create() -> None:
            try:
                seen.append(sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k"}).id)
            except stripe.StripeError as error:
                seen.append(error)

        threads = [threading.Thread(target=create) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        [conflict] = [each for each in seen if isinstance(each, stripe.StripeError)]
        assert (conflict.http_status, conflict.error.code) == (409, "idempotency_key_in_use")  # type: ignore[union-attr]
        assert len(sdk.v1.customers.list().data) == 1
        # The SDK tries a 409 again by itself, where it may.
        patient = client(slow, max_network_retries=3)
        seen.clear()
        sdk = patient
        threads = [threading.Thread(target=create) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(map(str, seen))) == 1


def test_wrong_missing_and_expired_keys(lab: Sandboxes) -> None:
    for key, said in (
        ("sk_test_nonsense", "Invalid API Key"),
        (lab.credentials("stripe")["expired_key"], "Expired"),
    ):
        with pytest.raises(stripe.AuthenticationError, match=said) as refused:
            client(lab, key).v1.customers.list()
        assert refused.value.http_status == 401
    assert refused.value.error is not None
    assert refused.value.error.code == "api_key_expired"
    disturb(lab, "expire_key", key=lab.credentials("stripe")["secret_key"])
    with pytest.raises(stripe.AuthenticationError):
        client(lab).v1.customers.list()


def test_a_restricted_key_has_its_permissions_only(lab: Sandboxes) -> None:
    readonly = client(lab, lab.credentials("stripe")["restricted_key"])
    assert readonly.v1.customers.list().data == []
    with pytest.raises(stripe.PermissionError, match="rak_customer_write") as refused:
        readonly.v1.customers.create({})
    assert refused.value.http_status == 403
    disturb(lab, "mint_key", key="rk_test_minted", permissions={"customer": "write", "charge": "read"})
    minted = client(lab, "rk_test_minted")
    customer = minted.v1.customers.create({})
    assert minted.v1.customers.retrieve(customer.id).id == customer.id
    assert minted.v1.charges.list().data == []
    with pytest.raises(stripe.PermissionError, match="rak_charge_write"):
        minted.v1.refunds.create({"charge": "ch_x"})
    with pytest.raises(stripe.PermissionError, match="rak_payout_read"):
        minted.v1.payouts.list()


def test_live_and_test_do_not_meet(lab: Sandboxes) -> None:
    sdk, live = client(lab), client(lab, lab.credentials("stripe")["live_secret_key"])
    customer = sdk.v1.customers.create({})
    assert live.v1.customers.list().data == []
    assert live.v1.customers.create({}).livemode
    with pytest.raises(stripe.InvalidRequestError):
        live.v1.customers.retrieve(customer.id)
    with pytest.raises(stripe.CardError) as refused:
        live.v1.payment_methods.create(
            {"type": "card", "card": {"number": "4242424242424242", "exp_month": 1, "exp_year": 2050}}
        )
    assert refused.value.error is not None
    assert refused.value.error.decline_code == "live_mode_test_card"


def test_the_version_is_echoed_and_checked(lab: Sandboxes) -> None:
    sdk = client(lab)
    got = sdk.v1.customers.create({})
    assert got.last_response is not None
    assert got.last_response.headers["Stripe-Version"] == "2026-10-28.endive"
    assert got.last_response.headers["Request-Id"] == got.last_response.request_id
    old = sdk.v1.customers.create({}, {"stripe_version": "2024-06-20"})
    assert old.last_response is not None
    assert old.last_response.headers["Stripe-Version"] == "2024-06-20"
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        sdk.v1.customers.create({}, {"stripe_version": "yesterday"})


def test_another_account_is_out_of_reach(lab: Sandboxes) -> None:
    sdk = client(lab)
    own = lab.credentials("stripe")["account"]
    assert sdk.v1.customers.list(None, {"stripe_account": own}).data == []
    with pytest.raises(stripe.PermissionError) as refused:
        sdk.v1.customers.list(None, {"stripe_account": "acct_other"})
    assert refused.value.error is not None
    assert refused.value.error.code == "account_invalid"


def test_limits_answer_with_their_reason(lab: Sandboxes) -> None:
    sdk = client(lab)
    disturb(lab, "rate_limits", per_second=3, searches_per_second=1)
    lab.control("stripe", "POST", "clock", {"run": 0})
    seen = []
    for _ in range(5):
        try:
            sdk.v1.balance.retrieve()
        except stripe.RateLimitError as refused:
            seen.append(
                (
                    refused.http_status,
                    refused.error.code,
                    (refused.headers or {})["Stripe-Rate-Limited-Reason"],
                )
            )  # type: ignore[union-attr]
    assert seen == [(429, "rate_limit", "global-rate")] * 2
    lab.control("stripe", "POST", "clock", {"run": 1})
    disturb(lab, "rate_limits", per_second=0, searches_per_second=0)
    lab.control("stripe", "POST", "faults", {"kind": "throttled", "operation": "list_customers"})
    with pytest.raises(stripe.RateLimitError):
        sdk.v1.customers.list()
    assert sdk.v1.customers.list().data == []


def test_paths_that_are_not_there(lab: Sandboxes) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as refused:
        client(lab).raw_request("get", "/v1/nothing_of_the_kind")
    assert refused.value.http_status == 404


def test_a_retry_makes_one_object(lab: Sandboxes) -> None:
    sdk = client(lab, max_network_retries=2)
    lab.control("stripe", "POST", "faults", {"kind": "unavailable", "operation": "create_payment_intent"})
    intent = sdk.v1.payment_intents.create({"amount": 100, "currency": "usd"})
    assert [i.id for i in sdk.v1.payment_intents.list().data] == [intent.id]


def test_a_snapshot_brings_everything_back() -> None:
    with sandboxes("stripe") as lab:
        sdk = client(lab)
        paid(sdk, "pm_card_createDispute")
        intent = paid(sdk, capture_method="manual")
        sdk.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["payout.paid"]})
        books = lab.control("stripe", "GET", "books")
        lab.control("stripe", "POST", "snapshots", {"name": "s"})
        sdk.v1.payment_intents.capture(intent.id)
        pass_time(lab, 12)
        assert lab.control("stripe", "GET", "books") != books
        lab.control("stripe", "POST", "restore", {"name": "s"})
        assert lab.control("stripe", "GET", "books") == books
        assert sdk.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
        pass_time(lab, 12)
        assert sdk.v1.payment_intents.retrieve(intent.id).status == "canceled"
        assert sdk.v1.disputes.list().data[0].status == "lost"


def test_the_old_style_maps_the_same_errors(lab: Sandboxes) -> None:
    with old_style(lab) as module:
        with pytest.raises(stripe.InvalidRequestError):
            module.Customer.create(unknown="x")
        made = module.Customer.create(name="A", idempotency_key="o")
        assert module.Customer.create(name="A", idempotency_key="o").id == made.id
        with pytest.raises(stripe.AuthenticationError):
            module.Customer.list(api_key="sk_test_bad")


@pytest.mark.parametrize(("kind", "made"), [("server_error", 0), ("error_after_commit", 1), ("F11", 1)])
def test_an_armed_500_is_kept_under_its_key(lab: Sandboxes, kind: str, made: int) -> None:
    sdk = client(lab)
    lab.arm("stripe", kind, "create_customer")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as broken:
            sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "k"})
        assert broken.value.http_status == 500
    assert broken.value.headers["Idempotent-Replayed"] == "true"
    assert len(sdk.v1.customers.list().data) == made
    assert sdk.v1.customers.create({"name": "A"}, {"idempotency_key": "other"}).name == "A"
