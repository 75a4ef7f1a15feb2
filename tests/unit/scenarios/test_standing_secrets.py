"""Secrets that a deployment draws for itself: once, for this user only, changed with an overlap."""

from __future__ import annotations

import json
from itertools import count

import pytest

from core.governance.accounts import Account, Accounts, Secret
from core.governance.tokens import LIFETIME_SECONDS, Tokens
from scenarios.cli import main
from scenarios.standing_secrets import FILE, BadSecrets, read_standing, standing

NOW = 1_772_323_200_000_000
HOUR = 3_600_000_000


def drawing():
    numbers = count(1)
    return lambda: f"drawn-{next(numbers)}-".ljust(32, "x")


def test_they_are_drawn_once_and_kept_for_this_user_only(tmp_path):
    draw = drawing()
    first = standing(tmp_path, draw)
    assert standing(tmp_path, draw) == first == read_standing(tmp_path)
    assert first.webhooks_out != first.signing
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert "drawn" not in repr(first)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_change_has_an_overlap_and_another_waits_for_its_end(tmp_path):
    first = standing(tmp_path, drawing())
    turned = first.turned("webhooks_out", "n" * 32, NOW, 24)
    turned.write(tmp_path)
    assert read_standing(tmp_path) == turned
    assert turned.signing == first.signing
    new, before = turned.webhooks_out
    assert (new, before.value) == (Secret("n" * 32), first.webhooks_out[0].value)
    assert before.holds(NOW + 24 * HOUR - 1)
    assert not before.holds(NOW + 24 * HOUR)
    with pytest.raises(BadSecrets, match="still holds"):
        turned.turned("webhooks_out", "m" * 32, NOW + HOUR, 24)
    again = turned.turned("webhooks_out", "m" * 32, NOW + 24 * HOUR, 1)
    assert [secret.value for secret in again.webhooks_out] == ["m" * 32, "n" * 32]


@pytest.mark.parametrize(("kind", "hours"), [("token", 24), ("signing", 0), ("signing", 721), ("", 1)])
def test_no_change_of_what_there_is_not_or_without_an_overlap(tmp_path, kind, hours):
    with pytest.raises(BadSecrets):
        standing(tmp_path, drawing()).turned(kind, "n" * 32, NOW, hours)


@pytest.mark.parametrize(
    "said",
    [
        "", "[]", "{}", "null", '{"webhooks_out": [], "signing": []}', "not json planted-secret-of-the-file",
        '{"webhooks_out": [{"value": "short"}], "signing": [{"value": "planted-secret-of-the-file"}]}',
        '{"webhooks_out": "planted-secret-of-the-file", "signing": [{"value": "planted"}]}',
        '{"webhooks_out": [{"value": "planted-secret-of-the-file", "until": "tomorrow"}], "signing": []}',
    ],
)  # fmt: skip
def test_a_file_that_says_something_else_is_refused_and_left_as_it_is(tmp_path, said):
    file = tmp_path / FILE
    file.write_text(said)
    file.chmod(0o600)
    with pytest.raises(BadSecrets) as refused:
        standing(tmp_path, drawing())
    assert "planted" not in str(refused.value)
    assert FILE in str(refused.value)
    assert file.read_text() == said


def test_a_file_that_others_may_read_is_refused(tmp_path):
    standing(tmp_path, drawing())
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(BadSecrets, match="chmod 600"):
        standing(tmp_path, drawing())


def test_the_command_draws_a_new_one_beside_the_one_in_use(tmp_path, capsys):
    first = standing(tmp_path, drawing())
    assert main(["rotate", "signing", "--data", str(tmp_path), "--overlap", "12"]) == 0
    said = capsys.readouterr().out
    after = read_standing(tmp_path)
    assert after.webhooks_out == first.webhooks_out
    new, before = after.signing
    assert before.value == first.signing[0].value != new.value
    assert new.until is None
    assert not [secret for secret in (new, before) if secret.value in said]
    for wrong in (["signing"], ["salt"]):
        assert main(["rotate", *wrong, "--data", str(tmp_path)]) == 3
    assert main(["rotate", "signing", "--data", str(tmp_path / "none")]) == 3
    assert read_standing(tmp_path) == after


def test_tokens_signed_before_a_change_of_the_key_hold_until_they_run_out(tmp_path):
    first = standing(tmp_path, drawing())
    accounts = Accounts([Account("bot", frozenset({"jobs:run"}), (Secret("s" * 24),))])
    bot = accounts.get("bot")
    assert bot is not None
    old = Tokens(first.signing, accounts).issue(bot, bot.scopes, NOW)
    turned = first.turned("signing", "n" * 32, NOW, 1)
    tokens = Tokens(turned.signing, accounts)
    last = NOW + LIFETIME_SECONDS * 1_000_000
    assert tokens.holder(old, last - 1_000_000) is not None
    assert tokens.holder(old, last) is None
    # Signed by the one before it is worth nothing once that has ended, however long it says that it lasts.
    late = Tokens(first.signing, accounts).issue(bot, bot.scopes, NOW + HOUR - 1_000_000)
    assert tokens.holder(late, NOW + HOUR - 1) is not None
    assert tokens.holder(late, NOW + HOUR) is None
    fresh = tokens.issue(bot, bot.scopes, NOW)
    assert Tokens([Secret("n" * 32)], accounts).holder(fresh, NOW) is not None
    assert json.loads((tmp_path / FILE).read_text()).keys() == {"webhooks_out", "signing"}
