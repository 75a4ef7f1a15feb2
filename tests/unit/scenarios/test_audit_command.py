"""`tieout audit verify`: exit codes 0, 1 and 3, and what it says."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from core.governance.audit import Deed
from core.store.sqlite import SqliteStore
from scenarios import cli


@pytest.fixture
def path(tmp_path):
    made = SqliteStore(str(tmp_path / "core.db"))
    for n in range(5):
        asyncio.run(made.note(Deed("ann", "exceptions:decide", "hold", f"transaction {n}"), n))
    made.close()
    return tmp_path / "core.db"


def tampered(path, *statements):
    with sqlite3.connect(path) as db:
        for trigger in ("changed", "removed", "added_to"):
            kind = "added_to" if trigger == "added_to" else f"not_{trigger}"
            db.execute(f"DROP TRIGGER audit_is_{kind}")
        for statement in statements:
            assert db.execute(statement).rowcount


def said(capsys, code, *args):
    assert cli.main(("audit", "verify", *args)) == code
    out = capsys.readouterr()
    return (out.err if code == 3 else out.out).strip()


def test_a_log_that_holds(capsys, path, tmp_path):
    keep = tmp_path / "heads.jsonl"
    text = said(capsys, 0, "--store", f"sqlite:{path}", "--keep", str(keep))
    assert text.startswith("audit log: 5 lines hold; no head kept elsewhere was given; head ")
    text = said(capsys, 0, "--store", f"sqlite:{path}", "--anchor", str(keep))
    assert text.startswith("audit log: 5 lines hold; 1 heads kept elsewhere agree; head ")


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("UPDATE audit SET reason = 'x' WHERE sequence = 3", "changed: line 3"),
        ("DELETE FROM audit WHERE sequence = 2", "removed: line 2 is missing; 3 comes next"),
        ("DELETE FROM audit WHERE sequence > 3", "truncated: line 4 is missing"),
        ("DELETE FROM audit", "truncated: line 1 is missing"),
        (
            "INSERT INTO audit VALUES (-1, 1, 'ann', 's', 'hold', 'x', 'done', '', 'b', 'h')",
            "changed: line 1",
        ),
    ],
)  # fmt: skip
def test_the_first_broken_link_is_named(capsys, path, tmp_path, statement, text):
    keep = tmp_path / "heads.jsonl"
    said(capsys, 0, "--store", f"sqlite:{path}", "--keep", str(keep))
    tampered(path, statement)
    found = said(capsys, 1, "--store", f"sqlite:{path}", "--anchor", str(keep))
    assert found.startswith(f"audit log: {text}")


def test_wrong_use(capsys, path, tmp_path):
    empty = tmp_path / "empty"
    empty.write_text("nothing\n")
    store = f"sqlite:{path}"
    assert "there is no such file" in said(capsys, 3, "--store", f"sqlite:{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()
    assert "no head in there" in said(capsys, 3, "--store", store, "--anchor", str(empty))
    assert "store: 'nonsense'" in said(capsys, 3, "--store", "nonsense")
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"x" * 5000)
    assert "store" in said(capsys, 3, "--store", f"sqlite:{garbage}")


def test_what_is_verified_is_not_touched(capsys, path):
    """A store of a later or an earlier version is evidence, too: it is neither migrated nor written to."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA user_version = 5")
    before = path.read_bytes()
    said(capsys, 0, "--store", f"sqlite:{path}")
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (5,)
    assert path.read_bytes() == before


def test_a_file_without_an_audit_log_is_told_and_stays_empty(capsys, tmp_path):
    empty = tmp_path / "empty.db"
    empty.touch()
    assert "no such table: audit" in said(capsys, 3, "--store", f"sqlite:{empty}")
    assert empty.read_bytes() == b""
