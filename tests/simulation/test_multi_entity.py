"""Three legal entities under all five models: each books in its own, differences are realised."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest
from beancount import loader

from core.assemble import MODELS
from scenarios.books import beancount
from scenarios.books.book import book_of
from scenarios.checkers.laws import judge
from scenarios.closing.extract import close, extract_of
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import BROKEN, HOLDS
from scenarios.lifecycles.hands import SALESFORCE
from scenarios.profiles.company import ProfileError
from scenarios.profiles.profile import read_profile
from scenarios.running import perform
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Party, Script
from scenarios.scripted.stage import Stage
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.stories.story import scripted
from scenarios.world.play import play


@cache
def evidence(model: str) -> Evidence:
    return perform(Spec("quick", model, "multi_entity", 14, 2, 1, "none")).evidence


@pytest.mark.parametrize("model", MODELS)
def test_every_entity_has_its_own_books(model: str) -> None:
    found = evidence(model)
    verdicts = {verdict.law: verdict for verdict in judge(found)}
    assert [law for law, verdict in verdicts.items() if verdict.state == BROKEN] == []
    assert {verdicts[law].state for law in ("C32", "F8", "I-10", "I-12", "I-47")} == {HOLDS}
    keys = {entity.id: entity.key for entity in found.erp.entities}
    posted = {(keys[line.entity], line.currency) for line in found.erp.ledger}
    # The German company takes pounds in, and the group takes out what it owes for them.
    assert posted == {
        *{("US", "USD"), ("US", "JPY"), ("DE", "EUR"), ("UK", "GBP")},
        *{("DE", "GBP"), ("ELIM", "GBP")},
    }


@pytest.mark.parametrize("model", MODELS)
def test_open_yen_are_revalued_and_turned_back(model: str) -> None:
    books = evidence(model).erp
    asked = {journal.id: journal for journal in books.journals if journal.external.startswith("FXR-")}
    # Yen in the American books, pounds that were taken in for the British ones in the German.
    assert {journal.external for journal in asked.values()} == {
        f"FXR-2026-{month}-{entity}" for month in ("01", "02") for entity in ("DE", "US")
    }
    turned = Counter(journal.reverses for journal in books.journals if journal.reverses in asked)
    assert turned == Counter(dict.fromkeys(asked, 1))
    left = Counter[str]()
    for line in books.base_ledger:
        left[line.account] += line.debit - line.credit
    assert left["7010"] == 0


@pytest.mark.parametrize("model", MODELS)
def test_the_control_sees_both_sides(model: str) -> None:
    outcomes = {outcome.control.id: outcome for outcome in close(extract_of(evidence(model), "2026-01"))}
    seen = outcomes["C32"]
    assert (seen.state.value, list(seen.open)) == ("passed", [])
    assert seen.left.rows == seen.right.rows > 2


def test_the_books_of_each_entity_load_in_its_own_currency() -> None:
    text = beancount.written(book_of(evidence("hybrid").erp, "three", in_base=True))
    _, errors, _ = loader.load_string(text, dedent=False)
    assert errors == []
    for name, currency in (("Tieout-Inc", "USD"), ("Tieout-GmbH", "EUR"), ("Tieout-Ltd", "GBP")):
        rows = [line for line in text.splitlines() if f":{name}:" in line and line.startswith("  ")]
        assert rows
        assert all(line.endswith(f" {currency}") for line in rows)


@dataclass(frozen=True, slots=True)
class SalesMoves:
    """Somebody puts a customer under another entity of ours in the CRM, and tells nobody."""

    on: str
    party: str
    entity: str

    def tell(self) -> str:
        return f"{self.party} is moved to {self.entity} in the CRM"

    async def perform(self, stage: Stage) -> None:
        path = f"{SALESFORCE}/sobjects/Account/External_Id__c/{self.party}"
        await stage.hands.call("salesforce", "PATCH", path, json_body={"Legal_Entity__c": self.entity})


@pytest.mark.parametrize("model", ["orchestrated", "event_driven", "batch", "hybrid"])
def test_an_invoice_of_another_entity_than_the_crms_is_held_for_billing(monkeypatch, model: str) -> None:
    acts = (
        Sign("2026-01-29", "GLOBO", (Item("TEAM", 10, "29.00"),), months=12, starts="2026-02-01"),
        SalesMoves("2026-02-10", "GLOBO", "DE"),
    )
    party = Party("GLOBO", "Globo San Francisco", "USD")
    script = Script("2026-01-28", "2026-03-04", (party,), acts, ())  # type: ignore[arg-type]
    told = scripted("moved", "Moved", None, script, profile="multi_entity")
    monkeypatch.setitem(STORIES, told.name, told)
    found = play(Spec(told.name, model, told.profile, 1, told.months, 1, "none"), repeat=False).evidence
    (held,) = found.parked
    assert held.owner == "billing operations"
    assert "is billed by US, the CRM has DE on account GLOBO" in held.cause
    assert [(i.date, i.status) for i in found.billing.invoices] == [
        ("2026-02-01", "Posted"),
        ("2026-03-01", "Draft"),
    ]
    assert [i.date for i in found.erp.invoices] == ["2026-02-01"], "nothing of it is in the ledger"


def test_a_profile_that_names_no_entity_of_its_own(tmp_path) -> None:
    from scenarios.profiles import profile

    text = (profile._FOLDER / "multi_entity.toml").read_text()
    path = tmp_path / "mine.toml"
    for old, new, says in (
        ('GB = "UK" }', 'GB = "FR" }', "countries.GB: 'FR'"),
        ('currency = "GBP"', 'currency = "POUND"', "entities.2.currency"),
        ('zone = "Europe/London"', 'colour = "red"', "entities.2.colour"),
    ):
        path.write_text(text.replace(old, new))
        with pytest.raises(ProfileError, match=says):
            read_profile(str(path))
