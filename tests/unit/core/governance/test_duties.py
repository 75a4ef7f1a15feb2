"""Segregation of duties: who held does not release above the limit; what is not known is above."""

from __future__ import annotations

import pytest

from core.canonical.money import Money
from core.governance.duties import RULE, Duties, HoldAndRelease

APART = Duties(HoldAndRelease.SOMEBODY_ELSE, {"EUR": 10_000})


@pytest.mark.parametrize(
    ("held_by", "by", "worth", "refused"),
    [
        ("ann", "ann", Money(10_000, "EUR"), False),
        ("ann", "ann", Money(10_001, "EUR"), True),
        ("ann", "ann", Money(-10_001, "EUR"), True),
        ("ann", "ann", Money(1, "USD"), True),
        ("ann", "ann", None, True),
        ("ann", "bob", None, False),
        ("", "ann", None, False),
    ],
)
def test_who_held_does_not_release_above_the_limit(held_by, by, worth, refused):
    assert APART.against_release(held_by, by, worth).startswith(RULE) == refused
    assert Duties().against_release(held_by, by, worth) == ""
