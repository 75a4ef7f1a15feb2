"""A registry of mappings: the order of environments, two approvals, the way back, and what was changed."""

from __future__ import annotations

import json
import threading
from itertools import count
from pathlib import Path

import pytest

from core.governance.audit import Deed, Outcome
from core.governance.duties import ChangeDuties
from core.mappings.document import BadMapping
from core.mappings.history import BadRegistry, read_history, write_down
from core.mappings.registry import HISTORY, NotAllowed, Registry
from core.mappings.shipped import SHIPPED, shipped_text
from core.mappings.signing import BadKey, Signer, read_signer, write_key
from core.mappings.standing import Act, Environment
from tests.unit.core.signers import KEEPER, key_file, key_of, signer, with_people

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
    return with_people(Registry(folder, lambda: next(ticks), begin=True))


def approved(registry: Registry, version: int = 2) -> Registry:
    registry.add(text(version), "new.toml", signer("mia"), "a new code")
    for who in ("ann", "bob"):
        registry.approve("tax_codes", version, signer(who))
    return registry


def promoted(registry: Registry, *environments: Environment, version: int = 2) -> Registry:
    for each in environments:
        registry.promote(registry.candidate("tax_codes", version, each, signer("bob")), signer("bob"))
    return registry


def live(registry: Registry) -> list[int]:
    return [registry.live(each)["tax_codes"].version for each in Environment]


def test_it_begins_with_what_comes_with_the_core(registry: Registry, folder: Path) -> None:
    assert live(registry) == [1, 1, 1]
    assert registry.live(PRODUCTION).versions == SHIPPED.versions
    before = registry.entries()
    assert Registry(folder, lambda: 0, begin=True).entries() == before
    assert [each.act for each in before].count(Act.BEGIN) == len(SHIPPED.documents)


def test_a_version_goes_through_the_environments_in_order(registry: Registry) -> None:
    approved(registry)
    assert live(registry) == [2, 1, 1]
    with pytest.raises(
        NotAllowed, match=r"tax_codes@2 is not live in staging \(version 1 is\); promote it there"
    ):
        registry.candidate("tax_codes", 2, PRODUCTION, signer("bob"))
    promoted(registry, STAGING)
    assert live(registry) == [2, 2, 1]
    promoted(registry, PRODUCTION)
    assert live(registry) == [2, 2, 2]
    assert registry.live(PRODUCTION)["tax_codes"].look(product="SEAT", country="DE") == {
        "tax_code": "SW053000"
    }
    with pytest.raises(BadRegistry, match="is live in production already"):
        registry.candidate("tax_codes", 2, PRODUCTION, signer("bob"))


def test_two_others_have_to_approve(registry: Registry) -> None:
    registry.add(text(), "new.toml", signer("mia"), "a new code")
    for author in ("mia", " Mia "):
        with pytest.raises(NotAllowed, match=r"SoD-2: .* made the change and must not approve it"):
            registry.approve("tax_codes", 2, signer(author))
    registry.approve("tax_codes", 2, signer("ann"))
    registry.approve("tax_codes", 2, signer("ANN"))
    with pytest.raises(NotAllowed, match="SoD-2: 1 of the 2 people"):
        registry.candidate("tax_codes", 2, STAGING, signer("bob"))
    registry.approve("tax_codes", 2, signer("bob"))
    with pytest.raises(NotAllowed, match="SoD-2: mia made the change and must not promote it"):
        registry.candidate("tax_codes", 2, STAGING, signer("mia"))
    promoted(registry, STAGING)
    refused = [entry.act for entry in registry.entries() if entry.outcome == "refused"]
    assert refused == [Act.APPROVE, Act.APPROVE, Act.PROMOTE, Act.PROMOTE]


def test_approvals_are_of_one_version(registry: Registry) -> None:
    approved(registry)
    registry.add(text(3), "newer.toml", signer("mia"), "once more")
    with pytest.raises(NotAllowed, match="SoD-2: 0 of the 2 people"):
        registry.candidate("tax_codes", 3, STAGING, signer("bob"))


@pytest.mark.parametrize("needed", [1, 3])
def test_how_many_approve_is_a_switch(folder: Path, needed: int) -> None:
    registry = approved(with_people(Registry(folder, lambda: 1, ChangeDuties(needed), begin=True)))
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
        lambda: registry.candidate("tax_codes", 2, STAGING, signer("bob")),
        lambda: registry.approve("tax_codes", 2, signer("cem")),
        lambda: registry.live(DEV),
    ):
        with pytest.raises(BadRegistry, match=r"0002.toml: its digest is .* it was changed since; take it"):
            asked()
    assert registry.live(STAGING)["tax_codes"].version == 1


def test_what_changes_while_it_is_tried_has_to_be_tried_again(registry: Registry) -> None:
    tried = approved(registry).candidate("tax_codes", 2, STAGING, signer("bob"))
    other = (
        shipped_text("crm_products").decode().replace("version = 1", "version = 2").replace("Tieout", "mia")
    )
    registry.add(other.encode(), "p.toml", signer("mia"), "")
    for who in ("ann", "bob"):
        registry.approve("crm_products", 2, signer(who))
    registry.promote(registry.candidate("crm_products", 2, STAGING, signer("bob")), signer("bob"))
    with pytest.raises(NotAllowed, match="staging has changed since it was tried"):
        registry.promote(tried, signer("bob"))
    assert live(registry) == [2, 1, 1]


def test_back_to_what_was_live_there(registry: Registry) -> None:
    promoted(approved(registry), STAGING, PRODUCTION)
    with pytest.raises(BadRegistry, match="why: ''"):
        registry.roll_back("tax_codes", 1, PRODUCTION, signer("mia"), " ")
    registry.roll_back("tax_codes", 1, PRODUCTION, signer("mia"), "invoices of May were wrong")
    assert live(registry) == [2, 2, 1]
    assert registry.entries()[-1].reason == "invoices of May were wrong"
    with pytest.raises(BadRegistry, match="is live in production already"):
        registry.roll_back("tax_codes", 1, PRODUCTION, signer("mia"), "again")
    registry.add(text(3), "newer.toml", signer("mia"), "")
    with pytest.raises(NotAllowed, match="tax_codes@3 was never live in production; promote it instead"):
        registry.roll_back("tax_codes", 3, PRODUCTION, signer("bob"), "quickly")


@pytest.mark.parametrize(
    ("version", "author", "says"),
    [(1, "mia", "version: 1: the next one of tax_codes is 2"), (4, "mia", "version: 4: the next one"),
     (2, "ann", "author: 'ann': the author puts it in, not mia")],
)  # fmt: skip
def test_what_cannot_be_put_in(registry: Registry, version: int, author: str, says: str) -> None:
    before = registry.entries()
    with pytest.raises(BadMapping, match="new.toml: " + says):
        registry.add(text(version, author), "new.toml", signer("mia"), "")
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
    registry.add(text(), "new.toml", signer("mia"), "")
    names = [f"p{n}" for n in range(8)]
    for name in names:
        registry.enrol(name, signer(name).public, signer(KEEPER))
    others = [
        threading.Thread(
            target=lambda who=who: Registry(folder, lambda: 1).approve("tax_codes", 2, signer(who))
        )
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
    registry.add(text(), "new.toml", signer("mia"), "")
    assert registry.live(DEV)["tax_codes"].look(product="x", country="y") == {"tax_code": "SW053000"}


# --- who it was ---


def impostor(name: str, key: str) -> Signer:
    """Who types a name and has another key."""
    return Signer(name, key_of(key))


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (impostor("ann", "bob"), "by: 'ann': the key is bob's; sign with the key that was enrolled for ann"),
        (impostor("ann", "eve"), "by: 'ann': nobody has enrolled that key; sign with the key that was"),
        (
            signer("eve"),
            "by: 'eve': nobody of that name may sign; there are: kim, mia, ann, bob, cem; one of",
        ),
        (impostor("#", "ann"), "by: '#': a name of 1 to 80 printable characters but # is needed"),
    ],
)
def test_a_name_without_its_key_does_nothing(registry: Registry, who: Signer, says: str) -> None:
    approved(registry)
    before = registry.entries()
    for act in (
        lambda: registry.approve("tax_codes", 2, who),
        lambda: registry.candidate("tax_codes", 2, STAGING, who),
        lambda: registry.roll_back("tax_codes", 1, DEV, who, "why not"),
        lambda: registry.enrol("zoe", signer("zoe").public, who),
        lambda: registry.dismiss("ann", who),
    ):
        with pytest.raises(BadRegistry, match=says):
            act()
    assert registry.entries() == before


def test_the_same_person_does_not_approve_under_two_names(registry: Registry) -> None:
    registry.add(text(), "new.toml", signer("mia"), "")
    with pytest.raises(BadRegistry, match="is ann's; everybody has a key of their own"):
        registry.enrol("zoe", signer("ann").public, signer("bob"))
    with pytest.raises(NotAllowed, match="SoD-3: bob must not enrol a key of their own"):
        registry.enrol("Bob", signer("another").public, signer("bob"))
    registry.approve("tax_codes", 2, signer("ann"))
    registry.approve("tax_codes", 2, signer("Ann "))
    with pytest.raises(NotAllowed, match="SoD-2: 1 of the 2 people"):
        registry.candidate("tax_codes", 2, STAGING, signer("bob"))


def test_whom_the_author_let_in_does_not_approve(registry: Registry) -> None:
    registry.enrol("zoe", signer("zoe").public, signer("mia"))
    registry.add(text(), "new.toml", signer("mia"), "")
    with pytest.raises(NotAllowed, match="SoD-3: zoe was enrolled by mia, who made the change"):
        registry.approve("tax_codes", 2, signer("zoe"))


def test_the_first_person_lets_themselves_in_and_nobody_else(folder: Path) -> None:
    registry = Registry(folder, lambda: 1, begin=True)
    with pytest.raises(BadRegistry, match="nobody is enrolled yet"):
        registry.add(text(), "new.toml", signer("mia"), "")
    with pytest.raises(BadRegistry, match="the first person enrols their own key"):
        registry.enrol("ann", signer("ann").public, signer("kim"))
    assert next(iter(with_people(registry).standing().people.values())).name == KEEPER


def test_a_key_that_is_replaced_or_dismissed_signs_no_more(registry: Registry) -> None:
    approved(registry)
    registry.enrol("ann", signer("new key of ann").public, signer("bob"), "the old one was lost")
    with pytest.raises(BadRegistry, match="the key is ann's; sign with the key that was enrolled"):
        registry.approve("tax_codes", 2, signer("ann"))
    registry.approve("tax_codes", 2, impostor("ann", "new key of ann"))
    registry.dismiss("cem", signer("bob"))
    with pytest.raises(BadRegistry, match="by: 'cem': nobody of that name may sign"):
        registry.approve("tax_codes", 2, signer("cem"))
    assert live(promoted(registry, STAGING)) == [2, 2, 1]


def forged(folder: Path, deed: Deed, by: Signer | None) -> None:
    """A line that somebody writes past the registry: its hash is right, and it hangs on the line before."""
    path = folder / HISTORY
    write_down(path, read_history(path), [deed], 1, by)


@pytest.mark.parametrize(
    ("who", "by", "act", "scope", "says"),
    [
        ("ann", None, Act.APPROVE, "", "it is not signed with the key of ann"),
        ("ann", signer("bob"), Act.APPROVE, "", "it is not signed with the key of ann"),
        ("eve", signer("eve"), Act.APPROVE, "", "'eve' is nobody who may sign"),
        ("mia", signer("mia"), Act.APPROVE, "", "SoD-2: mia made the change"),
        ("bob", signer("bob"), Act.PROMOTE, "staging", "SoD-2: 0 of the 2 people"),
        ("bob", signer("bob"), Act.PROMOTE, "production", "is not live in staging"),
        ("bob", signer("bob"), Act.ROLL_BACK, "production", "was never live in production"),
        ("bob", signer("bob"), Act.ADD, "dev", "was put in before"),
        ("tieout", None, Act.BEGIN, "", "was put in before"),
    ],
)  # fmt: skip
def test_who_can_write_the_file_cannot_make_a_version_live(
    registry: Registry, folder: Path, who: str, by: Signer | None, act: Act, scope: str, says: str
) -> None:
    registry.add(text(), "new.toml", signer("mia"), "")
    subject = registry.standing().versions["tax_codes"][2].subject
    forged(folder, Deed(who, scope, act, subject, Outcome.DONE), by)
    with pytest.raises(BadRegistry, match=rf"history.jsonl: line \d+: .*{says}.*take the file from a backup"):
        registry.live(DEV)


def test_a_signature_holds_for_its_line_alone(registry: Registry, folder: Path) -> None:
    """Taken from one line and put under another, of the same person."""
    approved(registry)
    path = folder / HISTORY
    lines = [json.loads(each) for each in path.read_text().splitlines()]
    lines[-1]["signature"] = lines[-2]["signature"]
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    with pytest.raises(BadRegistry, match="it is not signed with the key of bob"):
        registry.entries()


# --- keys as files ---


def test_a_key_comes_back_from_its_file_and_only_to_its_owner(tmp_path: Path) -> None:
    path = key_file(tmp_path, "ann")
    assert read_signer("ann", path).public == signer("ann").public
    assert "PRIVATE" not in repr(read_signer("ann", path))
    with pytest.raises(BadKey, match="File exists; name a new file"):
        write_key(key_of("bob"), path)
    path.chmod(0o640)
    with pytest.raises(BadKey, match="others may read it"):
        read_signer("ann", path)


def test_a_key_under_a_passphrase_needs_it(tmp_path: Path) -> None:
    path = tmp_path / "ann.key"
    write_key(key_of("ann"), path, "correct horse")
    assert read_signer("ann", path, "correct horse").public == signer("ann").public
    with pytest.raises(BadKey, match="give its passphrase in TIEOUT_KEY_PASSPHRASE"):
        read_signer("ann", path)
    with pytest.raises(BadKey, match="or another passphrase"):
        read_signer("ann", path, "wrong")


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), (b"", "no private key in PEM"), (b"\x00\xff", "no private key")],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "x.key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)
    with pytest.raises(BadKey, match=says):
        read_signer("ann", path)


@pytest.mark.parametrize("text_", ["", "abc", "zz" * 32, "00" * 31])
def test_what_is_no_public_half_is_refused(registry: Registry, text_: str) -> None:
    with pytest.raises(BadKey, match=r"public: .*64 hex digits are needed"):
        registry.enrol("zoe", text_, signer("ann"))
