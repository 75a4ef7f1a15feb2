"""The tax of a document under every policy: figures of public examples, and the laws that hold for all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.finance.exact import Residual, Rounding
from core.finance.tax.amounts import Extension, line_amount
from core.finance.tax.discounts import DiscountOn, DiscountTo, EarlyTax, discounted, early_payment
from core.finance.tax.rounding import Base, First, Line, Place, TaxPolicy, tax_document
from core.finance.tax.taxes import Kind, Tax, work_out

VAT21 = Tax("vat", Fraction(21, 100))


def document(prices, *taxes, **policy):
    lines = [Line(str(n), Fraction(price), taxes) for n, price in enumerate(prices)]
    return tax_document(lines, TaxPolicy(**policy))


# Microsoft Dynamics 365 Finance, "Sales tax calculation and rounding": two lines of 42.42, two codes of 10 %,
# rounding up to 0.01.
@pytest.mark.parametrize(
    ("place", "tax"),
    [
        (Place.LINE_AND_CODE, 1700),
        (Place.LINE, 1698),
        (Place.CODE, 1698),
        (Place.COMBINATION, 1697),
        (Place.DOCUMENT, 1697),
    ],
)
def test_rounding_up_by_line_code_and_combination(place, tax):
    codes = (Tax("1", Fraction(1, 10)), Tax("2", Fraction(1, 10)))
    done = document([4242, 4242], *codes, place=place, mode=Rounding.UP)
    assert done.tax == tax
    assert done.total == 8484 + tax


# The same vendor's table: 987.345 to a precision.
@pytest.mark.parametrize(
    ("step", "normal", "down", "up"),
    [
        ("1", 98735, 98734, 98735),
        ("10", 98730, 98730, 98740),
        ("100", 98700, 98700, 98800),
        ("1000", 99000, 98000, 99000),
        ("2", 98734, 98734, 98736),
        ("5", 98735, 98730, 98735),
        ("25", 98725, 98725, 98750),
    ],
)
def test_the_step_that_tax_is_rounded_to(step, normal, down, up):
    amount = Fraction("98734.5")
    for mode, meant in ((Rounding.HALF_UP, normal), (Rounding.DOWN, down), (Rounding.UP, up)):
        assert TaxPolicy(mode=mode, step=Fraction(step)).rounded(amount) == meant


def test_prices_with_tax_in_them_keep_their_total_under_every_policy():
    vat = Tax("vat", Fraction(21, 100), included=True)
    by_line = document([1190, 280], vat, place=Place.LINE)
    once = document([1190, 280], vat, place=Place.CODE)
    assert (by_line.tax, once.tax) == (256, 255)
    assert by_line.total == once.total == 1470
    assert (once.rounding, once.net_rounding) == (-1, 1)


def test_net_first_or_tax_first_differ_at_an_exact_half():
    # 399.99 with 20 % in it: 333.325 and 66.665.
    vat = Tax("vat", Fraction(1, 5), included=True)
    tax_first = document([39999], vat, first=First.TAX)
    net_first = document([39999], vat, first=First.NET)
    assert (tax_first.net, tax_first.tax) == (33332, 6667)
    assert (net_first.net, net_first.tax) == (33333, 6666)


def test_the_net_of_a_line_is_rounded_before_its_tax_or_not():
    # 16 pieces at 348.35 less 4 %, 22 % tax: 6527.81 by line, 6527.80 from exact amounts.
    price = line_amount(Fraction(34835), Fraction(16), Extension.NEVER, Fraction(4, 100))
    lines = [Line("1", price, (Tax("vat", Fraction(22, 100)),))]
    assert tax_document(lines, TaxPolicy(Place.LINE, base=Base.ROUNDED)).total == 652781
    assert tax_document(lines, TaxPolicy(Place.CODE, base=Base.EXACT)).total == 652780


def test_quantity_times_price_is_rounded_once_or_by_unit():
    assert line_amount(Fraction("100.5"), Fraction(2)) == 201
    assert line_amount(Fraction("100.5"), Fraction(2), Extension.UNIT) == 202


def test_compound_division_and_fixed_taxes():
    gst, qst = Tax("gst", Fraction(5, 100)), Tax("qst", Fraction(10, 100), compound=True)
    assert work_out(Fraction(10000), (gst, qst)).taxes == (500, 1050)
    cess = Tax("cess", Fraction(2, 100), of="gst")
    assert work_out(Fraction(10000), (gst, cess)).taxes == (500, 10)
    inside = (
        Tax("excise", Fraction(14, 100), included=True),
        Tax("cess", Fraction(2, 100), included=True, of="excise"),
    )
    assert work_out(Fraction(11428), inside).taxes == (1400, 28)
    with pytest.raises(Held, match="which is not before it"):
        work_out(Fraction(1), (cess,))
    icms = Tax("icms", Fraction(18, 100), Kind.DIVISION)
    assert work_out(Fraction(8200), (icms,)).taxes == (1800,)
    two = (Tax("a", Fraction(1, 10), Kind.DIVISION, True), Tax("b", Fraction(2, 10), Kind.DIVISION, True))
    inside = work_out(Fraction(10000), two)
    assert (inside.net, inside.taxes) == (7000, (1000, 2000))
    per_unit = work_out(Fraction(1000), (Tax("eco", Fraction(25), Kind.FIXED),), Fraction(4))
    assert per_unit.taxes == (100,)


def test_taxes_that_leave_nothing_of_the_price_are_held():
    half = Fraction(1, 2)
    with pytest.raises(Held):
        work_out(Fraction(1), (Tax("a", half, Kind.DIVISION), Tax("b", half, Kind.DIVISION)))
    with pytest.raises(Held):
        Tax("a", Fraction(1), Kind.DIVISION)


def test_a_discount_on_the_grand_total_with_an_account_leaves_tax_alone():
    line = [Line("1", Fraction(10000), (Tax("t", Fraction(1, 10)),))]
    share = Fraction(2, 10)
    own = discounted(line, TaxPolicy(), DiscountOn.GRAND_TOTAL, DiscountTo.OWN_ACCOUNT, share)
    assert (own.due, own.discount, own.taxed.tax, own.sales) == (8800, 2200, 1000, 10000)
    price = discounted(line, TaxPolicy(), DiscountOn.GRAND_TOTAL, DiscountTo.PRICE, share)
    assert (price.due, price.taxed.net, price.taxed.tax) == (8800, 8000, 800)
    net = discounted(line, TaxPolicy(), DiscountOn.NET, DiscountTo.PRICE, amount=1500)
    assert (net.due, net.taxed.tax, net.discount) == (9350, 850, 1500)


def test_early_payment_in_three_ways():
    # 100.00 and 21 %, 2 % for early payment.
    of = [early_payment(10000, Fraction(21, 100), Fraction(2, 100), tax) for tax in EarlyTax]
    assert [(e.invoiced, e.paid, e.paid_tax) for e in of] == [
        (12100, 11900, 2100),
        (12100, 11858, 2058),
        (12058, 11858, 2058),
    ]


rates = st.builds(
    Tax,
    code=st.sampled_from("abc"),
    rate=st.fractions(0, Fraction(1, 2), max_denominator=400),
    compound=st.booleans(),
)
prices = st.lists(st.fractions(-99999, 99999, max_denominator=100), min_size=1, max_size=6)
policies = st.builds(
    TaxPolicy,
    place=st.sampled_from(Place),
    mode=st.sampled_from(Rounding),
    base=st.sampled_from(Base),
    first=st.sampled_from(First),
    residual=st.sampled_from(Residual),
)


def stacks(included):
    return st.lists(rates, max_size=3, unique_by=lambda tax: tax.code).map(
        lambda taxes: tuple(Tax(t.code, t.rate, t.kind, included, t.compound) for t in taxes)
    )


@settings(max_examples=60, deadline=None)
@given(prices, stacks(False), policies)
def test_the_documents_tax_is_that_of_its_lines_and_its_rounding_line(prices, stack, policy):
    lines = [Line(str(n), price, stack) for n, price in enumerate(prices)]
    done = tax_document(lines, policy)
    assert done.tax == sum(line.tax for line in done.lines) + done.rounding
    assert all(line.tax == sum(tax for _, tax in line.codes) for line in done.lines)
    assert sum(done.by_code().values()) + done.rounding == done.tax
    if policy.residual is not Residual.OWN_LINE:
        assert done.rounding == 0 or not any(line.tax for line in done.lines)
    # No policy is further from exact tax than a unit for each amount that it rounds, bases included.
    exact = sum(work_out(price, stack).tax for price in prices)
    assert abs(done.tax - exact) <= len(prices) * (len(stack) + 1 + len(stack) * 4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 99999), min_size=1, max_size=6), stacks(True), policies)
def test_a_price_with_tax_in_it_is_what_is_to_pay(prices, stack, policy):
    done = document(prices, *stack, place=policy.place, mode=policy.mode, first=policy.first)
    assert done.total == sum(prices)
    spread = document(prices, *stack, place=policy.place, residual=Residual.LARGEST_REMAINDER)
    assert spread.total == sum(prices)
    assert spread.rounding == 0


@settings(max_examples=60, deadline=None)
@given(st.fractions(0, 99999, max_denominator=100), stacks(False))
def test_taking_tax_out_undoes_putting_it_on(price, stack):
    gross = work_out(price, stack).gross
    inside = tuple(Tax(t.code, t.rate, t.kind, True, t.compound) for t in stack)
    assert work_out(gross, inside).net == price


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-99999, 99999), min_size=1, max_size=5), stacks(False), policies)
def test_a_credit_mirrors_its_invoice(prices, stack, policy):
    invoice = tax_document([Line(str(n), Fraction(p), stack) for n, p in enumerate(prices)], policy)
    credit = tax_document([Line(str(n), Fraction(-p), stack) for n, p in enumerate(prices)], policy)
    assert (credit.net, credit.tax) == (-invoice.net, -invoice.tax)
