"""Quotes over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, one, page, taken
from simulators.stripe.routes.billing.wishes import price_of, reductions, untaxed
from simulators.stripe.rules.billing.quote_records import Offered, Quote
from simulators.stripe.rules.mode import Mode
from simulators.stripe.wire.billing import quote_params as params
from simulators.stripe.wire.billing.quotes import quote_lines
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.params import Listing, Nothing
from simulators.stripe.wire.shapes import listed

_PLAIN = ("collection_method", "description", "expires_at", "footer", "header", "metadata")


async def create(mode: Mode, call: Call) -> Reply:
    form = taken(params.QuoteCreate, call, "quote")
    customer = mode.customers.take(form.customer).id if form.customer else ""
    origin = mode.billing.quotes.take(form.from_quote.quote, "from_quote[quote]") if form.from_quote else None
    with mode.billing.desk.living(customer):
        return one(mode, mode.billing.quotes.create(customer, _wish(mode, form), origin), form.expand)


async def retrieve(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "quote")
    return one(mode, _quote(mode, call), form.expand)


async def update(mode: Mode, call: Call) -> Reply:
    form = taken(params.QuoteFields, call, "quote")
    quote = _quote(mode, call)
    wish = _wish(mode, form)
    if form.customer:
        wish["customer"] = mode.customers.take(form.customer).id
    with mode.billing.desk.living(form.customer or quote.customer):
        return one(mode, mode.billing.quotes.update(quote, wish), form.expand)


async def finalize(mode: Mode, call: Call) -> Reply:
    form = taken(params.QuoteFinalize, call, "quote")
    quote = _quote(mode, call)
    with mode.billing.desk.living(quote.customer):
        return one(mode, mode.billing.quotes.finalize(quote, form.expires_at), form.expand)


async def accept(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "quote")
    quote = _quote(mode, call)
    with mode.billing.desk.living(quote.customer):
        return one(mode, mode.billing.quotes.accept(quote), form.expand)


async def cancel(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "quote")
    quote = _quote(mode, call)
    with mode.billing.desk.living(quote.customer):
        return one(mode, mode.billing.quotes.cancel(quote), form.expand)


async def pdf(mode: Mode, call: Call) -> Reply:
    quote = _quote(mode, call)
    if quote.status == "draft":
        raise Invalid("Only finalized quotes have a PDF.")
    text = f"%PDF-1.4\n% {quote.number}\n%%EOF\n".encode()
    return Reply(200, text, (("content-type", "application/pdf"),))


async def list_all(mode: Mode, call: Call) -> Reply:
    form = taken(params.QuoteList, call, "quote", many=True)
    key = ("customer", form.customer) if form.customer else ("status", form.status) if form.status else ()

    def keep(quote: Quote) -> bool:
        clocked = form.test_clock == quote.test_clock or (form.customer and not form.test_clock)
        return bool(clocked) and form.status in (None, quote.status)

    return page(mode, mode.billing.quotes.shelf, form, call, "quote", key, keep)


async def list_lines(mode: Mode, call: Call) -> Reply:
    taken(Listing, call, "quote", many=True)
    quote = _quote(mode, call)
    return drawn(mode, listed(call.path, quote_lines(quote, mode.clock.now(), quote.upfront), False))


def _quote(mode: Mode, call: Call) -> Quote:
    return mode.billing.quotes.take(call.params["quote"], path=True)


def _wish(mode: Mode, form: params.QuoteFields) -> dict[str, Any]:
    untaxed(form)
    names = form.model_fields_set
    wish: dict[str, Any] = {name: getattr(form, name) for name in _PLAIN if name in names}
    if "line_items" in names:
        wish["lines"] = [_line(mode, x, i) for i, x in enumerate(form.line_items)]
    if "default_tax_rates" in names:
        wish["default_tax_rates"] = form.default_tax_rates or ()
    if "discounts" in names:
        wish["discounts"] = reductions(form.discounts)
    if "invoice_settings" in names:
        wish["invoice_settings"] = form.invoice_settings.model_dump(exclude_unset=True)
    if "subscription_data" in names:
        data = form.subscription_data
        terms = data.model_dump(exclude_unset=True, exclude={"effective_date", "billing_mode"})
        if data.billing_mode is not None:
            terms["billing_mode"] = data.billing_mode.type
        wish["terms"] = {name: value for name, value in terms.items() if value is not None}
        if "effective_date" in data.model_fields_set:
            wish["effective"] = data.effective_date
    return wish


def _line(mode: Mode, x: params.QuoteLine, i: int) -> Offered:
    if bool(x.price) == (x.price_data is not None):
        text = "You must specify one of these parameters: price, price_data."
        raise Invalid(text, param=f"line_items[{i}]")
    if x.price_data is not None:
        price = price_of(mode, x.price_data, recurring=x.price_data.recurring is not None)
    else:
        price = mode.billing.catalog.price(x.price, f"line_items[{i}][price]")
    rates = mode.billing.tax_rates.several(x.tax_rates, f"line_items[{i}][tax_rates]")
    id = mode.billing.desk.ground.numbers.new("li")  # noqa: A001
    quantity = 1 if x.quantity is None else x.quantity
    return Offered(id, price, quantity, rates, tuple(reductions(x.discounts)))
