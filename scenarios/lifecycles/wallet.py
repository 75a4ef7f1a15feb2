"""What customers do at the processor: put a card on file, lose it, pay by link, get money back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from scenarios.lifecycles.hands import Hands, HandsError

GOOD_CARD = "pm_card_visa"
# Attaches without complaint, every charge fails: a card whose bank has stopped it.
BAD_CARD = "pm_card_chargeCustomerFail"
# A bank account in the United States; what becomes of its debits is for its bank to say.
ACCOUNT = "pm_usBankAccount_success"
# As a payer agrees to a debit on the page behind the link.
_AGREED = {
    "customer_acceptance": {
        "type": "online",
        "online": {"ip_address": "203.0.113.7", "user_agent": "Mozilla/5.0"},
    }
}


class Wallet:
    """One customer's dealings; known at the processor by the e-mail address."""

    def __init__(self, hands: Hands, email: str) -> None:
        self._hands, self._email = hands, email
        self._customer = ""

    async def customer(self) -> str:
        """The processor's id of the customer; "" while nobody has created it."""
        if not self._customer:
            found = await self._hands.call(
                "stripe", "GET", f"/v1/customers?email={quote(self._email)}&limit=1"
            )
            if found["data"]:
                self._customer = found["data"][0]["id"]
        return self._customer

    async def put_on_file(self, card: str) -> bool:
        """Make `card` the default; False while the processor does not know the customer."""
        customer = await self.customer()
        if not customer:
            return False
        attached = await self._hands.call(
            "stripe", "POST", f"/v1/payment_methods/{card}/attach", form={"customer": customer}
        )
        await self._hands.call(
            "stripe",
            "POST",
            f"/v1/customers/{customer}",
            form={"invoice_settings": {"default_payment_method": attached["id"]}},
        )
        return True

    async def pay_open(self, older_than: int, method: str = GOOD_CARD) -> int:
        """Pay every request older than a moment (unix seconds), as asked, all of them, by card where the
        method is not offered; returns how many."""
        paid = 0
        for intent in await self._intents():
            if intent["status"] == "requires_payment_method" and intent["created"] <= older_than:
                debit = method == ACCOUNT and "us_bank_account" in intent["payment_method_types"]
                form = {"payment_method": ACCOUNT, "mandate_data": _AGREED} if debit else {}
                await self._hands.call(
                    "stripe",
                    "POST",
                    f"/v1/payment_intents/{intent['id']}/confirm",
                    form=form or {"payment_method": GOOD_CARD},
                    allow=(400, 402),
                )
                paid += 1
        return paid

    async def ask_back(self, share: int, before: int) -> bool:
        """Support refunds `share` percent of the latest payment made before a moment (unix seconds)."""
        for intent in await self._intents():
            if intent["status"] == "succeeded" and intent["created"] <= before:
                amount = max(1, intent["amount"] * share // 100)
                answer = await self._hands.call(
                    "stripe",
                    "POST",
                    "/v1/refunds",
                    form={"payment_intent": intent["id"], "amount": amount},
                    allow=(400,),
                )
                return "id" in answer
        return False

    async def latest_refunded(self) -> str:
        """The latest card payment of which something was given back; "" if there is none."""
        customer = await self.customer()
        found = await self._hands.call("stripe", "GET", f"/v1/charges?customer={customer}&limit=100")
        given = [row for row in found["data"] if row["amount_refunded"]]
        return str(given[0]["id"]) if given else ""

    async def latest_charge(self, since: int) -> str:
        """The latest card payment made at or after a moment (unix seconds); "" if there is none."""
        customer = await self.customer()
        if not customer:
            return ""
        path = f"/v1/charges?customer={customer}&created[gte]={since}&limit=10"
        found = await self._hands.call("stripe", "GET", path)
        paid = [row for row in found["data"] if row["status"] == "succeeded"]
        return str(paid[0]["id"]) if paid else ""

    async def refund_latest(self, amount: int | None) -> None:
        """Support refunds so many minor units of the latest payment, None: all that is left of it."""
        paid = [intent for intent in await self._intents() if intent["status"] == "succeeded"]
        if not paid:
            raise HandsError(f"{self._email} has paid nothing that could be given back")
        form: dict[str, Any] = {"payment_intent": paid[0]["id"]}
        if amount is not None:
            form["amount"] = amount
        await self._hands.call("stripe", "POST", "/v1/refunds", form=form)

    async def _intents(self) -> list[dict[str, Any]]:
        customer = await self.customer()
        if not customer:
            return []
        path = f"/v1/payment_intents?customer={customer}&limit=100"
        found = await self._hands.call("stripe", "GET", path)
        return list(found["data"])
