"""Somebody who is not the vendor knocks at the core's door: unsigned, wrongly signed, and stale events."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from hmac import digest

from scenarios.world.build import World
from scenarios.world.mailroom import CHANNELS
from simulators.kit.table import dumps

# Days between visits; every vendor is tried in every way at each.
_EVERY_DAYS = 20
_STALE_SECONDS = 3600
_HEADERS = {
    "stripe": "stripe-signature",
    "salesforce": "x-event-relay-signature",
    "product": "x-product-signature",
    "bank": "x-bank-signature",
}


async def forge(world: World) -> None:
    """Endless. A core that lets any of these in has no law on its side (I-45)."""
    visit = 0
    while True:
        await asyncio.sleep(86_400 * (_EVERY_DAYS if visit else 1))
        visit += 1
        for vendor, (event, body) in _bodies(visit).items():
            for headers in _ways(world, vendor, body):
                sent = {"content-type": "application/json", "zuora-notification-id": event, **headers}
                status = await world.inbound.hand_over(f"http://core/webhooks/{vendor}", sent, body)
                world.recorder.deliver(CHANNELS[vendor], event, status or 0, signed=False, fault="forged")


def _bodies(visit: int) -> dict[str, tuple[str, bytes]]:
    """By vendor, (event id, body): money that never came, a deal that never was, if it were believed."""
    intent = {"id": f"pi_forged{visit}", "object": "payment_intent", "metadata": {"invoice": "INV00000001"}}
    change = {"entityName": "Opportunity", "recordIds": ["006000000000000AAA"], "changeType": "UPDATE"}
    payload = {"ChangeEventHeader": {**change, "commitTimestamp": 0}, "StageName": "Closed Won"}
    channel = "/data/OpportunityChangeEvent"
    # Nothing is missing but the signature: whoever lets it in must not be saved by another check.
    said = {"type": "payment_intent.succeeded", "created": 0, "data": {"object": intent}}
    event = {"id": f"evt_forged{visit}", **said}
    callout = {"event": "InvoicePosted", "id": f"forged{visit}", "number": f"INV-FORGED-{visit}"}
    relayed = {"channel": channel, "data": {"payload": payload, "event": {"replayId": 10**9 + visit}}}
    return {
        "stripe": (f"evt_forged{visit}", dumps(event)),
        "zuora": (f"forged{visit}", dumps(callout)),
        "product": (
            f"N-forged{visit}",
            dumps({"id": f"N-forged{visit}", "type": "usage.recorded", "usage": "USE-1", "created": 0}),
        ),
        "bank": (
            f"N-TRforged{visit}",
            dumps({"id": f"N-TRforged{visit}", "type": "transfer.received", "transfer": "TR1", "created": 0}),
        ),
        "salesforce": (f"{channel}:{10**9 + visit}", dumps(relayed)),
    }


def _ways(world: World, vendor: str, body: bytes) -> list[dict[str, str]]:
    if vendor == "zuora":
        wrong = b64encode(b"tieout:guessed").decode()
        return [{}, {"authorization": f"Basic {wrong}"}]
    name = _HEADERS[vendor]
    now = world.clock.now() // 1_000_000
    stale = now - _STALE_SECONDS
    secret = world.secrets.get(vendor, "").encode()
    return [{}, {name: _signed(now, b"guessed", body)}, {name: _signed(stale, secret, body)}]


def _signed(seconds: int, secret: bytes, body: bytes) -> str:
    return f"t={seconds},v1={digest(secret, f'{seconds}.'.encode() + body, 'sha256').hex()}"
