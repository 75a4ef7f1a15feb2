"""The posting matrix: every row of the published table, and the laws that hold for any amounts."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.erp import Dimensions
from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.ledger.chart import ACCOUNTS
from core.finance.ledger.entry import Entry, balances, reversed_entry
from core.finance.ledger.fact import Cash, Fact, Kind, Part, amounts
from core.finance.ledger.policy import (
    AutoCharge,
    Breakage,
    Cancelled,
    DisputeLoss,
    Fees,
    Policy,
    Refunds,
    ShortInvoices,
    Suspension,
    TaxRelief,
    WriteOff,
)
from core.finance.ledger.posting import MATRIX, NO_ENTRY, post
from simulators.netsuite.rules import chart as mock_chart

TABLE = json.loads((Path(__file__).parents[3] / "golden/finance/posting_matrix.json").read_text())
DAY = date(2026, 3, 31)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def make(kind: Kind, _: Policy = Policy(), **named: int) -> Fact:  # noqa: B008
    parts = amounts({name: eur(minor) for name, minor in named.items()})
    return Fact(kind, "evt-1", DAY, "A", parts, counterparty="B")


def sides(entry: Entry | None) -> dict[tuple[str, str], int]:
    """Signed minor units by entity and account."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in entry.lines if entry else ():
        sums[line.entity, line.account] += line.amount.minor
    return {where: minor for where, minor in sums.items() if minor}


# For each row: our parts, and for each published amount its figure. Figures are powers of ten so that a
# sum says which amounts are in it.
ROWS: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "P02": ({"net": 100, "tax": 20}, {"net": 100, "tax": 20}),
    "P03": ({"net": 100, "tax": 20}, {"net": 100, "tax": 20}),
    "P04": ({"released": 7}, {"schedule amount": 7}),
    "P05": ({"excess": 7}, {"excess": 7}),
    "P06": ({"net": 100, "asset": 60, "tax": 20}, {"min(net, asset)": 60, "rest of net": 40, "tax": 20}),
    "P07": ({"rated": 7}, {"rated usage": 7}),
    "P08": ({"delta": -7}, {"rate(new total) - rate(billed)": -7}),
    "P09": ({"shortfall": 7, "tax": 1}, {"shortfall": 7, "tax": 1}),
    "P10": ({"net": 100, "tax": 20}, {"net": 100, "tax if taxed at sale": 20}),
    "P11": ({"used": 7}, {"credits x value": 7}),
    "P13": ({"expired": 7}, {"expired paid credits": 7}),
    "P15": (
        {"unused_net": 1, "unused_tax": 10, "new_net": 100, "new_tax": 1000},
        {"unused old, net": 1, "tax on unused": 10, "remaining new, net": 100, "tax on new": 1000},
    ),
    "P16": ({"net": 100, "tax": 20}, {"stub net": 100, "tax": 20}),
    "P17": ({"unused_net": 100, "tax": 20}, {"unused net": 100, "tax": 20}),
    "P18": ({"net": 100, "tax": 20}, {"net": 100, "tax": 20}),
    "P19": ({"unserved": 7}, {"days without service": 7}),
    "P22": ({"catch_up": -7}, {"catch-up": -7}),
    "P23": (
        {"unused_net": 1, "recognised": 10, "tax": 100},
        {"unused net": 1, "credited recognised net": 10, "tax share": 100},
    ),
    "P24": ({"remaining": 7}, {"remaining": 7}),
    "P25": ({"matched": 7}, {"amount": 7}),
    "P26": ({"gross": 100, "fee": 3}, {"gross": 100, "fee": 3}),
    "P28": ({"excess": 7}, {"excess": 7}),
    "P29": ({"applied": 7}, {"amount": 7}),
    "P30": ({"sent": 7, "received": 7}, {"net payout": 7}),
    "P32": ({"withheld": 7}, {"reserve": 7}),
    "P33": (
        {"recognised": 1, "unrecognised": 10, "tax": 100},
        {"recognised net": 1, "unrecognised net": 10, "tax": 100},
    ),
    "P34": (
        {"recognised": 1, "unrecognised": 10, "tax": 100},
        {"recognised net": 1, "unrecognised net": 10, "tax": 100},
    ),
    "P35": (
        {"recognised": 1, "unrecognised": 10, "tax": 100, "settled": 111},
        {"recognised net": 1, "unrecognised net": 10, "tax": 100, "total": 111},
    ),
    "P36": (
        {"settled": 39, "rate_difference": 3},
        {"at refund rate": 39, "rate difference (either sign)": 3},
    ),
    "P37": (
        {"recognised": 1, "unrecognised": 10, "tax": 100},
        {"recognised net": 1, "unrecognised net": 10, "tax": 100},
    ),
    "P38": ({"change": -7}, {"required - balance": -7}),
    "P39": (
        {"recognised": 1, "undelivered": 10, "tax": 100},
        {"recognised net + tax without relief": 1, "undelivered net": 10, "tax with relief": 100},
    ),
    "P40": (
        {"recognised": 1, "served_since": 10},
        {"recognised part": 1, "part whose deferral was dropped and service was given": 10},
    ),
    "P41": ({"amount": 100, "fee": 15}, {"amount": 100, "fee": 15}),
    "P42": ({"amount": 100}, {"amount": 100}),
    "P43": (
        {"delivered": 1, "undelivered": 10, "tax": 100},
        {"delivered part": 1, "undelivered part": 10, "tax if recoverable": 100},
    ),
    "P44": ({"loss": 7, "gain": 3}, {"loss": 7, "gain": 3}),
    "P45": ({"gain": 7, "loss": 3}, {"gain": 7, "loss": 3}),
    "P46": ({"filed": 100, "rounding": 1}, {"filed": 100, "rounding / allowance": 1}),
    "P47": ({"assessed": 7}, {"assessed": 7}),
    "P48": ({"withheld": 7}, {"withheld": 7}),
    "P49": ({"fee": 100, "processing_fee": 3}, {"fee": 100, "processing fee": 3}),
    "P50": ({"commission": 100, "amortisation": 3}, {"commission": 100, "amortisation": 3}),
    "P51": ({"transfer_price": 7}, {"transfer price": 7}),
    "P52": ({"amount": 7}, {"amount": 7}),
    "P53": ({"estimate": 100, "actual": 3}, {"estimate": 100, "actual": 3}),
    "P54": ({"difference": 2}, {"<= limit": 2}),
}
# Rows with a test of their own below: two clearing accounts, carves, and what posts nothing.
ELSEWHERE = {"P01", "P12", "P14", "P20", "P21", "P27", "P31", "P55"}


def test_the_whole_table_is_covered() -> None:
    assert {row["id"] for row in TABLE["events"]} == {kind.value for kind in Kind} == set(MATRIX)
    assert set(ROWS) | ELSEWHERE == set(MATRIX)
    assert not set(ROWS) & ELSEWHERE


@pytest.mark.parametrize("row", [row for row in TABLE["events"] if row["id"] in ROWS], ids=lambda r: r["id"])
def test_a_row_posts_as_published(row: dict[str, object]) -> None:
    parts, figures = ROWS[row["id"]]
    wanted: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in row["entries"]:
        for side, sign in (("debit", 1), ("credit", -1)):
            number, _, entity = line[side].partition("@")
            wanted[entity or "A", number] += sign * figures[line["amount"]]
    if "month_so_far" in MATRIX[Kind(row["id"])].needs:
        parts = {**parts, "month_so_far": 0}
    found = sides(post(make(Kind(row["id"]), **parts), Policy()))
    assert found == {where: minor for where, minor in wanted.items() if minor}


def test_chart_is_the_published_one_and_the_erp_has_it() -> None:
    assert set(TABLE["accounts"]) | {"5000"} <= set(ACCOUNTS)
    mock = {row.number: row.name for row in mock_chart.accounts()}
    assert set(ACCOUNTS) <= set(mock)


def test_what_never_posts_is_on_the_list() -> None:
    published = {row["id"] for row in TABLE["events"] if not row["entries"]} - {"P55"}
    assert {kind.value for kind in NO_ENTRY} == published
    for kind in NO_ENTRY:
        assert post(Fact(kind, "evt", DAY, "A"), Policy()) is None


# --- laws ---

MINOR = st.integers(min_value=1, max_value=10**12)
SWITCHES = st.builds(
    Policy,
    refunds=st.sampled_from(Refunds),
    dispute_loss=st.sampled_from(DisputeLoss),
    write_off=st.sampled_from(WriteOff),
    tax_relief=st.sampled_from(TaxRelief),
    breakage=st.sampled_from(Breakage),
    cancelled=st.sampled_from(Cancelled),
    suspension=st.sampled_from(Suspension),
    fees=st.sampled_from(Fees),
    short_invoices=st.sampled_from(ShortInvoices),
    auto_charge=st.sampled_from(AutoCharge),
    rounding_document=st.just(10**13),
    rounding_month=st.just(10**14),
)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    kind = draw(st.sampled_from([k for k in Kind if k not in (Kind.LATE_CORRECTION,)]))
    rule = MATRIX[kind]
    currency = draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"]))
    signed = {leg.part for leg in rule.legs if leg.signed}
    parts = []
    for name in sorted(rule.parts - {"kept", "asset_billed", "rest"}):
        minor = draw(MINOR) * (draw(st.sampled_from([1, -1])) if name in signed else 1)
        at = Dimensions(product=draw(st.sampled_from(["", "X", "Y"])))
        parts.append(Part(name, Money(minor, currency), at))
        if name == "carve":
            parts.append(Part(name, Money(-minor, currency), Dimensions(product="Z")))
        if name == "carve_unbilled":
            parts.append(Part("carve", Money(-minor, currency), Dimensions(product="W")))
    cash = draw(st.sampled_from([None, Cash.BANK, Cash.PROCESSOR]))
    return Fact(kind, "evt", DAY, "A", tuple(parts), counterparty="B", cash=cash)


@given(facts(), SWITCHES)
@settings(max_examples=60, deadline=None)
def test_every_fact_balances_per_entity_and_currency_and_reversal_brings_back(
    fact: Fact, policy: Policy
) -> None:
    entry = post(fact, policy)
    if entry is None:
        return
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in entry.lines:
        sums[line.entity, line.amount.currency] += line.debit.minor - line.credit.minor
    assert set(sums.values()) == {0}
    assert entry.key == f"evt/{fact.kind}"
    undone = reversed_entry(entry, "evt-2", DAY)
    assert balances([entry, undone]) == {}
    assert undone.reverses == entry.key


@given(st.lists(MINOR, min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_carves_add_up_to_nothing_or_are_held(carves: list[int]) -> None:
    parts = [Part("carve", eur(c), Dimensions(product=f"P{i}")) for i, c in enumerate(carves)]
    with pytest.raises(Held, match="carve"):
        post(Fact(Kind.PRICE_ALLOCATED, "e", DAY, "A", tuple(parts)), Policy())
    parts.append(Part("carve", eur(-sum(carves)), Dimensions(product="last")))
    entry = post(Fact(Kind.PRICE_ALLOCATED, "e", DAY, "A", tuple(parts)), Policy())
    assert entry is not None
    assert sum(line.amount.minor for line in entry.lines) == 0
    assert {line.account for line in entry.lines} == {"2100"}


@given(MINOR, st.sampled_from([Kind.INTERCOMPANY_SERVICE, Kind.INTERCOMPANY_CASH]))
@settings(max_examples=20, deadline=None)
def test_intercompany_balances_in_both_books(minor: int, kind: Kind) -> None:
    name = "transfer_price" if kind is Kind.INTERCOMPANY_SERVICE else "amount"
    entry = post(make(kind, **{name: minor}), Policy())
    assert entry is not None
    by_account = defaultdict(int)
    for line in entry.lines:
        by_account[line.account] += line.amount.minor
    assert by_account["1300"] + by_account["2400"] == 0


# --- switches ---


@pytest.mark.parametrize(
    ("kind", "named", "policy", "wanted"),
    [
        (Kind.REFUND, {"recognised": 9}, Policy(refunds=Refunds.GROSS), {"4000": 9, "2310": -9}),
        (
            Kind.DISPUTE_LOST,
            {"delivered": 9},
            Policy(dispute_loss=DisputeLoss.CONTRA),
            {"4900": 9, "1200": -9},
        ),
        (Kind.WRITTEN_OFF, {"recognised": 9}, Policy(write_off=WriteOff.DIRECT), {"6200": 9, "1100": -9}),
        (
            Kind.WRITTEN_OFF,
            {"recognised": 9, "tax": 2},
            Policy(write_off=WriteOff.DIRECT, tax_relief=TaxRelief.NONE),
            {"6200": 11, "1100": -11},
        ),
        (Kind.WRITTEN_OFF, {"tax": 2}, Policy(tax_relief=TaxRelief.NONE), {"1110": 2, "1100": -2}),
        (Kind.CREDITS_DRAWN, {"used": 8, "breakage": 1}, Policy(), {"2210": 8, "4010": -8}),
        (
            Kind.CREDITS_DRAWN,
            {"used": 8, "breakage": 1},
            Policy(breakage=Breakage.PRO_RATA),
            {"2210": 9, "4010": -8, "4050": -1},
        ),
        (Kind.CANCELLED_WITHOUT_REFUND, {"remaining": 9}, Policy(cancelled=Cancelled.CONTINUES), {}),
        (Kind.SUSPENDED, {"unserved": 9}, Policy(suspension=Suspension.EXTENDS), {}),
        (
            Kind.CARD_PAYMENT,
            {"gross": 9, "fee": 1},
            Policy(fees=Fees.NET),
            {"1010": 8, "4000": 1, "1100": -9},
        ),
        (
            Kind.INVOICE_IN_ADVANCE,
            {"net": 9, "short_net": 5},
            Policy(short_invoices=ShortInvoices.AT_INVOICE),
            {"1100": 14, "2100": -9, "4000": -5},
        ),
        (Kind.INVOICE_IN_ADVANCE, {"short_net": 5}, Policy(), {"1100": 5, "2100": -5}),
        (Kind.BANK_RECEIPT, {"unmatched": 5}, Policy(), {"1000": 5, "2500": -5}),
        (Kind.BANK_RECEIPT, {"identified": 5}, Policy(), {"2500": 5, "1100": -5}),
        (Kind.PAYMENT_FAILED, {"returned": 5, "return_fee": 1}, Policy(), {"1100": 5, "6000": 1, "1010": -6}),
        (Kind.VOID, {"recognised_this_period": 5, "tax": 1}, Policy(), {"4000": 5, "2000": 1, "1100": -6}),
        (Kind.PAYOUT, {"sent": -5}, Policy(), {"1010": 5, "1020": -5}),
        (Kind.RESERVE, {"released": 5}, Policy(), {"1010": 5, "1210": -5}),
        (Kind.PLAN_CHANGED, {"unused_net": 10, "new_net": 4}, Policy(), {"2100": 6, "2200": -6}),
        (Kind.RECOGNISED_BEFORE_BILLED, {"net": 4, "asset": 10}, Policy(), {"1100": 4, "1150": -4}),
        (Kind.COMMISSION, {"clawback": 4}, Policy(), {"2600": 4, "1400": -4}),
        (Kind.CARD_PAYMENT, {"gross": 0, "fee": 0}, Policy(), {}),
    ],
)
def test_a_switch_or_part_says_where(
    kind: Kind, named: dict[str, int], policy: Policy, wanted: dict[str, int]
) -> None:
    found = sides(post(make(kind, **named), policy))
    assert found == {("A", number): minor for number, minor in wanted.items()}


def test_switches_have_values_of_their_own() -> None:
    enums = [type(getattr(Policy(), field.name)) for field in fields(Policy)]
    values = [value for enum in enums if hasattr(enum, "__members__") for value in enum]
    assert len({str(value) for value in values}) == len(values)


# --- what is held ---


@pytest.mark.parametrize(
    ("fact", "names"),
    [
        (make(Kind.INVOICE_IN_ADVANCE, nett=5), "part 'nett'"),
        (make(Kind.INVOICE_IN_ADVANCE, net=-5), "negative"),
        (make(Kind.ROUNDING_DIFFERENCE, difference=6), "limit of 5 a document"),
        (make(Kind.ROUNDING_DIFFERENCE, difference=2, month_so_far=499), "limit of 500 a month"),
        (replace(make(Kind.INTERCOMPANY_CASH, amount=5), counterparty=""), "entity"),
        (
            Fact(Kind.REVALUED, "e", DAY, "A", (Part("gain", eur(5), account="2100"),)),
            "2100 is not monetary",
        ),
        (Fact(Kind.LATE_CORRECTION, "e", DAY, "A"), "corrects"),
    ],
)
def test_held(fact: Fact, names: str) -> None:
    with pytest.raises(Held, match=names):
        post(fact, Policy())


def test_late_correction_keeps_its_accounts_and_says_its_month() -> None:
    late = replace(make(Kind.USAGE_CORRECTED, delta=70), on=date(2026, 1, 20))
    entry = post(Fact(Kind.LATE_CORRECTION, "e", DAY, "A", corrects=late), Policy())
    assert entry is not None
    assert entry.on == DAY
    assert entry.rule == "P08"
    assert {line.at.original_period for line in entry.lines} == {"2026-01"}
    assert sides(entry) == {("A", "1150"): 70, ("A", "4010"): -70}
    with pytest.raises(Held, match="material"):
        post(Fact(Kind.LATE_CORRECTION, "e", DAY, "A", corrects=late), Policy(material=70))


def test_processor_converts_between_two_clearing_accounts() -> None:
    """100.00 EUR booked at 108.00 USD becomes 107.00 USD less 1.00 USD of fee."""
    usd = lambda minor: Money(minor, "USD")  # noqa: E731
    parts = (
        Part("booked", usd(108_00), debit_as=usd(108_00), credit_as=eur(100_00)),
        Part("conversion_fee", usd(1_00), credit_as=usd(1_00)),
        Part("rate_difference", usd(1_00), credit_as=usd(1_00)),
    )
    entry = post(Fact(Kind.PROCESSOR_CONVERSION, "e", DAY, "A", parts), Policy())
    assert entry is not None
    clearing = {
        line.foreign.currency: (line.amount.minor, line.foreign.minor)
        for line in entry.lines
        if line.account == "1010" and line.foreign
    }
    assert clearing == {"USD": (106_00, 106_00), "EUR": (-108_00, -100_00)}
    assert sides(entry) == {("A", "1010"): -2_00, ("A", "6000"): 1_00, ("A", "7000"): 1_00}


def test_an_entry_that_does_not_balance_cannot_be_built() -> None:
    from core.finance.ledger.entry import Line

    lines = (Line("A", "1000", eur(5)), Line("B", "4000", eur(-5)))
    with pytest.raises(ValueError, match="exceed"):
        Entry("e", "P25", DAY, lines)
    with pytest.raises(Held, match="9999"):
        Entry("e", "P25", DAY, (Line("A", "9999", eur(5)), Line("A", "4000", eur(-5))))
