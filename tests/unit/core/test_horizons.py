"""Law I-36: nothing is forgotten while somebody may still repeat it; checked before a core is assembled."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assemble import _readers, assemble
from core.connectivity.periodic import _forget
from core.connectors.horizons import RECEIVERS, SENDERS
from core.reliability.horizons import (
    OPEN_DAYS,
    Receiver,
    Sender,
    TooForgetful,
    check_horizons,
    days_named,
    longest_retry_seconds,
)
from core.reliability.retry import Policy
from core.settings import Collections, Settings
from core.store.sqlite import SqliteStore

POLICY = Policy(4, 10.0, 2.0, 30.0)


def test_the_longest_retry_is_the_sum_of_the_pauses():
    assert longest_retry_seconds(POLICY) == 10 + 20 + 30
    assert longest_retry_seconds(Policy(1, 10.0)) == 0


@given(st.integers(1, 90), st.integers(0, 90))
def test_an_event_must_not_come_again_after_it_was_forgotten(inbox: int, horizon: int):
    def check() -> None:
        check_horizons(inbox, POLICY, [Sender("vendor", horizon)], [])

    if inbox > horizon:
        check()
    else:
        with pytest.raises(
            TooForgetful, match=f"inbox_days: {inbox}: vendor may repeat .* at least {horizon + 1}"
        ):
            check()


@pytest.mark.parametrize(
    ("hours", "looks", "fine"), [(24, False, False), (24, True, True), (None, False, True)]
)
def test_a_key_must_not_be_used_after_its_end_unless_the_connector_looks_first(hours, looks, fine):
    days = Policy(24, 5.0, 2.5, 6 * 3600.0)
    if fine:
        check_horizons(45, days, [], [Receiver("vendor", hours, looks)])
    else:
        with pytest.raises(TooForgetful, match="vendor forgets its key after 24"):
            check_horizons(45, days, [], [Receiver("vendor", hours, looks)])


def test_the_defaults_of_a_deployment_hold():
    settings = Settings()
    policy = Policy(
        settings.durable_attempts, settings.durable_first_seconds, 2.5, settings.durable_longest_seconds
    )
    check_horizons(settings.inbox_days, policy, SENDERS, RECEIVERS)


def test_every_sender_of_webhooks_has_a_horizon():
    ends: Any = SimpleNamespace(secrets={}, former_secrets={})
    assert {sender.name for sender in SENDERS} == set(_readers(ends))


@given(st.integers(31, 400), st.integers(0, 2_000))
def test_whose_a_document_is_is_known_until_the_last_of_its_events_cannot_come_again(inbox, given_up):
    kept = days_named(inbox, given_up)
    for open_days in (*OPEN_DAYS.values(), given_up):
        assert all(kept > open_days + sender.days for sender in SENDERS)
    # It is derived and bounded: nothing is kept for ever.
    assert kept <= inbox + max(540, given_up + 30)


def test_the_nightly_sweep_forgets_whose_a_document_is():
    store, day, counted = SqliteStore(":memory:"), 86_400_000_000, list[int]()
    settings = Settings()
    kept = days_named(settings.inbox_days, settings.days_given_up) * day
    desk = SimpleNamespace(
        clock=SimpleNamespace(now=lambda: 1_000 * day),
        watch=SimpleNamespace(count=lambda _name, rows: counted.append(rows)),
    )
    parts: Any = SimpleNamespace(desk=desk, settings=settings, store=store)
    asyncio.run(store.keep_roots({"INV-1": "Q-1"}, 1_000 * day - kept - 1))
    asyncio.run(store.keep_roots({"INV-2": "Q-1"}, 1_000 * day - kept))
    asyncio.run(_forget(parts))
    assert list(asyncio.run(store.roots(["INV-1", "INV-2"]))) == ["INV-2"]
    assert sum(counted) == 1


def test_the_longest_that_an_invoice_is_collected_is_of_all_segments():
    assert Settings().days_given_up == 0
    patient = {"public": Collections(write_off_days={"invoice": 720})}
    assert Settings(write_off_days={"card": 60, "invoice": 180}, segments=patient).days_given_up == 720


@pytest.mark.parametrize("model", ["orchestrated", "direct"])
def test_a_core_that_would_forget_too_early_is_not_assembled(model):
    settings = Settings(inbox_days=10)
    with pytest.raises(TooForgetful, match="inbox_days: 10: stripe may repeat an event for 30 days"):
        assemble(model, None, None, settings)  # type: ignore[arg-type]
