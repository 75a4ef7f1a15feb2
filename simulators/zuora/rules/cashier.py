"""Electronic payments: recorded first, then asked of the gateway, then settled once the answer is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulators.kit.money import major
from simulators.zuora.rules import payments, refunds
from simulators.zuora.rules.callouts import PAYMENT_DECLINED, PAYMENT_PROCESSED, REFUND_PROCESSED
from simulators.zuora.rules.crediting import apply_credit
from simulators.zuora.rules.documents import CreditMemo, DebitMemo
from simulators.zuora.rules.gateway import Gateway
from simulators.zuora.rules.invoices import find as find_invoice
from simulators.zuora.rules.memos import RefundWish, open_memo_refund
from simulators.zuora.rules.methods import ACTIVE, Method, default_of, used
from simulators.zuora.rules.methods import find as find_method
from simulators.zuora.rules.order import Collecting
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.payments import ERROR, PROCESSED, PROCESSING, Parts, PaymentWish
from simulators.zuora.rules.proving import Answer
from simulators.zuora.rules.receipts import Payment, Refund
from simulators.zuora.rules.refunds import Return
from simulators.zuora.rules.refusal import MISSING, RULE, Refused
from simulators.zuora.rules.state import State
from simulators.zuora.rules.till import Outcome

# Seconds between two questions to a gateway that did not answer, and how often it is asked.
_PAUSE, _TRIES = 60.0, 12


class Cashier:
    """The tenant's electronic payments."""

    def __init__(self, state: State, gateway: Gateway) -> None:
        self._state, self.gateway = state, gateway

    async def take(
        self, account: Account, wish: PaymentWish, parts: Parts, method_key: str = "", gateway: str = ""
    ) -> Payment:
        """A payment that is asked of the gateway. Declined, it is kept as an Error; unknown, it stays
        Processing and is asked for again under the same key."""
        method = self.method(account, method_key)
        payments.check(self._state, account, wish, parts)
        payment = payments.made(self._state, account, wish)
        payment.status, payment.gateway_state = PROCESSING, "Submitted"
        payment.method, payment.submitted_at = method.id, self._state.now()
        payment.method_type = method.type
        payment.gateway = self.gateway.named(gateway) if gateway else method.gateway
        payment.pending = tuple(parts)
        for invoice, amount in parts:
            invoice.reserved += amount
        self._state.payments.put(payment, self._state.now())
        payments.note(self._state, payment, "created")
        await self._ask(payment, 1)
        return payment

    def method(self, account: Account, key: str) -> Method:
        """The method that is named, else the default one; Refused where it cannot pay."""
        method = find_method(self._state, key) if key else default_of(self._state, account)
        if method is None:
            message = f"Account {account.number} has no default payment method."
            raise Refused(MISSING, message, "paymentMethodId")
        if method.account is not None and method.account is not account:
            raise Refused(RULE, "The payment method belongs to another account.", "paymentMethodId")
        if method.status != ACTIVE:
            message = f"The payment method {method.id} is {method.status}."
            raise Refused(RULE, message, "paymentMethodId")
        return method

    async def _ask(self, payment: Payment, attempt: int) -> None:
        if payment.status != PROCESSING:
            return
        name = payment.gateway or self.gateway.default
        if payment.second_reference == "pending" and payment.reference:
            answer = await self.gateway.state(payment.reference)
        else:
            method = find_method(self._state, payment.method or "")
            key = f"zuora-{payment.number}-{payment.created_at}"
            about = {"zuora_payment_number": payment.number, "zuora_account_number": payment.account.number}
            answer = await self.gateway.charge(
                name, method.token, "", payment.amount, payment.currency, key, about
            )
        if payment.status != PROCESSING:
            return  # another question was answered meanwhile
        if answer.known and answer.settled:
            self._settle(payment, answer)
        else:
            if answer.known:
                payment.reference, payment.second_reference = answer.reference, "pending"
            if attempt < _TRIES:
                self._state.agenda.after(_PAUSE * 2 ** (attempt - 1), self._ask, payment, attempt + 1)
            self._state.payments.put(payment, self._state.now())

    def _settle(self, payment: Payment, answer: Answer) -> None:
        state = self._state
        for invoice, amount in payment.pending:
            invoice.reserved -= amount
        payment.reference = answer.reference or payment.reference
        payment.second_reference = answer.second or None
        payment.response, payment.response_code = answer.message, answer.code
        method = state.methods.get(payment.method or "")
        if isinstance(method, Method):
            used(state, method, approved=answer.approved)
        if answer.approved:
            payment.status, payment.unapplied = PROCESSED, payment.amount
            payment.account.unapplied_payments += payment.amount
            # What an invoice does not owe any more stays unapplied.
            owed = [(i, min(amount, i.balance)) for i, amount in payment.pending if i.balance > 0]
            payment.pending = ()
            payments.put_against(state, payment, owed)
        else:
            payment.status, payment.gateway_state, payment.pending = ERROR, "FailedToSettle", ()
            state.payments.put(payment, state.now())
        payments.note(state, payment, payment.status.lower())
        event = PAYMENT_PROCESSED if answer.approved else PAYMENT_DECLINED
        state.callouts.announce(event, {"Payment": payment, "Account": payment.account})

    async def collect(
        self, memo: DebitMemo, *, kinds: Sequence[str], pay: bool, method: str = "", gateway: str = ""
    ) -> tuple[list[tuple[CreditMemo, int]], list[tuple[Payment, int]], Payment | None]:
        """Settle a debit memo with what the account has, and the rest by an electronic payment; the credit
        memos and payments that were used, and the payment that was made."""
        account, memos, paid = memo.account, list[tuple[CreditMemo, int]](), list[tuple[Payment, int]]()
        if pay and memo.balance > memo.reserved:
            self.method(account, method)  # refused before anything is done
        for source, amount in apply_credit(self._state, account, [memo], kinds, frozenset()):
            if isinstance(source, CreditMemo):
                memos.append((source, amount))
            else:
                paid.append((source, amount))
        left = memo.balance - memo.reserved
        if not pay or left <= 0:
            return memos, paid, None
        wish = PaymentWish(left, account.currency, "Electronic", self._state.today())
        return memos, paid, await self.take(account, wish, [(memo, left)], method, gateway)

    async def give_back(self, payment: Payment, wish: Return) -> Refund:
        """A refund of a payment; of an electronic one through the gateway."""
        refund = refunds.open_refund(self._state, payment, wish)
        if payment.type == "External":
            refunds.close_refund(self._state, refund, PROCESSED)
        else:
            await self._ask_back(refund, payment, 1)
        return refund

    async def give_back_memo(self, memo: CreditMemo, wish: RefundWish, method_key: str = "") -> Refund:
        """A refund out of a credit memo; an electronic one goes to the payment that paid last."""
        paid = None
        if wish.type == "Electronic":
            method = self.method(memo.account, method_key)
            candidates = [
                p
                for p in self._state.payments.where("accountId", memo.account.id).values()
                if p.type == "Electronic" and p.status == PROCESSED and p.method == method.id
                if p.amount - p.refunded >= wish.amount
            ]
            paid = max(candidates, key=lambda p: p.seq, default=None)
            if paid is None:
                message = "No electronic payment was made by this payment method that could be refunded."
                raise Refused(RULE, message, "paymentMethodId")
        refund = open_memo_refund(self._state, memo, wish)
        if paid is None:
            refunds.close_refund(self._state, refund, PROCESSED)
        else:
            await self._ask_back(refund, paid, 1)
        return refund

    async def _ask_back(self, refund: Refund, payment: Payment, attempt: int) -> None:
        if refund.status != PROCESSING:
            return
        key = f"zuora-{refund.number}-{refund.created_at}"
        name, reference = payment.gateway or self.gateway.default, payment.reference or ""
        answer = await self.gateway.refund(name, reference, refund.amount, refund.currency, key)
        if refund.status != PROCESSING:
            return
        if not answer.known:
            if attempt < _TRIES:
                pause = _PAUSE * 2 ** (attempt - 1)
                self._state.agenda.after(pause, self._ask_back, refund, payment, attempt + 1)
            return
        refund.reference = answer.reference or refund.reference
        refund.response, refund.response_code = answer.message, answer.code
        refund.gateway_state = "Submitted" if answer.approved else "FailedToSettle"
        refunds.close_refund(self._state, refund, PROCESSED if answer.approved else ERROR)
        if answer.approved:
            objects = {"Refund": refund, "Payment": payment, "Account": refund.account}
            self._state.callouts.announce(REFUND_PROCESSED, objects)

    # --- what orders need

    async def charge(self, account: Account, amount: int, wish: Collecting) -> Outcome:
        """Ask for an order's money before the order is kept."""
        method = self.method(account, wish.method)
        name = self.gateway.named(wish.gateway) if wish.gateway else method.gateway
        key = f"zuora-order-{self._state.new_id()}-{self._state.now()}"
        about = {"zuora_account_number": account.number}
        asked = (name, method.token, "", amount, account.currency, key, about)
        answer = await self.gateway.charge(*asked)
        if not answer.known:
            answer = await self.gateway.charge(*asked)
        if not answer.known or not answer.settled:
            # The order is not kept, so neither must the money be: it is looked for, and given back.
            self._state.agenda.after(_PAUSE, self._undo, asked, 1)
            return Outcome(False, "gateway_unavailable", "The gateway did not answer.")
        used(self._state, method, approved=answer.approved)
        return Outcome(answer.approved, answer.code, answer.message, answer.reference)

    async def _undo(
        self, asked: tuple[str, object, str, int, str, str, Mapping[str, str]], attempt: int
    ) -> None:
        name, _, _, amount, currency, key, _ = asked
        answer = await self.gateway.charge(*asked)  # type: ignore[arg-type]
        done = answer.known and answer.settled
        if done and answer.approved:
            back = await self.gateway.refund(name, answer.reference, amount, currency, f"{key}-undone")
            done = back.known
        if not done and attempt < _TRIES:
            self._state.agenda.after(_PAUSE * 2**attempt, self._undo, asked, attempt + 1)

    def record(
        self, account: Account, amount: int, wish: Collecting, outcome: Outcome, invoices: tuple[str, ...]
    ) -> Mapping[str, object]:
        """Keep the payment of an order, put against its invoices where it was approved."""
        state = self._state
        method = self.method(account, wish.method)
        own = PaymentWish(amount, account.currency, "Electronic", state.today())
        payment = payments.made(state, account, own)
        payment.status, payment.gateway_state, payment.method = PROCESSING, "Submitted", method.id
        payment.gateway, payment.method_type, payment.submitted_at = method.gateway, method.type, state.now()
        left, parts = amount, []
        for key in invoices:
            invoice = find_invoice(state, key)
            part = min(left, invoice.balance - invoice.reserved)
            if part > 0:
                parts.append((invoice, part))
                invoice.reserved += part
                left -= part
        payment.pending = tuple(parts)
        state.payments.put(payment, state.now())
        payments.note(state, payment, "created")
        code = outcome.code or ("Approved" if outcome.approved else "declined")
        answer = Answer(outcome.approved, code=code, message=outcome.message, reference=outcome.reference)
        self._settle(payment, answer)
        return {
            "paymentId": payment.id,
            "paymentNumber": payment.number,
            "paidAmount": major(payment.amount if outcome.approved else 0, account.currency),
        }
