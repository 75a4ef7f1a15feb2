"""Invoices, invoice items, credit notes and balances through Stripe's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_billing import DAY, Bench

HOUR = 3_600_000_000


class Desk:
    """A customer without a clock."""

    def __init__(self, lab: Sandboxes, card: str = "pm_card_visa") -> None:
        self.lab = lab
        self.v1 = Bench(lab, card="").v1
        self.customer = self.v1.customers.create({"name": "Acme", "email": "a@example.com"})
        if card:
            self.card(card)

    def card(self, card: str) -> None:
        method = self.v1.payment_methods.attach(card, {"customer": self.customer.id})
        default: Any = {"invoice_settings": {"default_payment_method": method.id}}
        self.v1.customers.update(self.customer.id, default)

    def draft(self, *amounts: int, **more: Any) -> Any:
        wish: Any = {"customer": self.customer.id, "auto_advance": False, **more}
        invoice = self.v1.invoices.create(wish)
        for amount in amounts:
            self.v1.invoice_items.create(
                {"customer": self.customer.id, "invoice": invoice.id, "amount": amount, "currency": "usd"}
            )
        return self.v1.invoices.retrieve(invoice.id)

    def open(self, *amounts: int, **more: Any) -> Any:
        return self.v1.invoices.finalize_invoice(self.draft(*amounts, **more).id)

    def paid(self, *amounts: int, **more: Any) -> Any:
        return self.v1.invoices.pay(self.open(*amounts, **more).id)

    def refused(self, act: Any, *args: Any) -> stripe.InvalidRequestError:
        with pytest.raises(stripe.InvalidRequestError) as no:
            act(*args)
        return no.value


def test_draft_open_paid(lab: Sandboxes) -> None:
    d = Desk(lab)
    draft = d.draft(1000, 250)
    assert (draft.status, draft.number, draft.total, draft.amount_due) == ("draft", None, 1250, 1250)
    assert (draft.ending_balance, draft.auto_advance, draft.automatically_finalizes_at) == (None, False, None)
    assert draft.lines.data[0].parent.invoice_item_details.proration is False
    final = d.v1.invoices.finalize_invoice(draft.id, {"expand": ["confirmation_secret", "payments"]})
    assert (final.status, final.amount_remaining) == ("open", 1250)
    assert final.number == f"{d.customer.invoice_prefix}-0001"
    assert final.hosted_invoice_url
    assert final.effective_at == final.status_transitions.finalized_at
    assert (final.starting_balance, final.ending_balance) == (0, 0)
    assert final.payments.data[0].status == "open"  # type: ignore[union-attr]
    paid = d.v1.invoices.pay(draft.id)
    assert (paid.status, paid.amount_paid, paid.attempt_count, paid.attempted) == ("paid", 1250, 1, True)
    payments = d.v1.invoice_payments.list({"invoice": draft.id}).data
    assert [(p.status, p.amount_paid) for p in payments] == [("paid", 1250)]
    intent = payments[0].payment.payment_intent
    assert (
        d.v1.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": str(intent)}})
        .data[0]
        .invoice
        == draft.id
    )
    assert d.v1.invoice_payments.retrieve(payments[0].id).is_default is True
    assert "paid" in d.refused(d.v1.invoices.pay, draft.id).user_message  # type: ignore[operator]


def test_a_declined_invoice_stays_open(lab: Sandboxes) -> None:
    d = Desk(lab, card="pm_card_chargeCustomerFail")
    invoice = d.open(1000)
    with pytest.raises(stripe.CardError) as no:
        d.v1.invoices.pay(invoice.id)
    assert (no.value.http_status, no.value.code) == (402, "card_declined")
    after = d.v1.invoices.retrieve(invoice.id)
    assert (after.status, after.attempt_count, after.attempted, after.amount_paid) == ("open", 1, True, 0)
    d.card("pm_card_visa")
    assert d.v1.invoices.pay(invoice.id).status == "paid"
    assert len(d.v1.invoice_payments.list({"invoice": invoice.id}).data) == 1


def test_pay_with_another_card_or_elsewhere(lab: Sandboxes) -> None:
    d = Desk(lab, card="")
    no = d.refused(d.v1.invoices.pay, d.open(1000).id)
    assert no.code == "resource_missing"
    card = d.v1.payment_methods.attach("pm_card_mastercard", {"customer": d.customer.id})
    assert d.v1.invoices.pay(d.open(1000).id, {"payment_method": card.id}).status == "paid"
    elsewhere = d.v1.invoices.pay(d.open(700).id, {"paid_out_of_band": True})
    assert (elsewhere.status, elsewhere.amount_remaining, elsewhere.amount_paid_off_stripe) == (
        "paid",
        0,
        700,
    )


def test_what_is_final_cannot_be_edited(lab: Sandboxes) -> None:
    d = Desk(lab)
    invoice = d.open(1000)
    assert d.refused(d.v1.invoices.finalize_invoice, invoice.id).http_status == 400
    item = d.v1.invoice_items.list({"invoice": invoice.id}).data[0]
    for act, args in (
        (d.v1.invoices.update, (invoice.id, {"days_until_due": 3, "collection_method": "send_invoice"})),
        (d.v1.invoice_items.update, (item.id, {"amount": 5})),
        (d.v1.invoice_items.delete, (item.id,)),
        (d.v1.invoices.add_lines, (invoice.id, {"lines": [{"amount": 5}]})),
        (
            d.v1.invoice_items.create,
            ({"customer": d.customer.id, "invoice": invoice.id, "amount": 1, "currency": "usd"},),
        ),
    ):
        assert d.refused(act, *args).code == "invoice_not_editable"
    assert d.v1.invoices.update(invoice.id, {"metadata": {"po": "7"}}).metadata.to_dict() == {"po": "7"}  # type: ignore[union-attr]
    assert "draft" in str(d.refused(d.v1.invoices.delete, invoice.id))


def test_drafts_are_deleted_and_their_items_are_pending_again(lab: Sandboxes) -> None:
    d = Desk(lab)
    d.v1.invoice_items.create({"customer": d.customer.id, "amount": 900, "currency": "usd"})
    excluded = d.v1.invoices.create({"customer": d.customer.id})
    assert excluded.total == 0
    draft = d.v1.invoices.create({"customer": d.customer.id, "pending_invoice_items_behavior": "include"})
    assert draft.total == 900
    assert d.v1.invoice_items.list({"customer": d.customer.id, "pending": True}).data == []
    assert d.v1.invoices.delete(draft.id).deleted is True
    assert len(d.v1.invoice_items.list({"customer": d.customer.id, "pending": True}).data) == 1
    assert d.refused(d.v1.invoices.retrieve, draft.id).http_status == 404


def test_void_and_uncollectible(lab: Sandboxes) -> None:
    d = Desk(lab)
    bad = d.v1.invoices.mark_uncollectible(d.open(1000).id)
    assert bad.status == "uncollectible"
    assert bad.status_transitions.marked_uncollectible_at
    assert d.v1.invoices.pay(bad.id).status == "paid"
    void = d.v1.invoices.void_invoice(d.open(1000).id)
    assert void.status == "void"
    assert d.refused(d.v1.invoices.void_invoice, void.id).http_status == 400
    assert d.refused(d.v1.invoices.pay, void.id).http_status == 400
    assert d.refused(d.v1.invoices.void_invoice, d.draft(5).id).http_status == 400
    intent = d.v1.invoice_payments.list({"invoice": void.id}).data[0]
    assert intent.status == "canceled"
    assert d.v1.payment_intents.retrieve(str(intent.payment.payment_intent)).status == "canceled"


def test_auto_advance_finalises_and_pays_after_an_hour(lab: Sandboxes) -> None:
    d = Desk(lab)
    draft = d.draft(1000, auto_advance=True)
    assert draft.automatically_finalizes_at == draft.created + 3600
    lab.control("stripe", "POST", "clock", {"advance": HOUR // 2})
    assert d.v1.invoices.retrieve(draft.id).status == "draft"
    lab.control("stripe", "POST", "clock", {"advance": HOUR})
    paid = d.v1.invoices.retrieve(draft.id)
    assert (paid.status, paid.status_transitions.paid_at) == ("paid", draft.created + 3600)


def test_send_invoice_needs_a_due_date(lab: Sandboxes) -> None:
    d = Desk(lab)
    no = d.refused(d.v1.invoices.create, {"customer": d.customer.id, "collection_method": "send_invoice"})
    assert no.http_status == 400
    draft = d.draft(1000, collection_method="send_invoice", days_until_due=30)
    sent = d.v1.invoices.send_invoice(draft.id)
    assert sent.status == "open"
    assert sent.due_date == sent.status_transitions.finalized_at + 30 * DAY  # type: ignore[operator]
    assert sent.next_payment_attempt is None


def test_lines_are_added_changed_and_removed(lab: Sandboxes) -> None:
    d = Desk(lab)
    draft = d.draft(1000)
    more = d.v1.invoices.add_lines(
        draft.id, {"lines": [{"amount": 500, "description": "More"}, {"amount": -100}]}
    )
    assert more.total == 1400
    line = next(x for x in more.lines.data if x.amount == 500)
    changed = d.v1.invoices.update_lines(draft.id, {"lines": [{"id": line.id, "amount": 600}]})
    assert changed.total == 1500
    one = d.v1.invoices.line_items.update(draft.id, line.id, {"description": "Most"})
    assert (one.id, one.description, one.amount) == (line.id, "Most", 600)
    less = d.v1.invoices.remove_lines(draft.id, {"lines": [{"id": line.id, "behavior": "delete"}]})
    assert (less.total, len(less.lines.data)) == (900, 2)


def test_many_lines_are_paged(lab: Sandboxes) -> None:
    d = Desk(lab)
    draft = d.draft(*range(100, 113))
    assert (len(draft.lines.data), draft.lines.has_more) == (10, True)
    first = d.v1.invoices.line_items.list(draft.id, {"limit": 5})
    assert [x.amount for x in first.data] == [x.amount for x in draft.lines.data[:5]]
    everyone = [x.amount for x in first.auto_paging_iter()]
    assert sorted(everyone) == list(range(100, 113))


def test_price_items_quantities_and_decimals(lab: Sandboxes) -> None:
    d = Desk(lab)
    product = d.v1.products.create({"name": "Hour"})
    price = d.v1.prices.create({"currency": "usd", "product": product.id, "unit_amount": 1500})
    item = d.v1.invoice_items.create(
        {"customer": d.customer.id, "pricing": {"price": price.id}, "quantity": 3}
    )
    assert (item.amount, item.quantity, item.pricing.price_details.price) == (4500, 3, price.id)  # type: ignore[union-attr]
    fine = d.v1.invoice_items.create(
        {"customer": d.customer.id, "currency": "usd", "quantity": 7, "unit_amount_decimal": "0.5"}  # type: ignore[typeddict-item]
    )
    assert fine.amount == 4
    recurring = d.v1.prices.create(
        {"currency": "usd", "product": product.id, "unit_amount": 5, "recurring": {"interval": "month"}}
    )
    wrong: Any = {"customer": d.customer.id, "pricing": {"price": recurring.id}}
    assert "type=recurring" in str(d.refused(d.v1.invoice_items.create, wrong))
    euro: Any = {"customer": d.customer.id, "amount": 5, "currency": "eur"}
    assert "combine currencies" in str(d.refused(d.v1.invoice_items.create, euro))


def test_the_customers_balance_is_used(lab: Sandboxes) -> None:
    d = Desk(lab)
    credit = d.v1.customers.balance_transactions.create(d.customer.id, {"amount": -300, "currency": "usd"})
    assert (credit.type, credit.ending_balance) == ("adjustment", -300)
    invoice = d.open(1000)
    assert (invoice.starting_balance, invoice.ending_balance, invoice.amount_due) == (-300, 0, 700)
    assert d.v1.customers.retrieve(d.customer.id).balance == 0
    used = d.v1.customers.balance_transactions.list(d.customer.id).data[0]
    assert (used.type, used.amount, used.invoice) == ("applied_to_invoice", 300, invoice.id)
    d.v1.invoices.void_invoice(invoice.id)
    assert d.v1.customers.retrieve(d.customer.id).balance == -300
    covered = d.open(200)
    assert (covered.status, covered.amount_due, covered.ending_balance) == ("paid", 0, -100)


def test_what_is_too_small_is_owed(lab: Sandboxes) -> None:
    d = Desk(lab)
    small = d.open(20)
    assert (small.status, small.amount_due, small.ending_balance) == ("paid", 0, 20)
    assert d.v1.customers.retrieve(d.customer.id).balance == 20
    assert d.open(100).amount_due == 120


def test_taxes_on_top_and_within(lab: Sandboxes) -> None:
    d = Desk(lab)
    top = d.v1.tax_rates.create({"display_name": "Sales", "inclusive": False, "percentage": 8.25})
    within = d.v1.tax_rates.create({"display_name": "VAT", "inclusive": True, "percentage": 20})
    invoice = d.draft(1000, default_tax_rates=[top.id])
    assert (invoice.subtotal, invoice.total, invoice.total_excluding_tax) == (1000, 1083, 1000)
    tax = invoice.total_taxes[0]
    assert (tax.amount, tax.tax_behavior, tax.tax_rate_details.tax_rate) == (83, "exclusive", top.id)
    assert tax.taxable_amount == 1000
    other = d.draft(1200, default_tax_rates=[within.id])
    assert (other.subtotal, other.total, other.total_excluding_tax) == (1200, 1200, 1000)
    assert other.subtotal_excluding_tax == 1000
    d.v1.tax_rates.update(top.id, {"active": False})
    no = d.refused(d.v1.invoices.create, {"customer": d.customer.id, "default_tax_rates": [top.id]})
    assert "inactive" in str(no)


def test_discounts_come_off_before_tax(lab: Sandboxes) -> None:
    d = Desk(lab)
    ten = d.v1.coupons.create({"percent_off": 10, "duration": "once"})
    five = d.v1.coupons.create({"amount_off": 500, "currency": "usd", "duration": "forever"})
    rate = d.v1.tax_rates.create({"display_name": "Tax", "inclusive": False, "percentage": 10})
    wish: Any = {"discounts": [{"coupon": ten.id}, {"coupon": five.id}], "default_tax_rates": [rate.id]}
    invoice = d.draft(6000, 4000, **wish)
    assert (invoice.subtotal, invoice.total) == (10_000, 9350)
    assert [x.amount for x in invoice.total_discount_amounts] == [1000, 500]
    assert len(invoice.discounts) == 2
    deep = d.v1.invoices.retrieve(invoice.id, {"expand": ["discounts", "discounts.source.coupon"]})
    assert deep.discounts[0].source.coupon.percent_off == 10  # type: ignore[union-attr]
    assert d.v1.coupons.retrieve(ten.id).times_redeemed == 1


def test_credit_note_before_payment(lab: Sandboxes) -> None:
    """Stripe's own example: a note of 45 on an open invoice of 90."""
    d = Desk(lab)
    invoice = d.open(9000)
    note = d.v1.credit_notes.create({"invoice": invoice.id, "amount": 4500, "reason": "order_change"})
    assert (note.status, note.type, note.pre_payment_amount, note.post_payment_amount) == (
        "issued",
        "pre_payment",
        4500,
        0,
    )
    assert note.number == f"{invoice.number}-CN-01"
    after = d.v1.invoices.retrieve(invoice.id)
    assert (after.amount_due, after.amount_remaining, after.pre_payment_credit_notes_amount) == (
        4500,
        4500,
        4500,
    )
    assert d.v1.credit_notes.void_credit_note(note.id).status == "void"
    assert d.v1.invoices.retrieve(invoice.id).amount_remaining == 9000
    assert d.refused(d.v1.credit_notes.create, {"invoice": invoice.id, "amount": 9001}).http_status == 400
    d.v1.credit_notes.create({"invoice": invoice.id, "amount": 4000})
    paid = d.v1.invoices.pay(invoice.id)
    assert (paid.status, paid.amount_paid) == ("paid", 5000)


def test_a_note_over_everything_pays_the_invoice(lab: Sandboxes) -> None:
    d = Desk(lab)
    invoice = d.open(1000)
    d.v1.credit_notes.create({"invoice": invoice.id, "amount": 1000})
    after = d.v1.invoices.retrieve(invoice.id)
    assert (after.status, after.amount_paid, after.amount_remaining) == ("paid", 0, 0)


def test_credit_note_after_payment_must_say_where_the_money_goes(lab: Sandboxes) -> None:
    d = Desk(lab)
    invoice = d.paid(10_000)
    assert d.refused(d.v1.credit_notes.create, {"invoice": invoice.id, "amount": 1000}).http_status == 400
    note = d.v1.credit_notes.create(
        {
            "invoice": invoice.id,
            "amount": 1000,
            "refund_amount": 600,
            "credit_amount": 300,
            "out_of_band_amount": 100,
        }
    )
    assert (note.type, note.post_payment_amount, note.out_of_band_amount) == ("post_payment", 1000, 100)
    assert note.refunds[0].amount_refunded == 600
    refund = d.v1.refunds.retrieve(str(note.refunds[0].refund))
    assert (refund.amount, refund.status) == (600, "succeeded")
    assert d.v1.customers.retrieve(d.customer.id).balance == -300
    entry = d.v1.customers.balance_transactions.retrieve(
        d.customer.id, str(note.customer_balance_transaction)
    )
    assert (entry.type, entry.credit_note) == ("credit_note", note.id)
    assert d.v1.invoices.retrieve(invoice.id).post_payment_credit_notes_amount == 1000
    too_much = {"invoice": invoice.id, "amount": 9500, "credit_amount": 9500}
    assert d.refused(d.v1.credit_notes.create, too_much).http_status == 400


def test_credit_note_by_lines_and_its_preview(lab: Sandboxes) -> None:
    d = Desk(lab)
    rate = d.v1.tax_rates.create({"display_name": "Tax", "inclusive": False, "percentage": 10})
    invoice = d.paid(3000, 2000, default_tax_rates=[rate.id])
    line = next(x for x in invoice.lines.data if x.amount == 2000)
    wish: Any = {
        "invoice": invoice.id,
        "lines": [{"type": "invoice_line_item", "invoice_line_item": line.id, "amount": 1000}],
        "credit_amount": 1100,
    }
    shown = d.v1.credit_notes.preview(wish)
    assert (shown.subtotal, shown.total) == (1000, 1100)
    assert d.v1.credit_notes.list({"invoice": invoice.id}).data == []
    assert d.v1.credit_notes.preview_lines.list(wish).data[0].amount == 1000
    note = d.v1.credit_notes.create(wish)
    assert (note.total, note.total_taxes[0].amount) == (1100, 100)  # type: ignore[index]
    assert note.lines.data[0].invoice_line_item == line.id
    assert d.v1.credit_notes.line_items.list(note.id).data[0].id == note.lines.data[0].id
    over: Any = {**wish, "lines": [{**wish["lines"][0], "amount": 1001}]}
    assert d.refused(d.v1.credit_notes.create, over).http_status == 400


def test_invoices_are_listed_and_searched(lab: Sandboxes) -> None:
    d = Desk(lab)
    one, two = d.paid(1000, metadata={"po": "1"}), d.open(2000, metadata={"po": "2"})
    who: Any = {"customer": d.customer.id}
    assert [i.id for i in d.v1.invoices.list(who).data] == [two.id, one.id]
    assert [i.id for i in d.v1.invoices.list({**who, "status": "open"}).data] == [two.id]
    found = d.v1.invoices.search({"query": "metadata['po']:'1' AND status:'paid'"}).data
    assert [i.id for i in found] == [one.id]
    assert [i.id for i in d.v1.invoices.search({"query": "total>1500"}).data] == [two.id]
    assert [i.id for i in d.v1.invoices.search({"query": f"number:'{two.number}'"}).data] == [two.id]


def test_unknown_things(lab: Sandboxes) -> None:
    d = Desk(lab)
    assert d.refused(d.v1.invoices.retrieve, "in_nope").http_status == 404
    no = d.refused(d.v1.invoices.create, {"customer": "cus_nope"})
    assert (no.http_status, no.code, no.param) == (400, "resource_missing", "customer")
    no = d.refused(d.v1.invoices.create, {})
    assert (no.code, no.param) == ("parameter_missing", "customer")
    no = d.refused(d.v1.invoices.create, {"customer": d.customer.id, "nonsense": "1"})
    assert no.code == "parameter_unknown"
    no = d.refused(d.v1.invoices.create_preview, {"customer": d.customer.id})
    assert (no.http_status, no.code) == (404, "invoice_upcoming_none")
    no = d.refused(d.v1.invoices.retrieve, d.draft(5).id, {"expand": ["lines.nothing"]})
    assert "expand" in str(no)


def test_a_revision_replaces_an_invoice(lab: Sandboxes) -> None:
    d = Desk(lab)
    old = d.open(1000)
    draft = d.v1.invoices.create({"from_invoice": {"action": "revision", "invoice": old.id}})
    assert (draft.status, draft.total, draft.from_invoice.invoice) == ("draft", 1000, old.id)  # type: ignore[union-attr]
    d.v1.invoices.finalize_invoice(draft.id)
    after = d.v1.invoices.retrieve(old.id)
    assert (after.status, after.latest_revision) == ("void", draft.id)


def test_a_payment_made_elsewhere_is_attached(lab: Sandboxes) -> None:
    d = Desk(lab)
    invoice = d.open(2000)
    method = d.v1.payment_methods.list({"customer": d.customer.id}).data[0].id
    wish: Any = {"currency": "usd", "customer": d.customer.id, "payment_method": method}
    wish |= {"confirm": True, "off_session": True}
    part = d.v1.payment_intents.create({"amount": 1500, **wish})
    after = d.v1.invoices.attach_payment(invoice.id, {"payment_intent": part.id})
    assert (after.status, after.amount_paid, after.amount_remaining) == ("open", 1500, 500)
    over = d.v1.payment_intents.create({"amount": 800, **wish})
    done = d.v1.invoices.attach_payment(invoice.id, {"payment_intent": over.id})
    assert (done.status, done.amount_paid, done.amount_overpaid) == ("paid", 2000, 300)
    assert d.v1.customers.retrieve(d.customer.id).balance == -300
    entry = d.v1.customers.balance_transactions.list(d.customer.id).data[0]
    assert (entry.type, entry.invoice) == ("invoice_overpaid", invoice.id)
    statuses = {
        p.amount_requested: p.status for p in d.v1.invoice_payments.list({"invoice": invoice.id}).data
    }
    assert statuses == {2000: "canceled", 1500: "paid", 800: "paid"}


def test_a_credit_note_gives_its_share_of_discount_and_tax_back(lab: Sandboxes) -> None:
    d = Desk(lab)
    ten = d.v1.coupons.create({"percent_off": 10, "duration": "once"})
    rate = d.v1.tax_rates.create({"display_name": "Tax", "inclusive": False, "percentage": 20})
    invoice = d.paid(10_000, discounts=[{"coupon": ten.id}], default_tax_rates=[rate.id])
    assert invoice.total == 10_800
    line = invoice.lines.data[0]
    wish: Any = {"invoice": invoice.id, "credit_amount": 5400}
    wish["lines"] = [{"type": "invoice_line_item", "invoice_line_item": line.id, "amount": 5000}]
    note = d.v1.credit_notes.create(wish)
    assert (note.subtotal, note.discount_amount, note.total_excluding_tax, note.total) == (
        5000,
        500,
        4500,
        5400,
    )
    assert d.v1.credit_notes.update(note.id, {"memo": "sorry"}).memo == "sorry"
    assert d.refused(d.v1.credit_notes.void_credit_note, note.id).http_status == 400
