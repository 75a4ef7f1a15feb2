"""What the paths of the balance, payouts, events and endpoints take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from simulators.stripe.wire.forms import Amount, Flag, Form, Many, Metadata, Text, Whole, Word, _unset
from simulators.stripe.wire.params import Dated, Moments, Unread
from simulators.stripe.wire.params_payments import Descriptor


class EntryList(Dated):
    """Lists of balance transactions."""

    type: Word = ""
    source: Word = ""
    payout: Word = ""
    currency: Word = ""


class PayoutCreate(Form):
    """amount: minor units."""

    amount: Amount
    currency: Word
    description: Text = None
    statement_descriptor: Descriptor = None
    method: Literal["instant", "standard"] = "standard"
    metadata: Metadata = None
    destination: Unread = None
    payout_method: Unread = None
    source_type: Unread = None


class PayoutList(Dated):
    """Lists of payouts."""

    status: Literal["pending", "in_transit", "paid", "failed", "canceled"] | None = None
    arrival_date: Moments = None
    destination: Word = ""


def _end(value: Any) -> Any:
    return value if value == "now" else _unset(value)


class LinkCreate(Form):
    """expires_at: unix seconds."""

    file: Word
    expires_at: Whole | None = None
    metadata: Metadata = None


class LinkUpdate(Form):
    """expires_at: unix seconds, or "now"; "" takes the end away."""

    expires_at: Annotated[Literal["now"] | Whole | None, BeforeValidator(_end)] = None
    metadata: Metadata = None


class LinkList(Dated):
    """expired: those that are, or those that are not."""

    expired: Flag | None = None
    file: Word = ""


class FileList(Dated):
    """Lists of files."""

    purpose: Word = ""


class EventList(Dated):
    """type: one; types: up to twenty; delivery_success: whether all endpoints have taken it."""

    type: Word = ""
    types: Many = ()
    delivery_success: Flag | None = None


class EndpointCreate(Form):
    """url: where to post; enabled_events: types, or "*"."""

    url: Word
    enabled_events: Many
    description: Text = None
    api_version: Word | None = None
    metadata: Metadata = None
    connect: Unread = None


class EndpointUpdate(Form):
    """disabled: no deliveries until enabled again."""

    url: Word = ""
    enabled_events: Many = ()
    description: Text = None
    metadata: Metadata = None
    disabled: Flag = False
