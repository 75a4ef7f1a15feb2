"""Signatures outside: the published vector, and whoever checks by hand comes to the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.announcing.signing import headers, secret_of, signature
from scenarios.world.consumer import genuine

# The vector published with Standard Webhooks, as many libraries pin it.
SECRET, MESSAGE, SECONDS = (
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    1614265330,
)
BODY, SIGNED = b'{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_vector():
    assert signature(SECRET, MESSAGE, SECONDS, BODY) == SIGNED


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(1, 99), st.integers(0, 2**52))
def test_who_checks_by_hand_agrees_and_anything_else_does_not_fit(body, version, now):
    old, new = (secret_of("root", "we_1", each) for each in (version, version + 1))
    sent = headers((new, old), "evt_1", now, body)
    assert genuine(new, sent, body)
    assert genuine(old, sent, body)
    assert not genuine(secret_of("root", "we_2", version), sent, body)
    assert not genuine(secret_of("other", "we_1", version), sent, body)
    assert not genuine(new, sent, body + b" ")
    assert not genuine(new, {**sent, "webhook-timestamp": str(now // 1_000_000 + 1)}, body)


def test_nothing_is_signed_by_nothing():
    with pytest.raises(ValueError, match="root"):
        secret_of("", "we_1", 1)
