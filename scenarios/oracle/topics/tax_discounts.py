"""Cases of tax with a discount on the document, with early payment, or with VAT that the buyer owes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.finance.tax.amounts import Extension
from core.finance.tax.discounts import DiscountOn, DiscountTo, EarlyTax, discounted, early_payment
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.pricing_reading import Units, first, share, units
from scenarios.oracle.topics.tax_lines import documents
from scenarios.oracle.topics.tax_policies import reading

Row = dict[str, Any]
# What a figure is called after a discount is the figure of the document.
_PLAIN = re.compile(r"_(after|with|less)_(the_)?discount$|_amount$|^discounted_")


def discounts(case: Case) -> Any:
    """None where the case is about none of them."""
    inputs = case.inputs
    unit = units(case)
    if first(inputs, "reverse_charge", "vat_reverse_charge") in (True, "true"):
        return _reverse(case, unit)
    if any("early" in key for key in inputs):
        return _early(case, unit)
    keys = [
        key
        for key in inputs
        if key.startswith("discount") and key not in ("discount_account", "discount_pct")
    ]
    if not keys and not ("discount_pct" in inputs and "discount_account" in inputs):
        return None
    return _discounted(case, unit, keys[0] if keys else "discount_pct")


def _discounted(case: Case, unit: Units, key: str) -> Any:
    inputs = case.inputs
    on = str(first(inputs, "apply_discount_on", "discount_on") or key).lower().replace(" ", "_")
    where = DiscountOn.GRAND_TOTAL if "grand" in on or "total_with" in on or "incl" in on else DiscountOn.NET
    to = DiscountTo.OWN_ACCOUNT if inputs.get("discount_account") else DiscountTo.PRICE
    how = reading(unit, case.convention)
    lines = documents({k: v for k, v in inputs.items() if not k.startswith("discount")}, unit)[0]
    percent = "pct" in key or "percent" in key
    done = discounted(
        lines.worked(Extension.LINE),
        how.policy,
        where,
        to,
        share=share(inputs[key], key) if percent else Fraction(0),
        amount=0 if percent else unit.whole(inputs[key], key),
    )
    own = to is DiscountTo.OWN_ACCOUNT
    journal = [
        _row("accounts_receivable", unit, debit=done.due),
        *([_row("discount_allowed", unit, debit=done.discount)] if own else []),
        *([_row("tax_payable", unit, credit=done.taxed.tax)] if done.taxed.tax else []),
        _row("sales", unit, credit=done.taxed.net),
    ]
    figures = {
        "net_total": done.taxed.net,
        "net": done.taxed.net,
        "tax": done.taxed.tax,
        "discount": done.discount,
        "grand_total": done.due,
        "total": done.due,
        "receivable": done.due,
    }
    return _fill(case.wanted, figures, unit, {"journal": journal})


def _early(case: Case, unit: Units) -> Any:
    inputs = case.inputs
    said = str(first(inputs, "tax_reduction", "early_discount_tax", "computation") or case.convention).lower()
    how = EarlyTax.ON_EARLY_PAYMENT
    if any(word in said for word in ("never", "excluded", "not reduced")):
        how = EarlyTax.NEVER
    elif any(word in said for word in ("always", "mixed", "upon invoice")):
        how = EarlyTax.ALWAYS
    key = next(key for key in inputs if "early" in key and ("pct" in key or "percent" in key))
    document = documents({k: v for k, v in inputs.items() if "early" not in k}, unit)[0]
    lines = document.worked(Extension.LINE)
    net = sum((line.price for line in lines), Fraction(0))
    rate = sum((tax.rate for tax in lines[0].taxes), Fraction(0))
    done = early_payment(int(net), rate, share(inputs[key], key), how)
    cost = done.discount + done.invoiced_tax - done.paid_tax
    journal = [
        _row("cash", unit, debit=done.paid),
        _row("discount_allowed", unit, debit=done.discount),
        *([_row("tax_payable", unit, debit=cost - done.discount)] if cost != done.discount else []),
        _row("accounts_receivable", unit, credit=done.invoiced),
    ]
    figures = {
        "total": done.invoiced,
        "invoice_total": done.invoiced,
        "tax": done.invoiced_tax,
        "paid": done.paid,
        "early_total": done.paid,
        "paid_early": done.paid,
        "early_tax": done.paid_tax,
        "discount": done.discount,
    }
    return _fill(case.wanted, figures, unit, {"journal": journal})


def _reverse(case: Case, unit: Units) -> Any:
    """The seller charges none; the buyer accounts for it as input and output tax."""
    document = documents(case.inputs, unit)[0]
    lines = document.worked(Extension.LINE)
    net = int(sum((line.price for line in lines), Fraction(0)))
    tax = sum((line.price * each.rate for line in lines for each in line.taxes), Fraction(0))
    owed = int(unit.rounded(tax) * 10**unit.digits)
    figures = {"net": net, "total": net, "tax": 0, "vat": 0, "charged_tax": 0, "self_assessed": owed}
    figures |= {"buyer_output_vat": owed, "buyer_input_vat": owed, "reverse_charge_tax": owed}
    journal = [_row("accounts_receivable", unit, debit=net), _row("sales", unit, credit=net)]
    buyer = [
        _row("expense", unit, debit=net),
        _row("input_vat", unit, debit=owed),
        _row("output_vat", unit, credit=owed),
        _row("accounts_payable", unit, credit=net),
    ]
    return _fill(case.wanted, figures, unit, {"journal": journal, "seller": journal, "buyer": buyer})


def _fill(wanted: Any, figures: Mapping[str, int], unit: Units, journals: Mapping[str, list[Row]]) -> Any:
    if not isinstance(wanted, Mapping):
        raise NotOffered("expected: an object of named figures is read")
    found: dict[str, Any] = {}
    for key, value in wanted.items():
        if key in journals:
            found[key] = journals[key]
        elif key in figures:
            found[key] = unit.major(figures[key])
        elif (plain := _PLAIN.sub("", str(key))) in figures:
            found[key] = unit.major(figures[plain])
        elif isinstance(value, Mapping):
            found[key] = _fill(value, figures, unit, journals)
        else:
            raise NotOffered(f"{key}: not one of {sorted((*figures, *journals))}")
    return found


def _row(account: str, unit: Units, debit: int = 0, credit: int = 0) -> Row:
    return {"account": account, "debit": unit.major(debit), "credit": unit.major(credit)}
