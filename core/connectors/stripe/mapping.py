"""Customers, payment intents and refunds as our values, and ours as theirs; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from core.canonical.errors import Unclear
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.parties import Account
from core.canonical.payments import PaymentRequest, Refund
from core.canonical.versions import Version
from core.connectors.shapes import drifted, one_of
from core.connectors.stripe import wire
from core.connectors.stripe.judge import SYSTEM
from core.connectors.stripe.wire import Json
from core.mappings.document import Document
from core.mappings.shipped import SHIPPED

_REFUND_STATUS = {
    "pending": "pending", "requires_action": "pending", "succeeded": "succeeded", "failed": "failed",
    "canceled": "cancelled",
}  # fmt: skip
_CHARGE_STATUS = {each: each for each in ("succeeded", "pending", "failed")}
# Payments that the payer's bank may send back after they have succeeded; Stripe then opens a dispute that is
# lost at once (support.stripe.com, "Respond to or contest an ACH Direct Debit dispute as a merchant").
_DEBITS = frozenset({"us_bank_account", "sepa_debit", "bacs_debit", "au_becs_debit", "acss_debit"})
_METHODS = SHIPPED["payment_methods"]
# Of several requests for one invoice the one that matters most comes first.
_RANK = ("paid", "processing", "failed", "open", "cancelled")
# What a payment goes through between two charges of one moment.
_LIFE = ("open", "processing", "cancelled", "failed", "paid", "returned")
_CHARGES_MAX = 999


def new_customer(account: Account) -> dict[str, Any]:
    """Parameters of POST /v1/customers."""
    address = account.address
    parts = {
        "line1": address.line1,
        "city": address.city,
        "state": address.region,
        "postal_code": address.postal_code,
        "country": address.country,
    }
    return {
        "name": account.name,
        "email": account.email,
        "address": {name: part for name, part in parts.items() if part},
        "metadata": {"crm_account": account.key},
    }


def customer_of(customers: Iterable[Json], account: str) -> str:
    """Id of the oldest customer of that account key; "" if there is none. `customers`: newest first."""
    ids = [str(each["id"]) for each in customers if wire.metadata(each, "crm_account") == account]
    return ids[-1] if ids else ""


def default_method(customer: Json) -> str:
    """Id of the payment method that the customer wants to be charged, or ""."""
    return str((customer.get("invoice_settings") or {}).get("default_payment_method") or "")


def new_intent(invoice: Invoice, customer: str, method: str, methods: Document = _METHODS) -> dict[str, Any]:
    """Parameters of POST /v1/payment_intents over what is still to pay; charged at once with `method`.
    methods: the mapping `payment_methods`."""
    offered = methods.look(currency=invoice.balance.currency)["methods"].split(",")
    wish: dict[str, Any] = {
        "amount": minor(invoice.balance),
        "currency": invoice.balance.currency.lower(),
        "customer": customer,
        "description": f"Invoice {invoice.number}",
        # Neither cards nor debits need a return address; other methods would.
        "payment_method_types": [each.strip() for each in offered],
        "metadata": {"invoice": invoice.number, "crm_account": invoice.account},
    }
    if method:
        wish |= confirmation(method)
    return wish


def confirmation(method: str) -> dict[str, Any]:
    """Parameters that charge an intent while its payer is not there."""
    own: dict[str, Any] = {"payment_method": method, "off_session": True}
    return {**own, "confirm": True}


def request(intent: Json, charges: Sequence[Json]) -> PaymentRequest:
    """charges: those made on the intent, newest first. `on`: the day of the successful charge, else
    the day on which the intent was made."""
    status = wire.INTENT_STATUS.get(str(intent["status"]))
    if status is None:
        raise Unclear(f"payment intent {intent['id']} is {intent['status']!r}", system=SYSTEM)
    error = intent["last_payment_error"] or {}
    if status == "open" and error:
        status = "failed"
    paid = next((each for each in charges if charge_state(each) == "succeeded"), None)
    on = paid["created"] if status == "paid" and paid else intent["created"]
    returned = bool(paid and paid["disputed"] and by_debit(paid))
    return PaymentRequest(
        id=str(intent["id"]),
        customer=identity(intent["customer"]),
        invoice=wire.metadata(intent, "invoice"),
        amount=money(intent["amount"], intent["currency"]),
        status=status,
        failure=_failure(error) if status == "failed" else "",
        attempts=len(charges),
        on=day(on),
        returned=returned,
        late=bool(charges and by_debit(charges[0])),
        version=_version(intent, charges, "returned" if returned else status),
    )


def _version(intent: Json, charges: Sequence[Json], state: str) -> Version:
    """The processor counts no versions, and tells whole seconds: of one second, what comes later in the life
    of a payment is later, and of two failures the one of more charges."""
    at = int((charges[0] if charges else intent)["created"])
    return Version(at, life_of(state) + min(len(charges), _CHARGES_MAX))


def life_of(state: str) -> int:
    """How far a payment has come, in steps that leave room for the charges on the way."""
    return _LIFE.index(state) * (_CHARGES_MAX + 1)


def _failure(error: Json) -> str:
    """Why a charge failed: of a card that was declined the bank's reason, which every such error has."""
    code = str(error["code"] or "")
    return str(error["decline_code"] or code) if code == "card_declined" else code


def charge_state(charge: Json) -> str:
    """succeeded, pending or failed; Held for a state that nobody knows."""
    return one_of(charge["status"], _CHARGE_STATUS, "status", SYSTEM)


def by_debit(charge: Json) -> bool:
    """Whether a charge was drawn from a bank account."""
    return bool(details := charge["payment_method_details"]) and details["type"] in _DEBITS


def requests_of(charges: Iterable[Json], status: str) -> list[PaymentRequest]:
    """Charges with their intents expanded, newest first, as requests of that status, oldest first."""
    by_intent: dict[str, list[Json]] = {}
    for each in charges:
        intent = each["payment_intent"]
        if isinstance(intent, dict) and wire.metadata(intent, "invoice"):
            by_intent.setdefault(str(intent["id"]), []).append(each)
    found = [request(group[0]["payment_intent"], group) for group in reversed(by_intent.values())]
    return [each for each in found if each.status == status]


def foremost(requests: Sequence[PaymentRequest]) -> PaymentRequest | None:
    """The one that counts, if there are several for an invoice."""
    return min(requests, key=lambda each: (each.returned, _RANK.index(each.status)), default=None)


def refund(row: Json) -> Refund:
    """A refund with its payment_intent expanded."""
    intent = row["payment_intent"] or {}
    if not isinstance(intent, dict):
        raise Unclear(f"refund {row['id']}: its payment intent was not expanded", system=SYSTEM)
    status = one_of(row["status"], _REFUND_STATUS, "status", SYSTEM)
    return Refund(
        id=str(row["id"]),
        request=str(intent["id"]) if intent else "",
        invoice=wire.metadata(intent, "invoice") if intent else "",
        amount=money(row["amount"], row["currency"]),
        status=status,
        on=day(row["created"]),
    )


def seconds(moment: datetime) -> int:
    """Unix seconds, rounded down so that nothing is missed; not before 1970."""
    return max(int(moment.timestamp()), 0)


def identity(value: object) -> str:
    """Of an id, or of an object in the place of one."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return str(value or "")


def minor(amount: Money) -> int:
    """In the vendor's units."""
    return amount.minor * (100 if amount.currency in wire.COUNTED_IN_HUNDREDTHS else 1)


def money(minor: object, currency: object) -> Money:
    """Of the vendor's minor units and its lower-case code; Held for a currency that nobody knows."""
    code = str(currency).upper()
    try:
        units = int(str(minor))
        return Money(units // 100 if code in wire.COUNTED_IN_HUNDREDTHS else units, code)
    except ValueError as error:
        raise drifted(SYSTEM, f"{minor!r} {currency!r} in {SYSTEM}'s answer is no amount ({error})") from None


def day(unix_seconds: object) -> date:
    """The UTC date."""
    return datetime.fromtimestamp(int(str(unix_seconds)), UTC).date()
