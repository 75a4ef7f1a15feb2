"""Service accounts: secrets that overlap while they are changed, tokens for minutes, nothing by default."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.governance.accounts import Account, Accounts, BadAccount, Secret, read_account, written
from core.governance.scopes import SCOPES, granted, scope_of
from core.governance.tokens import LIFETIME_SECONDS, Tokens

SECOND = 1_000_000
OLD, NEW = "old-secret-of-24-characters", "new-secret-of-24-characters"
BILLS = frozenset({"invoices:read", "payments:read"})
CHANGING = Account("billing-bot", BILLS, (Secret(NEW), Secret(OLD, 1000)))


@pytest.mark.parametrize(
    ("name", "secret", "now", "right"),
    [
        ("billing-bot", OLD, 999, True),
        ("billing-bot", NEW, 999, True),
        ("billing-bot", OLD, 1000, False),
        ("billing-bot", NEW, 1000, True),
        ("billing-bot", "", 1, False),
        ("billing-bot", NEW + "x", 1, False),
        ("billing-bot", "\ud800", 1, False),
        ("nobody", NEW, 1, False),
        ("", "", 1, False),
    ],
)
def test_both_secrets_hold_until_the_old_one_ends(name, secret, now, right):
    assert (Accounts((CHANGING,)).signed_in(name, secret, now) is not None) == right


def test_an_account_is_read_as_it_was_written_and_never_shown_with_its_secret():
    plain = {
        "name": "billing-bot", "scopes": ["invoices:read"],
        "secrets": [{"value": NEW}, {"value": OLD, "until": "2026-03-01T00:00:00Z"}],
    }  # fmt: skip
    read = read_account(plain)
    assert read.secrets[1].until == 1_772_323_200 * SECOND
    assert read_account(json.loads(json.dumps(written(read)))) == read
    assert NEW not in repr(read)
    assert OLD not in repr(read.secrets)


def entry(**changed):
    return {"name": "bot", "scopes": ["jobs:run"], "secrets": [{"value": NEW}], **changed}


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        (entry(name="operator"), "name: 'operator'"),
        (entry(name="Böt"), "name: 'Böt'"),
        (entry(scopes=["jobs:fly"]), "jobs:fly: there are"),
        (entry(secrets=[]), "secrets: 0"),
        (entry(secrets=[{"value": ""}]), "0 characters"),
        (entry(secrets=[{"value": "changeme"}]), "8 characters"),
        (entry(secrets=[{"value": NEW}, {"value": OLD}]), "one needs an end"),
        (entry(secrets=[{"value": NEW, "until": "soon"}]), "'soon' is no ISO 8601 moment"),
        (entry(secrets=[{"value": NEW, "until": "2026-01-01T00:00:00"}]), "has no zone"),
        (entry(secrets=[{"value": NEW}] * 3), "secrets: 3"),
        (entry(admin=True), "unknown: admin"),
    ],
)
def test_what_is_no_account_is_refused_without_its_secret(plain, said):
    with pytest.raises(BadAccount) as refused:
        read_account(plain)
    assert said in str(refused.value)
    assert NEW not in str(refused.value)


def test_two_of_one_name_are_refused():
    with pytest.raises(BadAccount, match="same name"):
        Accounts((CHANGING, CHANGING))


def test_a_token_holds_for_its_minutes_and_for_what_its_account_still_has():
    tokens = Tokens("root", Accounts((CHANGING,)))
    now = 50 * SECOND
    token = tokens.issue(CHANGING, BILLS, now)
    end = now + LIFETIME_SECONDS * SECOND
    assert tokens.holder(token, now).scopes == BILLS
    assert tokens.holder(token, end - 1) is not None
    assert tokens.holder(token, end) is None
    assert tokens.holder(token, now - SECOND) is None
    less = Tokens("root", Accounts((replace(CHANGING, scopes=frozenset({"invoices:read"})),)))
    assert less.holder(token, now).scopes == {"invoices:read"}
    assert Tokens("root", Accounts()).holder(token, now) is None
    assert Tokens("other", Accounts((CHANGING,))).holder(token, now) is None


@given(st.data())
@settings(max_examples=60)
def test_a_token_with_any_character_changed_is_none(data):
    tokens = Tokens("root", Accounts((CHANGING,)))
    token = tokens.issue(CHANGING, BILLS, 0)
    place = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.sampled_from("ABab019-_.").filter(lambda c: c != token[place]))
    # The last character of each part carries bits that belong to no byte.
    if token[place + 1] != ".":
        assert tokens.holder(token[:place] + other + token[place + 1 :], 0) is None


@given(st.text(max_size=80))
@settings(max_examples=60)
def test_what_is_no_token_is_none(text):
    assert Tokens("root", Accounts((CHANGING,))).holder(text, 0) is None


def test_an_unsigned_token_is_none():
    none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJiaWxsaW5nLWJvdCIsImlhdCI6MCwiZXhwIjo5OX0."
    assert Tokens("root", Accounts((CHANGING,))).holder(none, 0) is None


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/v1/exceptions", "exceptions:read"),
        ("GET", "/v1/exceptions/7", "exceptions:read"),
        ("POST", "/v1/exceptions/7/hold", "exceptions:decide"),
        ("POST", "/v1/operations/redrive", "exceptions:decide"),
        ("POST", "/v1/operations/jobs/dunning", "jobs:run"),
        ("GET", "/v1/operations/pending", "operations:read"),
        ("HEAD", "/v1/invoices/INV1", "invoices:read"),
        ("POST", "/v1/orders", "orders:write"),
        ("GET", "/metrics", "metrics:read"),
        ("DELETE", "/v1/exceptions/7", ""),
        ("GET", "/v2/invoices/INV1", ""),
        ("GET", "/v1/exceptionsx", ""),
    ],
)
def test_each_operation_asks_for_a_scope(method, path, scope):
    assert scope_of(method, path) == scope


def test_what_nobody_thought_about_is_for_those_who_may_do_everything():
    assert granted("", SCOPES)
    assert not granted("", SCOPES - {"jobs:run"})
    assert not granted("invoices:read", {"payments:read"})
