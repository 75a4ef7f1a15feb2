"""Half of a payment in pounds is given back a month later by the company that took it in for its sister:
what it owes shrinks, and so does the fee.
"""

from __future__ import annotations

from scenarios.scripted import ledger
from scenarios.scripted.money import GiveBack, PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "refund_of_pounds_another_entity_took",
    "Refund out of another legal entity's account",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(
            Party("ALBION", "Albion Trading", "GBP", place="London"),
            Party("MERCIA", "Mercia Works", "GBP", place="London"),
        ),
        acts=(
            Sign("2026-01-29", "ALBION", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            Sign("2026-02-25", "MERCIA", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-03-01"),
            PayOpen("2026-02-10", "ALBION"),
            GiveBack("2026-03-12", "ALBION", "174.00"),
            PayOpen("2026-03-16", "MERCIA"),
        ),
        expects=(
            Expect(ledger.between("DE", ledger.DUE_TO, "2026-02"), "342.78 GBP", "348.00 less 5.22"),
            Expect(
                ledger.between("DE", ledger.DUE_TO, "2026-03"),
                "171.39 GBP",
                "348.00 in, 174.00 out, less the fee of the month",
            ),
            Expect(ledger.between("UK", ledger.DUE_FROM, "2026-03"), "171.39 GBP"),
            Expect(
                ledger.between("UK", ledger.BETWEEN_COST, "2026-03"),
                "2.61 GBP",
                "1.5 % of 522, less 5.22",
            ),
            Expect(ledger.entity_month("UK", ledger.CLEARING, "2026-03"), "0.00 GBP"),
            Expect(ledger.refund_months("ALBION"), "2026-03 174.00 GBP"),
            Expect(ledger.between("ELIM", ledger.DUE_TO, "2026-03"), "-171.39 GBP"),
        ),
    ),
    profile="multi_entity",
)
