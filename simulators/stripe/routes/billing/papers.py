"""Invoice items and invoices over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import look, one, page, search, taken
from simulators.stripe.routes.billing.wishes import item_wish, lists, reductions, untaxed
from simulators.stripe.rules.billing.invoice_life import must_be_draft
from simulators.stripe.rules.billing.paper_records import Invoice, InvoiceItem
from simulators.stripe.rules.mode import Mode
from simulators.stripe.wire.billing import paper_params as params
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.params import Nothing, Search

_SEARCHED = {
    "created": "number", "currency": "text", "customer": "text", "metadata": "metadata", "number": "text",
    "receipt_number": "text", "status": "text", "subscription": "text", "total": "number",
}  # fmt: skip


async def create_item(mode: Mode, call: Call) -> Reply:
    form = taken(params.ItemCreate, call, "invoiceitem")
    billing = mode.billing
    draft = billing.invoices.take(form.invoice) if form.invoice else None
    customer = form.customer or (draft.customer if draft else "")
    if not customer:
        raise Invalid("Missing required param: customer.", "parameter_missing", "customer")
    owner = mode.customers.take(customer)
    if draft is not None:
        must_be_draft(draft)
        if draft.customer != owner.id:
            raise Invalid("The invoice belongs to another customer.", param="invoice")
    with billing.desk.living(owner.id):
        wish = item_wish(mode, form)
        if form.currency:
            wish["currency"] = form.currency
        if form.subscription:
            sub = billing.subscriptions.take(form.subscription)
            if sub.customer != owner.id:
                raise Invalid("The subscription belongs to another customer.", param="subscription")
        if draft is not None:
            wish["invoice"] = draft.id
        item = billing.items.create(owner.id, wish, draft.currency if draft else "")
        if draft is not None:
            draft.lines.append(billing.invoices.line_of(draft, item))
            billing.invoices.retotal(draft)
        return one(mode, item, form.expand)


async def retrieve_item(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "invoiceitem")
    return one(mode, _item(mode, call), form.expand)


async def update_item(mode: Mode, call: Call) -> Reply:
    form = taken(params.ItemUpdate, call, "invoiceitem")
    item = _item(mode, call)
    draft = _draft_of(mode, item)
    with mode.billing.desk.living(item.customer):
        changes = item_wish(mode, form)
        if draft is None:
            mode.billing.items.update(item, changes)
        else:
            line = next(x for x in draft.lines if x.item is item)
            mode.billing.lines.change(draft, [(line, changes)])
        return one(mode, item, form.expand)


async def delete_item(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "invoiceitem")
    item = _item(mode, call)
    draft = _draft_of(mode, item)
    with mode.billing.desk.living(item.customer):
        mode.billing.items.delete(item)
        if draft is not None:
            mode.billing.lines.drop(draft, item.id)
        return one(mode, item)


async def list_items(mode: Mode, call: Call) -> Reply:
    form = taken(params.ItemList, call, "invoiceitem", many=True)
    key: tuple[str, ...] = ()
    if form.invoice:
        key = ("invoice", form.invoice)
    elif form.pending:
        key = ("pending", form.customer) if form.customer else ("pending",)
    elif form.customer:
        key = ("customer", form.customer)

    def keep(x: InvoiceItem) -> bool:
        return form.customer in ("", x.customer) and form.pending in (None, not x.invoice)

    return page(mode, mode.billing.items.shelf, form, call, "invoiceitem", key, keep)


async def create_invoice(mode: Mode, call: Call) -> Reply:
    form = taken(params.InvoiceCreate, call, "invoice")
    untaxed(form)
    billing = mode.billing
    if form.from_invoice is not None:
        return one(mode, _revision(mode, form), form.expand)
    sub = billing.subscriptions.take(form.subscription) if form.subscription else None
    customer = form.customer or (sub.customer if sub else "")
    if not customer:
        raise Invalid("Missing required param: customer.", "parameter_missing", "customer")
    owner = mode.customers.take(customer)
    wish = _wish(mode, form, owner.id)
    wish["pending"] = form.pending_invoice_items_behavior
    if sub is not None:
        wish |= {"subscription": sub.id, "subscription_metadata": sub.metadata}
    with billing.desk.living(owner.id):
        return one(mode, billing.invoices.create(owner.id, form.currency.lower(), wish), form.expand)


def _revision(mode: Mode, form: Any) -> Invoice:
    """A draft like the invoice that it is to replace."""
    billing = mode.billing
    old = billing.invoices.take(form.from_invoice.invoice, "from_invoice[invoice]")
    if old.status != "open":
        raise Invalid("You can only revise an open invoice.", param="from_invoice[invoice]")
    with billing.desk.living(old.customer):
        draft = billing.invoices.draft(
            old.customer,
            old.currency,
            from_invoice=old.id,
            collection_method=old.collection_method,
            days_until_due=old.days_until_due,
            due_date=old.due_date,
            default_tax_rates=old.default_tax_rates,
            discounts=old.discounts,
            description=old.description,
            footer=old.footer,
            metadata=old.metadata,
        )
        for x in old.lines:
            line = billing.invoices.line(
                draft, x.amount, quantity=x.quantity, unit=x.unit, period=x.period, price=x.price,
                description=x.description, discountable=x.discountable, discounts=x.discounts,
                tax_rates=x.tax_rates, metadata=x.metadata,
            )  # fmt: skip
            draft.lines.append(line)
        return billing.invoices.enter(draft)


def _wish(mode: Mode, form: Any, customer: str) -> dict[str, Any]:
    names = form.model_fields_set
    wish: dict[str, Any] = {name: getattr(form, name) for name in _PLAIN if name in names}
    if "automatically_finalizes_at" in names:
        wish["finalizes_at"] = form.automatically_finalizes_at
    if "custom_fields" in names:
        fields = form.custom_fields
        wish["custom_fields"] = tuple((f.name, f.value) for f in fields) if fields else None
    if "default_payment_method" in names:
        id = form.default_payment_method or ""  # noqa: A001
        owner = mode.customers.take(customer)
        wish["default_payment_method"] = mode.methods.default_for(owner, id) if id else ""
    if "default_tax_rates" in names:
        wish["default_tax_rates"] = form.default_tax_rates or ()
    if "discounts" in names:
        wish["discounts"] = reductions(form.discounts)
    if "number" in names:
        wish["number"] = form.number or ""
    if "payment_settings" in names:
        settings = lists(form.payment_settings or {})
        types = settings.get("payment_method_types")
        wish["payment_method_types"] = tuple(types) if types else None
        wish["payment_method_options"] = settings.get("payment_method_options") or None
    return wish


_PLAIN = (
    "auto_advance",
    "collection_method",
    "days_until_due",
    "description",
    "due_date",
    "effective_at",
    "footer",
    "metadata",
    "statement_descriptor",
)


async def retrieve_invoice(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "invoice")
    return one(mode, the_invoice(mode, call), form.expand)


async def update_invoice(mode: Mode, call: Call) -> Reply:
    form = taken(params.InvoiceUpdate, call, "invoice")
    untaxed(form)
    invoice = the_invoice(mode, call)
    wish = _wish(mode, form, invoice.customer)
    with mode.billing.desk.living(invoice.customer):
        return one(mode, mode.billing.invoices.update(invoice, wish), form.expand)


async def delete_invoice(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        return one(mode, mode.billing.invoices.delete(invoice))


async def list_invoices(mode: Mode, call: Call) -> Reply:
    form = taken(params.InvoiceList, call, "invoice", many=True)
    key: tuple[str, ...] = ()
    if form.subscription:
        key = ("subscription", form.subscription)
        if form.status:
            key = ("subscription-status", form.subscription, form.status)
    elif form.customer:
        key = ("customer-status", form.customer, form.status) if form.status else ("customer", form.customer)
    elif form.status:
        key = ("status", form.status)

    def keep(i: Invoice) -> bool:
        return (
            form.customer in ("", i.customer)
            and form.collection_method in (None, i.collection_method)
            and within(form.due_date, i.due_date)
        )

    return page(mode, mode.billing.invoices.shelf, form, call, "invoice", key, keep)


def within(bounds: Any, value: int | None) -> bool:
    """Whether a second lies within given bounds; no bounds hold everything."""
    if bounds is None:
        return True
    return value is not None and all(
        limit is None or holds
        for limit, holds in (
            (bounds.gt, bounds.gt is not None and value > bounds.gt),
            (bounds.gte, bounds.gte is not None and value >= bounds.gte),
            (bounds.lt, bounds.lt is not None and value < bounds.lt),
            (bounds.lte, bounds.lte is not None and value <= bounds.lte),
        )
    )


async def find_invoices(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "invoice", many=True)
    return search(mode, mode.billing.invoices.shelf, form, call, _SEARCHED, _shown)


def _shown(record: Any, name: str) -> str | int | None:
    if name == "receipt_number":
        return None
    return look(record, name)


def the_invoice(mode: Mode, call: Call) -> Invoice:
    """The invoice named in the path."""
    return mode.billing.invoices.take(call.params["invoice"], "invoice", path=True)


def _item(mode: Mode, call: Call) -> InvoiceItem:
    return mode.billing.items.take(call.params["invoiceitem"], "invoiceitem", path=True)


def _draft_of(mode: Mode, item: InvoiceItem) -> Invoice | None:
    """The draft that the item is on; Refused when that is final."""
    if not item.invoice:
        return None
    invoice = mode.billing.invoices.take(item.invoice)
    must_be_draft(invoice)
    return invoice
