"""Zuora's own Python SDK, imported once and late: the import costs seconds and half a gigabyte."""

from __future__ import annotations

import importlib
import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from scenarios.sandboxes import Sandboxes, sandboxes

CONTACT = {"firstName": "Ada", "lastName": "Lovelace", "country": "United States", "state": "New York"}
TRIGGERS = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")


def module() -> Any:
    """The SDK's package; a process pays for it once, on first use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("zuora_sdk")


def client(lab: Sandboxes) -> Any:
    """A client that is signed in to the sandbox as it is now."""
    module()
    sdk, own = importlib.import_module("zuora_sdk.zuora_client"), lab.credentials("zuora")
    found = sdk.ZuoraClient(own["client_id"], own["client_secret"], sdk.ZuoraEnvironment.SBX)
    found.set_retry_config(1, 1)
    found.set_base_url(lab.url("zuora"))
    found.refresh_token()
    assert found.token["access_token"], "the mock did not let the SDK in"
    return found


def raises(status: int, act: Callable[..., Any], *args: Any, **more: Any) -> dict[str, Any]:
    """The JSON body of the refusal that the call must end in, with that HTTP status."""
    with pytest.raises(module().ApiException) as caught:
        act(*args, **more)
    assert caught.value.status == status, (caught.value.status, caught.value.body)
    body: dict[str, Any] = json.loads(caught.value.body)
    return body


def category(body: Mapping[str, Any]) -> int:
    """The last two digits of the first reason's code."""
    return int(body["reasons"][0]["code"]) % 100


class Raw:
    """Plain HTTP with the bearer token, for what the SDK hides: status, headers, exact JSON."""

    def __init__(self, lab: Sandboxes) -> None:
        self.base = lab.url("zuora")
        form = "&".join(f"{k}={v}" for k, v in lab.credentials("zuora").items())
        _, _, body = self.send(
            "POST",
            "/oauth/token",
            f"{form}&grant_type=client_credentials".encode(),
            {"content-type": "application/x-www-form-urlencoded"},
        )
        self.token = str(body["access_token"])

    def __call__(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """A JSON call: status, headers in lower case, body. Underscores of header names are dashes."""
        own = {"authorization": f"Bearer {self.token}"}
        if method != "GET":
            own["content-type"] = "application/json"
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        return self.send(method, path, data, own)

    def send(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], Any]:
        """One request as it is."""
        url = path if path.startswith("http") else f"{self.base}{path}"
        request = Request(url, data, dict(headers), method=method)
        try:
            answer = urlopen(request, timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            raw = answer.read()
            names = {name.lower(): value for name, value in answer.headers.items()}
            is_json = "json" in names.get("content-type", "")
            return answer.status, names, json.loads(raw) if raw and is_json else raw


@pytest.fixture(scope="module", name="zuora_up")
def up_fixture() -> Iterator[Sandboxes]:
    """The billing mock with its neighbours, kept up for the module."""
    with sandboxes("zuora", "stripe") as running:
        yield running


@pytest.fixture(name="zlab")
def lab_fixture(zuora_up: Sandboxes) -> Sandboxes:
    """The same, as fresh as on the first day."""
    for vendor in ("stripe", "zuora"):
        zuora_up.control(vendor, "POST", "reset")
    return zuora_up


@pytest.fixture(name="zuora")
def sdk_fixture(zlab: Sandboxes) -> Any:
    """The SDK's client."""
    return client(zlab)


@pytest.fixture(name="raw")
def raw_fixture(zlab: Sandboxes) -> Raw:
    """Plain HTTP."""
    return Raw(zlab)


def account(zuora: Any, currency: str = "USD", **more: Any) -> Any:
    """An account made by the SDK."""
    wish = {
        "name": "Acme",
        "currency": currency,
        "billCycleDay": 1,
        "autoPay": False,
        "billToContact": CONTACT,
        "soldToContact": CONTACT,
        **more,
    }
    return zuora.accounts_api().create_account(wish)


def product(zuora: Any, sku: str = "SEAT", **more: Any) -> str:
    """A product made by the SDK; its id."""
    span = {"EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2099-01-01"}
    made = zuora.products_api().create_product({"Name": sku, "SKU": sku, **span, **more})
    return str(made.id)


def plan(zuora: Any, product_id: str, name: str = "Plan", **more: Any) -> str:
    """A rate plan made by the SDK; its id."""
    made = zuora.product_rate_plans_api().create_product_rate_plan(
        {"ProductId": product_id, "Name": name, **more}
    )
    return str(made.id)


def charge(zuora: Any, plan_id: str, price: float = 100, **more: Any) -> str:
    """A monthly per-unit charge made by the SDK, unless `more` says otherwise; its id."""
    wish = {
        "ProductRatePlanId": plan_id,
        "Name": "Seats",
        "ChargeModel": "Per Unit Pricing",
        "ChargeType": "Recurring",
        "BillingPeriod": "Month",
        "BillCycleType": "SubscriptionStartDay",
        "BillingPeriodAlignment": "AlignToCharge",
        "TriggerEvent": "ContractEffective",
        "UOM": "Each",
        "DefaultQuantity": 1,
        "ProductRatePlanChargeTierData": {
            "ProductRatePlanChargeTier": [{"Currency": "USD", "Price": price}],
        },
        **more,
    }
    made = zuora.product_rate_plan_charges_api().create_product_rate_plan_charge(wish)
    return str(made.id)


def action(kind: str, on: str, **body: Any) -> dict[str, Any]:
    """An order action with its three trigger dates on one day."""
    return {"type": kind, "triggerDates": [{"name": n, "triggerDate": on} for n in TRIGGERS], **body}


def create(plan_id: str, start: str, months: int = 12, **more: Any) -> dict[str, Any]:
    """A CreateSubscription action for one rate plan."""
    terms = {
        "initialTerm": {
            "startDate": start,
            "period": months,
            "periodType": "Month",
            "termType": "TERMED",
        },
        "autoRenew": False,
        "renewalSetting": "RENEW_WITH_SPECIFIC_TERM",
        "renewalTerms": [{"period": months, "periodType": "Month"}],
    }
    body = {"terms": terms, "subscribeToRatePlans": [{"productRatePlanId": plan_id}], **more}
    return action("CreateSubscription", start, createSubscription=body)


def order(account_number: str, on: str, *actions: Any, subscription: str = "", **more: Any) -> dict[str, Any]:
    """An order with one subscription entry."""
    entry: dict[str, Any] = {"orderActions": list(actions)}
    if subscription:
        entry["subscriptionNumber"] = subscription
    return {
        "orderDate": on,
        "existingAccountNumber": account_number,
        "subscriptions": [entry],
        **more,
    }
