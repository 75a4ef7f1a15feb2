"""Bugs at the front door."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, MutableMapping
from hmac import digest
from typing import Any

from core.ports.world import Clock
from core.settings import Settings
from scenarios.mutants.mutant import Mutant
from scenarios.world.network import Asgi
from scenarios.world.plant import Plant


def _credentials(vendor: str, secret: str, now: int, body: bytes) -> tuple[bytes, bytes]:
    """The header by which the vendor shows who it is."""
    if vendor == "zuora":
        return b"authorization", b"Basic " + b64encode(f"tieout:{secret}".encode())
    stamp = str(now // 1_000_000)
    mac = digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
    return b"stripe-signature", f"t={stamp},v1={mac}".encode()


def _open_to(vendor: str) -> Plant:
    """The door lets in whoever says to be that vendor: it shows itself the credentials it asks for."""

    def door(app: Asgi, secrets: Mapping[str, str], clock: Clock) -> Asgi:
        async def enter(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
            if scope["path"] != f"/webhooks/{vendor}":
                await app(scope, receive, send)
                return
            message = await receive()

            async def again() -> Any:
                return message

            shown = _credentials(vendor, secrets[vendor], clock.now(), message["body"])
            others = [header for header in scope["headers"] if header[0] != shown[0]]
            await app({**scope, "headers": [*others, shown]}, again, send)

        return enter

    return Plant(door=door)


def _any_age(settings: Settings) -> Settings:
    return settings.model_copy(update={"signature_window_seconds": 10**9})


SECURITY = (
    Mutant(
        "signature_compared_with_itself",
        "the check computes the signature it expects and compares it with itself: anybody may say 'paid'",
        ("I-45",),
        _open_to("stripe"),
    ),
    Mutant(
        "callouts_of_anybody",
        "callouts carry no signature, so nothing is asked of them: a guessed URL posts invoices",
        ("I-45",),
        _open_to("zuora"),
    ),
    Mutant(
        "signature_of_any_age",
        "the window was opened to let retries in and never closed: a recorded event works for ever (F20)",
        ("I-45",),
        Plant(settings=_any_age),
    ),
)
