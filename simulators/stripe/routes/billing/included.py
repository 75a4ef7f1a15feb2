"""What billing's objects show only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.shelf import Shelf
from simulators.stripe.wire.billing.catalog import currency_options, tiers
from simulators.stripe.wire.billing.contracts import subscription
from simulators.stripe.wire.billing.papers import payments, secret
from simulators.stripe.wire.billing.quotes import quote_lines
from simulators.stripe.wire.shapes import listed

INCLUDED = frozenset(
    {
        "+subscriptions",
        "+payments",
        "+confirmation_secret",
        "+tiers",
        "+currency_options",
        "+applies_to",
        "+coupon_options",
        "+quote_lines",
    }
)


def included(shelves: Mapping[str, Shelf[Any]], name: str, id: str, now: int) -> Any:  # noqa: A002
    """The member `name` of the object `id`."""
    if name == "+subscriptions":
        found = shelves["subscription"].under(("customer-listed", id))[::-1]
        shown = [subscription(s, now) for s in found[:10]]
        return listed(f"/v1/customers/{id}/subscriptions", shown, len(found) > 10)
    if name == "+quote_lines":
        quote = shelves["quote"].get(id)
        lines = quote_lines(quote, now, quote.upfront) if quote else ()
        return listed(f"/v1/quotes/{id}/line_items", lines, False)
    if name in ("+payments", "+confirmation_secret"):
        invoice = shelves["invoice"].get(id)
        if invoice is None:
            return None
        return payments(invoice, now) if name == "+payments" else secret(invoice)
    if name in ("+tiers", "+currency_options"):
        price = shelves["price"].get(id)
        if price is None:
            return None
        if name == "+currency_options":
            return currency_options(price)
        return tiers(price.charged) if price.charged.tiers else None
    coupon = shelves["coupon"].get(id)
    if coupon is None or coupon.deleted:
        return None
    if name == "+applies_to":
        return {"products": list(coupon.products)} if coupon.products else None
    return {currency: {"amount_off": off} for currency, off in coupon.options.items()} or None
