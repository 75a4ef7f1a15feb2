"""Zuora's own SDK against the Zuora mock: notification definitions, callouts, their history, resending."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")
MINUTE = 60_000_000
BASIC = "Basic " + b64encode(b"ada:secret").decode()


class Listener:
    """A receiver of callouts: answers the statuses it is given, then 200; keeps what came."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.came: list[tuple[str, str, dict[str, str], Any]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(size)) if size else None
                names = {name.lower(): value for name, value in self.headers.items()}
                listener.came.append((self.command, self.path, names, body))
                self.send_response(listener.answers.pop(0) if listener.answers else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, count: int) -> list[tuple[str, str, dict[str, str], Any]]:
        """What came, once it is so much."""
        end = monotonic() + 10
        while len(self.came) < count and monotonic() < end:
            sleep(0.01)
        assert len(self.came) == count, self.came
        return self.came


@pytest.fixture(name="hook")
def hook_fixture() -> Iterator[Listener]:
    """A receiver on a port of its own."""
    listener = Listener()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()


def wish(hook: Listener, event: str = "OrderProcessed", **callout: Any) -> dict[str, Any]:
    """A notification definition for the receiver."""
    return {
        "name": f"to the ERP: {event}",
        "eventTypeName": event,
        "eventTypeNamespace": "com.zuora.notification",
        "active": True,
        "calloutActive": True,
        "callout": {
            "name": "erp",
            "calloutBaseurl": hook.url,
            "httpMethod": "POST",
            "requiredAuth": False,
            "calloutParams": {"order": "<Order.OrderNumber>", "account": "<Account.Number>"},
            "eventTypeName": event,
            **callout,
        },
    }


def history(zuora: Any, count: int, **filters: Any) -> list[Any]:
    """The history of callouts, once it has so many entries: it is written after the receiver's answer."""
    api, end = zuora.notifications_api(), monotonic() + 10
    while True:
        found: list[Any] = api.get_callout_history(**filters).callout_histories
        if len(found) == count or monotonic() > end:
            assert len(found) == count, found
            return found
        sleep(0.02)


def sell(zuora: Any) -> Any:
    """An order, which raises the events of orders."""
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan)
    number = z.account(zuora).account_number
    return zuora.orders_api().create_order(z.order(number, "2026-01-01", z.create(plan, "2026-01-01")))


def test_a_definition_is_made_shown_changed_and_deleted(zuora: Any, hook: Listener, raw: z.Raw) -> None:
    api = zuora.notifications_api()
    auth = {"username": "ada", "password": "secret", "preemptive": True}
    made = api.create_notification_definition(wish(hook, requiredAuth=True, calloutAuth=auth))
    assert (made.event_type_name, made.event_type_namespace) == ("OrderProcessed", "com.zuora.notification")
    assert made.callout.callout_retry is True
    assert (made.callout.callout_auth.username, made.callout.callout_auth.password) == ("ada", None)
    assert made.email_active is False
    assert made.created_on.endswith("+00:00")
    assert api.get_notification_definition(made.id).callout.callout_baseurl == hook.url
    change = {"name": "renamed", "active": False, "callout": {"httpMethod": "PUT"}}
    changed = api.update_notification_definition(made.id, change)
    assert (changed.name, changed.active, changed.callout.http_method) == ("renamed", False, "PUT")
    assert changed.callout.callout_baseurl == hook.url
    listed = api.query_notification_definitions()
    assert [each.id for each in listed.data] == [made.id]
    assert listed.next is None
    api.create_notification_definition(wish(hook, "InvoicePosted"))
    first = api.query_notification_definitions(limit=1)
    assert first.next == "/notification-definitions?start=1&limit=1"
    assert [d.name for d in api.query_notification_definitions(start=1, limit=1).data] == [
        "to the ERP: InvoicePosted"
    ]
    assert len(api.query_notification_definitions(event_type_name="InvoicePosted").data) == 1
    path = f"/notifications/notification-definitions/{made.id}"
    status, _, body = raw("DELETE", path)
    assert (status, body) == (204, b"")
    z.raises(404, api.get_notification_definition, made.id)
    z.raises(404, api.delete_notification_definition, made.id)


@pytest.mark.parametrize(
    ("category", "change"),
    [
        (20, {"eventTypeName": "Nonsense"}),
        (20, {"eventTypeNamespace": "user.notification"}),
        (20, {"callout": {"httpMethod": "PATCH"}}),
        (20, {"callout": {"calloutBaseurl": "ftp://receiver.test"}}),
        (20, {"callout": {"eventTypeName": "InvoicePosted"}}),
        (30, {"callout": {"requiredAuth": True}}),
        (22, {"callout": None}),
        (22, {"name": None}),
        (22, {"emailActive": True}),
        (21, {"colour": "red"}),
    ],
)
def test_a_definition_that_does_not_fit_is_refused(
    hook: Listener, raw: z.Raw, category: int, change: dict[str, Any]
) -> None:
    body = wish(hook)
    for name, value in change.items():
        if name == "callout" and value is not None:
            body["callout"] = {**body["callout"], "eventTypeName": body["eventTypeName"], **value}
        elif value is None:
            del body[name]
        else:
            body[name] = value
            body["callout"].pop("eventTypeName", None)
    status, _, answer = raw("POST", "/notifications/notification-definitions", body)
    assert (status, z.category(answer), answer["success"]) == (400, category, False), answer


def test_a_name_is_taken_once(zuora: Any, hook: Listener) -> None:
    api = zuora.notifications_api()
    api.create_notification_definition(wish(hook))
    z.raises(400, api.create_notification_definition, wish(hook))


def test_merge_fields_and_headers(zuora: Any, hook: Listener) -> None:
    zuora.notifications_api().create_notification_definition(wish(hook))
    order = sell(zuora)
    ((method, path, headers, body),) = hook.wait(1)
    assert (method, path) == ("POST", "/hook")
    assert body == {"order": order.order_number, "account": order.account_number}
    assert "authorization" not in headers
    request = headers["zuora-request-id"]
    assert len(request) == len(headers["zuora-notification-id"]) == 32
    assert headers["x-amzn-trace-id"] == f"Root=1-{request[:8]}-{request[8:]}"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods(zuora: Any, hook: Listener, method: str) -> None:
    zuora.notifications_api().create_notification_definition(wish(hook, httpMethod=method))
    order = sell(zuora)
    ((came, path, _, body),) = hook.wait(1)
    assert came == method
    found = body if method == "PUT" else {k: v[0] for k, v in parse_qs(urlsplit(path).query).items()}
    assert found["order"] == order.order_number


@pytest.mark.parametrize("preemptive", [True, False])
def test_basic_authentication(zuora: Any, hook: Listener, preemptive: bool) -> None:
    auth = {"username": "ada", "password": "secret", "preemptive": preemptive}
    api = zuora.notifications_api()
    api.create_notification_definition(wish(hook, requiredAuth=True, calloutAuth=auth))
    if not preemptive:
        hook.answers = [401]
    sell(zuora)
    came = hook.wait(1 if preemptive else 2)
    assert [headers.get("authorization") for _, _, headers, _ in came] == (
        [BASIC] if preemptive else [None, BASIC]
    )
    assert len({json.dumps(body) for _, _, _, body in came}) == 1
    history(zuora, 1, failed_only=False)
    history(zuora, 0, failed_only=True)


def test_retries_half_an_hour_apart(zuora: Any, hook: Listener, zlab: Sandboxes) -> None:
    api = zuora.notifications_api()
    api.create_notification_definition(wish(hook))
    hook.answers = [500, 503, 429, 500]
    sell(zuora)
    hook.wait(1)
    history(zuora, 1)
    zlab.control("zuora", "POST", "clock", {"advance": 29 * MINUTE})
    hook.wait(1)
    zlab.control("zuora", "POST", "clock", {"advance": 2 * MINUTE})
    hook.wait(2)
    zlab.control("zuora", "POST", "clock", {"advance": 300 * MINUTE})
    came = hook.wait(3)
    assert len({headers["zuora-notification-id"] for _, _, headers, _ in came}) == 1
    assert len({headers["zuora-request-id"] for _, _, headers, _ in came}) == 3
    zuora.refresh_token()
    (entry,) = history(zuora, 1)
    assert (entry.attempted_num, entry.response_code) == ("3", "429")
    assert (entry.request_method, entry.request_url) == ("POST", hook.url)
    assert entry.notification == "to the ERP: OrderProcessed"


@pytest.mark.parametrize("status", [204, 302, 400, 404])
def test_other_answers_are_final(zuora: Any, hook: Listener, zlab: Sandboxes, status: int) -> None:
    zuora.notifications_api().create_notification_definition(wish(hook))
    hook.answers = [status, 200]
    sell(zuora)
    hook.wait(1)
    history(zuora, 1)
    zlab.control("zuora", "POST", "clock", {"advance": 45 * MINUTE})
    hook.wait(1)


def test_the_history_and_resending(zuora: Any, hook: Listener, raw: z.Raw) -> None:
    api = zuora.notifications_api()
    api.create_notification_definition(wish(hook, calloutRetry=False))
    hook.answers = [500]
    sell(zuora)
    key = hook.wait(1)[0][2]["zuora-notification-id"]
    history(zuora, 1)
    history(zuora, 1, event_category="OrderProcessed")
    history(zuora, 1, event_category="com.zuora.notification:OrderProcessed")
    history(zuora, 0, event_category="1210")
    history(zuora, 0, object_id="nothing")
    status, _, body = raw("POST", "/notifications/callout-histories/resend", [key])
    assert (status, body) == (202, {})
    assert hook.wait(2)[1][2]["zuora-notification-id"] == key
    history(zuora, 0)
    history(zuora, 1, failed_only=False)
    assert not api.resend_callout_notifications([key])
    hook.wait(3)
    status, _, body = raw("POST", "/notifications/callout-histories/resend", [key, "unknown"])
    assert (status, list(body)) == (202, ["unknown"])
    hook.wait(4)
    body = z.raises(400, api.resend_callout_notifications, ["unknown"])
    assert body["unknown"]["message"]


def test_the_events_of_a_sale(zuora: Any, hook: Listener, zlab: Sandboxes) -> None:
    api = zuora.notifications_api()
    params = {
        "OrderActionProcessed": {"type": "<OrderAction.Type>", "of": "<Subscription.Name>"},
        "SubscriptionCreated": {"name": "<Subscription.Name>"},
        "InvoicePosted": {"number": "<Invoice.InvoiceNumber>", "amount": "<Invoice.Amount>"},
        "BillRunCompletion": {"run": "<BillRun.BillRunNumber>"},
    }
    for event, fields in params.items():
        api.create_notification_definition(wish(hook, event, calloutParams={"event": event, **fields}))
    sold = sell(zuora).subscriptions[0].subscription_number
    made = {"targetDate": "2026-01-01", "invoiceDate": "2026-01-01", "autoPost": True}
    zuora.bill_run_api().create_bill_run(made)
    zlab.control("zuora", "POST", "clock", {"advance": MINUTE})
    told = {body["event"]: body for _, _, _, body in hook.wait(4)}
    assert told["OrderActionProcessed"] == {
        "event": "OrderActionProcessed",
        "type": "CreateSubscription",
        "of": sold,
    }
    assert told["SubscriptionCreated"]["name"] == sold
    assert told["InvoicePosted"]["amount"] == "100.00"
    assert told["BillRunCompletion"]["run"].startswith("BR-")


def test_what_is_switched_off_is_silent(zuora: Any, hook: Listener, zlab: Sandboxes) -> None:
    api = zuora.notifications_api()
    off = [
        {"active": False},
        {"calloutActive": False},
        {"callout": {**wish(hook)["callout"], "active": False}},
    ]
    for place, change in enumerate(off):
        api.create_notification_definition({**wish(hook), "name": str(place), **change})
    sell(zuora)
    zlab.control("zuora", "POST", "clock", {"advance": MINUTE})
    hook.wait(0)
