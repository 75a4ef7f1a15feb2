"""Quotes: offers that become a subscription, a schedule or an invoice once they are accepted.

docs.stripe.com/quotes: a draft is finalised, then accepted or cancelled; it ends by itself when it expires.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.kit.lifecycle import move
from simulators.stripe.rules.billing.acceptance import Acceptance
from simulators.stripe.rules.billing.contract_records import Subscription
from simulators.stripe.rules.billing.coupons import Coupons
from simulators.stripe.rules.billing.desk import Desk, cancel_timer, clash
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.planning import Planned, next_period
from simulators.stripe.rules.billing.quote_records import Offered, Quote, Reckoned
from simulators.stripe.rules.billing.subscription_bills import SubscriptionBills
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

MAY: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"open", "canceled"}),
    "open": frozenset({"accepted", "canceled"}),
    "accepted": frozenset(),
    "canceled": frozenset(),
}
_DAYS = 30
_DAY = 86_400
_PLAIN = ("collection_method", "description", "header", "footer", "invoice_settings", "terms", "effective")

Wish = Mapping[str, Any]


class Quotes:
    """The quotes of one mode."""

    def __init__(
        self,
        desk: Desk,
        invoices: Invoices,
        bills: SubscriptionBills,
        acceptance: Acceptance,
        coupons: Coupons,
        rates: TaxRates,
    ) -> None:
        self._desk, self._invoices, self._bills = desk, invoices, bills
        self._acceptance = acceptance
        self._coupons, self._rates = coupons, rates
        self.shelf: Shelf[Quote] = Shelf()

    def take(self, id: str, param: str = "quote", *, path: bool = False) -> Quote:  # noqa: A002
        """The quote; Refused with resource_missing."""
        quote = self.shelf.get(id)
        if quote is None:
            raise no_such("quote", id, param, path=path)
        return quote

    def create(self, customer: str, wish: Wish, origin: Quote | None = None) -> Quote:
        """A draft. origin: the quote that it is made after."""
        desk, ground, now = self._desk, self._desk.ground, self._desk.now()
        if origin is not None:
            wish = {**_of(origin), **wish}
            customer = customer or origin.customer
        quote = Quote(
            ground.numbers.new("qt"),
            ground.clock.now(),
            ground.live,
            customer,
            "usd",
            now + _DAYS * _DAY,
            from_quote=origin.id if origin else "",
            test_clock=desk.clock_id(customer) if customer else "",
            metadata=merged(NOTHING, wish.get("metadata", NOTHING)),
        )
        self._set(quote, {**wish, "metadata": NOTHING})
        self.shelf.add(quote, ("customer", customer), ("status", "draft"))
        self._note(quote, "created")
        return quote

    def update(self, quote: Quote, wish: Wish) -> Quote:
        """Change a draft."""
        if quote.status != "draft":
            # Wording unconfirmed.
            raise Refused(f"You cannot update a quote that is {quote.status}; only drafts can be changed.")
        self._set(quote, wish)
        return quote

    def finalize(self, quote: Quote, expires_at: int | None = None) -> Quote:
        """From now on it can be accepted, and changed no more."""
        if not quote.customer:
            raise clash("A customer is required before a quote can be finalized.", "customer")
        if not quote.lines:
            raise clash("A quote must have line items before it can be finalized.", "line_items")
        self._expire_at(quote, expires_at or quote.expires_at)
        wallet = self._desk.wallet(quote.customer)
        drawn = sum(q.number != "" for q in self.shelf.under(("customer", quote.customer)))
        self._go(quote, "open", "finalized")
        quote.number = f"QT-{wallet.owner.invoice_prefix}-{drawn + 1:04}-1"
        quote.finalized_at = self._desk.now()
        self._note(quote, "finalized")
        return quote

    def accept(self, quote: Quote) -> Quote:
        """The customer agrees: what was offered is made."""
        if "accepted" not in MAY[quote.status]:
            raise self._wrong(quote, "accepted", "open")
        self._acceptance.make(quote)
        self._go(quote, "accepted", "accepted")
        quote.accepted_at = self._desk.now()
        cancel_timer(quote.timers, "expire")
        self._note(quote, "accepted")
        return quote

    def cancel(self, quote: Quote) -> Quote:
        """Withdraw the offer."""
        if "canceled" not in MAY[quote.status]:
            raise self._wrong(quote, "canceled", "draft, open")
        self._go(quote, "canceled", "canceled")
        quote.canceled_at = self._desk.now()
        cancel_timer(quote.timers, "expire")
        self._note(quote, "canceled")
        return quote

    def expire(self, quote: Quote) -> None:
        """Nobody has accepted it in time."""
        if "canceled" in MAY[quote.status]:
            self.cancel(quote)

    # --- what is offered

    def _set(self, quote: Quote, wish: Wish) -> None:
        if "customer" in wish and wish["customer"] != quote.customer:
            self.shelf.unfile(quote, ("customer", quote.customer))
            quote.customer = wish["customer"]
            self.shelf.file(quote, ("customer", quote.customer))
        for name in _PLAIN:
            if name in wish:
                setattr(quote, name, wish[name])
        sent = quote.collection_method == "send_invoice"
        if sent and not quote.invoice_settings.get("days_until_due"):
            text = "You must set `days_until_due` when `collection_method` is `send_invoice`."
            raise clash(text, "invoice_settings[days_until_due]", "parameter_missing")
        if "default_tax_rates" in wish:
            quote.default_tax_rates = self._rates.several(wish["default_tax_rates"], "default_tax_rates")
        if "discounts" in wish:
            quote.wished_discounts = tuple(wish["discounts"] or ())
        if "lines" in wish:
            quote.lines = tuple(wish["lines"])
        quote.metadata = merged(quote.metadata, wish.get("metadata", NOTHING))
        self._expire_at(quote, wish.get("expires_at") or quote.expires_at)
        self._reckon(quote)

    def _expire_at(self, quote: Quote, moment: int) -> None:
        if moment <= self._desk.now():
            raise clash("Invalid expires_at: must be in the future.", "expires_at")
        quote.expires_at = moment
        cancel_timer(quote.timers, "expire")
        quote.timers["expire"] = self._desk.later(quote.customer, moment, self.expire, quote)

    def _reckon(self, quote: Quote) -> None:
        """What the lines come to: at acceptance, and in each period."""
        recurring = [line for line in quote.lines if line.price.recurring is not None]
        spans = {(r.interval, r.interval_count) for line in recurring if (r := line.price.recurring)}
        if len(spans) > 1:
            raise clash("All recurring prices of a quote must have the same interval.", "line_items")
        if quote.lines:
            quote.currency = quote.lines[0].price.currency
        quote.upfront = self._sum(quote, quote.lines)
        quote.recurring = self._sum(quote, recurring) if recurring else None
        quote.interval = spans.pop() if spans else ("month", 1)

    def _sum(self, quote: Quote, lines: Sequence[Offered]) -> Reckoned:
        """As an invoice of these would be; nothing is redeemed, and nobody hears of it."""
        desk, now = self._desk, self._desk.now()
        like = Subscription("", desk.ground.clock.now(), False, quote.customer, quote.currency, "", now, now)
        made = self._coupons.redeem(quote.wished_discounts, quote.customer, quote.currency)
        invoice = self._invoices.draft(
            quote.customer, quote.currency, default_tax_rates=quote.default_tax_rates, discounts=made
        )
        own = list(made)
        places: list[int] = []
        for line in lines:
            discounts = self._coupons.redeem(line.discounts, quote.customer, quote.currency)
            own += discounts
            planned = Planned(None, line.price, line.quantity, line.tax_rates, discounts)
            span = next_period(line.price, now, now) if line.price.recurring else (now, now)
            planned.quantity = 0 if planned.metered else line.quantity
            places.append(len(invoice.lines))
            self._bills.recurring(invoice, like, planned, span)
        self._invoices.reckon(invoice)
        self._coupons.give_back(own)
        quote.discounts = made
        off = sum(t.amount for x in invoice.lines for t in x.taken)
        tax = sum(t.amount for x in invoice.lines for t in x.taxes)
        return Reckoned(invoice.subtotal, off, tax, invoice.total, tuple(invoice.lines[i] for i in places))

    def _go(self, quote: Quote, status: str, said: str) -> None:
        if status not in MAY[quote.status]:
            raise self._wrong(quote, said, "draft")
        self.shelf.unfile(quote, ("status", quote.status))
        quote.status = move("quote", MAY, quote.status, status)
        self.shelf.file(quote, ("status", status))

    def _wrong(self, quote: Quote, said: str, allowed: str) -> Refused:
        # Wording unconfirmed.
        text = (
            f"This quote cannot be {said} because it has a status of {quote.status}. Only quotes with one of"
            f" the following statuses may be {said}: {allowed}."
        )
        return Refused(text, code="quote_unexpected_state")

    def _note(self, quote: Quote, event: str) -> None:
        self._desk.note(quote, event, quote.status, quote.customer, amount=quote.upfront.total)
        self._desk.emit(f"quote.{event}", quote)


def _of(quote: Quote) -> dict[str, Any]:
    """What a copy of a quote takes from it."""
    copied: dict[str, Any] = {name: getattr(quote, name) for name in _PLAIN}
    copied["default_tax_rates"] = [rate.id for rate in quote.default_tax_rates]
    return copied | {"lines": quote.lines, "discounts": quote.wished_discounts, "metadata": quote.metadata}
