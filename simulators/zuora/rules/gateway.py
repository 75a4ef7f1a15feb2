"""Payment gateways: the tenant's Stripe, reached over its wire, and a test gateway of its own.

A gateway's answer may be lost. Then nobody knows: the same key is sent again, until it is known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from simulators.kit.money import exponent
from simulators.kit.peer import Peer
from simulators.kit.table import Reply
from simulators.zuora.rules.proving import Answer, Seen, Token, prove_charged, prove_registered
from simulators.zuora.rules.refusal import INVALID, Refused

STRIPE, TEST = "Stripe", "Test"
IDS = {STRIPE: "4028stripe00000000000000000000a1", TEST: "4028test0000000000000000000000b2"}
NUMBERS = {STRIPE: "PG-00000001", TEST: "PG-00000002"}
TYPES = {STRIPE: "StripeV2", TEST: "TestGateway"}


class Gateway:
    """The tenant's gateways. peers: other vendors' APIs; where Stripe is among them it is the default."""

    def __init__(self, peers: Mapping[str, Peer]) -> None:
        self._peers = peers

    @property
    def default(self) -> str:
        """The name of the gateway that is used where none is named."""
        return STRIPE if "stripe" in self._peers else TEST

    def names(self) -> list[str]:
        """What the tenant has set up, the default first."""
        return [STRIPE, TEST] if self.default == STRIPE else [TEST]

    def named(self, key: str) -> str:
        """The gateway by its id, number or name; Refused if there is none such."""
        if not key:
            return self.default
        for name in self.names():
            if key in (name, f"{name} Gateway", IDS[name], NUMBERS[name]):
                return name
        raise Refused(INVALID, f"The payment gateway '{key}' is invalid.", "paymentGateway")

    async def register(
        self,
        name: str,
        token: Token,
        card: str,
        month: int | None,
        year: int | None,
        code: str,
        *,
        skip: bool,
    ) -> Seen:
        """Make a means of payment known, or look at one that is."""
        if name == TEST:
            return prove_registered(token, card, month, year, skip=skip)
        if card:
            return await self._store(card, month, year, code)
        return Seen(True, token) if skip else await self._look(token)

    async def charge(
        self,
        name: str,
        token: Token,
        card: str,
        amount: int,
        currency: str,
        key: str,
        about: Mapping[str, str],
    ) -> Answer:
        """Ask for money, once for each key."""
        if name == TEST:
            return prove_charged(token, card, key)
        form = {
            "amount": str(_stripe_amount(amount, currency)),
            "currency": currency.lower(),
            "payment_method": token.method,
            "confirm": "true",
            "off_session": "true",
            "payment_method_types[0]": "card",
        }
        if token.customer:
            form["customer"] = token.customer
        form |= {f"metadata[{field_name}]": value for field_name, value in about.items()}
        status, body = await self._send("POST", "/v1/payment_intents", form, key)
        return _charged(status, body)

    async def refund(self, name: str, reference: str, amount: int, currency: str, key: str) -> Answer:
        """Give back part of what was taken, once for each key."""
        if name == TEST:
            return Answer(True, code="Approved", message="Approved", reference=f"test-refund-{key}")
        form = {"payment_intent": reference, "amount": str(_stripe_amount(amount, currency))}
        status, body = await self._send("POST", "/v1/refunds", form, key)
        if status == 200 and body.get("status") in ("succeeded", "pending"):
            return Answer(True, code=str(body["status"]), message="Approved", reference=str(body["id"]))
        return _failed(status, body)

    async def state(self, reference: str) -> Answer:
        """What has become of a charge that was not settled at once."""
        status, body = await self._send("GET", f"/v1/payment_intents/{reference}", None, "")
        return _charged(status, body)

    async def _store(self, card: str, month: int | None, year: int | None, code: str) -> Seen:
        form = {
            "type": "card",
            "card[number]": card,
            "card[exp_month]": str(month),
            "card[exp_year]": str(year),
        }
        if code:
            form["card[cvc]"] = code
        status, method = await self._send("POST", "/v1/payment_methods", form, "")
        if status != 200:
            return _unseen(status, method)
        status, customer = await self._send("POST", "/v1/customers", {"description": "Zuora"}, "")
        if status != 200:
            return _unseen(status, customer)
        attach = {"customer": str(customer["id"])}
        status, attached = await self._send("POST", f"/v1/payment_methods/{method['id']}/attach", attach, "")
        if status != 200:
            return _unseen(status, attached)
        return Seen(True, Token(str(customer["id"]), str(attached["id"])), _shown(attached))

    async def _look(self, token: Token) -> Seen:
        method = token.method
        if not method:
            status, customer = await self._send("GET", f"/v1/customers/{token.customer}", None, "")
            if status != 200:
                return _unseen(status, customer)
            method = (customer.get("invoice_settings") or {}).get("default_payment_method") or ""
            if not method:
                path = f"/v1/customers/{token.customer}/payment_methods?limit=1"
                _, listed = await self._send("GET", path, None, "")
                method = next((str(each["id"]) for each in listed.get("data", [])), "")
            if not method:
                return Seen(False, code="resource_missing", message="The customer has no payment method.")
        status, found = await self._send("GET", f"/v1/payment_methods/{method}", None, "")
        if status != 200:
            return _unseen(status, found)
        owner = str(found.get("customer") or "")
        if token.customer and owner and owner != token.customer:
            return Seen(False, code="resource_mismatch", message="The method belongs to another customer.")
        return Seen(True, Token(token.customer or owner, str(found["id"])), _shown(found))

    async def _send(
        self, method: str, path: str, form: Mapping[str, str] | None, key: str
    ) -> tuple[int, dict[str, Any]]:
        """Status and body; status 0 where no answer came."""
        peer = self._peers["stripe"]
        headers = {"authorization": f"Bearer {peer.credentials['secret_key']}"}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        if key:
            headers["idempotency-key"] = key
        body = urlencode(form).encode() if form is not None else b""
        try:
            reply = await peer.send(method, path, headers, body)
        except (OSError, TimeoutError):
            return 0, {}
        if reply.cut:
            return 0, {}
        return reply.status, _body(reply)


def _body(reply: Reply) -> dict[str, Any]:
    try:
        value = json.loads(reply.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _stripe_amount(amount: int, currency: str) -> int:
    # Stripe counts three-decimal currencies in thousandths as we do, all others in their minor unit.
    return amount if exponent(currency) != 3 else amount // 10 * 10


def _charged(status: int, body: Mapping[str, Any]) -> Answer:
    if status != 200:
        return _failed(status, body)
    reference, second = str(body["id"]), str(body.get("latest_charge") or "")
    state = str(body.get("status"))
    if state == "succeeded":
        return Answer(True, code=state, message="Approved", reference=reference, second=second)
    if state == "processing":
        return Answer(False, settled=False, code=state, message="Pending", reference=reference, second=second)
    error = body.get("last_payment_error") or {}
    code = str(error.get("decline_code") or error.get("code") or state)
    return Answer(False, code=code, message=str(error.get("message") or state), reference=reference)


def _failed(status: int, body: Mapping[str, Any]) -> Answer:
    if status == 0 or status in (409, 429) or status >= 500:
        return Answer(False, known=False)
    error = body.get("error") or {}
    code = str(error.get("decline_code") or error.get("code") or body.get("status") or status)
    intent = error.get("payment_intent") or {}
    message = str(error.get("message") or body.get("failure_reason") or "The request was refused.")
    return Answer(
        False,
        code=code,
        message=message,
        reference=str(intent.get("id") or ""),
        second=str(error.get("charge") or ""),
    )


def _unseen(status: int, body: Mapping[str, Any]) -> Seen:
    answer = _failed(status, body)
    if not answer.known:
        return Seen(False, code="gateway_unavailable", message="The gateway did not answer.")
    return Seen(False, code=answer.code, message=answer.message)


def _shown(found: Mapping[str, Any]) -> dict[str, object]:
    card = found.get("card") or {}
    if not card:
        return {}
    brands = {"visa": "Visa", "mastercard": "MasterCard", "amex": "AmericanExpress", "discover": "Discover"}
    return {
        "creditCardMaskNumber": f"************{card.get('last4', '')}",
        "creditCardType": brands.get(str(card.get("brand")), card.get("brand")),
        "expirationMonth": card.get("exp_month"),
        "expirationYear": card.get("exp_year"),
    }
