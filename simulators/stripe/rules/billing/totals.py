"""From lines to totals: item discounts, then invoice discounts, then taxes, each line on its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from simulators.stripe.rules.billing.catalog_records import Coupon, Discount, TaxRate
from simulators.stripe.rules.billing.paper_records import Invoice, Line, Taken, Taxed
from simulators.stripe.rules.billing.rating import rounded


def reckon(invoice: Invoice, exempt: str = "none") -> None:
    """Work out what every line loses and is taxed, and the invoice's sums. exempt: the customer's."""
    lines = invoice.lines
    for line in lines:
        line.taken = ()
        for discount in line.discounts:
            _take(discount, [line])
    invoice.subtotal = sum(line.net for line in lines)
    for discount in invoice.discounts:
        _take(discount, [line for line in lines if line.discountable and not line.discounts])
    for line in lines:
        line.taxes = taxed(line.net, line.tax_rates or invoice.default_tax_rates, exempt)
    invoice.total = sum(line.net + exclusive(line.taxes) for line in lines)


def _take(discount: Discount, lines: list[Line]) -> None:
    """Take one discount off the lines it applies to."""
    coupon = discount.coupon
    if coupon.products:
        lines = [line for line in lines if line.price and line.price.product.id in coupon.products]
    if not lines:
        return
    for line, amount in zip(lines, _shares(coupon, lines), strict=True):
        if amount or line.discounts:
            line.taken = (*line.taken, Taken(discount, amount))


def _shares(coupon: Coupon, lines: Sequence[Line]) -> list[int]:
    """What the coupon takes off each line."""
    if coupon.percent is not None:
        return [rounded(Fraction(line.net) * Fraction(coupon.percent) / 100) for line in lines]
    off = coupon.off_in(lines[0].currency) or 0
    nets = [max(0, line.net) for line in lines]
    return split(min(off, sum(nets)), nets)


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Share an amount out by weight; what rounding leaves goes to the largest remainders."""
    total = sum(weights)
    if not total:
        return [0 for _ in weights]
    shares = [amount * weight // total for weight in weights]
    rest = amount - sum(shares)
    order = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in order[:rest]:
        shares[i] += 1
    return shares


def taxed(net: int, rates: Iterable[TaxRate], exempt: str = "none") -> tuple[Taxed, ...]:
    """The taxes of an amount; inclusive ones are found within it, exclusive ones come on top."""
    rates = tuple(rates)
    if exempt != "none":
        reason = "customer_exempt" if exempt == "exempt" else "reverse_charge"
        return tuple(Taxed(rate, 0, 0, reason) for rate in rates)
    within = sum((Fraction(rate.percentage) for rate in rates if rate.inclusive), Fraction(0))
    base = Fraction(net) * 100 / (100 + within)
    taxes = []
    inside = rounded(Fraction(net) - base)
    found = 0
    inclusive = [rate for rate in rates if rate.inclusive]
    for rate in rates:
        share = Fraction(rate.percentage) / 100
        if rate.inclusive:
            amount = inside - found if rate is inclusive[-1] else rounded(base * share)
            found += amount
        else:
            amount = rounded((net - inside) * share)
        reason = "standard_rated" if rate.percentage else "zero_rated"
        taxes.append(Taxed(rate, amount, net - inside, reason))
    return tuple(taxes)


def exclusive(taxes: Iterable[Taxed]) -> int:
    """What comes on top."""
    return sum(t.amount for t in taxes if not t.rate.inclusive)


def inclusive_part(taxes: Iterable[Taxed]) -> int:
    """What is within."""
    return sum(t.amount for t in taxes if t.rate.inclusive)
