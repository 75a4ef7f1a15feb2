"""The conventions that the running core decides: another setting, other books, as documented; and the laws,
which read the switch from the evidence and work it out again, hold under either."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import pytest

from core.finance.ledger.conventions import BookPolicy
from core.settings import LegalEntities, Settings
from scenarios import switches
from scenarios.checkers.laws import LAWS, judge
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import BROKEN
from scenarios.lifecycles.treasury import Treasury
from scenarios.profiles import profile as profiles
from scenarios.profiles.company import ProfileError
from scenarios.profiles.profile import Profile, read_profile
from scenarios.scripted import cuts, ledger
from scenarios.scripted.disputes import AnswerBank, BankDecides, CallBack
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Ask, Party, Script
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.stories.story import scripted
from scenarios.world.play import play

USUAL = Settings(dunning_hour=None, write_off_hour=None)


def books(**chosen: Any) -> Settings:
    """The usual settings but for some conventions, as a TOML file would name them."""
    own = Settings.model_validate({"books": chosen}).books
    return USUAL.model_copy(update={"books": own})


def played(story: str, settings: Settings = USUAL, profile: Profile | None = None) -> Evidence:
    told = STORIES[story]
    spec = Spec(told.name, "orchestrated", told.profile, told.customers, told.months, 1, "none")
    return play(spec, settings=settings, repeat=False, profile=profile).evidence


@cache
def usually(story: str) -> Evidence:
    return played(story)


def entity(**chosen: Any) -> Profile:
    """The company of several entities with other conventions between them."""
    usual = read_profile("multi_entity")
    own = LegalEntities.model_validate({**usual.legal_entities.model_dump(), **chosen})
    return replace(usual, legal_entities=own)


def holds(evidence: Evidence) -> None:
    assert [(v.law, w.says) for v in judge(evidence) if v.state == BROKEN for w in v.witnesses] == []


def answers(evidence: Evidence, *asks: Ask) -> list[str]:
    return [ask.of(evidence) for ask in asks]


def broken(evidence: Evidence, law: str) -> bool:
    return next(v for v in judge(evidence) if v.law == law).state == BROKEN


LOSS, CONTRA, TAX = (
    ledger.month(account, "2026-04") for account in (ledger.DISPUTE_LOSSES, ledger.CREDITS, ledger.TAX)
)


def test_a_dispute_loss_is_an_expense_or_off_revenue():
    assert answers(usually("dispute_lost_after_close"), LOSS, CONTRA) == ["290.00 USD", "0.00 USD"]
    found = played("dispute_lost_after_close", books(dispute_loss="contra_revenue"))
    assert answers(found, LOSS, CONTRA) == ["0.00 USD", "290.00 USD"]
    holds(found)
    assert broken(replace(found, conventions=usually("dispute_lost_after_close").conventions), "C21")


GERMAN = scripted(
    "dispute_lost_in_germany",
    "Dispute over an invoice with VAT",
    None,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("GLOBO", "Globo Berlin", "EUR", place="Berlin"),),
        acts=(
            Sign("2026-01-29", "GLOBO", (Item("TEAM", 10, "27.00"),), months=1, starts="2026-02-01"),
            PayOpen("2026-02-04", "GLOBO"),
            CallBack("2026-03-18", "GLOBO", "product_not_received"),
            AnswerBank("2026-03-24", "GLOBO"),
            BankDecides("2026-04-14", "GLOBO", "lost"),
        ),
        expects=(),
    ),
    profile="multi_entity",
)


def test_tax_of_a_lost_dispute_is_lost_or_comes_back(monkeypatch):
    """270.00 and 19 % VAT, 51.30."""
    monkeypatch.setitem(STORIES, GERMAN.name, GERMAN)
    asks = [ledger.month(account, "2026-04", "EUR") for account in (ledger.DISPUTE_LOSSES, ledger.TAX)]
    lost = played(GERMAN.name)
    assert answers(lost, *asks) == ["321.30 EUR", "0.00 EUR"]
    relieved = played(GERMAN.name, books(dispute_tax="relieved"))
    assert answers(relieved, *asks) == ["270.00 EUR", "-51.30 EUR"]
    holds(lost)
    holds(relieved)
    assert broken(replace(relieved, conventions=lost.conventions), "C21")
    assert broken(replace(lost, conventions=relieved.conventions), "C21")


def test_fees_are_an_expense_or_off_revenue():
    asks = (ledger.balance(ledger.FEES), ledger.balance(ledger.CREDITS))
    kept, nothing = answers(usually("payout_short_by_the_fee"), *asks)
    assert nothing == "0.00 USD"
    assert kept != nothing
    found = played("payout_short_by_the_fee", books(fees="fees_reduce_revenue"))
    assert answers(found, *asks) == [nothing, kept]
    holds(found)
    assert broken(replace(found, conventions=usually("payout_short_by_the_fee").conventions), "I-06")


def test_what_is_late_gets_the_first_open_day_or_the_day_of_posting():
    def days(evidence: Evidence) -> list[str]:
        return sorted(i.date for i in evidence.erp.invoices)

    assert days(usually("invoice_in_closed_period"))[0] == "2026-02-01"
    found = played("invoice_in_closed_period", books(late_day="day_of_posting"))
    assert days(found)[0] == "2026-02-10"
    holds(found)
    assert broken(replace(found, conventions=usually("invoice_in_closed_period").conventions), "I-15")


@pytest.mark.parametrize(
    ("chosen", "why"), [({"closed_period": "held"}, "is closed"), ({"material": 31_000}, "is material")]
)
def test_what_is_late_is_posted_or_held_for_the_controller(chosen, why):
    found = played("invoice_in_closed_period", books(**chosen))
    (held,) = {(item.owner, item.cause) for item in found.parked if why in item.cause}
    assert held[0] == "controller"
    assert "2026-01-31" not in {i.date for i in found.erp.invoices}
    assert len(found.erp.invoices) == len(usually("invoice_in_closed_period").erp.invoices) - 1
    assert not broken(found, "I-15")
    strict = replace(usually("invoice_in_closed_period"), conventions=found.conventions)
    assert broken(strict, "I-15"), "the usual books are wrong under this convention"


def test_below_the_limit_what_is_late_is_posted():
    found = played("invoice_in_closed_period", books(material=31_001))
    assert found.parked == ()
    holds(found)


def test_a_revaluation_is_turned_back_on_day_one_or_carries_to_the_next():
    def back(evidence: Evidence) -> set[str]:
        asked = {j.id for j in evidence.erp.journals if j.external.startswith("FXR-2026-02")}
        return {j.date for j in evidence.erp.journals if j.reverses in asked}

    story = "pounds_taken_in_by_another_entity"
    assert back(usually(story)) == {"2026-03-01"}
    found = played(story, books(revaluation="revaluation_carries"))
    assert back(found) == {"2026-03-31"}
    holds(found)
    assert broken(replace(found, conventions=usually(story).conventions), "I-47")


def test_a_missing_closing_rate_holds_the_revaluation_or_the_latest_one_is_taken(monkeypatch):
    """The treasury forgets the last day of February."""
    enter = Treasury.enter

    async def forgetful(self: Treasury, on: Any) -> None:
        if on.isoformat() != "2026-02-28":
            await enter(self, on)

    monkeypatch.setattr(Treasury, "enter", forgetful)
    story = "pounds_taken_in_by_another_entity"

    def revalued(evidence: Evidence) -> set[str]:
        return {j.external[:11] for j in evidence.erp.journals if j.external.startswith("FXR-")}

    assert "FXR-2026-02" not in revalued(played(story))
    found = played(story, books(closing_rate="latest_known"))
    assert not broken(found, "I-47")
    assert found.conventions.books.closing_rate == "latest_known"


COST = ledger.between("UK", ledger.BETWEEN_COST, "2026-02")
DUE = ledger.between("UK", ledger.DUE_FROM, "2026-02")


def test_the_transfer_price_is_a_setting():
    story = "pounds_taken_in_by_another_entity"
    found = played(story, profile=entity(collection_fee_percent="2.5"))
    assert answers(usually(story), COST) == ["5.22 GBP"]
    assert answers(found, COST) == ["8.70 GBP"]
    holds(found)
    assert broken(replace(found, conventions=usually(story).conventions), "C32")


def test_the_transfer_price_is_rounded_as_it_is_set():
    story = "pounds_taken_in_by_another_entity"
    up = played(story, profile=entity(collection_fee_percent="1.501", collection_fee_rounding="up"))
    down = played(story, profile=entity(collection_fee_percent="1.501", collection_fee_rounding="down"))
    assert [answers(each, COST) for each in (up, down)] == [["5.23 GBP"], ["5.22 GBP"]]
    holds(up)
    holds(down)
    assert broken(replace(up, conventions=down.conventions), "C32")


def test_opposing_balances_are_set_off_or_stand():
    story = "pounds_taken_in_by_another_entity"
    found = played(story, profile=entity(set_off="gross"))
    assert answers(usually(story), DUE) == ["342.78 GBP"]
    assert answers(found, DUE) == ["348.00 GBP"]
    holds(found)
    assert broken(replace(found, conventions=usually(story).conventions), "C32")
    assert broken(replace(usually(story), conventions=found.conventions), "C32")


def test_departments_and_what_is_carried_are_settings():
    story = "two_products_two_departments"
    usual = read_profile("mid_market")
    dims = usual.dimensions.model_copy(update={"departments": {}, "otherwise": "Services"})
    found = played(story, profile=replace(usual, dimensions=dims))
    ask = cuts.by("department", "Services", ledger.REVENUE, "2026-02")
    assert answers(usually(story), ask) == ["56.00 USD"]
    assert answers(found, ask) == ["336.00 USD"]
    holds(found)
    assert broken(replace(found, conventions=usually(story).conventions), "F8")
    bare = usual.dimensions.model_copy(update={"carries": frozenset({"product"})})
    found = played(story, profile=replace(usual, dimensions=bare))
    assert {line.contract for line in found.erp.ledger} == {""}
    holds(found)


def test_a_profile_sets_them_and_says_what_is_wrong(tmp_path):
    text = (profiles._FOLDER / "mid_market.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(text + '\n[books]\nfees = "fees_reduce_revenue"\nmaterial = 100000\n')
    own = read_profile(str(path)).books
    assert own is not None
    assert (own.fees.value, own.material) == ("fees_reduce_revenue", 100_000)
    for line, says in (
        ('fees = "gratis"', r"books.fees: 'gratis': .*'fees_are_expense' or 'fees_reduce_revenue'"),
        ('colour = "red"', "books.colour: unknown; allowed: dispute_loss, "),
        ("material = 0", "material: 0 minor units"),
    ):
        path.write_text(text + f"\n[books]\n{line}\n")
        with pytest.raises(ProfileError, match=says):
            read_profile(str(path))


def test_the_page_of_switches_is_of_today_and_names_every_convention_of_the_books():
    said, today = switches.PAGE.read_text().splitlines(), switches.page().splitlines()
    settings = today.index("## Switches of the pure rules")
    assert said[:settings] == today[:settings], "python -m scenarios.switches"
    # What is said of the rules is so; a switch that is new may be missing until the page is made anew.
    assert set(said) <= set(today), "python -m scenarios.switches"
    named = {name.partition(".")[2] for name in switches.PROVED if name.startswith("books.")}
    assert named == {field.name for field in fields(BookPolicy)}
    laws = {law.id for law in LAWS}
    assert {each for found in switches.PROVED.values() for each in found.split(", ")} <= laws
