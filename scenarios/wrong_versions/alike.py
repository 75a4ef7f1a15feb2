"""Versions that differ in their text and are as good: no story can tell them apart, for the reason given."""

from __future__ import annotations

# (mapping, mistake) → why it is none.
ALIKE: dict[tuple[str, str], str] = {
    ("payment_methods", "currency 'USD' says 'us_bank_account,card'"): (
        "the same methods in another order: what the payer is shown first is the processor's affair"
    ),
}
