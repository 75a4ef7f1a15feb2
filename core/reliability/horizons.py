"""How long others may repeat themselves, against how long the core remembers (law I-36)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.reliability.retry import Policy

# How long after a document was last named another may come of it.
OPEN_DAYS = {
    # A yearly subscription is named by its next bill.
    "subscription": 366,
    # The card networks let a payment be disputed for up to 540 days (a Mastercard rule for what is delivered
    # late; docs.xendit.co, "Dispute & chargeback basics").
    "payment": 540,
}
# The longest payment term that the mapping of terms knows.
_TERM_DAYS = 30


class TooForgetful(ValueError):
    """The settings let something happen twice; the text names setting, value and the least that does."""


@dataclass(frozen=True, slots=True)
class Sender:
    """days: how long after an event it may come again, by itself or by hand, as its vendor says."""

    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Receiver:
    """A vendor that drops repeats by a key. key_hours: how long it remembers one, None for ever (an identity
    of its own); looks_first: the connector asks whether the act was done before it repeats it."""

    name: str
    key_hours: int | None
    looks_first: bool


def longest_retry_seconds(policy: Policy) -> float:
    """From the first attempt of a task to its last, at most; what a vendor asks us to wait comes on top."""
    pauses = (
        min(policy.first_seconds * policy.factor**attempt, policy.longest_seconds)
        for attempt in range(policy.attempts - 1)
    )
    return sum(pauses)


def days_named(inbox_days: int, given_up_days: int) -> int:
    """How long it is kept whose transaction a document is of, since it was last named: while it may be open,
    and then for as long as the last of its events may be repeated, of which inbox_days is more than the most
    (`check_horizons`). given_up_days: after the day on which an invoice was due, at most."""
    return inbox_days + max(*OPEN_DAYS.values(), _TERM_DAYS + given_up_days)


def check_horizons(
    inbox_days: int, policy: Policy, senders: Iterable[Sender], receivers: Iterable[Receiver]
) -> None:
    """TooForgetful, if an event could come again after it was forgotten, or a key be used after its end."""
    for sender in senders:
        if inbox_days <= sender.days:
            raise TooForgetful(
                f"inbox_days: {inbox_days}: {sender.name} may repeat an event for {sender.days} days;"
                f" at least {sender.days + 1} are needed"
            )
    hours = longest_retry_seconds(policy) / 3600
    for receiver in receivers:
        if receiver.key_hours is not None and hours >= receiver.key_hours and not receiver.looks_first:
            raise TooForgetful(
                f"durable_attempts: {policy.attempts}: an act is repeated for up to {hours:.0f} hours, and"
                f" {receiver.name} forgets its key after {receiver.key_hours}; fewer attempts, or look first"
            )
