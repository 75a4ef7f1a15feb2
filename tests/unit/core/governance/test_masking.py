"""No secret and no e-mail address stays in what is kept."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.governance.masking import EMAIL, SECRET, Mask
from core.observing.logs import JsonLines

PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("sent Bearer abcdefgh.ijk-l= away", f"sent Bearer {SECRET} away"),
        ("basic dXNlcjpwYXNz", f"basic {SECRET}"),
        ("key sk_live_51abcDEF refused", f"key {SECRET} refused"),
        ("whsec_abc123", SECRET),
        ("eyJhbGci.eyJzdWIi.c2ln!", f"{SECRET}!"),
        (f"it was {PEM}.", f"it was {SECRET}."),
        ("ann.smith+x@shop.example.com wrote", f"{EMAIL} wrote"),
        ("transaction 7 of pi_12 on 2026-01-31", "transaction 7 of pi_12 on 2026-01-31"),
    ],
)
def test_what_has_the_shape_of_one(text, kept):
    assert Mask()(text) == kept


@given(
    st.lists(st.text("abcXYZ019-_/+", min_size=8, max_size=30), min_size=1, max_size=4), st.text(max_size=20)
)
@settings(max_examples=50)
def test_a_known_secret_stays_nowhere(secrets, around):
    kept = Mask(secrets)(around.join(secrets) + around)
    assert not [secret for secret in secrets if secret in kept]


def test_a_traceback_too():
    formatter = JsonLines("api", Mask(["hunter2-hunter2"]))
    try:
        raise ValueError("with hunter2-hunter2")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "p", 1, "failed %s", ("hunter2-hunter2",), info)
    text = formatter.format(record)
    assert "hunter2" not in text
    assert text.count(SECRET) >= 2
