"""Invoice items: what is to be billed beside subscriptions, on a draft or pending for the next."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from simulators.stripe.rules.billing.catalog import Catalog
from simulators.stripe.rules.billing.catalog_records import Charged, Price
from simulators.stripe.rules.billing.coupons import Coupons
from simulators.stripe.rules.billing.desk import Desk, changed, clash, differences, taken
from simulators.stripe.rules.billing.paper_records import InvoiceItem
from simulators.stripe.rules.billing.rating import cost, rounded
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.billing.wallets import Wallets
from simulators.stripe.rules.currencies import known_currency
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.shelf import Shelf


class InvoiceItems:
    """The invoice items of one mode."""

    def __init__(
        self, desk: Desk, catalog: Catalog, coupons: Coupons, rates: TaxRates, wallets: Wallets
    ) -> None:
        self._desk, self._catalog, self._coupons = desk, catalog, coupons
        self._rates, self._wallets = rates, wallets
        self.shelf: Shelf[InvoiceItem] = Shelf()

    def take(self, id: str, param: str = "invoiceitem", *, path: bool = False) -> InvoiceItem:  # noqa: A002
        """The item; Refused with resource_missing."""
        return taken(self.shelf, "invoiceitem", id, param, path=path)

    def create(self, customer: str, wish: Mapping[str, Any], currency: str = "") -> InvoiceItem:
        """A new item, pending unless `invoice` names the draft that takes it."""
        made = self.shown(customer, wish, currency)
        self._wallets.settle_currency(customer, made.currency)
        return self.enter(made)

    def shown(self, customer: str, wish: Mapping[str, Any], currency: str = "") -> InvoiceItem:
        """The item that would be; nobody knows of it yet."""
        desk, ground = self._desk, self._desk.ground
        wish = dict(wish)
        quantity = wish.pop("quantity", None)
        price, unit, amount = self._worth(wish, quantity)
        currency = known_currency(self._currency(customer, currency, wish, price))
        if price is not None:
            unit, amount = _priced(price, currency, 1 if quantity is None else quantity)
        discounts = wish.pop("discounts", None)
        rates = self._rates.several(wish.pop("tax_rates", ()), "tax_rates")
        now = desk.now()
        given = wish.pop("period", None)
        made = InvoiceItem(
            ground.numbers.new("ii"),
            ground.clock.now(),
            ground.live,
            customer,
            currency,
            amount,
            1 if quantity is None else quantity,
            unit,
            given or (now, now),
            price,
            tax_rates=rates,
            test_clock=desk.clock_id(customer),
            metadata=merged(NOTHING, wish.pop("metadata", NOTHING)),
            **wish,
        )
        if discounts is not None:
            made.discounts = self._coupons.redeem(discounts, customer, currency, invoice_item=made.id)
        if price is not None and made.description is None:
            made.description = price.product.name
        return made

    def enter(self, item: InvoiceItem) -> InvoiceItem:
        """Shelve a new item and say so."""
        self.shelf.add(item, ("customer", item.customer))
        self.place(item, item.invoice)
        self._desk.note(item, "created", "", item.customer, item.invoice, amount=item.amount)
        self._desk.emit("invoiceitem.created", item)
        return item

    def place(self, item: InvoiceItem, invoice: str) -> None:
        """Put the item on an invoice; "": it is pending."""
        self.shelf.unfile(item, ("pending", item.customer))
        self.shelf.unfile(item, ("pending",))
        self.shelf.unfile(item, ("invoice", item.invoice))
        item.invoice = invoice
        if invoice:
            self.shelf.file(item, ("invoice", invoice))
        else:
            self.shelf.file(item, ("pending", item.customer))
            self.shelf.file(item, ("pending",))

    def pending(self, customer: str, currency: str, subscription: str | None = None) -> list[InvoiceItem]:
        """What the next invoice takes; with a subscription: its own items and those of none."""
        return [
            item
            for item in self.shelf.under(("pending", customer))
            if item.currency == currency
            and (item.subscription == "" or subscription is None or item.subscription == subscription)
        ]

    def update(self, item: InvoiceItem, changes: Mapping[str, Any]) -> InvoiceItem:
        """Change an item whose invoice is not finalised (the caller has looked)."""
        changes = dict(changes)
        previous: dict[str, Any] = {}
        money = {"amount", "price", "unit", "quantity"} & changes.keys()
        if item.proration and money:
            text = "You cannot change the amount or quantity of a proration."
            raise clash(text, sorted(money)[0])
        if "metadata" in changes:
            metadata = merged(item.metadata, changes.pop("metadata"))
            if metadata != item.metadata:
                previous["metadata"] = differences(item.metadata, metadata)
                item.metadata = metadata
        if "tax_rates" in changes:
            item.tax_rates = self._rates.several(changes.pop("tax_rates"), "tax_rates")
        if "discounts" in changes:
            given = changes.pop("discounts") or ()
            item.discounts = self._coupons.redeem(given, item.customer, item.currency, invoice_item=item.id)
        if money:
            quantity = changes.pop("quantity", None)
            wanted: dict[str, Any] = {k: changes.pop(k) for k in ("amount", "price", "unit") if k in changes}
            previous |= self._revalue(item, wanted, quantity)
        previous |= changed(item, changes)
        self._desk.note(item, "updated", "", item.customer, item.invoice, amount=item.amount)
        return item

    def delete(self, item: InvoiceItem) -> InvoiceItem:
        """Gone; only while its invoice is not finalised (the caller has looked)."""
        for key in (("pending", item.customer), ("pending",), ("customer", item.customer), ()):
            self.shelf.unfile(item, key)
        self.shelf.unfile(item, ("invoice", item.invoice))
        self._desk.emit("invoiceitem.deleted", item)
        item.deleted = True
        self._desk.note(item, "deleted", "deleted", item.customer)
        return item

    def _currency(self, customer: str, currency: str, wish: dict[str, Any], price: Price | None) -> str:
        given = wish.pop("currency", None)
        wallet = self._desk.wallet(customer)
        return str(given or currency or (price.currency if price else "") or wallet.currency or "usd")

    def _worth(self, wish: dict[str, Any], quantity: int | None) -> tuple[Price | None, Decimal, int]:
        """(price, unit, amount) of what is wished, taken out of the wish."""
        amount, price, unit = wish.pop("amount", None), wish.pop("price", None), wish.pop("unit", None)
        given = [
            name
            for name, value in (("amount", amount), ("pricing", price), ("unit_amount_decimal", unit))
            if value is not None
        ]
        if len(given) > 1:
            raise clash(f"You may only specify one of these parameters: {', '.join(given)}.")
        if price is not None:
            return price, Decimal(0), 0
        if unit is not None:
            return None, unit, rounded(Fraction(unit) * (1 if quantity is None else quantity))
        if amount is None:
            text = "You must pass either an amount or a price."
            raise clash(text, "amount", "parameter_missing")
        if quantity is not None:
            text = "You cannot specify `quantity` with `amount`. Use `unit_amount_decimal` instead."
            raise clash(text, "quantity")
        return None, Decimal(amount), amount

    def _revalue(self, item: InvoiceItem, wanted: dict[str, Any], quantity: int | None) -> dict[str, Any]:
        times = item.quantity if quantity is None else quantity
        price = wanted.get("price", item.price)
        if "amount" in wanted:
            price, unit, amount, times = None, Decimal(wanted["amount"]), wanted["amount"], 1
        elif price is not None and "unit" not in wanted:
            unit, amount = _priced(price, item.currency, times)
        else:
            unit = wanted.get("unit", item.unit)
            amount = rounded(Fraction(unit) * times)
        return changed(item, {"price": price, "unit": unit, "amount": amount, "quantity": times})


def _priced(price: Price, currency: str, quantity: int) -> tuple[Decimal, int]:
    """(unit, amount) of a price in a currency."""
    charged: Charged | None = price.charged_in(currency)
    if charged is None:
        text = (
            f"The price specified only supports `{price.currency}`. This doesn't match the expected currency:"
            f" `{currency}`."
        )
        raise clash(text, "pricing[price]")
    return charged.unit or Decimal(0), rounded(cost(price, charged, quantity))
