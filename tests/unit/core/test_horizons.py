"""Law I-36: nothing is forgotten while somebody may still repeat it; checked before a core is assembled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assemble import assemble
from core.connectors.horizons import RECEIVERS, SENDERS
from core.reliability.horizons import Receiver, Sender, TooForgetful, check_horizons, longest_retry_seconds
from core.reliability.retry import Policy
from core.settings import Settings

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


@pytest.mark.parametrize("model", ["orchestrated", "direct"])
def test_a_core_that_would_forget_too_early_is_not_assembled(model):
    settings = Settings(inbox_days=10)
    with pytest.raises(TooForgetful, match="inbox_days: 10: stripe may repeat an event for 30 days"):
        assemble(model, None, None, settings)  # type: ignore[arg-type]
