"""Credit notes on an invoice, line by line: net, coupon and tax mirrored; the last one takes what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.exact import Rounding, whole


class LastTakes(StrEnum):
    """What the credit note that exhausts an invoice carries."""

    REST = "rest"  # what is left of the invoice's tax and coupons
    OWN = "own"  # its own rounded figures: together they may miss the invoice by a cent


@dataclass(frozen=True, slots=True)
class InvoicedFee:
    """amount: minor units before coupons; coupon: what they took, exact; rates: share of tax by code."""

    key: str
    amount: int
    rates: tuple[tuple[str, Fraction], ...]
    coupon: Fraction = Fraction(0)

    @property
    def rate(self) -> Fraction:
        """Of all codes."""
        return sum((rate for _, rate in self.rates), Fraction(0))


@dataclass(frozen=True, slots=True)
class Item:
    """amount: of a fee before coupons, in minor units; exact where it comes from proration."""

    fee: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class CreditNote:
    """Whole minor units. net: after coupons; coupon: what of them goes back; exact_tax: before rounding."""

    items: tuple[Item, ...]
    net: int
    coupon: int
    tax: int
    exact_tax: Fraction
    exact_coupon: Fraction = Fraction(0)
    tax_by_code: tuple[tuple[str, Fraction], ...] = ()

    @property
    def total(self) -> int:
        """With tax."""
        return self.net + self.tax

    @property
    def rate(self) -> Fraction:
        """The share of tax of the note, before rounding; none of nothing."""
        net = sum((item.amount for item in self.items), Fraction(0)) - self.exact_coupon
        return self.exact_tax / net if net else Fraction(0)

    @property
    def tax_rounding(self) -> Fraction:
        """By how much tax was rounded, or made to fit the invoice."""
        return self.tax - self.exact_tax


@dataclass(frozen=True, slots=True)
class Invoiced:
    """An invoice as issued. tax: of the whole invoice, whole; notes: the credit notes so far."""

    fees: tuple[InvoicedFee, ...]
    tax: int
    notes: tuple[CreditNote, ...] = ()
    last: LastTakes = LastTakes.REST
    mode: Rounding = field(default=Rounding.HALF_UP)

    @property
    def amount(self) -> int:
        """Of the fees, before coupons."""
        return sum(fee.amount for fee in self.fees)

    @property
    def coupon(self) -> int:
        """Of all fees."""
        return whole(sum((fee.coupon for fee in self.fees), Fraction(0)), self.mode)

    @property
    def net(self) -> int:
        """After coupons."""
        return self.amount - self.coupon

    @property
    def total(self) -> int:
        """As issued."""
        return self.net + self.tax

    @property
    def credited(self) -> int:
        """By the credit notes so far, with tax."""
        return sum(note.total for note in self.notes)

    @property
    def creditable(self) -> int:
        """What credit notes may still take."""
        return self.total - self.credited

    def credit(self, items: Sequence[Item]) -> tuple[Invoiced, CreditNote]:
        """One more credit note; Held where an item takes more than is left of its fee."""
        left = self._left()
        for item in items:
            if item.fee not in left or item.amount < 0 or whole(item.amount) > left[item.fee]:
                raise Held(
                    f"items: {item.amount} of {item.fee} cannot be credited; {left.get(item.fee, 0)} is left",
                    owner="billing operations",
                )
            left[item.fee] -= whole(item.amount)
        note = self._note(tuple(items))
        if self.last is LastTakes.REST and not any(left.values()):
            note = self._rest(note)
        return Invoiced(self.fees, self.tax, (*self.notes, note), self.last, self.mode), note

    def _left(self) -> dict[str, int]:
        left = {fee.key: fee.amount for fee in self.fees}
        for note in self.notes:
            for item in note.items:
                left[item.fee] -= whole(item.amount)
        return left

    def _note(self, items: tuple[Item, ...]) -> CreditNote:
        fees = {fee.key: fee for fee in self.fees}
        coupon, by_code = Fraction(0), dict[str, Fraction]()
        for item in items:
            fee = fees[item.fee]
            part = item.amount * fee.coupon / fee.amount if fee.amount else Fraction(0)
            coupon += part
            for code, rate in fee.rates:
                by_code[code] = by_code.get(code, Fraction(0)) + (item.amount - part) * rate
        amount = whole(sum((item.amount for item in items), Fraction(0)), self.mode)
        tax, taken = sum(by_code.values(), Fraction(0)), whole(coupon, self.mode)
        return CreditNote(
            items, amount - taken, taken, whole(tax, self.mode), tax, coupon, tuple(by_code.items())
        )

    def _rest(self, note: CreditNote) -> CreditNote:
        net = self.net - sum(each.net for each in self.notes)
        coupon = self.coupon - sum(each.coupon for each in self.notes)
        tax = self.tax - sum(each.tax for each in self.notes)
        return replace(note, net=net, coupon=coupon, tax=tax)


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a credit note goes. open: lowers what is still to pay; refundable: can go back to the customer;

    balance: kept for the customer's next invoices instead, at most the note less what lowers the open amount.
    """

    open: int
    refundable: int
    balance: int


def settle(note: int, invoice: int, paid: int, before: int = 0, refunded: int = 0) -> Settlement:
    """Of a credit note's total. paid: so far; before: earlier notes; refunded: of the payments.

    No more can be refunded than was paid; what is still to pay is lowered first.
    """
    due = max(0, invoice - paid - (before - refunded))
    return Settlement(min(note, due), max(0, min(note, paid - refunded)), note - min(note, due))


def effective_rate(fees: Sequence[InvoicedFee]) -> Fraction:
    """The share of tax of the whole invoice: its rates weighed by what is left of the fees after coupons."""
    net = sum((fee.amount - fee.coupon for fee in fees), Fraction(0))
    weighed = sum(((fee.amount - fee.coupon) * fee.rate for fee in fees), Fraction(0))
    if net:
        return weighed / net
    amounts = sum(fee.amount for fee in fees)
    return sum((fee.amount * fee.rate for fee in fees), Fraction(0)) / amounts if amounts else Fraction(0)


def invoiced(fees: Sequence[InvoicedFee], last: LastTakes = LastTakes.REST) -> Invoiced:
    """An invoice whose tax is rounded once, over all fees."""
    tax = sum(((fee.amount - fee.coupon) * fee.rate for fee in fees), Fraction(0))
    return Invoiced(tuple(fees), whole(tax), last=last)


def unused(fee: InvoicedFee, share: Fraction) -> Item:
    """The item of a fee whose service ends early; share: of the period that is not served."""
    return Item(fee.key, fee.amount * share)
