"""`expand`: ids replaced by the objects they name, up to four levels deep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulators.stripe.wire.billing.expandable import CUSTOMER
from simulators.stripe.wire.billing.expandable import EXPANDABLE as BILLING
from simulators.stripe.wire.disputes import FILES
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.parties import Shaped

# Which members can be expanded, and what kind of object each of them names; "?" is one of several.
_EXPANDABLE: Mapping[str, Mapping[str, str]] = {
    **BILLING,
    "customer": {
        "invoice_settings.default_payment_method": "payment_method",
        "default_source": "payment_method",
        **CUSTOMER,
        "tax": "+tax",
        "tax_ids": "+tax_ids",
        "cash_balance": "+cash_balance",
        "invoice_credit_balance": "+invoice_credit_balance",
        "sources": "",
    },
    "+tax_ids": {"data": "tax_id"},
    "tax_id": {"customer": "customer"},
    "confirmation_token": {},
    "file": {"links": ".links"},
    ".links": {"data": "file_link"},
    "file_link": {"file": "file"},
    "customer_cash_balance_transaction": {
        "customer": "customer",
        "applied_to_payment.payment_intent": "payment_intent",
        "unapplied_from_payment.payment_intent": "payment_intent",
        "adjusted_for_overdraft.balance_transaction": "balance_transaction",
        "adjusted_for_overdraft.linked_transaction": "customer_cash_balance_transaction",
        "refunded_from_payment.refund": "refund",
    },
    "payment_method": {"customer": "customer"},
    "setup_intent": {
        "customer": "customer",
        "latest_attempt": "setup_attempt",
        "mandate": "mandate",
        "payment_method": "payment_method",
        "single_use_mandate": "mandate",
        "on_behalf_of": "",
        "application": "",
    },
    "setup_attempt": {
        "customer": "customer",
        "payment_method": "payment_method",
        "setup_intent": "setup_intent",
        "on_behalf_of": "",
        "application": "",
    },
    "mandate": {"payment_method": "payment_method"},
    "payment_intent": {
        "customer": "customer",
        "latest_charge": "charge",
        "payment_method": "payment_method",
        "on_behalf_of": "",
        "review": "",
        "application": "",
    },
    "charge": {
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "payment_method_details.us_bank_account.mandate": "mandate",
        "refunds": "refunds",
        "review": "",
        "on_behalf_of": "",
        "application": "",
        "application_fee": "",
        "source_transfer": "",
        "transfer": "",
    },
    "dispute": {
        "charge": "charge",
        "payment_intent": "payment_intent",
        **{f"evidence.{name}": "file" for name in FILES},
    },
    "radar.early_fraud_warning": {"charge": "charge", "payment_intent": "payment_intent"},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "customer": "customer",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "source_transfer_reversal": "",
        "transfer_reversal": "",
    },
    "refunds": {"data": "refund"},
    "balance_transaction": {"source": "?"},
    "payout": {
        "balance_transaction": "balance_transaction",
        "destination": "bank_account",
        "failure_balance_transaction": "balance_transaction",
        "original_payout": "payout",
        "reversed_by": "payout",
    },
}
_DEEPEST = 4
# Lists that are always there: to expand them changes nothing.
_LISTS = frozenset({".lines", ".items"})

# Gives the object of (kind, id); for ("refunds", a charge's id) the list of its refunds, and for what
# is shown only when asked for ("+payments", an invoice's id) just that.
Resolve = Callable[[str, str], Shaped | None]


def checked(paths: Iterable[str], kind: str, *, many: bool = False) -> None:
    """Invalid unless every path can be expanded in an answer of this kind (`many`: a list of it).

    Checked before anything is executed, so that a bad path changes nothing.
    """
    for path in paths:
        steps = path.split(".")
        if sum(step != "data" for step in steps) > _DEEPEST:
            text = f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}"
            raise Invalid(text, param="expand")
        if many:
            if steps[0] != "data" or len(steps) == 1:
                raise _cannot(path, "" if steps[0] == "data" else f"data.{path}")
            del steps[0]
        at = kind
        while steps and at != "?":
            _, target = _step(at, steps)
            if target is None or (target.startswith(".") and not steps and target not in _LISTS):
                raise _cannot(path)
            at = target


def expanded(answer: Shaped, paths: Iterable[str], resolve: Resolve) -> Shaped:
    """`answer` with every path expanded in place."""
    for path in paths:
        steps = path.split(".")
        if answer.get("object") in ("list", "search_result"):
            for each in answer["data"]:
                _walk(each, each.get("object", ""), steps[1:], resolve)
        else:
            _walk(answer, answer.get("object", ""), steps, resolve)
    return answer


def _step(kind: str, steps: list[str]) -> tuple[str, str | None]:
    """Take one step off: (its name, the kind that it leads to or None)."""
    allowed = _EXPANDABLE.get(kind, {})
    name = steps.pop(0)
    while name not in allowed and steps and any(known.startswith(f"{name}.") for known in allowed):
        name = f"{name}.{steps.pop(0)}"
    return name, allowed.get(name)


def _walk(node: Any, kind: str, steps: list[str], resolve: Resolve) -> None:
    if isinstance(node, list):
        for each in node:
            _walk(each, kind, steps, resolve)
        return
    if not steps or not isinstance(node, dict):
        return
    rest = list(steps)
    name, target = _step(node.get("object", kind) if kind in ("", "?") else kind, rest)
    if target is None:
        return
    *outer, member = name.split(".")
    holder = node
    for part in outer:
        holder = holder.get(part) or {}
    if target == "refunds" or target.startswith("+"):
        if member not in holder:
            holder[member] = resolve(target, node["id"])
    elif not target.startswith("."):
        _fill(holder, member, target, resolve)
    _walk(holder.get(member), target, rest, resolve)


def _fill(holder: Shaped, member: str, target: str, resolve: Resolve) -> None:
    """Put objects where ids are, one or a list of them."""
    value = holder.get(member)
    if isinstance(value, str):
        holder[member] = resolve(target, value) or value
    elif isinstance(value, list):
        holder[member] = [(resolve(target, x) or x) if isinstance(x, str) else x for x in value]


def _cannot(path: str, instead: str = "") -> Invalid:
    text = f"This property cannot be expanded ({path})."
    if instead:
        text += f" You may want to try expanding '{instead}' instead."
    return Invalid(text, param="expand")
