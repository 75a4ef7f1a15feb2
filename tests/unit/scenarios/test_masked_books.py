"""`--mask` of commands that write books and findings to files: what is planted of people is in none."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest

from core.governance.personal import VEIL
from reports.record import ModelResult
from scenarios.cli import main
from scenarios.commands import books, contracts, crash_sweeping, playing, run_books
from scenarios.contracts.checking import Answer, Broken
from scenarios.contracts.redriving import Result
from scenarios.crash_sweep import LOST, Outcome, Sweep
from scenarios.evidence.bank import BankBooks, BankLine
from scenarios.evidence.reading import from_json, to_text
from scenarios.evidence.run import Evidence, Parked
from scenarios.running import perform
from scenarios.veiling import MASKED, masked_evidence
from scenarios.world.powercut import Point
from tests.unit.scenarios.test_masked_outputs import RENAMED, SAID, SPEC, WHO, leaks, planted

_PAYER = "Prudence Farthingale"
_ACME = f"transfer by '{_PAYER}' <payables@acme.example.com> for Acme Corporation"


@cache
def evidence() -> Evidence:
    """Of a run in which an exception, the bank and the ledger's memos speak of people."""
    played = perform(SPEC).evidence
    parked = Parked("INV-1", "payment_to_cash", SAID, "treasury", 1, 0, 0, True)
    bank = BankLine("1", "a", "USD", "2026-01-05", "2026-01-05", 1, 1, _PAYER, f"of {_PAYER}", "", "TR-1")
    ledger = tuple(replace(line, memo=SAID) for line in played.erp.ledger)
    base = tuple(replace(line, memo=SAID) for line in played.erp.base_ledger)
    return replace(
        played,
        parked=(parked,),
        bank=BankBooks("First Bank", (), (bank,)),
        erp=replace(played.erp, ledger=ledger, base_ledger=base),
    )


def says(*_: object, **__: object) -> SimpleNamespace:
    return SimpleNamespace(evidence=evidence())


def result(*_: object) -> ModelResult:
    return planted().models[0]


def swept(spec, every, jobs, told, known):
    lost = Outcome(1, Point("before send", "zuora order"), LOST, (_ACME,), f"tieout replay {SPEC.token}")
    told(lost)
    return Sweep(spec, 1, (lost,), (_ACME,))


class Pact:
    """Of contracts, of which a change breaks one."""

    all = ()

    def __init__(self, *_: object) -> None:
        pass

    def lapsed(self) -> list[object]:
        return []

    def answer(self, system: str, change: object) -> Answer:
        # The sentence is cut short where it is shown, in the middle of a name.
        why = "x" * 196 + " Acme"
        return Answer(system, str(change), 1, (Broken(system, "c", "o", Result.CRASHED, why, "", ()),))


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_books, "perform", says)
    monkeypatch.setattr(books, "perform", says)
    monkeypatch.setattr(playing, "_replayed", result)
    monkeypatch.setattr(crash_sweeping, "sweep", swept)
    monkeypatch.setattr(contracts, "record", lambda *_: None)
    monkeypatch.setattr(contracts, "Contracts", Pact)
    monkeypatch.setenv("COLUMNS", "400")


CHANGED = ["--change", "netsuite.customer.companyName"]
COMMANDS = {
    "metrics": ["metrics", SPEC.token, "--keep", "{}/kept.json", "--out", "{}/figures.json"],
    "revenue": ["revenue", SPEC.token, "--keep", "{}/kept.json", "--out", "{}/figures.json"],
    "replay": ["replay", SPEC.token],
    "crash-sweep": ["crash-sweep", RENAMED, "--model", "hybrid", "--out", "{}/swept.json"],
    "contracts": ["contracts", "netsuite", *CHANGED, "--json", "{}/found.json"],
} | {
    f"books {form} {currency}": [
        *("books", SPEC.token, "--format", form, "--currency", currency, "--out", "{}/books.txt")
    ]
    for form in books.FORMATS
    for currency in books.LEDGERS
}  # fmt: skip


def found(text: str) -> list[str]:
    # Digits of a moment are no postal code.
    text = re.sub(r"\d{12,}", "", text)
    return leaks(text) + [word for word in (_PAYER, "Acm", "payables@") if word in text]


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("command", COMMANDS)
def test_nobody_is_in_what_a_masked_command_says_or_writes(command, tmp_path, capsys):
    asked = [word.format(tmp_path) for word in COMMANDS[command]]

    def everything() -> dict[str, str]:
        told = capsys.readouterr()
        written = {path.name: path.read_text() for path in tmp_path.iterdir()}
        for path in tmp_path.iterdir():
            path.unlink()
        return {"said": told.out + told.err} | {
            name: text.encode().decode("unicode_escape", "replace") + text for name, text in written.items()
        }

    plain = main(asked)
    before = everything()
    assert [word for text in before.values() for word in found(text)]
    assert main([*asked, "--mask"]) == plain
    after = everything()
    assert after.keys() == before.keys()
    assert {name: found(text) for name, text in after.items()} == {name: [] for name in after}
    assert any(MASKED in text for text in after.values())


def test_masked_books_give_the_same_figures_and_are_read_and_masked_again(tmp_path, results, capsys):
    kept, again = tmp_path / "kept.json", tmp_path / "again.json"
    for command in ("metrics", "revenue"):
        told = []
        for what, extra in (
            (SPEC.token, []),
            (SPEC.token, ["--keep", str(kept), "--mask"]),
            (str(kept), ["--keep", str(again), "--mask"]),
        ):
            out = tmp_path / "figures.json"
            main([command, what, "--out", str(out), *extra])
            told.append(json.loads(out.read_text()))
        assert told[0] == told[1] == told[2]
        assert kept.read_text() == again.read_text()


def test_in_masked_evidence_identities_hold():
    erp = evidence().erp
    # An id that looks like a postal code of theirs is an id all the same.
    own = replace(erp.customers[0], number=WHO.postal_code)
    masked = masked_evidence(replace(evidence(), erp=replace(erp, customers=(own, *erp.customers[1:]))))
    assert masked.token == SPEC.token
    assert masked.erp.entities == evidence().erp.entities
    assert [each.external for each in masked.erp.customers] == [e.external for e in evidence().erp.customers]
    assert masked.erp.customers[0].number == WHO.postal_code
    assert {each.name for each in masked.crm.accounts} == {VEIL}
    assert all(each.email.startswith(f"{VEIL}@") for each in masked.payments.customers)
    assert masked_evidence(masked) == masked


def test_books_of_a_run_that_is_not_known_are_not_written_as_they_are(tmp_path, capsys):
    strange = replace(evidence(), token=SPEC.token.replace("self_serve", "no_such_company"))
    kept, out = tmp_path / "strange.json", tmp_path / "out.json"
    kept.write_text(to_text(strange))
    assert from_json(Evidence, json.loads(kept.read_text())).token == strange.token
    assert main(["metrics", str(kept), "--keep", str(out), "--mask"]) == 3
    assert "no_such_company" in capsys.readouterr().err
    assert not out.exists()
