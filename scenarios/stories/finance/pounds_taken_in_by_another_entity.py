"""Our British company sells in pounds, but the account for pounds is our German company's: it takes the money
in, is paid a fee for it, and owes the rest until the group takes it out.
"""

from __future__ import annotations

from scenarios.scripted import ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "pounds_taken_in_by_another_entity",
    "Cash taken in by another legal entity",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ALBION", "Albion Trading", "GBP", place="London"),),
        acts=(
            Sign("2026-01-29", "ALBION", (Item("TEAM", 10, "29.00"),), months=12, starts="2026-02-01"),
            PayOpen("2026-02-10", "ALBION"),
        ),
        expects=(
            Expect(ledger.entity_month("UK", ledger.REVENUE, "2026-02"), "290.00 GBP"),
            Expect(ledger.entity_month("UK", ledger.CLEARING, "2026-02"), "0.00 GBP", "passed on at once"),
            Expect(
                ledger.between("UK", ledger.DUE_FROM, "2026-02"),
                "342.78 GBP",
                "348.00 with VAT, less the fee of 1.5 % that is set off",
            ),
            Expect(ledger.between("DE", ledger.DUE_TO, "2026-02"), "342.78 GBP", "the mirror of it"),
            Expect(ledger.between("UK", ledger.BETWEEN_COST, "2026-02"), "5.22 GBP", "1.5 % of 348.00"),
            Expect(ledger.between("DE", ledger.BETWEEN_FEES, "2026-02"), "5.22 GBP"),
            Expect(ledger.between("ELIM", ledger.DUE_FROM, "2026-02"), "-342.78 GBP", "out of the group"),
            Expect(ledger.between("ELIM", ledger.DUE_FROM, "2026-03"), "0.00 GBP", "back and out again"),
            Expect(ledger.between("ELIM", ledger.BETWEEN_COST, "2026-02"), "-5.22 GBP"),
            Expect(ledger.receivable("ALBION"), "696.00 GBP", "March and April"),
        ),
    ),
    profile="multi_entity",
)
