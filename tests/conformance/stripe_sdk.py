"""Stripe's SDK pointed at the mock, in both of its styles, and a subscriber that listens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe

from scenarios.sandboxes import Sandboxes

CARD_ONLY = {"payment_method_types": ["card"]}


def client(lab: Sandboxes, key: str = "", **more: Any) -> stripe.StripeClient:
    """The new style. key: the secret key of the sandbox unless given."""
    base = lab.url("stripe")
    addresses = {"api": base, "connect": base, "files": base, "meter_events": base}
    stripe.enable_telemetry = False
    text = key or lab.credentials("stripe")["secret_key"]
    return stripe.StripeClient(text, base_addresses=addresses, **more)  # type: ignore[arg-type]


@contextmanager
def old_style(lab: Sandboxes) -> Iterator[Any]:
    """The module itself as the client, as code from before StripeClient uses it."""
    kept = {name: getattr(stripe, name) for name in ("api_key", "api_base", "max_network_retries")}
    stripe.api_key, stripe.api_base = lab.credentials("stripe")["secret_key"], lab.url("stripe")
    stripe.max_network_retries = 0
    try:
        yield stripe
    finally:
        for name, value in kept.items():
            setattr(stripe, name, value)


def days(count: float) -> dict[str, int]:
    """What moves the clock by so many days."""
    return {"advance": round(count * 86_400_000_000)}


def pass_time(lab: Sandboxes, count: float) -> None:
    """Let days go by."""
    lab.control("stripe", "POST", "clock", days(count))


def disturb(lab: Sandboxes, kind: str, **wish: Any) -> None:
    """Make something happen inside the mock."""
    lab.control("stripe", "POST", "disturb", {"kind": kind, **wish})


def paid(sdk: stripe.StripeClient, card: str = "pm_card_visa", amount: int = 10_000, **more: Any) -> Any:
    """A payment intent that has been paid, with its charge expanded."""
    wish: dict[str, Any] = {
        "amount": amount, "currency": "usd", "payment_method": card, "confirm": True,
        "expand": ["latest_charge"], **CARD_ONLY, **more,
    }  # fmt: skip
    return sdk.v1.payment_intents.create(wish)  # type: ignore[arg-type]


@dataclass
class Listener:
    """A subscriber on loopback: what came, and what it answers."""

    url: str = ""
    status: int = 200
    letters: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """The letters, once there are so many."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.letters) >= count, timeout=20), len(self.letters)
            return list(self.letters)


@contextmanager
def listening() -> Iterator[Listener]:
    """A tiny web server in a thread."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with listener.came:
                listener.letters.append(({k.lower(): v for k, v in self.headers.items()}, body))
                listener.came.notify_all()
            self.send_response(listener.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
