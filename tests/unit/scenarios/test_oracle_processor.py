"""The adapter of processor_journals as a general reader: the same rules under other words and numbers."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.judge import FAILED, PASSED, judge
from scenarios.oracle.topics import processor_journals

TOPICS = {"processor_journals": processor_journals.answer}


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: each if key == "account" else shape(each) for key, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else None


def case(inputs: dict[str, Any], expected: Any, subtopic: str = "charges") -> Case:
    return Case("PJ", "processor_journals", subtopic, "", "", inputs, shape(expected), expected)


def rows(**named: str) -> list[dict[str, str]]:
    """account="12.00" is a debit, account="-12.00" a credit."""
    return [
        {"account": name, "debit": "0", "credit": text[1:]}
        if text.startswith("-")
        else {"account": name, "debit": text, "credit": "0"}
        for name, text in named.items()
    ]


CASES = {
    "refunds in part, in full and by cumulative amounts": (
        {"charge": "80.00", "amount_refunded": ["30.00", "50.00", "80.00"]},
        {
            "first": rows(refunds_contra="30.00", processor_clearing="-30.00"),
            "second": rows(refunds_contra="20.00", processor_clearing="-20.00"),
            "third": rows(refunds_contra="30.00", processor_clearing="-30.00"),
        },
    ),
    "refunds as objects": (
        {"partial": {"charge": "100.00", "refund": "30.00"}, "full": {"charge": "50.00", "refund": "50.00"}},
        {
            "partial": rows(contra_revenue="30.00", processor_clearing="-30.00"),
            "full": rows(contra_revenue="50.00", processor_clearing="-50.00"),
        },
    ),
    "a refund takes its share of the tax": (
        {"with_tax": {"charge": "110.00", "tax": "10.00", "refund": "55.00"}},
        {"with_tax": rows(tax_payable="5.00", refunds_contra="50.00", processor_clearing="-55.00")},
    ),
    "a refund at another rate": (
        {"fx": {"charge_usd": "100.00", "booked_cad": "135.00", "refund_cad": "140.00"}},
        {"fx": rows(refunds_contra="135.00", fx_gain_loss="5.00", processor_clearing="-140.00")},
    ),
    "a refund at another rate, by the rates": (
        {"refund": "100.00", "rate_charge": "1.35", "rate_refund": "1.30"},
        {"refund": rows(refunds_contra="135.00", fx_gain_loss="-5.00", processor_clearing="-130.00")},
    ),
    "refunds that only the subject names, and an amount to date": (
        {"charge": "110.00", "tax": "10.00", "partial": {"refund": "55.00"}, "rest": {"refund": "11.00"}},
        {
            "partial": rows(tax_payable="5.00", refunds_contra="50.00", processor_clearing="-55.00"),
            "rest": rows(tax_payable="1.00", refunds_contra="10.00", processor_clearing="-11.00"),
        },
    ),
    "cumulative amounts beside single ones": (
        {"refund_first": "30.00", "second_cumulative_refund": "50.00"},
        {
            "refund_first": rows(refunds_contra="30.00", processor_clearing="-30.00"),
            "refund_second": rows(refunds_contra="20.00", processor_clearing="-20.00"),
        },
    ),
    "an annual invoice and its schedule": (
        {"annual": {"net": "1000.00", "fee": "29.30"}},
        {
            "annual": rows(processor_clearing="970.70", processor_fees="29.30", deferred_revenue="-1000.00"),
            "schedule": {"entries": 12, "amount": "83.33", "last": "83.37", "total": "1000.00"},
        },
    ),
    "payouts": (
        {"payout": "5000.00"},
        {
            "paid": rows(bank="5000.00", processor_clearing="-5000.00"),
            "failed": rows(processor_clearing="5000.00", bank="-5000.00"),
        },
    ),
    "annual invoices, with tax and with a one-time line": (
        {
            "annual": {"net": "1200.00", "fee": "36.00"},
            "annual_with_tax": {"net": "1000.00", "tax": "100.00", "fee": "33.00"},
            "annual_plus_onetime": {"annual": "1200.00", "one_time": "300.00", "fee": "45.00"},
        },
        {
            "annual": rows(processor_clearing="1164.00", processor_fees="36.00", deferred_revenue="-1200.00"),
            "annual_with_tax": rows(
                processor_clearing="1067.00",
                processor_fees="33.00",
                tax_payable="-100.00",
                deferred_revenue="-1000.00",
            ),
            "annual_plus_onetime": rows(
                processor_clearing="1455.00",
                processor_fees="45.00",
                deferred_revenue="-1200.00",
                revenue="-300.00",
            ),
        },
    ),
    "credit notes": (
        {
            "pre_payment": {"credit_note_net": "100.00", "tax": "8.00"},
            "to_balance": {"net": "50.00", "tax": "5.00"},
        },
        {
            "credit_note_pre_payment": rows(
                revenue="100.00", tax_payable="8.00", accounts_receivable="-108.00"
            ),
            "credit_note_to_balance": rows(revenue="50.00", tax_payable="5.00", customer_balance="-55.00"),
            "credit_note_to_balance_voided": rows(
                customer_balance="55.00", tax_payable="-5.00", revenue="-50.00"
            ),
        },
    ),
    "paid from the customer's balance": (
        {"monthly": {"net": "50.00", "tax": "5.00"}, "annual": {"net": "1200.00", "tax": "120.00"}},
        {
            "monthly_from_credit_balance": rows(
                customer_credit="55.00", revenue="-50.00", tax_payable="-5.00"
            ),
            "annual_from_credit_balance": rows(
                customer_credit="1320.00", deferred_revenue="-1200.00", tax_payable="-120.00"
            ),
        },
    ),
    "a dispute at another rate": (
        {
            "dispute_usd": "50.00",
            "booked_cad": "65.00",
            "withdrawn_cad": "70.00",
            "reinstated_cad": "67.50",
            "fee_cad": "20.00",
        },
        {
            "funds_withdrawn": rows(
                dispute_receivable="65.00",
                dispute_losses_and_fees="20.00",
                fx_gain_loss="5.00",
                processor_clearing="-90.00",
            ),
            "funds_reinstated": rows(
                processor_clearing="67.50", dispute_receivable="-65.00", fx_gain_loss="-2.50"
            ),
            "closed_lost": rows(dispute_losses_and_fees="65.00", dispute_receivable="-65.00"),
        },
    ),
    "an invoice on terms of another size": (
        {"monthly": {"net": "333.33", "tax": "66.67", "paid_fee": "9.99"}},
        {
            "finalized_monthly": rows(accounts_receivable="400.00", tax_payable="-66.67", revenue="-333.33"),
            "paid_by_card": rows(
                processor_clearing="390.01", processor_fees="9.99", accounts_receivable="-400.00"
            ),
            "voided": rows(revenue="333.33", tax_payable="66.67", accounts_receivable="-400.00"),
            "uncollectible": rows(bad_debt_expense="400.00", accounts_receivable="-400.00"),
        },
    ),
    "charges in another order and currency": (
        {
            "events": [
                {"charge": "5000", "fee": "180", "currency": "JPY"},
                {"charge_eur": "10.00", "settled_gbp": "8.50", "fee_gbp": "0.50"},
                {"application_fee": "7.00", "fee": "0.20"},
                {"charge": "20.00", "fee": "0.88"},
            ]
        },
        {
            "usd": rows(processor_clearing="19.12", processor_fees="0.88", revenue="-20.00"),
            "jpy": rows(processor_clearing="4820", processor_fees="180", revenue="-5000"),
            "application_fee": rows(
                processor_clearing="6.80", processor_fees="0.20", application_fee_revenue="-7.00"
            ),
            "eur_settled_in_gbp": rows(processor_clearing="8.00", processor_fees="0.50", revenue="-8.50"),
        },
    ),
    "which of these events post": (
        {"events": ["charge.succeeded amount 12.00", "charge.failed", "payout.paid", "customer.updated"]},
        {"entries": 2},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_follows(name: str) -> None:
    result = judge(case(*CASES[name]), TOPICS)
    wrong = [figure for figure in result.figures if not figure.agrees]
    assert (result.state, wrong, result.reason) == (PASSED, [], "")


def test_the_subject_says_what_the_figures_do_not() -> None:
    inputs = {"partial": "30.00", "full": "50.00"}
    expected = {
        "partial": rows(refunds_contra="30.00", processor_clearing="-30.00"),
        "full": rows(refunds_contra="50.00", processor_clearing="-50.00"),
    }
    assert judge(case(inputs, expected, "refunds_partial_and_full"), TOPICS).state == PASSED


def test_tax_of_refunds_adds_up() -> None:
    """Two halves of 110.00 with 8.25 of tax: 4.13 and 4.12, never 4.13 twice."""
    inputs = {
        "refunds": [
            {"charge": "110.00", "tax": "8.25", "refund": "55.00"},
            {"charge": "110.00", "tax": "8.25", "refund": "55.00"},
        ]
    }
    expected = {
        "first": rows(tax_payable="4.13", refunds_contra="50.87", processor_clearing="-55.00"),
        "second": rows(tax_payable="4.12", refunds_contra="50.88", processor_clearing="-55.00"),
    }
    assert judge(case(inputs, expected), TOPICS).state == PASSED


def test_a_wrong_account_is_no_spelling() -> None:
    expected = {"usd": rows(processor_clearing="96.80", processor_fees="3.20", deferred_revenue="-100.00")}
    inputs = {"events": [{"charge": "100.00", "fee": "3.20"}]}
    assert judge(case(inputs, expected), TOPICS).state == FAILED


def test_what_is_not_known_is_said() -> None:
    with pytest.raises(NotOffered, match="no event"):
        processor_journals.answer(case({"note": "hello"}, {"usd": rows(revenue="-1.00", bank="1.00")}))
    with pytest.raises(NotOffered, match="partly"):
        processor_journals.answer(case({"events": ["invoice.paid partly"]}, {"entries": 0}))
