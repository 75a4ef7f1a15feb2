"""Zuora's callouts: their registration, and what their merge fields mean.

A callout has no fixed signature; ours are registered with Basic authentication, and carry ids only.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from collections.abc import Mapping

import orjson

from core.canonical.events import Event, Topic
from core.connectors.notices import named
from core.connectors.webhook_errors import BadSignature, Malformed, UnknownType
from core.connectors.zuora.wire import REFUND_COMMENT

CHANNEL = "billing"
USER = "tieout"
CHALLENGE = 'Basic realm="callouts"'
# Event name -> calloutParams of its notification definition: these, and exactly these, are read below.
CALLOUTS: Mapping[str, Mapping[str, str]] = {
    "BillRunCompletion": {"event": "BillRunCompletion", "number": "<BillRun.BillRunNumber>"},
    "InvoicePosted": {"event": "InvoicePosted", "id": "<Invoice.Id>", "number": "<Invoice.InvoiceNumber>"},
    "CreditMemoPosted": {
        "event": "CreditMemoPosted",
        "id": "<CreditMemo.Id>",
        "number": "<CreditMemo.MemoNumber>",
        "comment": "<CreditMemo.Comments>",
    },
}
# Event name -> (what it means, the field that names the object).
_MEANING = {
    "BillRunCompletion": (Topic.BILL_RUN_COMPLETED, "number"),
    "InvoicePosted": (Topic.INVOICE_FINALIZED, "id"),
    "CreditMemoPosted": (Topic.CREDIT_NOTE_FINALIZED, "id"),
}


def read(
    headers: Mapping[str, str],
    body: bytes,
    secret: str,
    now_us: int,
    window_seconds: int,  # noqa: ARG001 - a callout carries no time that could be signed
) -> list[Event]:
    """What happened, nothing if it is no concern of ours; BadSignature, Malformed, UnknownType. Header names
    in lower case; secret: the password of the registration; the event's time is that of its arrival."""
    _check(headers.get("authorization", ""), secret)
    identity = identify(headers, body)
    if not identity:
        raise Malformed("a callout without Zuora-Notification-Id")
    try:
        fields = orjson.loads(body)
    except ValueError:
        raise Malformed("the body is no JSON") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("event"), str):
        raise Malformed("the body names no event")
    meaning = _MEANING.get(named(fields["event"], "event"))
    if meaning is None:
        raise UnknownType(fields["event"])
    if str(fields.get("comment") or "").startswith(REFUND_COMMENT):
        # A memo that we made out of a refund is in the books by the flow that made it.
        return []
    topic, name = meaning
    subject = named(fields.get(name), f"{fields['event']}: {name}")
    return [Event(named(identity, "Zuora-Notification-Id"), CHANNEL, topic, subject, now_us)]


def identify(headers: Mapping[str, str], _body: bytes) -> str:
    """The notification's id, the same on every attempt; "" if there is none."""
    return headers.get("zuora-notification-id", "")


def _check(authorization: str, secret: str) -> None:
    scheme, _, encoded = authorization.partition(" ")
    try:
        pair = b64decode(encoded.strip(), validate=True) if scheme.lower() == "basic" else b""
    except binascii.Error:
        pair = b""
    if not secret or not hmac.compare_digest(pair, f"{USER}:{secret}".encode()):
        raise BadSignature("user or password is wrong, or there is none")
