"""How long each vendor may repeat an event, and remembers a key; the longest known where none says."""

from __future__ import annotations

from core.reliability.horizons import Receiver, Sender

SENDERS = (
    # Automatic retries end after three days; by hand events are sent again for thirty
    # (docs.stripe.com/webhooks).
    Sender("stripe", 30),
    # The event bus keeps change events for three days (Change Data Capture developer guide).
    Sender("salesforce", 3),
    # Callouts are repeated within hours; their history can be resent (how long is unconfirmed).
    Sender("zuora", 30),
    # The company's own log.
    Sender("product", 30),
    # Notices in a shape of ours; how long a bank may send one again by hand none says.
    Sender("bank", 30),
)
RECEIVERS = (
    # Keys are pruned after a day; a payment is looked for by its invoice before it is asked for again.
    Receiver("stripe", 24, looks_first=True),
    # Keys go after a day; documents carry numbers and external ids of ours, which are asked for when refused.
    Receiver("zuora", 24, looks_first=True),
    Receiver("netsuite", None, looks_first=True),
    Receiver("avatax", None, looks_first=True),
    Receiver("salesforce", None, looks_first=True),
)
