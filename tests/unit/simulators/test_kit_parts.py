"""The small parts: money, ids, clocks, lives, tokens, keys, windows, history, armed faults."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from simulators.kit.auth import Tokens, bearer
from simulators.kit.chaos import Arm, Armed
from simulators.kit.clock import DAY, SECOND, ShiftedClock, at, day, midnight
from simulators.kit.history import CAUSE, History
from simulators.kit.idempotency import Keys
from simulators.kit.ids import Ids
from simulators.kit.lifecycle import IllegalMove, move
from simulators.kit.money import exponent, major, minor
from simulators.kit.ratelimit import Window
from simulators.kit.table import Call, Reply


class Hand:
    """A clock moved by hand."""

    def __init__(self, now: int = 0) -> None:
        self.time = now

    def now(self) -> int:
        return self.time


# Money.


@pytest.mark.parametrize(
    ("minor_units", "currency", "text"),
    [
        (1999, "EUR", "19.99"),
        (-5, "usd", "-0.05"),
        (1999, "JPY", "1999"),
        (1999, "BHD", "1.999"),
        (0, "USD", "0.00"),
    ],
)
def test_money_there_and_back(minor_units, currency, text):
    assert str(major(minor_units, currency)) == text
    assert minor(Decimal(text), currency) == minor(text, currency) == minor_units


@pytest.mark.parametrize("amount", ["19.999", "x", "", None, "NaN", "Infinity", Decimal("0.001")])
def test_no_amount(amount):
    with pytest.raises(ValueError, match=r"amount|decimals"):
        minor(amount, "EUR")


def test_exponents():
    assert [exponent(c) for c in ("USD", "jpy", "KWD", "XXX")] == [2, 0, 3, 2]


# Ids.


def test_ids_depend_on_seed_kind_and_count_only():
    one, same, other = Ids("a"), Ids("a"), Ids("b")
    first = [one.hex("x", 16), one.base62("y", 24), one.hex("x", 16)]
    assert first == [same.hex("x", 16), same.base62("y", 24), same.hex("x", 16)]
    assert first[0] != first[2]
    assert other.hex("x", 16) != first[0]
    assert [len(text) for text in first] == [16, 24, 16]
    assert first[1].isalnum()
    assert [one.count("n") for _ in range(3)] == [1, 2, 3]


# Clocks.


def test_dates_and_moments():
    assert at(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert midnight(date(2026, 1, 1)) == 1_767_225_600 * SECOND
    assert day(midnight(date(2026, 1, 1)) + DAY - 1) == date(2026, 1, 1)


def test_a_shifted_clock_runs_on():
    base = Hand(100)
    clock = ShiftedClock(base)
    clock.set(1_000)
    base.time += 5
    assert clock.now() == 1_005
    clock.advance(10)
    assert clock.now() == 1_015


# Lives.


def test_lives():
    may = {"draft": frozenset({"posted"}), "posted": frozenset[str]()}
    assert move("invoice", may, "draft", "posted") == "posted"
    for current, wanted in (("posted", "draft"), ("unheard-of", "draft"), ("draft", "draft")):
        with pytest.raises(IllegalMove, match=f"invoice is {current}") as refused:
            move("invoice", may, current, wanted)
        assert (refused.value.current, refused.value.wanted) == (current, wanted)


# Tokens.


def test_tokens_expire_and_are_revoked():
    clock = Hand()
    tokens = Tokens(clock, Ids("a"), 60)
    token = tokens.issue("me", "tk_", frozenset({"read"}))
    assert token.text.startswith("tk_")
    assert tokens.find(token.text) is token
    clock.time = 60 * SECOND - 1
    assert tokens.find(token.text) is token
    clock.time += 1
    assert tokens.find(token.text) is None
    fresh = tokens.issue("me")
    tokens.revoke_all()
    assert tokens.find(fresh.text) is None
    assert tokens.find("never") is None


@pytest.mark.parametrize(
    ("header", "text"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("", ""), ("abc", "")],
)
def test_bearer(header, text):
    assert bearer(header) == text


# Idempotency keys.


def test_a_key_is_kept_for_its_time():
    clock = Hand()
    keys = Keys(clock, ttl=100)
    kept = keys.begin("k", b"f")
    assert keys.find("k") is kept
    assert kept.reply is None
    kept.reply = Reply(201, b"x")
    clock.time = 99
    assert keys.find("k").reply == Reply(201, b"x")
    clock.time = 100
    assert keys.find("k") is None


def test_a_key_still_being_served_does_not_age():
    clock = Hand()
    keys = Keys(clock, ttl=100)
    kept = keys.begin("k", b"f")
    clock.time = 1_000
    assert keys.find("k") is kept
    keys.forget("k")
    assert keys.find("k") is None
    keys.forget("k")


def test_old_keys_are_pruned_as_new_ones_come():
    clock = Hand()
    keys = Keys(clock, ttl=100)
    for n in range(1_000):
        clock.time = n * 10
        keys.begin(f"k{n}", b"").reply = Reply(200)
    # Ten keys are young enough; each new one clears away up to two old ones.
    assert len(keys._kept) <= 12
    assert keys.find("k999") is not None
    assert keys.find("k0") is None


def test_a_used_key_begins_anew_at_the_end_of_the_line():
    clock = Hand()
    keys = Keys(clock, ttl=100)
    for name in ("a", "b"):
        keys.begin(name, b"").reply = Reply(200)
    clock.time = 150
    assert keys.find("a") is None
    keys.begin("a", b"").reply = Reply(202)
    clock.time = 200
    keys.begin("c", b"").reply = Reply(200)
    assert keys.find("a").reply.status == 202
    assert keys.find("b") is None


# Rate limits.


def test_a_window_slides():
    clock = Hand()
    window = Window(clock, limit=3, per=100)
    assert [window.admit() for _ in range(4)] == [True, True, True, False]
    assert window.used == 3
    clock.time = 99
    assert not window.admit()
    clock.time = 100
    assert window.used == 0
    assert window.admit(cost=3)
    assert not window.admit()


def test_cost_that_does_not_fit_is_not_counted():
    window = Window(Hand(), limit=3, per=100)
    assert window.admit(2)
    assert not window.admit(2)
    assert window.admit(1)


def test_no_limit():
    window = Window(Hand(), limit=0, per=100)
    assert all(window.admit() for _ in range(1_000))
    assert window.used == 0


# History.


def test_history_counts_versions_and_keeps_causes():
    clock = Hand(7)
    history = History(clock)
    history.note("invoice", "1", "created", "Draft", refs=("INV-1",), amount=5, currency="USD")
    token = CAUSE.set("op-9")
    try:
        change = history.note("invoice", "1", "posted", "Posted")
    finally:
        CAUSE.reset(token)
    other = history.note("payment", "1", "created")
    assert [c.version for c in history.changes] == [1, 2, 1]
    assert (change.at, change.cause, other.cause) == (7, "op-9", "")
    assert history.changes[0].refs == ("INV-1",)


# Armed faults.


def kind(arm):
    return arm.kind if arm else ""


def always(_: str) -> bool:
    return True


def test_an_arm_is_spent_by_the_calls_it_fits():
    armed = Armed([Arm("throttled", "create", count=2), Arm("unavailable", "*", match="ACME")])
    plain = Call("POST", "/v1/things")
    assert armed.take("list", plain, always) is None
    assert [kind(armed.take("create", plain, always)) for _ in range(3)] == ["throttled", "throttled", ""]
    assert armed.waiting
    named = Call("POST", "/v1/things", body=b'{"name": "ACME"}')
    assert kind(armed.take("list", named, lambda _: False)) == ""
    assert kind(armed.take("list", named, always)) == "unavailable"
    assert not armed.waiting


def test_an_arm_may_match_the_path():
    armed = Armed([Arm("server_error", match="/things/7")])
    assert armed.take("get", Call("GET", "/v1/things/8"), always) is None
    assert kind(armed.take("get", Call("GET", "/v1/things/7"), always)) == "server_error"


@pytest.mark.parametrize(
    ("wish", "names"), [({"kind": "boredom"}, "kind"), ({"kind": "throttled", "count": 0}, "count")]
)
def test_bad_arms(wish, names):
    with pytest.raises(ValueError, match=names):
        Arm(**wish)
