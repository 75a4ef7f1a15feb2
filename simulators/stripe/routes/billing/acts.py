"""What is done with invoices over HTTP: lines, finalising, paying, payments, previews."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, one, page, taken
from simulators.stripe.routes.billing.papers import the_invoice
from simulators.stripe.routes.billing.wishes import (
    item_wish,
    moment,
    reductions,
    subscription_items,
    untaxed,
)
from simulators.stripe.rules.billing.paper_records import Invoice, InvoicePayment
from simulators.stripe.rules.billing.previews import needs_customer
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Shelf
from simulators.stripe.wire.billing import paper_params as params
from simulators.stripe.wire.billing.plan_params import PreviewCreate
from simulators.stripe.wire.params import Listing, Nothing
from simulators.stripe.wire.shapes import shape


def shelved(records: Any) -> Shelf[Any]:
    """Records that belong to one object, to be paged in their order."""
    shelf: Shelf[Any] = Shelf()
    for record in reversed(records):
        shelf.add(record)
    return shelf


async def list_lines(mode: Mode, call: Call) -> Reply:
    form = taken(Listing, call, "line_item", many=True)
    return page(mode, shelved(the_invoice(mode, call).lines), form, call, "line item")


async def update_line(mode: Mode, call: Call) -> Reply:
    form = taken(params.LineUpdate, call, "line_item")
    invoice = the_invoice(mode, call)
    line = mode.billing.invoices.line_on(invoice, call.params["line_item"])
    with mode.billing.desk.living(invoice.customer):
        mode.billing.lines.change(invoice, [(line, item_wish(mode, form))])
        return one(mode, mode.billing.invoices.line_on(invoice, line.id), form.expand)


async def add_lines(mode: Mode, call: Call) -> Reply:
    form = taken(params.AddLines, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        wishes = []
        for given in form.lines:
            wish = item_wish(mode, given)
            if given.invoice_item:
                wish["invoice_item"] = given.invoice_item
            wishes.append(wish)
        mode.billing.lines.add(invoice, wishes)
        return _with_metadata(mode, invoice, form)


async def update_lines(mode: Mode, call: Call) -> Reply:
    form = taken(params.UpdateLines, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        changes = [
            (mode.billing.invoices.line_on(invoice, x.id, f"lines[{i}][id]"), item_wish(mode, x))
            for i, x in enumerate(form.lines)
        ]
        mode.billing.lines.change(invoice, changes)
        return _with_metadata(mode, invoice, form)


async def remove_lines(mode: Mode, call: Call) -> Reply:
    form = taken(params.RemoveLines, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        wishes = [
            (mode.billing.invoices.line_on(invoice, x.id, f"lines[{i}][id]"), x.behavior)
            for i, x in enumerate(form.lines)
        ]
        mode.billing.lines.remove(invoice, wishes)
        return _with_metadata(mode, invoice, form)


def _with_metadata(mode: Mode, invoice: Invoice, form: Any) -> Reply:
    if "invoice_metadata" in form.model_fields_set:
        mode.billing.invoices.update(invoice, {"metadata": form.invoice_metadata})
    return one(mode, invoice, form.expand)


async def finalise(mode: Mode, call: Call) -> Reply:
    form = taken(params.Finalise, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        return one(mode, mode.billing.closing.finalise(invoice, form.auto_advance), form.expand)


async def pay(mode: Mode, call: Call) -> Reply:
    form = taken(params.Pay, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        paid = mode.billing.closing.pay(
            invoice,
            payment_method=form.payment_method,
            paid_out_of_band=form.paid_out_of_band,
            off_session=form.off_session,
        )
        intent = mode.intents.shelf.get(paid.intent)
        if paid.status != "paid" and intent is not None and intent.status == "requires_action":
            text = (
                "This payment requires additional user action before it can be completed successfully."
                " Payment can be completed using the PaymentIntent associated with the invoice."
            )
            raise Refused(
                text, code="invoice_payment_intent_requires_action", status=402, type="card_error",
                intent=intent,
            )  # fmt: skip
        return one(mode, paid, form.expand)


async def send(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        return one(mode, mode.billing.closing.send(invoice), form.expand)


async def void(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        return one(mode, mode.billing.closing.void(invoice), form.expand)


async def mark_uncollectible(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "invoice")
    invoice = the_invoice(mode, call)
    with mode.billing.desk.living(invoice.customer):
        return one(mode, mode.billing.closing.give_up(invoice), form.expand)


async def attach_payment(mode: Mode, call: Call) -> Reply:
    form = taken(params.AttachPayment, call, "invoice")
    invoice = the_invoice(mode, call)
    intent = mode.intents.take(form.payment_intent, "payment_intent")
    with mode.billing.desk.living(invoice.customer):
        return one(mode, mode.billing.collection.attach(invoice, intent), form.expand)


async def list_payments(mode: Mode, call: Call) -> Reply:
    form = taken(params.PaymentList, call, "invoice_payment", many=True)
    key: tuple[str, ...] = ()
    if form.invoice:
        key = ("invoice", form.invoice)
    elif form.payment is not None and form.payment.payment_intent:
        key = ("intent", form.payment.payment_intent)

    def keep(p: InvoicePayment) -> bool:
        wanted = form.payment.payment_intent if form.payment is not None else ""
        return form.status in (None, p.status) and wanted in ("", p.intent)

    return page(mode, mode.billing.invoices.payments, form, call, "invoice payment", key, keep)


async def retrieve_payment(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "invoice_payment")
    shelf = mode.billing.invoices.payments
    found = shelf.get(call.params["invoice_payment"])
    if found is None:
        text = f"No such invoice payment: '{call.params['invoice_payment']}'"
        raise Refused(text, code="resource_missing", param="invoice_payment", status=404)
    return one(mode, found, form.expand)


async def preview(mode: Mode, call: Call) -> Reply:
    form = taken(PreviewCreate, call, "invoice")
    untaxed(form)
    billing = mode.billing
    sub = None
    if form.subscription:
        sub = billing.subscriptions.take(form.subscription, path=False)
    elif form.schedule:
        schedule = billing.schedules.take(form.schedule)
        if schedule.subscription:
            sub = billing.subscriptions.take(schedule.subscription)
    customer = form.customer or (sub.customer if sub else "")
    if not customer:
        raise needs_customer()
    owner = mode.customers.take(customer)
    with billing.desk.living(owner.id):
        details = _details(mode, form.subscription_details)
        if form.currency and not sub:
            details.setdefault("currency", form.currency.lower())
        invoice = billing.previews.preview(
            owner.id,
            sub,
            details,
            [item_wish(mode, one) for one in form.invoice_items],
            reductions(form.discounts) if "discounts" in form.model_fields_set else None,
            form.currency.lower(),
            form.preview_mode == "recurring",
        )
        return drawn(mode, shape(invoice, mode.clock.now()), form.expand)


def _details(mode: Mode, given: Any) -> dict[str, Any]:
    names = given.model_fields_set
    wish: dict[str, Any] = {
        name: getattr(given, name)
        for name in ("cancel_at_period_end", "cancel_now", "proration_behavior", "proration_date")
        if name in names
    }
    if "items" in names:
        wish["items"] = subscription_items(mode, given.items)
    if "default_tax_rates" in names:
        wish["default_tax_rates"] = given.default_tax_rates or ()
    if given.trial_end is not None:
        wish["trial_end"] = moment(given.trial_end)
    if given.billing_cycle_anchor is not None:
        anchor = given.billing_cycle_anchor
        wish["billing_cycle_anchor"] = anchor.timestamp if anchor.type == "timestamp" else anchor.type
    return wish
