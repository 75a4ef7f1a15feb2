"""One script in which, within two months, customers do all that makes the core call its vendors."""

from __future__ import annotations

from dataclasses import replace

from scenarios.profiles.profile import Profile, read_profile
from scenarios.scripted.disputes import AnswerBank, BankDecides, CallBack, DebitComesBack, RefundComesBack
from scenarios.scripted.money import CardOnFile, CardStops, GiveBack, PayByDebit, PayOpen, PayoutFails
from scenarios.scripted.office import CreditByHand
from scenarios.scripted.sales import Cancel, Change, Item, Sign
from scenarios.scripted.script import Party, Script
from scenarios.scripted.transfers import PayBack, PayByTransfer
from scenarios.scripted.usage import UseProduct

_TEAM = (Item("TEAM", 10, "29.00"),)
_SIGNED, _STARTS = "2026-01-29", "2026-02-01"
_NAMES = {
    "CARD": "Acme", "WIRE": "Birch", "DEBIT": "Cedar", "RISK": "Dale", "ANNUAL": "Elm", "BAD": "Fern",
    "USER": "Gorse",
}  # fmt: skip

SMALL = Script(
    begins="2026-01-28",
    ends="2026-02-20",
    parties=(Party("CARD", "Acme", pays="card", place="New York"),),
    acts=(
        Sign(_SIGNED, "CARD", _TEAM, starts=_STARTS),
        CardOnFile("2026-01-30", "CARD"),
        GiveBack("2026-02-12", "CARD", "50.00"),
    ),
    expects=(),
)
# What nobody has to wait for: it can be played whatever breaks.
PLAIN = Script(
    begins="2026-01-28",
    ends="2026-02-10",
    parties=tuple(Party(key, _NAMES[key], pays="card", place="New York") for key in ("CARD", "RISK", "USER")),
    acts=tuple(
        act
        for key in ("CARD", "RISK", "USER")
        for act in (Sign(_SIGNED, key, _TEAM, starts=_STARTS), CardOnFile("2026-01-30", key))
    ),
    expects=(),
)
WHOLE = Script(
    begins="2026-01-28",
    ends="2026-03-20",
    dunning=True,
    parties=tuple(
        # What was given up where tax was charged comes back by hand only.
        Party(
            key,
            name,
            pays="card" if key in ("CARD", "BAD") else "invoice",
            place="San Francisco" if key == "BAD" else "New York",
        )
        for key, name in _NAMES.items()
    ),
    acts=(
        *(Sign(_SIGNED, key, _TEAM, starts=_STARTS) for key in ("CARD", "DEBIT", "BAD", "RISK")),
        Sign(_SIGNED, "WIRE", _TEAM, starts=_STARTS),
        Sign(_SIGNED, "ANNUAL", (Item("TEAM", 10, "365.00"),), billed="yearly", starts=_STARTS),
        Sign(_SIGNED, "USER", (*_TEAM, Item("CALLS", 1, "0.00")), starts=_STARTS),
        CardOnFile("2026-01-30", "CARD"),
        CardOnFile("2026-01-30", "BAD"),
        CardStops("2026-01-31", "BAD"),
        PayByDebit("2026-02-04", "DEBIT"),
        PayOpen("2026-02-04", "RISK"),
        PayOpen("2026-02-05", "USER"),
        PayByTransfer("2026-02-06", "WIRE", "700.00", (_STARTS,)),
        UseProduct("2026-02-10", "USER", "USE-1", "calls", "9000"),
        Change("2026-02-11", "CARD", (Item("TEAM", 12),), "more seats"),
        GiveBack("2026-02-12", "CARD", "50.00"),
        DebitComesBack("2026-02-17", "DEBIT"),
        CallBack("2026-02-18", "RISK"),
        Cancel("2026-02-18", "ANNUAL", starts="2026-03-01"),
        CreditByHand("2026-02-19", "USER", _STARTS, "50.00", "4.44", "a week of bad service"),
        RefundComesBack("2026-02-23", "CARD"),
        AnswerBank("2026-02-24", "RISK"),
        PayBack("2026-03-04", "WIRE", "20.00"),
        BankDecides("2026-03-05", "RISK", "lost"),
        PayByTransfer("2026-03-10", "BAD", "155.00", (_STARTS,)),
        PayoutFails("2026-03-12"),
    ),
    expects=(),
)


def company() -> Profile:
    """Whose products are sold: seats and calls; what stays unpaid is given up after 20 days."""
    return replace(read_profile("usage_heavy"), write_off_days=20)
