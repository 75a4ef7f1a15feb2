"""The control surface over real HTTP: connections that fail, tenants, webhooks on their way, running time."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from scenarios.sandboxes import SandboxError, Sandboxes, sandboxes
from simulators.roster import VENDORS

KEY = {"authorization": "Bearer sk_test_tieout"}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandboxes]:
    with sandboxes(seed="control") as up:
        yield up


@pytest.fixture
def up(running: Sandboxes) -> Sandboxes:
    running.run(1)
    running.reset()
    return running


def customers(up: Sandboxes) -> list[str]:
    answer = requests.get(f"{up.url('stripe')}/v1/customers", headers=KEY, timeout=10)
    return [customer["name"] for customer in answer.json()["data"]]


def create(up: Sandboxes, name: str, timeout: float = 10) -> requests.Response:
    form = {"name": name}
    return requests.post(f"{up.url('stripe')}/v1/customers", form, headers=KEY, timeout=timeout)


@pytest.mark.parametrize(
    ("kind", "kept"), [("answer_lost", True), ("F01", True), ("reset", False), ("F02", False)]
)
def test_a_connection_is_reset_with_or_without_the_act(up: Sandboxes, kind: str, kept: bool) -> None:
    up.arm("stripe", kind, "create_customer")
    with pytest.raises(requests.ConnectionError):
        create(up, "Ada")
    assert customers(up) == (["Ada"] if kept else [])
    assert create(up, "Bob").status_code == 200
    (first, *_) = up.requests("stripe", operation="create_customer")
    assert first["status"] == 0


@pytest.mark.parametrize(("kind", "kept"), [("answer_hangs", True), ("hang", False)])
def test_no_answer_comes(up: Sandboxes, kind: str, kept: bool) -> None:
    up.arm("stripe", kind, "create_customer")
    with pytest.raises(requests.Timeout):
        create(up, "Ada", timeout=0.3)
    assert customers(up) == (["Ada"] if kept else [])


def test_a_request_takes_effect_after_its_client_has_given_up(up: Sandboxes) -> None:
    up.arm("stripe", "late", "create_customer", seconds=3600)
    with pytest.raises(requests.Timeout):
        create(up, "Ada", timeout=0.3)
    assert customers(up) == []
    up.advance("59m")
    assert customers(up) == []
    up.advance("2m")
    assert customers(up) == ["Ada"]


def test_half_of_an_answer(up: Sandboxes) -> None:
    up.arm("stripe", "half", "create_customer")
    parts = urlsplit(up.url("stripe"))
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("POST", "/v1/customers", "name=Ada", KEY)
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        connection.getresponse().read()
    assert customers(up) == ["Ada"]


def test_a_slow_answer_and_one_sent_twice(up: Sandboxes) -> None:
    up.arm("stripe", "slow", "create_customer", seconds=0.3)
    began = time.monotonic()
    assert create(up, "Ada").status_code == 200
    assert time.monotonic() - began >= 0.3
    up.arm("stripe", "resent", "create_customer")
    create(up, "Bob")
    assert customers(up) == ["Bob", "Bob", "Ada"]


def test_a_tenant_with_ports_of_its_own(up: Sandboxes) -> None:
    made = up.control("stripe", "POST", "tenants", {"name": "own", "ports": True})
    form = {"name": "Eve"}
    assert requests.post(f"{made['urls']['stripe']}/v1/customers", form, headers=KEY, timeout=10).ok
    assert customers(up) == []
    other = Sandboxes(up._served, "own")
    assert customers(other) == ["Eve"]
    assert set(made["urls"]) == set(up.vendors)
    other.drop()
    # Its ports close too, and until they have, nobody lives there.
    until = time.monotonic() + 10
    while True:
        try:
            gone = requests.get(f"{made['urls']['stripe']}/v1/customers", headers=KEY, timeout=10)
        except requests.ConnectionError:
            break
        assert (gone.status_code, "'own'" in gone.text) == (404, True)
        assert time.monotonic() < until
        time.sleep(0.02)
    again = up.control("stripe", "POST", "tenants", {"name": "own", "ports": True})["urls"]["stripe"]
    # Forgotten over a port of its own: that answer is the last that it gives.
    assert requests.delete(f"{again}/_tieout/tenants?name=own", timeout=10).json() == {"deleted": "own"}
    with pytest.raises(SandboxError, match="'own' is unknown"):
        other.now()


def test_tenants_work_side_by_side(up: Sandboxes) -> None:
    tenants = [up.tenant(f"t{n}") for n in range(8)]

    def work(n: int) -> list[str]:
        for k in range(10):
            create(tenants[n], f"{n}-{k}")
        tenants[n].advance(f"{n}d")
        return customers(tenants[n])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(8)))
    assert found == [[f"{n}-{k}" for k in range(9, -1, -1)] for n in range(8)]
    assert customers(up) == []
    forked = tenants[3].tenant("forked", fork=True)
    create(forked, "more")
    assert (len(customers(forked)), len(customers(tenants[3]))) == (10, 10)
    assert forked.books("stripe")["customers"] != tenants[3].books("stripe")["customers"]
    for tenant in (*tenants, forked):
        tenant.drop()


class Receiver(BaseHTTPRequestHandler):
    """A subscriber: remembers what it gets, answers what it is told to."""

    got: list[dict[str, Any]]
    answers: list[int]

    def do_POST(self) -> None:
        self.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[tuple[str, type[Receiver]]]:
    kind = type("Own", (Receiver,), {"got": [], "answers": []})
    server = HTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", kind
    server.shutdown()
    server.server_close()


def subscribe(up: Sandboxes, url: str) -> None:
    form = {"url": url, "enabled_events[0]": "customer.created"}
    answer = requests.post(f"{up.url('stripe')}/v1/webhook_endpoints", form, headers=KEY, timeout=10)
    assert answer.ok, answer.text


def test_a_refused_webhook_comes_again_when_time_has_passed(up: Sandboxes, receiver: Any) -> None:
    url, kind = receiver
    kind.answers[:] = [500, 500]
    subscribe(up, url)
    create(up, "Ada")
    until = time.monotonic() + 5
    while len(kind.got) < 1 and time.monotonic() < until:
        time.sleep(0.01)
    up.advance("1d")
    assert [event["data"]["object"]["name"] for event in kind.got] == ["Ada"] * 3
    assert len({event["id"] for event in kind.got}) == 1
    up.settle()


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        ("webhook_lost", ["Bob"]),
        ("webhook_twice", ["Ada", "Ada", "Bob"]),
        ("webhook_thrice", ["Ada", "Ada", "Ada", "Bob"]),
        ("webhook_late", ["Bob", "Ada"]),
    ],
)
def test_webhooks_on_their_way(up: Sandboxes, receiver: Any, fault: str, heard: list[str]) -> None:
    url, kind = receiver
    subscribe(up, url)
    up.arm("stripe", fault, match="Ada", seconds=600)
    create(up, "Ada")
    up.settle()
    create(up, "Bob")
    up.settle()
    up.advance("1h")
    assert [event["data"]["object"]["name"] for event in kind.got] == heard


def test_time_runs_at_many_times_its_pace(up: Sandboxes) -> None:
    up.go_to("2027-01-01T00:00:00Z")
    up.run(100_000)
    until = time.monotonic() + 10
    while up.now() < "2027-01-02" and time.monotonic() < until:
        time.sleep(0.02)
    up.run(0)
    stood = up.now()
    assert stood > "2027-01-02"
    assert up.now() == stood
    assert {vendor: up.control(vendor, "GET", "clock")["utc"] for vendor in up.vendors} == dict.fromkeys(
        up.vendors, stood
    )


def test_pages_work_offline(up: Sandboxes) -> None:
    for vendor in up.vendors:
        page = requests.get(f"{up.url(vendor)}/docs", timeout=20).text
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page
        assert "/_tieout/restore" in page
        # What faults are armed by, and what they can be.
        for words in (*up.control(vendor, "GET", "disturb")["kinds"], *VENDORS[vendor].options):
            assert words in page
        for route in VENDORS[vendor].table:
            assert route.operation in page
            if route.request is not None and route.request.model_fields:
                assert "<summary>body</summary>" in page
        # Only these two hide an error in a 200.
        assert ("error_in_ok F06" in page) == (vendor in ("zuora", "salesforce"))
        document = requests.get(f"{up.url(vendor)}/openapi.json", timeout=20).json()
        assert document["openapi"].startswith("3.1")


def test_what_is_not_served_is_not_found_wanting() -> None:
    """A law that compares with a system that does not run is not broken, and says so where it is named."""
    with sandboxes("stripe") as alone:
        pay = {
            "amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true",
            "automatic_payment_methods[enabled]": "true",
            "automatic_payment_methods[allow_redirects]": "never",
        }  # fmt: skip
        assert requests.post(f"{alone.url('stripe')}/v1/payment_intents", pay, headers=KEY, timeout=10).ok
        judged = alone.judge()
        assert not judged.broken
        assert judged.left_out["I-06"] == "it compares with netsuite, not served here"
        for law in ("I-06", "I-45"):
            with pytest.raises(SandboxError, match=f"law: {law} cannot be judged"):
                alone.judge(law)
        with pytest.raises(SandboxError, match="'netsuite' is not served; there are: stripe"):
            alone.url("netsuite")
