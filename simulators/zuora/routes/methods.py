"""Paths of payment methods, payment gateways and contacts."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules import accounts, contacts, gateway, methods
from simulators.zuora.rules.refusal import MISSING, RULE, Refused, not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import methods as wire
from simulators.zuora.wire.party import ContactUpdate
from simulators.zuora.wire.shape import read

_OK = {"success": True}


async def create_method(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/payment-methods: tried at the gateway, then kept."""
    shape = read(wire.NewMethod, call)
    account = accounts.find(rules.state, shape.accountKey) if shape.accountKey else None
    made = await methods.create(rules.state, rules.cashier.gateway, shape.wish(account))
    return json_reply(200, {"success": True, "id": made.id})


async def get_method(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payment-methods/{id}."""
    return json_reply(200, {"success": True, **wire.method(methods.find(rules.state, call.params["id"]))})


async def update_method(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payment-methods/{id}."""
    found = methods.find(rules.state, call.params["id"])
    shape = read(wire.MethodChange, call)
    account = accounts.find(rules.state, shape.accountKey) if shape.accountKey else None
    methods.change(rules.state, found, shape.details(), account)
    return json_reply(200, {"success": True, "id": found.id})


async def delete_method(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/payment-methods/{id}."""
    methods.delete(rules.state, methods.find(rules.state, call.params["id"]))
    return json_reply(200, _OK)


async def scrub_method(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payment-methods/{id}/scrub."""
    methods.scrub(rules.state, methods.find(rules.state, call.params["id"]))
    return json_reply(200, _OK)


async def verify_method(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payment-methods/{id}/verify: looked up at its gateway."""
    found = methods.find(rules.state, call.params["id"])
    read(wire.Verification, call)
    if found.status != methods.ACTIVE:
        raise Refused(RULE, f"The payment method {found.id} is {found.status}.", "id")
    seen = await rules.cashier.gateway.register(found.gateway, found.token, "", None, None, "", skip=False)
    if not seen.approved:
        raise Refused(RULE, f"Transaction declined.{seen.code} - {seen.message}", "id")
    return json_reply(200, {"success": True, "paymentMethodId": found.id})


async def list_methods(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/accounts/{key}/payment-methods."""
    account = accounts.find(rules.state, call.params["key"])
    only = call.args().get("isDefaultOnly", "").lower() == "true"
    shown: dict[str, object] = {
        "success": True,
        "defaultPaymentMethodId": account.default_method or None,
        "paymentGateway": account.gateway or None,
    }
    by_type: dict[str, list[object]] = {}
    for each in methods.of_account(rules.state, account):
        if only and each.id != account.default_method:
            continue
        by_type.setdefault(each.type.lower(), []).append({**wire.method(each), "success": True})
    return json_reply(
        200, {**shown, **by_type, "returnedPaymentMethodType": [m for v in by_type.values() for m in v]}
    )


async def get_default_method(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/accounts/{key}/payment-methods/default."""
    account = accounts.find(rules.state, call.params["key"])
    found = methods.default_of(rules.state, account)
    if found is None:
        raise not_found("default payment method", account.number)
    return json_reply(200, {"success": True, **wire.method(found)})


async def list_gateways(rules: Sandbox, call: Call) -> Reply:  # noqa: ARG001 - a handler's shape
    """GET /v1/payment-gateways."""
    own = rules.cashier.gateway
    shown = [
        {
            "id": gateway.IDS[name],
            "number": gateway.NUMBERS[name],
            "name": name,
            "type": gateway.TYPES[name],
            "isActive": True,
            "isDefault": name == own.default,
        }
        for name in own.names()
    ]
    return json_reply(200, {"success": True, "paymentgateways": shown})


async def create_contact(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/contacts."""
    shape = read(wire.NewContact, call)
    key = shape.accountId or shape.accountNumber
    if not key:
        raise Refused(MISSING, "'accountId' or 'accountNumber' is required.", "accountId")
    account = accounts.find(rules.state, key)
    made = contacts.create(
        rules.state, account, shape.fields(), bill_to=shape.asBillTo, sold_to=shape.asSoldTo
    )
    return json_reply(200, {"success": True, **wire.contact(made)})


async def get_contact(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/contacts/{id}."""
    return json_reply(200, {"success": True, **wire.contact(contacts.find(rules.state, call.params["id"]))})


async def update_contact(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/contacts/{id}."""
    found = contacts.find(rules.state, call.params["id"])
    contacts.change(rules.state, found, read(ContactUpdate, call).given())
    return json_reply(200, {"success": True, **wire.contact(found)})


async def delete_contact(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/contacts/{id}."""
    contacts.delete(rules.state, contacts.find(rules.state, call.params["id"]))
    return json_reply(200, _OK)


async def scrub_contact(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/contacts/{id}/scrub."""
    contacts.scrub(rules.state, contacts.find(rules.state, call.params["id"]))
    return json_reply(200, _OK)


async def transfer_contact(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/contacts/{id}/transfer."""
    found = contacts.find(rules.state, call.params["id"])
    account = accounts.find(rules.state, read(wire.ContactMove, call).destinationAccountKey)
    contacts.transfer(rules.state, found, account)
    return json_reply(200, _OK)


_M, _C = "/v1/payment-methods", "/v1/contacts"
TABLE = (
    Route("POST", _M, "create_payment_method", create_method, "keep a payment method", wire.NewMethod),
    Route("GET", f"{_M}/{{id}}", "get_payment_method", get_method, "a payment method"),
    Route("PUT", f"{_M}/{{id}}", "update_payment_method", update_method, "change one", wire.MethodChange),
    Route("DELETE", f"{_M}/{{id}}", "delete_payment_method", delete_method, "forget a payment method"),
    Route("PUT", f"{_M}/{{id}}/scrub", "scrub_payment_method", scrub_method, "make one unreadable"),
    Route("PUT", f"{_M}/{{id}}/verify", "verify_payment_method", verify_method, "try one at its gateway"),
    Route(
        "GET",
        "/v1/accounts/{key}/payment-methods",
        "get_account_payment_methods",
        list_methods,
        "an account's payment methods",
    ),
    Route(
        "GET",
        "/v1/accounts/{key}/payment-methods/default",
        "get_account_default_payment_method",
        get_default_method,
        "what an account pays by",
    ),
    Route("GET", "/v1/payment-gateways", "get_payment_gateways", list_gateways, "the tenant's gateways"),
    Route("POST", _C, "create_contact", create_contact, "a contact of an account", wire.NewContact),
    Route("GET", f"{_C}/{{id}}", "get_contact", get_contact, "a contact"),
    Route("PUT", f"{_C}/{{id}}", "update_contact", update_contact, "change a contact", ContactUpdate),
    Route("DELETE", f"{_C}/{{id}}", "delete_contact", delete_contact, "forget a contact"),
    Route("PUT", f"{_C}/{{id}}/scrub", "scrub_contact", scrub_contact, "make a contact unreadable"),
    Route("PUT", f"{_C}/{{id}}/transfer", "transfer_contact", transfer_contact, "to another account"),
)
