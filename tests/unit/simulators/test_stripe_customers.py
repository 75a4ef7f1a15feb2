"""Customers and cards: create, change, find, attach, refuse."""

from __future__ import annotations

import pytest

from simulators.kit.clock import SECOND

from .stripe_client import START, Sandbox


def test_create_answers_the_vendors_shape() -> None:
    box = Sandbox()
    answer = box.post("/v1/customers", {"name": "Ada", "email": "a@b.co", "metadata": {"crm_account": "A-1"}})
    made = answer.json
    assert answer.status == 200
    assert made["id"].startswith("cus_")
    assert len(made["id"]) == 18
    assert made["object"] == "customer"
    assert made["created"] == START // SECOND
    assert made["livemode"] is False
    assert made["metadata"] == {"crm_account": "A-1"}
    assert made["invoice_settings"]["default_payment_method"] is None
    assert answer.headers["request-id"].startswith("req_")
    assert answer.headers["stripe-version"]
    assert box.get(f"/v1/customers/{made['id']}").json == made


def test_update_merges_metadata_and_unsets_with_an_empty_text() -> None:
    box = Sandbox()
    made = box.post("/v1/customers", {"name": "Ada", "metadata": {"a": "1", "b": "2"}}).json["id"]
    changed = box.post(f"/v1/customers/{made}", {"name": "", "metadata": {"a": "", "c": "3"}}).json
    assert changed["name"] is None
    assert changed["metadata"] == {"b": "2", "c": "3"}
    assert box.post(f"/v1/customers/{made}", {"metadata": ""}).json["metadata"] == {}
    event = box.get("/v1/events", {"type": "customer.updated"}).json["data"][-1]
    assert event["data"]["previous_attributes"] == {"name": "Ada", "metadata": {"a": "1", "c": None}}


def test_default_payment_method_must_be_the_customers_own() -> None:
    box = Sandbox()
    customer, card = box.customer()
    path = f"/v1/customers/{customer}"
    good = box.post(path, {"invoice_settings": {"default_payment_method": card}})
    assert good.json["invoice_settings"]["default_payment_method"] == card
    bad = box.post(path, {"invoice_settings": {"default_payment_method": "pm_other"}})
    assert (bad.status, bad.error["code"]) == (400, "resource_missing")
    assert bad.error["param"] == "invoice_settings[default_payment_method]"
    box.post(f"/v1/payment_methods/{card}/detach")
    assert box.get(path).json["invoice_settings"]["default_payment_method"] is None


def test_deleted_customers_say_so_and_can_do_nothing() -> None:
    box = Sandbox()
    customer, card = box.customer()
    gone = box.call("DELETE", f"/v1/customers/{customer}")
    assert gone.json == {"id": customer, "object": "customer", "deleted": True}
    assert box.get(f"/v1/customers/{customer}").json == gone.json
    assert box.post(f"/v1/customers/{customer}", {"name": "x"}).status == 404
    assert box.get("/v1/customers").json["data"] == []
    assert box.get(f"/v1/payment_methods/{card}").json["customer"] is None
    refused = box.post("/v1/payment_intents", {"amount": 100, "currency": "usd", "customer": customer})
    assert (refused.status, refused.error["code"], refused.error["param"]) == (
        400,
        "resource_missing",
        "customer",
    )


def test_listing_by_email_and_paging_both_ways() -> None:
    box = Sandbox()
    ids = []
    for n in range(7):
        box.turn(SECOND)
        ids.append(box.post("/v1/customers", {"email": f"c{n % 2}@x.org"}).json["id"])
    newest = ids[::-1]
    first = box.get("/v1/customers", {"limit": 3}).json
    assert [c["id"] for c in first["data"]] == newest[:3]
    assert first["has_more"] is True
    assert first["url"] == "/v1/customers"
    second = box.get("/v1/customers", {"limit": 3, "starting_after": newest[2]}).json
    assert [c["id"] for c in second["data"]] == newest[3:6]
    last = box.get("/v1/customers", {"limit": 3, "starting_after": newest[5]}).json
    assert ([c["id"] for c in last["data"]], last["has_more"]) == (newest[6:], False)
    back = box.get("/v1/customers", {"limit": 2, "ending_before": newest[4]}).json
    assert ([c["id"] for c in back["data"]], back["has_more"]) == (newest[2:4], True)
    odd = box.get("/v1/customers", {"email": "c1@x.org"}).json
    assert [c["id"] for c in odd["data"]] == [ids[5], ids[3], ids[1]]
    made = box.get("/v1/customers", {"created": {"gt": START // SECOND + 2, "lte": START // SECOND + 4}}).json
    assert [c["id"] for c in made["data"]] == [ids[3], ids[2]]


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ({"limit": 0}, "parameter_invalid_integer", "limit"),
        ({"limit": 101}, "parameter_invalid_integer", "limit"),
        ({"limit": "x"}, "parameter_invalid_integer", "limit"),
        ({"starting_after": "cus_none"}, "resource_missing", "starting_after"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"email": ""}, "parameter_invalid_empty", "email"),
    ],
)
def test_bad_list_parameters(query: dict[str, object], code: str, param: str) -> None:
    answer = Sandbox().get("/v1/customers", query)
    assert (answer.status, answer.error["code"], answer.error["param"]) == (400, code, param)
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error["doc_url"].endswith(code.replace("_", "-"))


def test_search_by_metadata_and_email() -> None:
    box = Sandbox()
    one = box.post("/v1/customers", {"email": "one@x.org", "metadata": {"crm_account": "A-1"}}).json["id"]
    two = box.post("/v1/customers", {"email": "two@x.org", "metadata": {"crm_account": "A-2"}}).json["id"]

    def search(query: str) -> list[str]:
        answer = box.get("/v1/customers/search", {"query": query})
        assert answer.json["object"] == "search_result"
        assert answer.json["next_page"] is None
        return [c["id"] for c in answer.json["data"]]

    assert search("metadata['crm_account']:'A-1'") == [one]
    assert search('metadata["crm_account"]:"A-9"') == []
    assert search("email:'TWO@x.org'") == [two]
    assert search("email~'x.org' AND -metadata['crm_account']:'A-1'") == [two]
    assert search("email:'one@x.org' OR email:'two@x.org'") == [two, one]
    assert search(f"created>{START // SECOND}") == []
    box.post(f"/v1/customers/{one}", {"metadata": {"crm_account": "A-7"}})
    assert search("metadata['crm_account']:'A-1'") == []
    assert search("metadata['crm_account']:'A-7'") == [one]


def test_search_pages() -> None:
    box = Sandbox()
    ids = [box.post("/v1/customers", {"email": "same@x.org"}).json["id"] for _ in range(5)]
    seen, page = [], ""
    for _ in range(3):
        wish = {"query": "email:'same@x.org'", "limit": 2, **({"page": page} if page else {})}
        answer = box.get("/v1/customers/search", wish).json
        seen += [c["id"] for c in answer["data"]]
        page = answer["next_page"] or ""
    assert seen == ids[::-1]
    assert page == ""
    assert box.get("/v1/customers/search", {"query": "email:'a'", "page": "zzz"}).status == 400


@pytest.mark.parametrize(
    "query", ["", "nonsense", "shoe:'1'", "email>'a'", "email:'a' AND name:'b' OR name:'c'"]
)
def test_unreadable_searches_are_refused(query: str) -> None:
    answer = Sandbox().get("/v1/customers/search", {"query": query})
    assert (answer.status, answer.error["param"]) == (400, "query")


def test_search_lags_behind_creation() -> None:
    box = Sandbox(search_lag_us=20 * SECOND)
    made = box.post("/v1/customers", {"metadata": {"crm_account": "A-1"}}).json["id"]
    wish = {"query": "metadata['crm_account']:'A-1'"}
    box.turn(20 * SECOND - 1)
    assert box.get("/v1/customers/search", wish).json["data"] == []
    assert box.get(f"/v1/customers/{made}").status == 200
    box.turn(1)
    assert len(box.get("/v1/customers/search", wish).json["data"]) == 1


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"email": "nobody"}, "email_invalid"),
        ({"shoe_size": "44"}, "parameter_unknown"),
        ({"invoice_settings": {"shoe": "x"}}, "parameter_unknown"),
        ({"metadata": "text"}, None),
        ({"metadata": {"k" * 41: "v"}}, None),
        ({"metadata": {"k": "v" * 501}}, None),
    ],
)
def test_bad_customers_are_refused(form: dict[str, object], code: str | None) -> None:
    box = Sandbox()
    answer = box.post("/v1/customers", form)
    assert answer.status == 400
    assert answer.error.get("code") == code
    assert box.rules.books()["customers"] == []


def test_attaching_makes_a_fresh_card_of_the_customer() -> None:
    box = Sandbox()
    customer, card = box.customer()
    assert card.startswith("pm_1")
    again = box.post("/v1/payment_methods/pm_card_visa/attach", {"customer": customer}).json
    assert again["id"] != card
    assert again["card"]["last4"] == "4242"
    assert again["customer"] == customer
    listed = box.get("/v1/payment_methods", {"customer": customer, "type": "card"}).json["data"]
    assert [m["id"] for m in listed] == [again["id"], card]
    nested = box.get(f"/v1/customers/{customer}/payment_methods").json
    assert [m["id"] for m in nested["data"]] == [again["id"], card]
    assert box.get(f"/v1/customers/{customer}/payment_methods/{card}").json["id"] == card
    assert box.events()[:2] == ["customer.created", "payment_method.attached"]


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
    ],
)
def test_declined_cards_fail_already_when_attached(card: str, code: str, decline_code: str | None) -> None:
    box = Sandbox()
    customer = box.post("/v1/customers").json["id"]
    answer = box.post(f"/v1/payment_methods/{card}/attach", {"customer": customer})
    assert (answer.status, answer.error["type"], answer.error["code"]) == (402, "card_error", code)
    assert answer.error.get("decline_code") == decline_code
    assert box.get("/v1/payment_methods", {"customer": customer}).json["data"] == []


def test_a_card_belongs_to_one_customer_and_once_detached_to_none() -> None:
    box = Sandbox()
    _, card = box.customer()
    other = box.post("/v1/customers").json["id"]
    taken = box.post(f"/v1/payment_methods/{card}/attach", {"customer": other})
    assert taken.status == 400
    assert box.post(f"/v1/payment_methods/{card}/detach").json["customer"] is None
    assert box.post(f"/v1/payment_methods/{card}/attach", {"customer": other}).status == 400
    assert box.post(f"/v1/payment_methods/{card}/detach").status == 400
    unknown = box.post("/v1/payment_methods/pm_no/attach", {"customer": other})
    assert (unknown.status, unknown.error["code"]) == (404, "resource_missing")
    assert box.post("/v1/payment_methods/pm_card_visa/attach", {}).error["code"] == "parameter_missing"


def test_create_with_a_card_and_its_default() -> None:
    box = Sandbox()
    made = box.post(
        "/v1/customers",
        {
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
            "expand": ["invoice_settings.default_payment_method"],
        },
    ).json
    default = made["invoice_settings"]["default_payment_method"]
    assert default["customer"] == made["id"]
    refused = box.post("/v1/customers", {"payment_method": "pm_card_visa_chargeDeclined"})
    assert refused.status == 402
    assert len(box.rules.books()["customers"]) == 1
