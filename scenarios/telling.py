"""The lines of a story: when, where, what, for how much, and by whose doing."""

from __future__ import annotations

from datetime import UTC, datetime

from reports.units import format_money
from scenarios.evidence.run import Change, Delivery, Operation, Parked
from scenarios.faults import CATALOGUE


def tell_change(change: Change, cause: Operation | None) -> str:
    """A committed change. cause: the core's operation that made it."""
    by = f", by core {cause.name}{_again(cause)}" if cause else ""
    kind = change.kind.lower().replace("_", " ")
    what = f"{kind} {_called(change)} {change.event.replace('_', ' ')}"
    priced = change.amount and change.currency
    money = f" {format_money(change.amount, change.currency)}" if priced else ""
    return f"{_moment(change.at)}  {change.system:<10} {what}{money}{by}"


def tell_attempt(operation: Operation) -> str:
    """A request of the core that met a fault or did not succeed."""
    title = CATALOGUE[operation.fault].title if operation.fault in CATALOGUE else ""
    fault = f" ({operation.fault}{': ' + title if title else ''})" if operation.fault else ""
    answer = f"status {operation.status}" if operation.status else "never arrived"
    if operation.claim == "info" and operation.status < 400:
        answer = "no answer"
    what = f"core → {operation.system} {operation.name} attempt {operation.attempt}"
    return f"{_moment(operation.at)}  {'core':<10} {what}: {answer}{fault}, claim {operation.claim}"


def tell_delivery(delivery: Delivery) -> str:
    """An event on its way to the core."""
    answer = f"answered {delivery.status}" if delivery.status else "no answer"
    if delivery.fault == "F16":
        answer = "lost on the way, never to come again"
    fault = f" ({delivery.fault})" if delivery.fault else ""
    signed = "" if delivery.signed else ", not signed"
    what = f"{delivery.channel} → core event {delivery.event}"
    return f"{_moment(delivery.at)}  {'webhook':<10} {what}: {answer}{fault}{signed}"


def tell_parked(item: Parked) -> str:
    """What waits in the exception queue."""
    what = f"{item.flow} {item.key} after {item.attempts} attempts, for {item.owner}: {item.cause}"
    return f"{_moment(item.last_at)}  {'parked':<10} {what}"


def _again(operation: Operation) -> str:
    return f", attempt {operation.attempt}" if operation.attempt > 1 else ""


def _called(change: Change) -> str:
    """What people call it: opaque ids give way to the number, and the ERP's to the external id."""
    other = next((ref for ref in change.refs if ref != change.id), "")
    if change.system == "zuora":
        return other or change.id
    if change.system == "netsuite" and other:
        return f"{change.id} [{other}]"
    return change.id


def _moment(at: int) -> str:
    """Microseconds as UTC to the second."""
    return f"{datetime.fromtimestamp(at // 1_000_000, UTC):%Y-%m-%d %H:%M:%S}"
