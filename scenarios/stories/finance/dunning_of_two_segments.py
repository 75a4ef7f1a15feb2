"""Two cards stop on the day before the bill and work again six days later. The calendar of small customers is
over by then and their invoice is given up after twelve days; that of large ones tries on the tenth day.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import CardOnFile, CardStops
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "dunning_of_two_segments",
    "Dunning of two segments",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        dunning=True,
        parties=(
            Party("SMALL", "Small Shop", pays="card", segment="self_serve"),
            Party("LARGE", "Large Works", pays="card", segment="enterprise"),
        ),
        acts=(
            Sign("2026-01-29", "SMALL", (Item("TEAM", 10, "28.00"),), months=1, starts="2026-02-01"),
            Sign("2026-01-29", "LARGE", (Item("TEAM", 50, "28.00"),), months=1, starts="2026-02-01"),
            CardOnFile("2026-01-30", "SMALL"),
            CardOnFile("2026-01-30", "LARGE"),
            CardStops("2026-01-31", "SMALL"),
            CardStops("2026-01-31", "LARGE"),
            CardOnFile("2026-02-07", "SMALL"),
            CardOnFile("2026-02-07", "LARGE"),
        ),
        expects=(
            Expect(ask.declines("SMALL"), "3", "on the 1st, 2nd and 4th: gaps of 1 and 2 days"),
            Expect(ask.declines("LARGE"), "1", "on the 1st; the next try is on the 11th"),
            Expect(ask.collected("SMALL"), "nothing", "nobody tries the new card any more"),
            Expect(ask.collected("LARGE"), "1400.00 USD", "on the 11th"),
            Expect(ask.credited("SMALL"), "280.00 USD", "given up on the 13th, twelve days after it was due"),
            Expect(ledger.balance(ledger.BAD_DEBT), "120.00 USD", "12 of 28 days at 10.00 were served"),
            Expect(ledger.receivable("LARGE"), "0.00 USD"),
            Expect(ledger.receivable("SMALL"), "0.00 USD"),
        ),
    ),
    profile="bank_payers",
)
