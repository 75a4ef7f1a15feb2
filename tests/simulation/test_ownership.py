"""Conflicts of ownership: what people edited by hand is found, exactly, and a clean run has none."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scenarios import cli
from scenarios.scripted.editing import EditMirror
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.world.play import play

RENAMED = "customer_renamed_where_it_is_only_shown"


def conflicts(name: str, model: str) -> list[tuple[str, ...]]:
    story = STORIES[name]
    spec = Spec(name, model, story.profile, story.customers, story.months, 1, "none")
    found = play(spec, repeat=False, conflicts=True).conflicts
    assert all(each.since is not None and each.since.tzinfo is not None for each in found)
    return [(c.object, c.field, c.owner, c.value, c.other, c.shown, c.asks) for c in found]


@pytest.mark.parametrize("model", ["direct", "hybrid"])
def test_names_edited_where_they_are_only_shown_are_found_and_nothing_else(model: str) -> None:
    name = ("customer ACME", "customer.name", "crm", "Acme")
    assert conflicts(RENAMED, model) == [
        (*name, "billing", "Acme Co", "sales operations"),
        (*name, "erp", "Acme Holdings Inc.", "sales operations"),
    ]


@pytest.mark.parametrize("model", ["orchestrated", "event_driven", "batch", "hybrid"])
def test_a_night_finds_them_by_itself_and_tells_the_owner_once(model: str) -> None:
    story = STORIES[RENAMED]
    spec = Spec(RENAMED, model, story.profile, story.customers, story.months, 1, "none")
    counts = play(spec, repeat=False).core_counts
    assert counts["ownership.conflicts"] == 2
    assert counts["ownership.looks"] > 30
    assert counts["ownership.not_looked_at"] == 0


def test_the_same_story_without_the_edits_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    story = STORIES[RENAMED]
    assert story.script is not None
    acts = tuple(act for act in story.script.acts if not act.tell().startswith(("Accounting", "Billing op")))
    assert len(acts) == len(story.script.acts) - 2
    monkeypatch.setitem(STORIES, RENAMED, replace(story, script=replace(story.script, acts=acts)))
    assert conflicts(RENAMED, "direct") == []


def test_a_mirror_edited_in_the_crm_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    story = STORIES[RENAMED]
    assert story.script is not None
    acts = (*story.script.acts[:2], EditMirror("2026-03-04", "BETA", "Paid"))
    monkeypatch.setitem(STORIES, RENAMED, replace(story, script=replace(story.script, acts=acts)))
    found = conflicts(RENAMED, "direct")
    assert {(each[1], *each[2:]) for each in found} == {
        ("invoice.status", "billing", "Posted", "crm", "Paid", "billing operations")
    }
    assert len(found) == 2


def test_business_that_nobody_edits_ends_without_a_conflict() -> None:
    spec = Spec("quick", "hybrid", "contested", 6, 1, 1, "calm")
    played = play(spec, repeat=False, conflicts=True)
    assert played.conflicts == ()
    assert played.core_counts["ownership.conflicts"] == 0


def test_the_command_shows_the_table_and_the_conflicts(tmp_path, capsys) -> None:
    assert cli.main(["ownership", "--out", str(tmp_path / "table.json")]) == 0
    said = capsys.readouterr().out
    assert "customer.name" in said
    assert "sales operations" in said
    table = json.loads((tmp_path / "table.json").read_text())
    assert table["fields"][0] == {
        "name": "customer.key", "record": "crm", "asked": False,
        "copies": ["billing", "payments", "tax", "erp"], "asks": "sales operations",
    }  # fmt: skip
    assert cli.main(["ownership", RENAMED, "--model", "direct", "--out", str(tmp_path / "found.json")]) == 1
    said = capsys.readouterr().out
    assert "Acme Holdings Inc." in said
    found = json.loads((tmp_path / "found.json").read_text())["conflicts"]
    assert [(each["other"], each["shown"]) for each in found] == [
        ("billing", "Acme Co"), ("erp", "Acme Holdings Inc."),
    ]  # fmt: skip
    assert found[1]["since"].startswith("2026-02-10T09:00")
