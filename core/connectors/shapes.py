"""What a vendor's answer must hold for us to make anything of it: what is not there, or unknown, is held."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from core.canonical.errors import Held

# Who is asked when a vendor's schema is no longer what its connector was written for.
OWNER = "integration"


def drifted(system: str, detail: str) -> Held:
    """The vendor no longer takes, or has, what the connector relies on."""
    return Held(
        f"{detail}; that is not the shape that the connector of {system} knows: adapt it, or have"
        " the change of the schema undone",
        owner=OWNER,
    )


def number(value: object, name: str, system: str) -> Decimal:
    """A number, also one that is written as a text; null and "" are nothing. Held for anything else."""
    if value is None or value == "":
        return Decimal(0)
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite():
        raise drifted(system, f"{name}: {value!r} in {system}'s answer is no number")
    return found


def one_of(value: object, known: Mapping[str, str], name: str, system: str) -> str:
    """Our word for one of the vendor's; Held for a word that is none of those known here, never guessed."""
    try:
        return known[str(value)]
    except KeyError:
        words = ", ".join(sorted(known))
        raise drifted(system, f"{name}: {value!r} is none of the values known of it ({words})") from None
