"""A sandbox under test: the mock behind its lean face, a clock that stands still, a caller of paths."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from simulators.kit.clock import midnight
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings
from simulators.zuora.routes.table import VENDOR

START = date(2026, 1, 1)


@dataclass
class Still:
    """A clock that moves only when told."""

    moment: int = midnight(START)

    def now(self) -> int:
        return self.moment

    def go_to(self, day: str, hour: int = 0) -> None:
        self.moment = midnight(date.fromisoformat(day)) + hour * 3_600_000_000


@dataclass
class Receiver:
    """Takes callouts; answers the statuses it is given, then 200."""

    answers: list[int | None] = field(default_factory=list)
    posts: list[tuple[str, dict[str, str], Any, str, int]] = field(default_factory=list)

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        self.posts.append((url, dict(headers), json.loads(body), event, attempt))
        return self.answers.pop(0) if self.answers else 200


@dataclass
class Answer:
    """One HTTP answer; `json` keeps numbers with a point as Decimal."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body, parse_float=Decimal)

    @property
    def category(self) -> int:
        return int(self.json["reasons"][0]["code"]) % 100

    @property
    def message(self) -> str:
        return str(self.json["reasons"][0]["message"])


class Zuora:
    """The sandbox and short ways to do what tests need often."""

    def __init__(self, **options: int) -> None:
        self.clock, self.receiver = Still(), Receiver()
        self.tasks: list[asyncio.Task[None]] = []
        settings = {"bill_run_seconds": 0, "order_job_seconds": 0, "callout_minutes": 0, **options}
        around = Surroundings(self.clock, Ids("test"), self.receiver, self._spawn, settings)
        self.mock = Mock(VENDOR, around)
        self.app = lean_app(self.mock)
        self.token = ""

    def go_to(self, day: str, hour: int = 0) -> None:
        """Move the clock; the next call signs in anew."""
        self.clock.go_to(day, hour)
        self.token = ""

    def _spawn(self, coroutine: Any) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(coroutine))

    @property
    def rules(self) -> Any:
        return self.mock.rules

    async def settle(self) -> None:
        """Let jobs and deliveries end."""
        while self.tasks:
            await self.tasks.pop(0)

    async def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request as it is."""
        path, _, query = path.partition("?")
        given = {"host": "zuora.test", **(headers or {})}
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        got = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], got, sent[1]["body"])

    async def sign_in(self) -> Answer:
        own = VENDOR.credentials(self.rules)
        form = urlencode({**own, "grant_type": "client_credentials"}).encode()
        answer = await self.send(
            "POST", "/oauth/token", form, {"content-type": "application/x-www-form-urlencoded"}
        )
        self.token = answer.json["access_token"]
        return answer

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A JSON request with the token."""
        if not self.token:
            await self.sign_in()
        own = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        raw = b"" if body is None else json.dumps(body).encode()
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.send(method, path, raw, {**own, **extra})

    async def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The same, which must succeed."""
        answer = await self.call(method, path, body, **headers)
        assert answer.status in (200, 204), (answer.status, answer.body)
        shown = answer.json if answer.body else {}
        assert shown.get("success", shown.get("Success", True)) is True, shown
        return shown

    async def no(self, category: int, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """The same, which must be refused in this category."""
        answer = await self.call(method, path, body, **headers)
        assert not 200 <= answer.status < 300, answer.body
        assert answer.category == category, answer.body
        assert answer.json["success"] is False
        return answer

    async def bill(self, target: str, **more: Any) -> Any:
        """A bill run from start to end; its last state."""
        wish = {"targetDate": target, "invoiceDate": target, **more}
        run = await self.ok("POST", "/v1/bill-runs", wish)
        await self.settle()
        return await self.ok("GET", f"/v1/bill-runs/{run['id']}")

    async def found(self, objects: str, *filters: str, **more: str) -> list[Any]:
        """Rows of an object query, all pages."""
        pairs = [("filter[]", each) for each in filters] + list(more.items())
        rows: list[Any] = []
        cursor: list[tuple[str, str]] = []
        while True:
            answer = await self.ok("GET", f"/object-query/{objects}?{urlencode(pairs + cursor)}")
            rows += answer["data"]
            if not answer["nextPage"]:
                return rows
            cursor = [("cursor", answer["nextPage"])]


def contact(**more: str) -> dict[str, str]:
    return {"firstName": "Ada", "lastName": "Lovelace", "country": "United States", "state": "NY", **more}


def account(number: str = "A-1", currency: str = "USD", **more: Any) -> dict[str, Any]:
    return {
        "accountNumber": number,
        "name": f"Company {number}",
        "currency": currency,
        "billCycleDay": 1,
        "autoPay": False,
        "billToContact": contact(),
        "CrmAccount__c": f"CRM-{number}",
        **more,
    }


async def product(
    zuora: Zuora, sku: str = "SEAT", price: str = "100.00", period: str = "Month", **more: Any
) -> tuple[str, str]:
    """A product with one plan and one charge: ids of plan and charge."""
    made = await zuora.ok(
        "POST",
        "/v1/object/product",
        {"Name": sku, "SKU": sku, "EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2099-01-01"},
    )
    plan = await zuora.ok(
        "POST", "/v1/object/product-rate-plan", {"Name": f"{sku} plan", "ProductId": made["Id"]}
    )
    charge = await zuora.ok(
        "POST", "/v1/object/product-rate-plan-charge", offer(plan["Id"], price, period, **more)
    )
    return plan["Id"], charge["Id"]


def offer(plan: str, price: str = "100.00", period: str = "Month", **more: Any) -> dict[str, Any]:
    tiers = [{"Currency": c, "Price": json.loads(price)} for c in ("USD", "EUR", "JPY", "KWD")]
    return {
        "ProductRatePlanId": plan,
        "Name": "Seats",
        "ChargeModel": "Per Unit Pricing",
        "ChargeType": "Recurring",
        "BillingPeriod": period,
        "BillCycleType": "SubscriptionStartDay",
        "UOM": "Seat",
        "ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": tiers},
        **more,
    }


def action(kind: str, on: str, **body: Any) -> dict[str, Any]:
    names = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
    return {"type": kind, "triggerDates": [{"name": n, "triggerDate": on} for n in names], **body}


def plan_terms(
    plan: str, charge: str, quantity: int = 1, price: float | None = None, period: str = ""
) -> Any:
    unit: dict[str, Any] = {"quantity": quantity}
    if price is not None:
        unit["listPrice"] = price
    override: dict[str, Any] = {"productRatePlanChargeId": charge, "pricing": {"recurringPerUnit": unit}}
    if period:
        override["billing"] = {"billingPeriod": period}
    return {"productRatePlanId": plan, "chargeOverrides": [override]}


def create(number: str, start: str, *plans: Any, months: int = 12, **terms: Any) -> dict[str, Any]:
    return action(
        "CreateSubscription",
        start,
        createSubscription={
            "subscriptionNumber": number,
            "terms": {
                "initialTerm": {
                    "startDate": start,
                    "period": months,
                    "periodType": "Month",
                    "termType": "TERMED",
                },
                "autoRenew": False,
                "renewalSetting": "RENEW_WITH_SPECIFIC_TERM",
                "renewalTerms": [{"period": months, "periodType": "Month"}],
                **terms,
            },
            "subscribeToRatePlans": list(plans),
        },
    )


def order(
    number: str, on: str, *actions: Any, subscription: str = "", account: str = "A-1", **more: Any
) -> Any:
    entry: dict[str, Any] = {"orderActions": list(actions)}
    if subscription:
        entry["subscriptionNumber"] = subscription
    return {
        "orderNumber": number,
        "orderDate": on,
        "existingAccountNumber": account,
        "subscriptions": [entry],
        **more,
    }


async def subscribed(
    zuora: Zuora, start: str = "2026-01-01", quantity: int = 1, **terms: Any
) -> tuple[str, str]:
    """Account A-1 with subscription S-1 of the product SEAT: ids of plan and charge of the catalogue."""
    plan, charge = await product(zuora)
    await zuora.ok("POST", "/v1/accounts", account())
    body = order("O-1", start, create("S-1", start, plan_terms(plan, charge, quantity), **terms))
    await zuora.ok("POST", "/v1/orders", body)
    return plan, charge


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Run one asynchronous story."""
    asyncio.run(story())  # type: ignore[arg-type]
