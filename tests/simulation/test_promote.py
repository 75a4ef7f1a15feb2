"""`tieout promote`: what breaks a law does not go on, what holds does; a flow's stories go through it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.connectivity.flows import FLOWS
from core.mappings.shapes import SHAPES
from core.mappings.shipped import SHIPPED, shipped_text
from core.mappings.table import Row
from scenarios import cli, regression
from scenarios.mapped import pack_mappings, unpack_mappings
from scenarios.regression import STORIES_OF, stories_of
from scenarios.spec import Spec, read_token
from scenarios.stories.index import STORIES
from scenarios.world.play import play
from tests.unit.core.signers import KEEPER, TEAM, key_file, signer


def version(tmp_path: Path, name: str, *changes: tuple[str, str], number: int = 2) -> Path:
    text = shipped_text(name).decode()
    for old, new in (("version = 1", f"version = {number}"), ("Tieout", "mia"), *changes):
        assert old in text, old
        text = text.replace(old, new)
    path = tmp_path / f"{name}.toml"
    path.write_text(text)
    return path


class Desk:
    """The command line over one registry."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def __call__(self, code: int, *args: str) -> str:
        """Whoever is named signs with their own key, unless another one is given."""
        if "--by" in args and "--key" not in args and (by := args[args.index("--by") + 1]):
            args = (*args, "--key", str(key_file(self._folder.parent, by)))
        assert cli.main([*args, "--registry", str(self._folder)]) == code
        out = self._capsys.readouterr()
        return out.err if code == 3 else out.out

    def ready(self, path: Path, name: str) -> None:
        """In dev, and approved by two."""
        self(0, "mappings", "add", str(path), "--by", "mia", "--why", "a change")
        for who in ("ann", "bob"):
            self(0, "mappings", "approve", f"{name}@2", "--by", who)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path / "mappings", capsys)
    made(0, "mappings", "init")
    for name in (KEEPER, *TEAM):
        made(0, "mappings", "enrol", name, "--public", signer(name).public, "--by", KEEPER)
    return made


# A planted bad version: the mapping, what is changed, the law that refuses it, in which story.
GERMAN = '[[row]]\nwhen = { product = "*", country = "DE" }\nthen = { tax_code = "SW052001" }'
BAD = {
    "a status swapped": (
        "crm_statuses",
        (("shown = \"Paid\"", "shown = \"X\""), ("shown = \"Posted\"", "shown = \"Paid\""),
         ("shown = \"X\"", "shown = \"Posted\"")),
        "I-18", "card_recovers_on_third_try",
    ),
    "sales on the item of goodwill": (
        "erp_items", (("\"=product\"", "\"GOODWILL\""), ("item = \"SEAT\"", "item = \"GOODWILL\"")),
        "C28", "annual_downgrade_with_credit",
    ),
    "German businesses taxed as consumers": (
        "tax_codes",
        (("[[row]]", f"{GERMAN}\n[[row]]"),
         ('"DE" }\nexpect = { tax_code = "SW052000" }', '"DE" }\nexpect = { tax_code = "SW052001" }')),
        "F3", "reverse_charge_vat_customer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("bad", sorted(BAD))
def test_a_version_that_breaks_a_law_does_not_go_on(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    name, changes, law, story = BAD[bad]
    assert story in stories_of(SHIPPED[name].flows)
    monkeypatch.setattr(regression, "STORIES_OF", dict.fromkeys(STORIES_OF, (story,)))
    desk.ready(version(tmp_path, name, *changes), name)
    said = desk(
        1, "promote", name, "--to", "staging", "--by", "bob", "--jobs", "1", "--model", "orchestrated"
    )
    assert f"{law} in {story} under orchestrated: " in said
    (replay, *_) = [line.split()[-1] for line in said.splitlines() if "tieout replay " in line]
    assert read_token(replay).mappings
    assert f"refused: {name}@2 does not go to staging; broken: " in said
    assert f"bob: promote {name}@2 to staging refused: broken: " in desk(0, "mappings", "history")
    assert f"{name:22} dev 2, staging 1, production 1" in desk(0, "mappings", "list")


def test_a_good_version_goes_on_and_back(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = "card_recovers_on_third_try"
    monkeypatch.setattr(regression, "STORIES_OF", dict.fromkeys(STORIES_OF, (story,)))
    changes = (("card,us_bank_account", "us_bank_account,card"),)
    desk.ready(version(tmp_path, "payment_methods", *changes), "payment_methods")
    assert "must not promote it" in desk(1, "promote", "payment_methods", "--to", "staging", "--by", "mia")
    first = "promote", "payment_methods@2", "--to", "production", "--by", "bob"
    assert "promote it there first" in desk(1, *first)
    for to in ("staging", "production"):
        said = desk(
            0, "promote", "payment_methods", "--to", to, "--by", "bob", "--jobs", "1", "--model", "direct"
        )
        assert f"payment_methods@2 is live in {to}, by bob" in said
    assert "+currency 'USD' → methods 'us_bank_account,card'" in desk(
        0, "mappings", "diff", "payment_methods@1", "payment_methods@2"
    )
    back = (
        "mappings",
        "rollback",
        "payment_methods",
        "--to-version",
        "1",
        "--env",
        "production",
        "--by",
        "ann",
    )
    assert "why: ''" in desk(3, *back)
    desk(0, *back, "--why", "payers complained")
    assert "dev 2, staging 2, production 1" in desk(0, "mappings", "list")
    assert "ann: roll back payment_methods@1 to production: payers complained" in desk(
        0, "mappings", "history"
    )


def test_wrong_use_is_said_in_one_line(desk: Desk, tmp_path: Path) -> None:
    broken = version(tmp_path, "tax_codes", ('country = "*"', 'kountry = "*"'))
    for says, args in (
        ("exactly these are needed: product, country", ("mappings", "add", str(broken), "--by", "mia")),
        ("must be of the form tax_codes@2", ("mappings", "approve", "tax_codes", "--by", "ann")),
        ("tax_codes@7: there is no such version", ("mappings", "approve", "tax_codes@7", "--by", "ann")),
        ("by: ''", ("mappings", "approve", "tax_codes@1", "--by", "")),
        ("to: 'prod'", ("promote", "tax_codes", "--to", "prod", "--by", "bob")),
        ("mapping: 'taxes'", ("promote", "taxes", "--to", "staging", "--by", "bob")),
        ("is live in staging already", ("promote", "tax_codes", "--to", "staging", "--by", "bob")),
    ):
        said = desk(3, *args)
        assert says in said
        assert len(said.strip().splitlines()) == 1
    assert "no such flow" in desk(3, "mappings", "test", str(_odd_flow(tmp_path)))


def _odd_flow(tmp_path: Path) -> Path:
    return version(tmp_path, "crm_products", ('["order_to_subscription"]', '["order_to_subscription", "x"]'))


def test_a_name_is_shown_by_a_key(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIEOUT_KEY_PASSPHRASE", raising=False)
    own = tmp_path / "zoe.key"
    said = desk(0, "mappings", "key", "--out", str(own))
    public = (tmp_path / "zoe.key.pub").read_text().strip()
    assert public in said
    assert own.read_text() not in said
    assert "there is one already; name another file" in desk(3, "mappings", "key", "--out", str(own))
    desk(0, "mappings", "enrol", "zoe", "--public", str(tmp_path / "zoe.key.pub"), "--by", "ann")
    assert f"zoe                    {public} enrolled by ann" in desk(0, "mappings", "people")
    approve = "mappings", "approve", "tax_codes@1", "--by"
    desk(0, *approve, "zoe", "--key", str(own))
    assert "the key is zoe's; sign with the key" in desk(3, *approve, "ann", "--key", str(own))
    monkeypatch.setenv("TIEOUT_KEY_FILE", str(own))
    assert cli.main([*approve, "zoe", "--registry", str(tmp_path / "mappings")]) == 0
    desk(0, "mappings", "dismiss", "zoe", "--by", "bob")
    assert "nobody of that name may sign" in desk(3, *approve, "zoe", "--key", str(own))
    assert "bob: dismiss zoe" in desk(0, "mappings", "history")


def test_without_a_key_nothing_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "m")
    assert cli.main(["mappings", "init", "--registry", folder]) == 0
    assert "nobody signs here yet" in capsys.readouterr().out
    assert cli.main(["mappings", "approve", "tax_codes@1", "--by", "ann", "--registry", folder]) == 3
    assert "key: none given; name the file with ann's private key" in capsys.readouterr().err


def test_a_registry_that_cannot_be_used_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, empty, odd, older = (tmp_path / name for name in ("file", "empty", "odd", "older"))
    file.write_text("")
    for folder, content in ((empty, b""), (odd, b"[1]\n"), (older, b"")):
        folder.mkdir()
        (folder / "history.jsonl").write_bytes(content)
    assert cli.main(["mappings", "init", "--registry", str(tmp_path / "whole")]) == 0
    lines = (tmp_path / "whole" / "history.jsonl").read_text().splitlines(keepends=True)
    (older / "history.jsonl").write_text(lines[0])
    key = str(key_file(tmp_path, "ann"))
    capsys.readouterr()
    for says, args in (
        ("there is no history.jsonl; tieout mappings init", ("mappings", "list", "--registry", str(file))),
        ("File exists", ("mappings", "init", "--registry", str(file))),
        ("history.jsonl: is empty; take it from a backup", ("mappings", "list", "--registry", str(empty))),
        ("history.jsonl: line 1: ", ("mappings", "history", "--registry", str(odd))),
        (
            "tax_codes: is not in the registry yet; tieout mappings init",
            ("mappings", "diff", "tax_codes", "--registry", str(older)),
        ),
        (
            "tax_codes: is not in the registry yet",
            (
                "promote",
                "tax_codes",
                "--to",
                "staging",
                "--by",
                "ann",
                "--key",
                key,
                "--registry",
                str(older),
            ),
        ),
        (
            "file: no/such: No such file",
            ("mappings", "history", "--keep", "no/such", "--registry", str(tmp_path / "whole")),
        ),
        ("ann.key.pub: there is one already", ("mappings", "key", "--out", key)),
        (
            "64 hex digits are needed",
            (
                "mappings",
                "enrol",
                "bob",
                "--public",
                str(odd_bytes(tmp_path)),
                "--by",
                "ann",
                "--key",
                key,
                "--registry",
                str(tmp_path / "whole"),
            ),
        ),
    ):
        (tmp_path / "ann.key.pub").write_text("x")
        assert cli.main(list(args)) == 3, args
        said = capsys.readouterr().err
        assert says in said
        assert len(said.strip().splitlines()) == 1, said


def odd_bytes(folder: Path) -> Path:
    path = folder / "odd.pub"
    path.write_bytes(b"\x9b\x00\xff")
    return path


def test_the_shipped_ones_hold_their_own_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mappings", "test"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(SHAPES)


def test_every_flow_has_stories() -> None:
    assert set(STORIES_OF) == set(FLOWS)
    assert {name for names in STORIES_OF.values() for name in names} <= set(STORIES)


FIRST = sorted({STORIES_OF[flow][0] for flow in SHIPPED["crm_statuses"].flows})


@pytest.mark.parametrize("story", FIRST)
def test_a_story_of_a_flow_goes_through_it(story: str) -> None:
    """Of the flows that mappings touch most: the steps of the flow are in the trace of the story."""
    told = STORIES[story]
    spec = Spec(story, "orchestrated", told.profile, told.customers, told.months, 1, "none")
    spans = {span.name for span in play(spec, repeat=False, traced=True).spans}
    for flow in (name for name, names in STORIES_OF.items() if story in names):
        assert flow in spans


def test_what_is_packed_comes_back() -> None:
    like = SHIPPED["crm_products"]
    other = replace(like, table=replace(like.table, rows=(Row(("A",), ("B",)),)))
    assert pack_mappings(SHIPPED) == ""
    assert unpack_mappings("") is SHIPPED
    maps = unpack_mappings(pack_mappings(SHIPPED.with_these([other])))
    assert maps["crm_products"].table == other.table != like.table
    assert maps["tax_codes"] is SHIPPED["tax_codes"]
