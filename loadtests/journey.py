"""A Locust file: people who sell, pay and look things up in the vendors' systems, all over HTTP.

Reads where everything is, and how to sign in, from the file that TIEOUT_LAB names.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from locust import FastHttpUser, between, task

SALESFORCE = "/services/data/v62.0"
GOOD_CARD = "pm_card_visa"
# Customers whom one user still has an eye on; the oldest is forgotten first.
_REMEMBERED = 200
# Of a call that the vendor throttles.
_ATTEMPTS = 5
_PLACES = (
    ("New York", "NY", "10001", "US", "USD"),
    ("Austin", "TX", "78701", "US", "USD"),
    ("Seattle", "WA", "98101", "US", "USD"),
    ("Berlin", "BE", "10115", "DE", "EUR"),
    ("London", "LND", "EC1A 1BB", "GB", "GBP"),
)
_PRICES = {"TEAM": 29, "BUSINESS": 59, "ENTERPRISE": 99, "ANALYTICS": 12, "SUPPORT24": 9}
_PLANS, _ADD_ONS = ("TEAM", "BUSINESS", "ENTERPRISE"), ("ANALYTICS", "SUPPORT24")


class Person(FastHttpUser):
    """One person at a desk. Half of the customers pay by card, half by link."""

    host = "http://127.0.0.1"
    wait_time = between(0.1, 0.4)
    network_timeout = 30.0
    connection_timeout = 10.0

    def on_start(self) -> None:
        """Sign in everywhere."""
        self._lab: dict[str, Any] = json.loads(Path(os.environ["TIEOUT_LAB"]).read_text())
        own = self._lab["credentials"]
        self._crm = {"authorization": f"Bearer {self._crm_token(own['salesforce'])}"}
        self._billing = {"authorization": f"Bearer {self._billing_token(own['zuora'])}"}
        self._processor = {"authorization": f"Bearer {own['stripe']['secret_key']}"}
        self._name, self._count = uuid4().hex[:8], 0
        self._without_card: deque[str] = deque(maxlen=_REMEMBERED)
        self._by_link: deque[str] = deque(maxlen=_REMEMBERED)
        self._with_card: deque[str] = deque(maxlen=_REMEMBERED)

    @task(4)
    def sell(self) -> None:
        """Account, opportunity, quote with one or two lines, accepted, closed won."""
        self._count += 1
        number, key = self._count, f"{self._name}-{self._count}"
        email, by_card = f"{key}@example.com", number % 2 == 0
        city, region, code, country, currency = _PLACES[number % len(_PLACES)]
        account = self._create(
            "Account",
            {
                "Name": f"Company {key}",
                "External_Id__c": f"ACC-{key}",
                "CurrencyIsoCode": currency,
                "BillingStreet": f"{number} Main Street",
                "BillingCity": city,
                "BillingState": region,
                "BillingPostalCode": code,
                "BillingCountry": country,
                "Email__c": email,
                "Payment_Terms__c": "Card" if by_card else "Net 30",
            },
        )
        if account and self._win(key, account, currency, number):
            (self._without_card if by_card else self._by_link).append(email)

    @task(3)
    def put_card_on_file(self) -> None:
        """As soon as the processor knows the customer; until then come back later."""
        if not self._without_card:
            return
        email = self._without_card.popleft()
        customer = self._customer(email)
        if not customer:
            self._without_card.append(email)
            return
        attached = self._pay(
            "POST", f"/v1/payment_methods/{GOOD_CARD}/attach", "attach card", customer=customer
        )
        if attached and self._pay(
            "POST",
            f"/v1/customers/{customer}",
            "default card",
            **{"invoice_settings[default_payment_method]": attached["id"]},
        ):
            self._with_card.append(email)

    @task(2)
    def pay_by_link(self) -> None:
        """Whatever one customer has been asked for."""
        if not self._by_link:
            return
        email = self._by_link.popleft()
        self._by_link.append(email)
        for intent in self._intents(email):
            if intent["status"] == "requires_payment_method":
                path = f"/v1/payment_intents/{intent['id']}/confirm"
                self._pay("POST", path, "pay by link", payment_method=GOOD_CARD)

    @task(1)
    def ask_money_back(self) -> None:
        """A quarter of a payment that was made by card."""
        if not self._with_card:
            return
        email = self._with_card.popleft()
        for intent in self._intents(email):
            if intent["status"] == "succeeded":
                amount = max(1, intent["amount"] // 4)
                self._pay("POST", "/v1/refunds", "refund", payment_intent=intent["id"], amount=amount)
                return
        self._with_card.append(email)

    @task(2)
    def look_at_invoices(self) -> None:
        """The CRM's mirror, and billing's own list."""
        query = quote("SELECT Id, Name, Status__c FROM Invoice__c ORDER BY CreatedDate DESC LIMIT 20")
        self._call("salesforce", "GET", f"{SALESFORCE}/query?q={query}", "query invoices", headers=self._crm)
        query = "select Id, InvoiceNumber, Status, Balance from Invoice where Status = 'Posted'"
        self._call(
            "zuora", "POST", "/v1/action/query", "query invoices", headers=self._billing,
            json={"queryString": query},
        )  # fmt: skip

    def _win(self, key: str, account: str, currency: str, number: int) -> bool:
        today = datetime.now(UTC).date().isoformat()
        opportunity = self._create(
            "Opportunity",
            {
                "Name": f"Deal {key}",
                "External_Id__c": f"OPP-{key}",
                "AccountId": account,
                "StageName": "Proposal/Price Quote",
                "CloseDate": today,
                "Type": "New Business",
                "CurrencyIsoCode": currency,
                "Service_Start__c": today,
            },
        )
        offer = opportunity and self._create(
            "SBQQ__Quote__c",
            {
                "SBQQ__Opportunity2__c": opportunity,
                "SBQQ__Account__c": account,
                "SBQQ__Primary__c": True,
                "SBQQ__Status__c": "Draft",
                "SBQQ__Type__c": "Quote",
                "SBQQ__StartDate__c": today,
                "CurrencyIsoCode": currency,
            },
        )
        if not opportunity or not offer:
            return False
        skus = [_PLANS[number % len(_PLANS)], *_ADD_ONS[: number % 2]]
        lines = [
            self._create("SBQQ__QuoteLine__c", self._line(offer, i, sku, number))
            for i, sku in enumerate(skus, 1)
        ]
        return (
            all(lines)
            and self._patch(f"SBQQ__Quote__c/{offer}", {"SBQQ__Status__c": "Accepted"})
            and self._patch(
                f"Opportunity/{opportunity}", {"StageName": "Closed Won", "SBQQ__PrimaryQuote__c": offer}
            )
        )

    def _line(self, offer: str, place: int, sku: str, number: int) -> dict[str, Any]:
        return {
            "SBQQ__Quote__c": offer,
            "SBQQ__Product__c": self._lab["product_ids"][sku],
            "SBQQ__Quantity__c": 3 + number % 40,
            "SBQQ__PriorQuantity__c": 0,
            "SBQQ__NetPrice__c": _PRICES[sku],
            "SBQQ__BillingFrequency__c": "Monthly",
            "SBQQ__Number__c": place,
        }

    def _create(self, kind: str, fields: dict[str, Any]) -> str:
        path = f"{SALESFORCE}/sobjects/{kind}"
        made = self._call("salesforce", "POST", path, f"create {kind}", headers=self._crm, json=fields)
        return str(made["id"]) if made else ""

    def _patch(self, path: str, fields: dict[str, Any]) -> bool:
        name = f"update {path.partition('/')[0]}"
        done = self._call(
            "salesforce", "PATCH", f"{SALESFORCE}/sobjects/{path}", name, headers=self._crm, json=fields
        )
        return done is not None

    def _customer(self, email: str) -> str:
        found = self._pay("GET", f"/v1/customers?email={quote(email)}&limit=1", "find customer")
        return str(found["data"][0]["id"]) if found and found["data"] else ""

    def _intents(self, email: str) -> list[dict[str, Any]]:
        customer = self._customer(email)
        if not customer:
            return []
        found = self._pay("GET", f"/v1/payment_intents?customer={customer}&limit=20", "list payments")
        return list(found["data"]) if found else []

    def _pay(self, method: str, path: str, name: str, **form: Any) -> Any:
        return self._call("stripe", method, path, name, headers=self._processor, data=form or None)

    def _crm_token(self, own: dict[str, str]) -> str:
        names = ("client_id", "client_secret", "username", "password")
        form = {"grant_type": "password", **{name: own[name] for name in names}}
        made = self._call("salesforce", "POST", "/services/oauth2/token", "sign in", data=form)
        return str(made["access_token"]) if made else ""

    def _billing_token(self, own: dict[str, str]) -> str:
        form = {"grant_type": "client_credentials", **{n: own[n] for n in ("client_id", "client_secret")}}
        made = self._call("zuora", "POST", "/oauth/token", "sign in", data=form)
        return str(made["access_token"]) if made else ""

    def _call(self, system: str, method: str, path: str, name: str, **sent: Any) -> Any:
        """The parsed answer, {} if it is empty, None if it failed (which Locust has counted). A
        throttled call is counted apart and repeated, as the vendors ask."""
        for attempt in range(1, _ATTEMPTS + 1):
            url, label = self._lab["urls"][system] + path, f"{system} {name}"
            with self.client.request(method, url, name=label, catch_response=True, **sent) as answer:
                if answer.status_code == 429 and attempt < _ATTEMPTS:
                    answer.request_meta["name"] = f"{system} (throttled)"
                    answer.success()
                elif answer.status_code >= 400 or not answer.status_code:
                    answer.failure(f"{answer.status_code}: {(answer.text or '')[:200]}")
                    return None
                else:
                    answer.success()
                    return answer.json() if answer.content else {}
            # Each at a moment of its own, or all come back together.
            time.sleep(attempt * (0.5 + random.random()))
        return None
