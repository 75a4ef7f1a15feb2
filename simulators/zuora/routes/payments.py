"""Paths of payments and refunds."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.listing import listed
from simulators.zuora.routes.paging import page
from simulators.zuora.routes.parts import parts_of
from simulators.zuora.rules import accounts, payments, refunds
from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.payments import PaymentWish
from simulators.zuora.rules.receipts import Payment
from simulators.zuora.rules.refunds import Return
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import money
from simulators.zuora.wire.shape import read


async def create_payment(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/payments: recorded, or taken through a gateway."""
    shape = read(money.NewPayment, call)
    key = shape.accountId or shape.accountNumber
    if not key:
        raise Refused(MISSING, "'accountId' or 'accountNumber' is required.", "accountId")
    account = accounts.find(rules.state, key)
    wish = PaymentWish(
        amount=whole(shape.amount, account.currency, "amount"),
        currency=shape.currency,
        type=shape.type,
        on=shape.effectiveDate or rules.state.today(),
        number=shape.number,
        reference=shape.referenceId,
        method_type=shape.paymentMethodType,
        comment=shape.comment,
    )
    parts = parts_of(rules.state, shape, account.currency)
    if shape.type == "Electronic":
        gateway = shape.gatewayId or shape.paymentGatewayNumber or ""
        made = await rules.cashier.take(account, wish, parts, shape.paymentMethodId or "", gateway)
    else:
        made = payments.receive(rules.state, account, wish, parts)
    return _shown(made)


def _shown(payment: Payment) -> Reply:
    return json_reply(200, {"success": True, **money.payment(payment)})


async def get_payment(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payments/{key}."""
    return _shown(payments.find(rules.state, call.params["key"]))


async def list_payments(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payments, paged; accountId, status, referenceId, … narrow it."""
    return listed(rules.state, call, "Payment", "payments", money.payment)


async def update_payment(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payments/{key}; the reference of an electronic payment is the gateway's."""
    found = payments.find(rules.state, call.params["key"])
    shape = read(money.MoneyChange, call)
    if shape.referenceId is not None:
        if found.type == "Electronic":
            raise Refused(INVALID, "The reference of an electronic payment cannot be changed.", "referenceId")
        found.reference = shape.referenceId
    found.comment = found.comment if shape.comment is None else shape.comment
    payments.kept(rules.state, found)
    payments.note(rules.state, found, "updated")
    return _shown(found)


async def apply_payment(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payments/{key}/apply."""
    found = payments.find(rules.state, call.params["key"])
    shape = read(money.Application, call)
    payments.apply(rules.state, found, parts_of(rules.state, shape, found.currency, needed=True))
    return _shown(found)


async def unapply_payment(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payments/{key}/unapply: off all documents where none is named."""
    found = payments.find(rules.state, call.params["key"])
    shape = read(money.Application, call)
    parts = parts_of(rules.state, shape, found.currency) or list(found.applied)
    payments.unapply(rules.state, found, parts)
    return _shown(found)


async def transfer_payment(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payments/{key}/transfer."""
    found = payments.find(rules.state, call.params["key"])
    account = accounts.find(rules.state, read(money.Transfer, call).accountId)
    payments.transfer(rules.state, found, account)
    return _shown(found)


async def cancel_payment(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payments/{key}/cancel."""
    found = payments.find(rules.state, call.params["key"])
    payments.cancel(rules.state, found)
    return _shown(found)


async def delete_payment(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/payments/{key}."""
    payments.delete(rules.state, payments.find(rules.state, call.params["key"]))
    return json_reply(200, {"success": True})


async def list_parts(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payments/{key}/parts, paged."""
    found = payments.find(rules.state, call.params["key"])
    return page(call, found.parts, "parts", lambda part: money.payment_part(found, part))


async def get_part(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payments/{key}/parts/{part}."""
    found = payments.find(rules.state, call.params["key"])
    for part in found.parts:
        if part.id == call.params["part"]:
            return json_reply(200, {"success": True, **money.payment_part(found, part)})
    raise not_found("payment part", call.params["part"])


async def refund_payment(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/payments/{key}/refunds, and …/refunds/unapply that takes it off invoices first."""
    found = payments.find(rules.state, call.params["key"])
    shape = read(money.PaymentReturn, call)
    wish = Return(
        amount=whole(shape.totalAmount, found.currency, "totalAmount"),
        on=shape.refundDate or rules.state.today(),
        method_type=shape.methodType,
        reference=shape.referenceId,
        reason=shape.reasonCode,
        comment=shape.comment,
        parts=tuple(parts_of(rules.state, shape, found.currency)),
    )
    made = await rules.cashier.give_back(found, wish)
    return json_reply(200, {"success": True, **money.refund(made)})


async def get_refund(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/refunds/{key}."""
    return json_reply(200, {"success": True, **money.refund(refunds.find(rules.state, call.params["key"]))})


async def list_refunds(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/refunds, paged."""
    return listed(rules.state, call, "Refund", "refunds", money.refund)


async def list_refund_parts(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/refunds/{key}/parts."""
    found = refunds.find(rules.state, call.params["key"])
    return json_reply(200, {"success": True, "parts": [money.refund_part(found)]})


async def get_refund_part(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/refunds/{key}/parts/{part}."""
    part = money.refund_part(refunds.find(rules.state, call.params["key"]))
    if part["id"] != call.params["part"]:
        raise not_found("refund part", call.params["part"])
    return json_reply(200, {"success": True, **part})


async def update_refund(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/refunds/{key}."""
    found = refunds.find(rules.state, call.params["key"])
    shape = read(money.MoneyChange, call)
    found.comment = found.comment if shape.comment is None else shape.comment
    found.reference = found.reference if shape.referenceId is None else shape.referenceId
    refunds.note_refund(rules.state, found, "updated")
    return json_reply(200, {"success": True, **money.refund(found)})


async def cancel_refund(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/refunds/{key}/cancel."""
    found = refunds.find(rules.state, call.params["key"])
    refunds.cancel_refund(rules.state, found)
    return json_reply(200, {"success": True, **money.refund(found)})


async def delete_refund(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/refunds/{key}."""
    refunds.delete_refund(rules.state, refunds.find(rules.state, call.params["key"]))
    return json_reply(200, {"success": True})


_P, _R = "/v1/payments", "/v1/refunds"
TABLE = (
    Route("POST", _P, "create_payment", create_payment, "record or take a payment", money.NewPayment),
    Route("GET", _P, "list_payments", list_payments, "payments, paged"),
    Route("GET", f"{_P}/{{key}}", "get_payment", get_payment, "a payment by id or number"),
    Route("PUT", f"{_P}/{{key}}", "update_payment", update_payment, "change one", money.MoneyChange),
    Route("PUT", f"{_P}/{{key}}/apply", "apply_payment", apply_payment, "to documents", money.Application),
    Route(
        "PUT", f"{_P}/{{key}}/unapply", "unapply_payment", unapply_payment, "off documents", money.Application
    ),
    Route("PUT", f"{_P}/{{key}}/transfer", "transfer_payment", transfer_payment, "move", money.Transfer),
    Route("PUT", f"{_P}/{{key}}/cancel", "cancel_payment", cancel_payment, "cancel an external payment"),
    Route("DELETE", f"{_P}/{{key}}", "delete_payment", delete_payment, "forget a canceled payment"),
    Route("GET", f"{_P}/{{key}}/parts", "get_payment_parts", list_parts, "where a payment is applied"),
    Route("GET", f"{_P}/{{key}}/parts/{{part}}", "get_payment_part", get_part, "one of its parts"),
    Route(
        "POST", f"{_P}/{{key}}/refunds", "create_refund_payment", refund_payment, "back", money.PaymentReturn
    ),
    Route(
        "POST",
        f"{_P}/{{key}}/refunds/unapply",
        "refund_payment_with_auto_unapply",
        refund_payment,
        "take off invoices and give back",
        money.PaymentReturn,
    ),
    Route("GET", _R, "list_refunds", list_refunds, "refunds, paged"),
    Route("GET", f"{_R}/{{key}}", "get_refund", get_refund, "a refund by id or number"),
    Route("PUT", f"{_R}/{{key}}", "update_refund", update_refund, "change a refund", money.MoneyChange),
    Route("PUT", f"{_R}/{{key}}/cancel", "cancel_refund", cancel_refund, "cancel an external refund"),
    Route("DELETE", f"{_R}/{{key}}", "delete_refund", delete_refund, "forget a canceled refund"),
    Route("GET", f"{_R}/{{key}}/parts", "get_refund_parts", list_refund_parts, "what it goes out of"),
    Route("GET", f"{_R}/{{key}}/parts/{{part}}", "get_refund_part", get_refund_part, "one part of it"),
)
