"""Credit notes as JSON objects."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.wire.billing.catalog import tax_rate, text, whole
from simulators.stripe.wire.billing.lines import pretax, total_tax
from simulators.stripe.wire.parties import Record, Shaped


def credit_note(n: Record, now: int) -> Shaped:
    """A credit note with its first lines."""
    taxes = n.taxes
    taxed = sum(amount for _, amount, _, _ in taxes)
    within = sum(amount for rate, amount, _, _ in taxes if rate.inclusive)
    off = sum(amount for _, amount in n.takings)
    return {
        "id": n.id,
        "object": "credit_note",
        "amount": n.total,
        "amount_shipping": 0,
        "created": n.created_at // SECOND,
        "currency": n.currency,
        "customer": n.customer,
        "customer_account": None,
        "customer_balance_transaction": n.balance_entry or None,
        "discount_amount": off,
        "discount_amounts": [{"amount": amount, "discount": d.id} for d, amount in n.takings],
        "effective_at": n.effective_at,
        "invoice": n.invoice,
        "lines": {
            "object": "list",
            "data": [credit_line(x, now) for x in n.lines[:10]],
            "has_more": len(n.lines) > 10,
            "url": f"/v1/credit_notes/{n.id}/lines",
        },
        "livemode": n.livemode,
        "memo": n.memo,
        "metadata": n.metadata,
        "number": n.number,
        "out_of_band_amount": n.out_of_band or None,
        "pdf": f"https://pay.stripe.com/credit_notes/acct_tieout/test_{n.id}/pdf",
        "post_payment_amount": n.postpaid,
        "pre_payment_amount": n.prepaid,
        "pretax_credit_amounts": pretax(n.takings),
        "reason": n.reason,
        "refunds": [
            {"amount_refunded": amount, "payment_record_refund": None, "refund": id, "type": "refund"}
            for id, amount in n.refunds  # noqa: A001
        ],
        "shipping_cost": None,
        "status": n.status,
        "subtotal": n.subtotal,
        "subtotal_excluding_tax": n.subtotal - within,
        "total": n.total,
        "total_excluding_tax": n.total - taxed,
        "total_taxes": [total_tax(*tax) for tax in taxes],
        "type": "mixed" if n.prepaid and n.postpaid else "post_payment" if n.postpaid else "pre_payment",
        "voided_at": n.voided_at,
    }


def credit_line(x: Record, _now: int) -> Shaped:
    """A line of a credit note."""
    return {
        "id": x.id,
        "object": "credit_note_line_item",
        "amount": x.amount,
        "description": x.description,
        "discount_amount": sum(t.amount for t in x.taken),
        "discount_amounts": [{"amount": t.amount, "discount": t.discount.id} for t in x.taken],
        "invoice_line_item": x.line or None,
        "livemode": x.livemode,
        "metadata": x.metadata,
        "pretax_credit_amounts": pretax((t.discount, t.amount) for t in x.taken),
        "quantity": x.quantity,
        "tax_rates": [tax_rate(r, 0) for r in x.tax_rates],
        "taxes": [total_tax(t.rate, t.amount, t.taxable, t.reason) for t in x.taxes],
        "type": "invoice_line_item" if x.line else "custom_line_item",
        "unit_amount": whole(x.unit),
        "unit_amount_decimal": text(x.unit),
    }
