"""The door: keys, limits, idempotency, errors, headers, troubles."""

from __future__ import annotations

import asyncio
import base64

import pytest

from simulators.kit.chaos import Arm
from simulators.kit.clock import HOUR, SECOND

from .stripe_client import Sandbox


def test_bearer_and_basic_both_open_the_door() -> None:
    box = Sandbox()
    user = base64.b64encode(b"sk_test_tieout:").decode()
    assert box.get("/v1/customers", headers={"authorization": f"Basic {user}"}).status == 200
    for header, text in (
        ("", "You did not provide an API key"),
        ("Bearer sk_test_nobody", "Invalid API Key provided: sk_test_"),
        ("Basic !!!", "You did not provide an API key"),
    ):
        answer = box.get("/v1/customers", headers={"authorization": header})
        assert answer.status == 401
        assert answer.error["type"] == "invalid_request_error"
        assert answer.error["message"].startswith(text)
        assert answer.headers["request-id"]


def test_a_restricted_key_may_only_read() -> None:
    box = Sandbox()
    key = "rk_test_tieout_readonly"
    assert box.get("/v1/customers", key=key).status == 200
    refused = box.post("/v1/customers", {}, key=key)
    assert (refused.status, refused.error["type"]) == (403, "invalid_request_error")
    assert "rak_customer_write" in refused.error["message"]
    for route in box.mock.vendor.table:
        assert route.scope.endswith("_read" if route.method == "GET" else "_write"), route.operation


def test_live_mode_is_another_world() -> None:
    box = Sandbox()
    test = box.post("/v1/customers", {"name": "T"}).json
    live = box.post("/v1/customers", {"name": "L"}, key="sk_live_tieout").json
    assert (test["livemode"], live["livemode"]) == (False, True)
    assert box.get(f"/v1/customers/{test['id']}", key="sk_live_tieout").status == 404
    card = box.post("/v1/payment_methods/pm_card_visa/attach", {"customer": live["id"]}, key="sk_live_tieout")
    assert (card.status, "test mode" in card.error["message"]) == (404, True)


def test_versions_are_echoed_and_checked() -> None:
    box = Sandbox()
    assert box.get("/v1/balance").headers["stripe-version"] == "2026-10-28.endive"
    asked = box.get("/v1/balance", headers={"stripe-version": "2025-03-31.basil"})
    assert asked.headers["stripe-version"] == "2025-03-31.basil"
    assert box.get("/v1/balance", headers={"stripe-version": "new"}).status == 400


def test_same_key_same_answer() -> None:
    box = Sandbox()
    first = box.post("/v1/customers", {"name": "Ada", "email": "a@b.co"}, idem="k1")
    again = box.post("/v1/customers", b"email=a%40b.co&name=Ada", idem="k1")
    assert again.body == first.body
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["original-request"] == first.headers["request-id"]
    assert again.headers["request-id"] != first.headers["request-id"]
    assert len(box.rules.books()["customers"]) == 1


def test_same_key_other_parameters_or_endpoint_is_400() -> None:
    box = Sandbox()
    box.post("/v1/customers", {"name": "Ada"}, idem="k1")
    other = box.post("/v1/customers", {"name": "Bob"}, idem="k1")
    assert (other.status, other.error["type"]) == (400, "idempotency_error")
    assert other.error["message"].startswith(
        "Keys for idempotent requests can only be used with the same parameters they were first used with."
    )
    elsewhere = box.post("/v1/refunds", {"name": "Ada"}, idem="k1")
    assert (elsewhere.status, elsewhere.error["type"]) == (400, "idempotency_error")
    assert "same endpoint" in elsewhere.error["message"]
    assert box.post("/v1/customers", {}, idem="k" * 256).status == 400


def test_a_key_in_progress_is_409() -> None:
    box = Sandbox(write_us=1000)

    async def both() -> list[int]:
        calls = [box.acall("POST", "/v1/customers", {"name": "Ada"}, idem="k1") for _ in range(2)]
        answers = await asyncio.gather(*calls)
        conflict = next(a for a in answers if a.status == 409)
        assert conflict.error["code"] == "idempotency_key_in_use"
        assert conflict.error["type"] == "idempotency_error"
        return sorted(a.status for a in answers)

    assert box.loop.run_until_complete(both()) == [200, 409]
    replayed = box.post("/v1/customers", {"name": "Ada"}, idem="k1")
    assert (replayed.status, replayed.headers["idempotent-replayed"]) == (200, "true")


def test_validation_failures_are_not_stored_but_declines_and_500s_are() -> None:
    box = Sandbox()
    bad = box.post("/v1/payment_intents", {"amount": "x", "currency": "usd"}, idem="k1")
    assert bad.status == 400
    good = box.post("/v1/payment_intents", {"amount": 500, "currency": "usd"}, idem="k1")
    assert (good.status, "idempotent-replayed" in good.headers) == (200, False)
    customer, card = box.customer("pm_card_chargeCustomerFail")
    wish = {"amount": 500, "currency": "usd", "customer": customer, "payment_method": card, "confirm": True}
    declined = box.post("/v1/payment_intents", wish, idem="k2")
    again = box.post("/v1/payment_intents", wish, idem="k2")
    assert (declined.status, again.body) == (402, declined.body)
    assert len(box.rules.books()["charges"]) == 1
    for applied, made in ((False, 1), (True, 2)):
        box.mock.vendor.disturb(
            box.rules, "server_error", {"operation": "create_customer", "applied": applied}
        )
        key = f"broken{applied}"
        broken = box.post("/v1/customers", {"name": "Z"}, idem=key)
        again = box.post("/v1/customers", {"name": "Z"}, idem=key)
        assert (broken.status, again.status, again.headers["idempotent-replayed"]) == (500, 500, "true")
        assert broken.error["type"] == "api_error"
        assert len(box.rules.books()["customers"]) == made
        assert box.post("/v1/customers", {"name": "Z"}, idem=f"new{applied}").status == 200
        box.call("DELETE", f"/v1/customers/{box.rules.books()['customers'][-1]['id']}")


def test_keys_are_forgotten_after_a_day() -> None:
    box = Sandbox()
    first = box.post("/v1/customers", {"name": "Ada"}, idem="k1").json["id"]
    box.turn(24 * HOUR - 1)
    assert box.post("/v1/customers", {"name": "Ada"}, idem="k1").json["id"] == first
    box.turn(1)
    assert box.post("/v1/customers", {"name": "Ada"}, idem="k1").json["id"] != first
    short = Sandbox(idempotency_ttl_hours=1)
    made = short.post("/v1/customers", {"name": "Ada"}, idem="k1").json["id"]
    short.turn(HOUR)
    assert short.post("/v1/customers", {"name": "Ada"}, idem="k1").json["id"] != made


def test_get_ignores_keys() -> None:
    box = Sandbox()
    box.get("/v1/balance", idem="k1")
    assert "idempotent-replayed" not in box.get("/v1/balance", idem="k1").headers


def test_rates() -> None:
    box = Sandbox(rate_per_second=3)
    assert [box.get("/v1/balance").status for _ in range(4)] == [200, 200, 200, 429]
    refused = box.get("/v1/balance")
    assert refused.headers["stripe-rate-limited-reason"] == "global-rate"
    assert (refused.error["type"], refused.error["code"]) == ("invalid_request_error", "rate_limit")
    box.turn(SECOND)
    assert box.get("/v1/balance").status == 200
    searching = Sandbox(search_rate_per_second=1)
    wish = {"query": "email:'a@b.co'"}
    assert searching.get("/v1/customers/search", wish).status == 200
    refused = searching.get("/v1/customers/search", wish)
    assert (refused.status, refused.headers["stripe-rate-limited-reason"]) == (429, "endpoint-rate")
    free = Sandbox(rate_per_second=0)
    assert {free.get("/v1/customers/search", wish).status for _ in range(200)} == {200}


def test_bodies_must_be_forms() -> None:
    answer = Sandbox().post("/v1/customers", b'{"name":"x"}', headers={"content-type": "application/json"})
    assert answer.status == 400
    assert "application/x-www-form-urlencoded" in answer.error["message"]


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (b"metadata[0]=zero&metadata[a.b]=dots", {"0": "zero", "a.b": "dots"}),
        (b"metadata%5Bk%5D=v%26w", {"k": "v&w"}),
        (b"metadata[k]=%C3%A9", {"k": "é"}),
    ],
)
def test_brackets(body: bytes, seen: dict[str, str]) -> None:
    assert Sandbox().post("/v1/customers", body).json["metadata"] == seen


def test_arrays_with_and_without_index() -> None:
    box = Sandbox()
    paid = box.pay()
    path = f"/v1/payment_intents/{paid['id']}"
    for query in (b"expand[]=customer&expand[]=latest_charge", b"expand[1]=customer&expand[0]=latest_charge"):
        got = box.get(path, query).json
        assert (got["customer"]["object"], got["latest_charge"]["object"]) == ("customer", "charge")
    deep = box.get(path, {"expand": ["latest_charge.balance_transaction"]}).json
    assert deep["latest_charge"]["balance_transaction"]["net"] == 9_680
    assert box.get(path, {"expand": ["a.b.c.d.e"]}).status == 400
    assert box.get(path, {"expand": ["amount"]}).status == 400
    assert box.get(path, {"expand": "customer"}).status == 400


@pytest.mark.parametrize(
    ("kind", "status", "type_"),
    [
        ("throttled", 429, "invalid_request_error"),
        ("token_expired", 401, "invalid_request_error"),
        ("unavailable", 503, "api_error"),
        ("server_error", 500, "api_error"),
    ],
)
def test_troubles_speak_stripe(kind: str, status: int, type_: str) -> None:
    box = Sandbox()
    box.mock.armed.waiting.append(Arm(kind, "create_customer"))
    answer = box.post("/v1/customers", {})
    assert (answer.status, answer.error["type"]) == (status, type_)
    assert answer.headers["request-id"].startswith("req_")
    assert ("stripe-rate-limited-reason" in answer.headers) == (status == 429)
    assert box.post("/v1/customers", {}).status == 200


def test_stripe_never_errs_inside_a_200() -> None:
    box = Sandbox()
    box.mock.armed.waiting.append(Arm("error_in_ok"))
    assert box.post("/v1/customers", {}).status == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/nothing"), ("PUT", "/v1/customers"), ("GET", "/")])
def test_unknown_paths(method: str, path: str) -> None:
    answer = Sandbox().call(method, path)
    assert answer.status == 404
    assert answer.error["message"].startswith(f"Unrecognized request URL ({method}: {path})")


def test_disturbances_are_named() -> None:
    box = Sandbox()
    disturb = box.mock.vendor.disturb
    disturb(box.rules, "search_lag", {"microseconds": SECOND})
    made = box.post("/v1/customers", {"email": "a@b.co"}).json["id"]
    wish = {"query": "email:'a@b.co'"}
    assert box.get("/v1/customers/search", wish).json["data"] == []
    disturb(box.rules, "search_lag", {"microseconds": 0})
    assert box.get("/v1/customers/search", wish).json["data"][0]["id"] == made
    for kind, wishes in (("expire_tokens", {}), ("search_lag", {}), ("server_error", {"count": 0})):
        with pytest.raises(ValueError, match=kind if kind != "expire_tokens" else "unknown"):
            disturb(box.rules, kind, wishes)
    credentials = box.mock.vendor.credentials(box.rules)
    assert credentials["secret_key"] == "sk_test_tieout"
    assert credentials["restricted_key"] == "rk_test_tieout_readonly"


def test_the_same_seed_gives_the_same_bytes() -> None:
    def story(seed: str) -> list[bytes]:
        box = Sandbox(seed)
        paid = box.pay(metadata={"invoice": "I"})
        return [box.get("/v1/events").body, box.post("/v1/refunds", {"payment_intent": paid["id"]}).body]

    assert story("a") == story("a")
    assert story("a") != story("b")
