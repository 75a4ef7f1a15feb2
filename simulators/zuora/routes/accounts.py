"""Paths of accounts."""

from __future__ import annotations

from dataclasses import replace

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules import accounts, contacts, methods
from simulators.zuora.rules.order import OrderWish
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.refusal import INVALID, Refused
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import party
from simulators.zuora.wire.methods import NewMethod
from simulators.zuora.wire.ordering import OrderShape
from simulators.zuora.wire.shape import check, read
from simulators.zuora.wire.summary import summary


async def create_account(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/accounts: the account, its contacts and its payment method, or nothing."""
    shape = read(party.NewAccount, call)
    offered = _offered(shape)
    known = shape.hpmCreditCardPaymentMethodId or shape.paymentMethodId
    gateway = _gateway(rules, shape)
    wish = shape.wish(shape.accountNumber, shape.currency)
    made = accounts.open_account(rules.state, wish, payable=bool(offered or known))
    try:
        made.gateway = gateway
        if offered is not None:
            method = await methods.create(rules.state, rules.cashier.gateway, offered.wish(made))
            methods.make_default(rules.state, made, method)
        elif known:
            methods.make_default(rules.state, made, methods.find(rules.state, known))
    except Refused:
        accounts.undo(rules.state, made)
        raise
    return json_reply(200, party.created(made))


async def paying(rules: Sandbox, shape: OrderShape, wish: OrderWish) -> OrderWish:
    """The order, with what the account that it opens pays by: tried at the gateway before all else."""
    opens, given = wish.opens, shape.newAccount
    if opens is None or given is None:
        return wish
    gateway, offered = _gateway(rules, given), _offered(given)
    known = given.hpmCreditCardPaymentMethodId or given.paymentMethodId or ""
    if offered is not None:
        meant = offered.wish(None)
        meant = replace(meant, gateway=meant.gateway or gateway, default=False)
        known = (await methods.create(rules.state, rules.cashier.gateway, meant)).id
    return replace(wish, opens=replace(opens, method=known, gateway=gateway))


def _offered(shape: party.NewAccount) -> NewMethod | None:
    if shape.creditCard is not None:
        card = shape.creditCard
        return check(
            NewMethod,
            {
                "type": methods.CARD,
                "cardNumber": card.cardNumber,
                "expirationMonth": int(card.expirationMonth),
                "expirationYear": int(card.expirationYear),
                "securityCode": card.securityCode,
            },
        )
    return check(NewMethod, shape.paymentMethod) if shape.paymentMethod else None


def _gateway(rules: Sandbox, shape: party.AccountChange) -> str:
    named = shape.paymentGatewayNumber or shape.paymentGateway
    return rules.cashier.gateway.named(named) if named else ""


async def get_account(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/accounts/{key}."""
    return json_reply(200, party.detail(accounts.find(rules.state, call.params["key"])))


async def get_summary(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/accounts/{key}/summary."""
    return json_reply(200, summary(rules.state, accounts.find(rules.state, call.params["key"])))


async def update_account(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/accounts/{key}."""
    account = accounts.find(rules.state, call.params["key"])
    shape = read(party.AccountChange, call)
    gateway = _gateway(rules, shape)
    before = account.default_method
    if shape.defaultPaymentMethodId:
        method = methods.find(rules.state, shape.defaultPaymentMethodId)
        methods.make_default(rules.state, account, method)
    try:
        for key, side in ((shape.billToContactId, "bill_to"), (shape.soldToContactId, "sold_to")):
            if key:
                setattr(account, side, _own(rules, account, key))
        accounts.change(rules.state, account, shape.wish())
    except Refused:
        account.default_method = before
        raise
    account.gateway = gateway or account.gateway
    return json_reply(200, {"success": True})


def _own(rules: Sandbox, account: Account, key: str) -> dict[str, str | None]:
    found = contacts.find(rules.state, key)
    if found.account is not account:
        raise Refused(INVALID, "The contact belongs to another account.", "billToContactId")
    return found.fields


async def delete_account(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/accounts/{key}: a job of the vendor's, over at once here."""
    account = accounts.find(rules.state, call.params["key"])
    accounts.delete(rules.state, account)
    job = rules.state.operated(account.id, "Account", "Delete")
    return json_reply(200, {"success": True, "id": account.id, "jobId": job.id, "jobStatus": job.status})


TABLE = (
    Route("POST", "/v1/accounts", "create_account", create_account, "open an account", party.NewAccount),
    Route("GET", "/v1/accounts/{key}", "get_account", get_account, "an account by id or number"),
    Route("PUT", "/v1/accounts/{key}", "update_account", update_account, "change one", party.AccountChange),
    Route("DELETE", "/v1/accounts/{key}", "delete_account", delete_account, "close an account for good"),
    Route("GET", "/v1/accounts/{key}/summary", "get_account_summary", get_summary, "an account at a glance"),
)
