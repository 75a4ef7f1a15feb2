"""What the paths of the balance, payouts, events and endpoints take."""

from __future__ import annotations

from typing import Literal

from simulators.stripe.wire.forms import Amount, Flag, Form, Many, Metadata, Text, Word
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
