"""What a vendor's answer must hold for us to make anything of it: what is not there, or unknown, is held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from core.canonical.errors import Held
from core.canonical.money import Money

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


def day(value: object, name: str, system: str) -> date:
    """A date, also the one that a moment begins with; Held for anything else."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise drifted(system, f"{name}: {value!r} in {system}'s answer is no date") from None


def moment(value: object, name: str, system: str) -> datetime:
    """With its zone, UTC where it names none; Held for anything else."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise drifted(system, f"{name}: {value!r} in {system}'s answer is no moment") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def money(value: object, currency: object, name: str, system: str) -> Money:
    """So much of a currency, of a number in its major units; Held for a currency that nobody knows."""
    try:
        return Money.of(number(value, name, system), str(currency))
    except ValueError as error:
        raise drifted(system, f"{name}: {error}") from None


def one_of(value: object, known: Mapping[str, str], name: str, system: str) -> str:
    """Our word for one of the vendor's; Held for a word that is none of those known here, never guessed."""
    try:
        return known[str(value)]
    except KeyError:
        words = ", ".join(sorted(known))
        raise drifted(system, f"{name}: {value!r} is none of the values known of it ({words})") from None
