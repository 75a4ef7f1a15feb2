"""Cash against invoices: what was processed settles, a key pays once, what is over is credit."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.canonical.errors import Held
from core.canonical.money import Money


class Excess(StrEnum):
    """Where money goes that no invoice is open for."""

    CREDIT_BALANCE = "credit_balance"  # 2200
    UNAPPLIED = "unapplied"  # 2500


@dataclass(slots=True)
class Invoiced:
    """Minor units. adjusted: credited lines; balance = amount - adjusted - paid + refunded + called back."""

    key: str
    amount: int
    adjusted: int = 0
    paid: int = 0
    refunded: int = 0
    refunded_with_adjustment: int = 0
    called_back: int = 0
    credit_used: int = 0
    written_off: int = 0

    @property
    def balance(self) -> int:
        """What is still to pay; never below nothing."""
        # A refund that came with a credit of the same amount leaves nothing open.
        back = self.refunded - self.refunded_with_adjustment + self.called_back
        settled = self.paid - back + self.credit_used + self.written_off
        return max(self.amount - (self.adjusted - self.refunded_with_adjustment) - settled, 0)


@dataclass(slots=True)
class Payment:
    """requested: what was asked for; processed: what the gateway took; settles: what it pays of the
    invoice (less where more was processed than was open)."""

    key: str
    invoice: str
    requested: int
    processed: int
    settles: int
    excess: int = 0
    refunded: int = 0
    called_back: int = 0


@dataclass(slots=True)
class Account:
    """One customer's invoices and payments in one currency; every change keeps all balances from
    falling below nothing."""

    currency: str
    excess: Excess = Excess.CREDIT_BALANCE
    invoices: dict[str, Invoiced] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    credit: int = 0

    def invoice(self, key: str, amount: Money) -> Invoiced:
        """Bill it; a negative invoice becomes credit and is closed."""
        self._own(amount)
        found = self.invoices.setdefault(key, Invoiced(key, max(amount.minor, 0)))
        if amount.minor < 0:
            self.credit -= amount.minor
        return found

    def pay(self, key: str, invoice: str, requested: Money, processed: Money | None = None) -> Payment:
        """A payment with an external key; the same key again changes nothing and returns the first.

        processed: None where the gateway took what was asked for; in another currency it settles what was
        requested, which the gateway has converted.
        """
        self._own(requested)
        if key in self.payments:
            return self.payments[key]
        taken = requested.minor
        if processed is not None and processed.currency == self.currency:
            taken = processed.minor
        if taken < 0:
            raise Held(f"payment {key}: {taken} minor units must not be negative; record a refund")
        into = self._invoice(invoice)
        settles = min(taken, into.balance)
        into.paid += settles
        self.credit += taken - settles
        self.payments[key] = Payment(key, invoice, requested.minor, taken, settles, taken - settles)
        return self.payments[key]

    def refund(self, key: str, amount: Money, adjusted: Money | None = None) -> None:
        """Give back of a payment, its excess first; adjusted: what of it is credited on the invoice too, so
        that it is not open again. Held beyond what is left of the payment."""
        payment = self._payment(key)
        left = payment.processed - payment.refunded - payment.called_back
        if amount.minor > left:
            raise Held(f"refund of {key}: {amount} is more than the {left} minor units that are left of it")
        payment.refunded += amount.minor
        over = min(payment.excess, amount.minor, self.credit)
        payment.excess -= over
        self.credit -= over
        into = self._invoice(payment.invoice)
        into.refunded += amount.minor - over
        if adjusted is not None:
            into.adjusted += adjusted.minor
            into.refunded_with_adjustment += min(adjusted.minor, amount.minor - over)

    def charge_back(self, key: str, amount: Money | None = None) -> None:
        """The payer's bank takes it back: the invoice is open again by what it had settled."""
        payment = self._payment(key)
        left = payment.settles - payment.called_back
        taken = left if amount is None or amount.currency != self.currency else min(amount.minor, left)
        payment.called_back += taken
        self._invoice(payment.invoice).called_back += taken

    def reverse_charge_back(self, key: str) -> None:
        """The bank gives it back: as if it had never been called."""
        payment = self._payment(key)
        self._invoice(payment.invoice).called_back -= payment.called_back
        payment.called_back = 0

    def adjust(self, invoice: str, amount: Money) -> None:
        """Credit lines of an open invoice; what is more than its balance becomes credit."""
        into = self._invoice(invoice)
        off = min(amount.minor, into.balance)
        into.adjusted += off
        self.credit += amount.minor - off

    def use_credit(self, invoice: str, most: Money | None = None) -> Money:
        """Credit balance on an invoice, as far as both go; returns how much."""
        into = self._invoice(invoice)
        used = min(self.credit, into.balance, self.credit if most is None else most.minor)
        into.credit_used += used
        self.credit -= used
        return Money(used, self.currency)

    def write_off(self, invoice: str) -> Money:
        """What is open is given up; returns it."""
        into = self._invoice(invoice)
        gone = into.balance
        into.written_off += gone
        return Money(gone, self.currency)

    @property
    def balance(self) -> int:
        """All that is open, less credit: negative where credit is left."""
        return sum(invoice.balance for invoice in self.invoices.values()) - self.credit

    def _own(self, amount: Money) -> None:
        if amount.currency != self.currency:
            raise Held(f"currency: {amount} cannot settle invoices in {self.currency}; convert it first")

    def _invoice(self, key: str) -> Invoiced:
        if key not in self.invoices:
            raise Held(f"invoice: {key!r} is not one of {sorted(self.invoices)}")
        return self.invoices[key]

    def _payment(self, key: str) -> Payment:
        if key not in self.payments:
            raise Held(f"payment: {key!r} is not one of {sorted(self.payments)}")
        return self.payments[key]
