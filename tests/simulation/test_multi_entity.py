"""Three legal entities under all five models: each books in its own, differences are realised."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from beancount import loader

from core.assemble import MODELS
from scenarios.books import beancount
from scenarios.books.book import book_of
from scenarios.checkers.laws import judge
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import BROKEN, HOLDS
from scenarios.profiles.profile import ProfileError, read_profile
from scenarios.running import perform
from scenarios.spec import Spec


@cache
def evidence(model: str) -> Evidence:
    return perform(Spec("quick", model, "multi_entity", 14, 2, 1, "none")).evidence


@pytest.mark.parametrize("model", MODELS)
def test_every_entity_has_its_own_books(model: str) -> None:
    found = evidence(model)
    verdicts = {verdict.law: verdict for verdict in judge(found)}
    assert [law for law, verdict in verdicts.items() if verdict.state == BROKEN] == []
    assert {verdicts[law].state for law in ("I-10", "I-12", "I-47")} == {HOLDS}
    keys = {entity.id: entity.key for entity in found.erp.entities}
    posted = {(keys[line.entity], line.currency) for line in found.erp.ledger}
    assert posted == {("US", "USD"), ("US", "JPY"), ("DE", "EUR"), ("UK", "GBP")}


@pytest.mark.parametrize("model", MODELS)
def test_open_yen_are_revalued_and_turned_back(model: str) -> None:
    books = evidence(model).erp
    asked = {journal.id: journal for journal in books.journals if journal.external.startswith("FXR-")}
    assert {journal.external for journal in asked.values()} == {"FXR-2026-01-US", "FXR-2026-02-US"}
    assert Counter(journal.reverses for journal in books.journals if journal.reverses) == Counter(
        dict.fromkeys(asked, 1)
    )
    left = Counter[str]()
    for line in books.base_ledger:
        left[line.account] += line.debit - line.credit
    assert left["7010"] == 0


def test_the_books_of_each_entity_load_in_its_own_currency() -> None:
    text = beancount.written(book_of(evidence("hybrid").erp, "three", in_base=True))
    _, errors, _ = loader.load_string(text, dedent=False)
    assert errors == []
    for name, currency in (("Tieout-Inc", "USD"), ("Tieout-GmbH", "EUR"), ("Tieout-Ltd", "GBP")):
        rows = [line for line in text.splitlines() if f":{name}:" in line and line.startswith("  ")]
        assert rows
        assert all(line.endswith(f" {currency}") for line in rows)


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
