"""A registry of mappings: the order of environments, two approvals, the way back, and what was changed."""

from __future__ import annotations

import json
import threading
from itertools import count
from pathlib import Path

import pytest

from core.governance.duties import ChangeDuties
from core.mappings.document import BadMapping
from core.mappings.history import BadRegistry
from core.mappings.registry import HISTORY, NotAllowed, Registry
from core.mappings.shipped import SHIPPED, shipped_text
from core.mappings.standing import Act, Environment

DEV, STAGING, PRODUCTION = Environment


def text(version: int = 2, author: str = "mia", code: str = "SW053000") -> bytes:
    changed = shipped_text("tax_codes").decode().replace("SW052000", code)
    return changed.replace("version = 1", f"version = {version}").replace("Tieout", author).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mappings"


@pytest.fixture
def registry(folder: Path) -> Registry:
    ticks = count(1_000_000)
    return Registry(folder, lambda: next(ticks), begin=True)


def approved(registry: Registry, version: int = 2) -> Registry:
    registry.add(text(version), "new.toml", "mia", "a new code")
    for who in ("ann", "bob"):
        registry.approve("tax_codes", version, who)
    return registry


def promoted(registry: Registry, *environments: Environment, version: int = 2) -> Registry:
    for each in environments:
        registry.promote(registry.candidate("tax_codes", version, each, "bob"), "bob")
    return registry


def live(registry: Registry) -> list[int]:
    return [registry.live(each)["tax_codes"].version for each in Environment]


def test_it_begins_with_what_comes_with_the_core(registry: Registry, folder: Path) -> None:
    assert live(registry) == [1, 1, 1]
    assert registry.live(PRODUCTION).versions == SHIPPED.versions
    again = Registry(folder, lambda: 0, begin=True)
    assert len(again.entries()) == len(SHIPPED.documents)


def test_a_version_goes_through_the_environments_in_order(registry: Registry) -> None:
    approved(registry)
    assert live(registry) == [2, 1, 1]
    with pytest.raises(
        NotAllowed, match=r"tax_codes@2 is not live in staging \(version 1 is\); promote it there"
    ):
        registry.candidate("tax_codes", 2, PRODUCTION, "bob")
    promoted(registry, STAGING)
    assert live(registry) == [2, 2, 1]
    promoted(registry, PRODUCTION)
    assert live(registry) == [2, 2, 2]
    assert registry.live(PRODUCTION)["tax_codes"].look(product="SEAT", country="DE") == {
        "tax_code": "SW053000"
    }
    with pytest.raises(BadRegistry, match="is live in production already"):
        registry.candidate("tax_codes", 2, PRODUCTION, "bob")


def test_two_others_have_to_approve(registry: Registry) -> None:
    registry.add(text(), "new.toml", "mia", "a new code")
    for author in ("mia", " Mia "):
        with pytest.raises(NotAllowed, match=r"SoD-2: .* made the change and must not approve it"):
            registry.approve("tax_codes", 2, author)
    registry.approve("tax_codes", 2, "ann")
    registry.approve("tax_codes", 2, "ANN")
    with pytest.raises(NotAllowed, match="SoD-2: 1 of the 2 people"):
        registry.candidate("tax_codes", 2, STAGING, "bob")
    registry.approve("tax_codes", 2, "bob")
    with pytest.raises(NotAllowed, match="SoD-2: mia made the change and must not promote it"):
        registry.candidate("tax_codes", 2, STAGING, "mia")
    promoted(registry, STAGING)
    refused = [entry.act for entry in registry.entries() if entry.outcome == "refused"]
    assert refused == [Act.APPROVE, Act.APPROVE, Act.PROMOTE, Act.PROMOTE]


def test_approvals_are_of_one_version(registry: Registry) -> None:
    approved(registry)
    registry.add(text(3), "newer.toml", "mia", "once more")
    with pytest.raises(NotAllowed, match="SoD-2: 0 of the 2 people"):
        registry.candidate("tax_codes", 3, STAGING, "bob")


@pytest.mark.parametrize("needed", [1, 3])
def test_how_many_approve_is_a_switch(folder: Path, needed: int) -> None:
    registry = approved(Registry(folder, lambda: 1, ChangeDuties(needed), begin=True))
    if needed == 1:
        assert live(promoted(registry, STAGING)) == [2, 2, 1]
        return
    with pytest.raises(NotAllowed, match="2 of the 3 people"):
        promoted(registry, STAGING)


def test_a_file_that_was_edited_after_it_was_approved_is_refused(registry: Registry, folder: Path) -> None:
    approved(registry)
    path = folder / "versions" / "tax_codes" / "0002.toml"
    path.write_bytes(text(code="NT"))
    for asked in (
        lambda: registry.candidate("tax_codes", 2, STAGING, "bob"),
        lambda: registry.approve("tax_codes", 2, "cem"),
        lambda: registry.live(DEV),
    ):
        with pytest.raises(BadRegistry, match=r"0002.toml: its digest is .* it was changed since; take it"):
            asked()
    assert registry.live(STAGING)["tax_codes"].version == 1


def test_what_changes_while_it_is_tried_has_to_be_tried_again(registry: Registry) -> None:
    tried = approved(registry).candidate("tax_codes", 2, STAGING, "bob")
    other = (
        shipped_text("crm_products").decode().replace("version = 1", "version = 2").replace("Tieout", "mia")
    )
    registry.add(other.encode(), "p.toml", "mia", "")
    for who in ("ann", "bob"):
        registry.approve("crm_products", 2, who)
    registry.promote(registry.candidate("crm_products", 2, STAGING, "bob"), "bob")
    with pytest.raises(NotAllowed, match="staging has changed since it was tried"):
        registry.promote(tried, "bob")
    assert live(registry) == [2, 1, 1]


def test_back_to_what_was_live_there(registry: Registry) -> None:
    promoted(approved(registry), STAGING, PRODUCTION)
    with pytest.raises(BadRegistry, match="why: ''"):
        registry.roll_back("tax_codes", 1, PRODUCTION, "mia", " ")
    registry.roll_back("tax_codes", 1, PRODUCTION, "mia", "invoices of May were wrong")
    assert live(registry) == [2, 2, 1]
    assert registry.entries()[-1].reason == "invoices of May were wrong"
    with pytest.raises(BadRegistry, match="is live in production already"):
        registry.roll_back("tax_codes", 1, PRODUCTION, "mia", "again")
    registry.add(text(3), "newer.toml", "mia", "")
    with pytest.raises(NotAllowed, match="tax_codes@3 was never live in production; promote it instead"):
        registry.roll_back("tax_codes", 3, PRODUCTION, "bob", "quickly")


@pytest.mark.parametrize(
    ("version", "author", "says"),
    [(1, "mia", "version: 1: the next one of tax_codes is 2"), (4, "mia", "version: 4: the next one"),
     (2, "ann", "author: 'ann': the author puts it in, not mia")],
)  # fmt: skip
def test_what_cannot_be_put_in(registry: Registry, version: int, author: str, says: str) -> None:
    before = registry.entries()
    with pytest.raises(BadMapping, match="new.toml: " + says):
        registry.add(text(version, author), "new.toml", "mia", "")
    assert registry.entries() == before


def test_there_has_to_be_a_registry(tmp_path: Path) -> None:
    with pytest.raises(BadRegistry, match="tieout mappings init"):
        Registry(tmp_path, lambda: 1)


@pytest.mark.parametrize("what", ["changed", "removed", "cut", "junk", "odd", "truncated"])
def test_a_history_that_was_changed_by_hand_is_refused(registry: Registry, folder: Path, what: str) -> None:
    promoted(approved(registry), STAGING)
    path = folder / HISTORY
    anchors = {entry.sequence: entry.hash for entry in registry.entries()[-1:]}
    lines = path.read_text().splitlines(keepends=True)
    entry = json.loads(lines[-1])
    changed = {
        "changed": [*lines[:-1], json.dumps({**entry, "who": "ann"}) + "\n"],
        "removed": [*lines[:-2], lines[-1]],
        "cut": [*lines[:-1], lines[-1][:40]],
        "junk": [*lines, "junk\n"],
        "odd": [*lines, json.dumps({**entry, "sequence": "x"}) + "\n"],
        "truncated": lines[:-1],
    }[what]
    path.write_text("".join(changed))
    with pytest.raises(
        BadRegistry, match=r"history.jsonl: .*take it from a backup|take the file from a backup"
    ):
        registry.entries(anchors)
    if what != "truncated":
        with pytest.raises(BadRegistry):
            registry.live(PRODUCTION)


def test_two_who_write_at_once_both_stand_in_the_history(registry: Registry, folder: Path) -> None:
    registry.add(text(), "new.toml", "mia", "")
    names = [f"p{n}" for n in range(8)]
    others = [
        threading.Thread(target=lambda who=who: Registry(folder, lambda: 1).approve("tax_codes", 2, who))
        for who in names
    ]
    for each in others:
        each.start()
    for each in others:
        each.join()
    assert set(registry.standing().versions["tax_codes"][2].approved) == set(names)


def test_a_half_written_file_changes_nothing(registry: Registry, folder: Path) -> None:
    """As a power cut between the two writes would leave it."""
    before = registry.entries()
    (folder / f"{HISTORY}.part").write_text("half")
    (folder / "versions" / "tax_codes" / "0002.toml").write_bytes(text(code="NT"))
    assert live(registry) == [1, 1, 1]
    assert registry.entries() == before
    registry.add(text(), "new.toml", "mia", "")
    assert registry.live(DEV)["tax_codes"].look(product="x", country="y") == {"tax_code": "SW053000"}
