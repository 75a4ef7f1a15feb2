"""Nexus by dated thresholds, registrations, certificates, and who owes VAT."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from core.canonical.errors import Held
from core.finance.tax.duty import (
    Certificate,
    Registration,
    Treatment,
    VatParty,
    duty,
    rate_of,
    vat_on_services,
)
from core.finance.tax.nexus import (
    Activity,
    Measure,
    Reach,
    Rule,
    Sale,
    Taxability,
    Threshold,
    collects,
    has_nexus,
    nexus_on,
    nexus_since,
    taxability_of,
    threshold_on,
)
from core.finance.tax.taxes import Tax

DAY = date(2026, 6, 15)
STACK = (
    Tax("ca-state", Fraction(6, 100), jurisdiction="CA"),
    Tax("la-county", Fraction(1, 400), jurisdiction="CA-LA"),
    Tax("la-city", Fraction(1, 100), jurisdiction="CA-LA-CITY"),
)


def rule(test=Rule.SALES, sales=100, transactions=None, **more):
    return Threshold("XX", None if sales is None else Fraction(sales), transactions, test, **more)


@pytest.mark.parametrize(
    ("test", "sales", "count", "nexus"),
    [
        (Rule.SALES, 100, 900, False),
        (Rule.SALES, 101, 0, True),
        (Rule.TRANSACTIONS, 999, 10, False),
        (Rule.TRANSACTIONS, 0, 11, True),
        (Rule.AND, 101, 10, False),
        (Rule.AND, 101, 11, True),
        (Rule.OR, 1, 11, True),
        (Rule.OR, 100, 10, False),
    ],
)
def test_a_threshold_is_passed_not_reached(test, sales, count, nexus):
    activity = Activity(Fraction(sales), count)
    assert has_nexus(rule(test, transactions=10), activity) is nexus


def test_a_threshold_that_is_met_counts_where_the_state_says_so():
    at = Activity(Fraction(100), 0)
    assert not has_nexus(rule(), at)
    assert has_nexus(rule(reach=Reach.MET), at)


def test_a_test_without_a_figure_is_held():
    with pytest.raises(Held, match="XX"):
        has_nexus(rule(Rule.AND), Activity(Fraction(101), 5))
    with pytest.raises(Held):
        has_nexus(rule(Rule.OR, sales=None), Activity(Fraction(101), 5))


def test_the_rule_of_the_day_decides():
    # A state that dropped its test of transactions.
    old = rule(Rule.OR, transactions=10, last=date(2025, 12, 31))
    new = rule(since=date(2026, 1, 1))
    assert threshold_on([old, new], "XX", date(2025, 12, 31)) is old
    assert threshold_on([old, new], "XX", date(2026, 1, 1)) is new
    with pytest.raises(Held, match="YY"):
        threshold_on([old, new], "YY", DAY)


def test_the_measuring_period_decides_which_sales_count():
    sales = [Sale(date(2025, 3, 1), Fraction(80)), Sale(date(2026, 2, 1), Fraction(80))]
    wanted = {
        Measure.CALENDAR_YEAR: False,
        Measure.PREVIOUS_YEAR: False,
        Measure.PREVIOUS_OR_CURRENT: False,
        Measure.TWELVE_MONTHS: True,
    }
    for measure, nexus in wanted.items():
        assert nexus_on([rule(measure=measure)], "XX", sales, date(2026, 2, 15)) is nexus, measure
    assert nexus_since([rule(measure=Measure.TWELVE_MONTHS)], "XX", sales) == date(2026, 2, 1)
    # A year later the first sale does not count any more.
    assert not nexus_on([rule(measure=Measure.TWELVE_MONTHS)], "XX", sales, date(2026, 3, 1))


def test_duty_to_register_and_taxability_are_apart():
    assert not collects(True, Taxability.EXEMPT)
    assert not collects(True, Taxability.PARTLY)
    assert not collects(True, Taxability.TAXABLE, registered=False)
    assert collects(True, Taxability.TAXABLE)
    with pytest.raises(Held, match="'ZZ'"):
        taxability_of({"XX": Taxability.TAXABLE}, "ZZ")


def test_tax_is_collected_only_where_the_entity_is_registered():
    here = [Registration("CA"), Registration("CA-LA", since=date(2026, 7, 1))]
    before = duty(STACK, DAY, here)
    assert [tax.code for tax in before.taxes] == ["ca-state"]
    assert dict(before.why)["CA-LA"] is Treatment.NOT_REGISTERED
    assert [tax.code for tax in duty(STACK, date(2026, 7, 1), here).taxes] == ["ca-state", "la-county"]


def test_a_certificate_covers_its_jurisdictions_for_its_days():
    everywhere = [Registration(tax.jurisdiction) for tax in STACK]
    state = Certificate("R-1", frozenset({"CA"}), date(2026, 1, 1), date(2027, 1, 1))
    assert [tax.code for tax in duty(STACK, DAY, everywhere, [state]).taxes] == ["la-county", "la-city"]
    assert len(duty(STACK, date(2027, 1, 1), everywhere, [state]).taxes) == 3
    assert duty(STACK, DAY, everywhere, [Certificate("R-2")]).taxes == ()


def test_vat_on_services_by_buyer():
    union = frozenset({"DE", "FR", "IE"})
    rates = {"DE": Tax("DE", Fraction(19, 100)), "FR": Tax("FR", Fraction(20, 100))}
    seller = VatParty("DE", "DE1")

    def of(buyer, registered=frozenset()):
        tax, why = vat_on_services(seller, buyer, union, rates, registered)
        return tax and tax.code, why

    assert of(VatParty("DE", "DE2")) == ("DE", Treatment.TAXED)
    assert of(VatParty("FR", "FR2")) == (None, Treatment.REVERSE_CHARGE)
    assert of(VatParty("FR")) == (None, Treatment.NOT_REGISTERED)
    assert of(VatParty("FR"), frozenset({"FR"})) == ("FR", Treatment.TAXED)
    assert of(VatParty("US")) == (None, Treatment.OUTSIDE)
    with pytest.raises(Held, match="'IE'"):
        of(VatParty("IE"), frozenset({"IE"}))


def test_a_rate_of_another_day_is_held():
    dated = [(Tax("vat", Fraction(16, 100)), date(2020, 7, 1), date(2021, 1, 1))]
    assert rate_of(dated, "vat", date(2020, 12, 31)).rate == Fraction(16, 100)
    with pytest.raises(Held, match="2021-01-01"):
        rate_of(dated, "vat", date(2021, 1, 1))
