"""What cannot be priced, converted or placed is held with a reason and an owner, and posted nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from core.assemble import MODELS
from scenarios.lifecycles.sales import Deal, QuoteLine
from scenarios.scripted.office import RunBills
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Party, Script
from scenarios.scripted.stage import Stage
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.stories.story import scripted
from scenarios.world.play import Played, play


@dataclass(frozen=True, slots=True)
class SignUnpriced:
    """A quote whose line nobody has priced is accepted all the same."""

    on: str
    party: str
    items: tuple[Item, ...]

    def tell(self) -> str:
        return f"{self.party} signs a quote without a price"

    async def perform(self, stage: Stage) -> None:
        start = date.fromisoformat(self.on)
        line = QuoteLine(self.items[0].sku, 5, 0, None, 1)  # type: ignore[arg-type]
        key = f"OPP-{self.party}-01"
        await stage.win(self.party, Deal(key, "new", key, start, date(2027, 2, 1), (line,)))


def played(
    monkeypatch: pytest.MonkeyPatch, model: str, party: Party, *acts: object, ends: str = "2026-03-03"
) -> Played:
    script = Script("2026-01-05", ends, (party,), acts, ())  # type: ignore[arg-type]
    told = scripted("held_for_a_person", "Held", None, script)
    monkeypatch.setitem(STORIES, told.name, told)
    spec = Spec(told.name, model, told.profile, 1, told.months, 1, "none")
    return play(spec, repeat=False)


def reasons(found: Played) -> list[tuple[str, str]]:
    """(owner, why) of what is held; where a model cannot hold, of what it told a person."""
    if found.evidence.parked:
        return [(item.owner, item.cause) for item in found.evidence.parked]
    return [(text.rpartition("; ask ")[2], text) for _, _, _, text in found.alerts]


def nothing_posted(found: Played) -> None:
    books = found.evidence
    assert books.erp.invoices == ()
    assert books.erp.schedules == ()
    assert [line for line in books.erp.ledger if line.account in ("1100", "2100", "4000")] == []


@pytest.mark.parametrize("model", MODELS)
def test_a_quote_without_a_price(monkeypatch, model):
    found = played(
        monkeypatch, model, Party("ACME", "Acme"), SignUnpriced("2026-02-02", "ACME", (Item("TEAM", 5),))
    )
    assert found.evidence.billing.subscriptions == ()
    nothing_posted(found)
    assert {owner for owner, _ in reasons(found)} == {"sales operations"}
    assert all("TEAM" in why and "price" in why for _, why in reasons(found))


@pytest.mark.parametrize("model", MODELS)
def test_a_currency_whose_decimals_nobody_knows(monkeypatch, model):
    signed = Sign("2026-02-02", "ACME", (Item("TEAM", 5, "9000"),))
    found = played(monkeypatch, model, Party("ACME", "Acme", currency="HUF"), signed)
    assert found.evidence.billing.subscriptions == ()
    nothing_posted(found)
    assert {owner for owner, _ in reasons(found)} == {"sales operations"}
    assert all("HUF" in why and "exponent" in why for _, why in reasons(found))


@pytest.mark.parametrize("model", MODELS)
def test_a_currency_that_the_ledger_does_not_carry(monkeypatch, model):
    signed = Sign("2026-02-02", "ACME", (Item("TEAM", 5, "90.00"),))
    found = played(monkeypatch, model, Party("ACME", "Acme", currency="CZK"), signed)
    nothing_posted(found)
    assert reasons(found)
    assert all("CZK" in why for _, why in reasons(found))
    assert model == "direct" or all(owner for owner, _ in reasons(found))


@pytest.mark.parametrize("model", MODELS)
def test_a_period_that_does_not_exist(monkeypatch, model):
    """The ledger's calendar goes three years ahead; an invoice is dated beyond it."""
    signed = Sign("2026-02-02", "ACME", (Item("TEAM", 5, "90.00"),), months=120)
    ahead = RunBills("2026-02-10", "2031-02-01")
    found = played(monkeypatch, model, Party("ACME", "Acme"), signed, ahead, ends="2026-02-20")
    nothing_posted(found)
    assert any("period" in why and "2031" in why for _, why in reasons(found))
    assert model == "direct" or all(owner for owner, _ in reasons(found))
