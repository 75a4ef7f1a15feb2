"""Sets up fresh sandboxes through the vendors' own APIs: sign-ins, catalogue, items, event subscriptions."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.connectors.netsuite.signin import assertion
from core.connectors.stripe.wire import API_VERSION
from core.connectors.zuora.webhook import CALLOUTS
from scenarios.charges import TAX_CODE, charge_of, plan_name
from scenarios.lifecycles.hands import SALESFORCE, Hands, HandsError, Reach
from scenarios.profiles.profile import Product
from scenarios.provision_ledger import ledger_item, revenue_class
from simulators.kit.clock import Clock

Credentials = Mapping[str, Mapping[str, str]]
# What the billing system signs in with in the lab, where all is known beforehand; never in real time.
LAB_CALLOUT_SECRET = "tieout-callout-secret"
_CURRENCIES = ("USD", "EUR", "GBP", "JPY")


@dataclass(frozen=True, slots=True)
class Provisioned:
    """secrets: by vendor, for checking webhooks; product_ids: SKU to the CRM's id."""

    secrets: dict[str, str]
    product_ids: dict[str, str]


def make_hands(reach: Reach, credentials: Credentials, clock: Clock) -> Hands:
    """People's access to all five systems."""

    async def basic(_: Hands) -> str:
        tax = credentials["avatax"]
        return "Basic " + b64encode(f"{tax['account']}:{tax['license_key']}".encode()).decode()

    async def secret_key(_: Hands) -> str:
        return f"Bearer {credentials['stripe']['secret_key']}"

    async def zuora(hands: Hands) -> str:
        form = {**_client(credentials["zuora"]), "grant_type": "client_credentials"}
        return await _token(hands, "zuora", "/oauth/token", form)

    async def salesforce(hands: Hands) -> str:
        own = credentials["salesforce"]
        form = {
            **_client(own),
            "grant_type": "password",
            "username": own["username"],
            "password": own["password"],
        }
        return await _token(hands, "salesforce", "/services/oauth2/token", form)

    async def netsuite(hands: Hands) -> str:
        own = credentials["netsuite"]
        now = clock.now() // 1_000_000
        audience = f"https://{own['account']}.suitetalk.api.netsuite.com{own['token_path']}"
        claims = {
            "iss": own["client_id"],
            "scope": [own["scope"]],
            "aud": audience,
            "iat": now,
            "exp": now + 3000,
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion(own["private_key_pem"], own["certificate_id"], claims),
        }
        return await _token(hands, "netsuite", own["token_path"], form)

    return Hands(
        reach,
        {
            "avatax": basic,
            "stripe": secret_key,
            "zuora": zuora,
            "salesforce": salesforce,
            "netsuite": netsuite,
        },
    )


def _client(own: Mapping[str, str]) -> dict[str, str]:
    return {"client_id": own["client_id"], "client_secret": own["client_secret"]}


async def _token(hands: Hands, system: str, path: str, form: dict[str, Any]) -> str:

    status, _, body = await hands.bare(system, "POST", path, form=form)
    if status != 200:
        raise HandsError(f"{system} gave no token: {status} {body[:300].decode()}")
    return f"Bearer {json.loads(body)['access_token']}"


async def provision(
    hands: Hands,
    products: tuple[Product, ...],
    core_url: str,
    *,
    webhooks: bool,
    currencies: tuple[str, ...] = (),
    callout_secret: str = LAB_CALLOUT_SECRET,
) -> Provisioned:
    """A company's sandboxes, ready for business. `webhooks`: whether the core listens; currencies: that
    are sold in beside the usual ones; callout_secret: what the billing system is to sign in with."""
    product_ids = {}
    for product in products:
        product_ids[product.sku] = await _crm_product(hands, product)
        await _billing_product(hands, product, (*_CURRENCIES, *currencies))
        # What is billed by use is delivered when it is billed: revenue at once, nothing deferred.
        income, deferred = ("4010", "") if product.kind == "usage" else ("4000", "2100")
        await ledger_item(hands, product.sku, product.name, income, deferred)
        await revenue_class(hands, product)
    await ledger_item(hands, "GOODWILL", "Goodwill credit", "4900", "")
    await ledger_item(hands, "BAD-DEBT", "Bad debt", "6200", "")
    secrets = {"zuora": callout_secret, "stripe": "", "salesforce": ""}
    if webhooks:
        secrets["stripe"] = await _stripe_endpoint(hands, core_url)
        secrets["salesforce"] = await _relay(hands, core_url)
        for event, params in CALLOUTS.items():
            await _callout(hands, core_url, event, params, callout_secret)
    return Provisioned(secrets, product_ids)


async def _crm_product(hands: Hands, product: Product) -> str:
    fields = {
        "Name": product.name,
        "ProductCode": product.sku,
        "External_Id__c": product.sku,
        "IsActive": True,
    }
    made = await hands.call("salesforce", "POST", f"{SALESFORCE}/sobjects/Product2", json_body=fields)
    return str(made["id"])


async def _billing_product(hands: Hands, product: Product, currencies: tuple[str, ...]) -> None:
    made = await _zuora_object(
        hands,
        "product",
        {
            "Name": product.name,
            "SKU": product.sku,
            "EffectiveStartDate": "2020-01-01",
            "EffectiveEndDate": "2099-12-31",
        },
    )
    plan = await _zuora_object(
        hands,
        "product-rate-plan",
        {
            "Name": plan_name(product),
            "ProductId": made,
            "EffectiveStartDate": "2020-01-01",
            "EffectiveEndDate": "2099-12-31",
        },
    )
    charge = charge_of(product, currencies)
    same = {
        "ProductRatePlanId": plan,
        "BillCycleType": "SubscriptionStartDay",
        "TriggerEvent": "ContractEffective",
        "TaxCode": TAX_CODE,
        "TaxMode": "TaxExclusive",
    }
    await _zuora_object(hands, "product-rate-plan-charge", {**same, **charge})


async def _zuora_object(hands: Hands, kind: str, fields: dict[str, Any]) -> str:
    made = await hands.call("zuora", "POST", f"/v1/object/{kind}", json_body=fields)
    if not made.get("Success"):
        raise HandsError(f"zuora refused a {kind}: {made}")
    return str(made["Id"])


async def _stripe_endpoint(hands: Hands, core_url: str) -> str:
    events = (
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
        "payout.paid",
        "payout.failed",
    )
    form = {"url": f"{core_url}/webhooks/stripe", "enabled_events": events, "api_version": API_VERSION}
    made = await hands.call("stripe", "POST", "/v1/webhook_endpoints", form=form)
    return str(made["secret"])


async def _relay(hands: Hands, core_url: str) -> str:
    fields = {
        "DeveloperName": "Tieout",
        "EventChannel": "/data/ChangeEvents",
        "DestinationResourceName": f"{core_url}/webhooks/salesforce",
        "State": "RUN",
        "EventTypes": ["OpportunityChangeEvent"],
    }
    path = f"{SALESFORCE}/tooling/sobjects/EventRelayConfig"
    made = await hands.call("salesforce", "POST", path, json_body=fields)
    return str(made["secret"])


async def _callout(hands: Hands, core_url: str, event: str, params: Mapping[str, str], secret: str) -> None:
    wish = {
        "name": f"Tieout {event}",
        "eventTypeName": event,
        "active": True,
        "calloutActive": True,
        "callout": {
            "calloutBaseurl": f"{core_url}/webhooks/zuora",
            "httpMethod": "POST",
            "name": f"Tieout {event}",
            "calloutParams": dict(params),
            "calloutAuth": {"username": "tieout", "password": secret, "preemptive": True},
            "requiredAuth": True,
            "calloutRetry": True,
        },
    }
    await hands.call("zuora", "POST", "/notifications/notification-definitions", json_body=wish)
