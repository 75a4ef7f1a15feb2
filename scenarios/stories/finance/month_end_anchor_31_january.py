"""Months of different length: the period that begins on the 31st begins on the last day where
there is no 31st.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "month_end_anchor_31_january",
    "Contract anchored to 31 January",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-03",
        bills_on=(28, 30, 31),
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(Sign("2026-01-29", "ACME", (Item("TEAM", 10, "31.00"),), starts="2026-01-31"),),
        expects=(
            Expect(ask.invoice_dates("ACME"), "2026-01-31, 2026-02-28, 2026-03-31, 2026-04-30"),
            Expect(
                ask.invoice_lines("ACME", "2026-01-31"),
                "TEAM 2026-01-31 to 2026-02-27 310.00 USD",
            ),
            Expect(
                ask.invoice_lines("ACME", "2026-02-28"),
                "TEAM 2026-02-28 to 2026-03-30 310.00 USD",
                "31 days at the price of one period, like the 28 before",
            ),
            Expect(ask.invoice_lines("ACME", "2026-03-31"), "TEAM 2026-03-31 to 2026-04-29 310.00 USD"),
            Expect(
                ledger.revenue("2026-01"),
                "11.07 USD",
                "one of 28 days: 11.0714, rounded down, the rest follows",
            ),
            Expect(ledger.revenue("2026-02"), "308.93 USD", "27 of 28 days, 298.93, and one of 31, 10.00"),
            Expect(ledger.revenue("2026-03"), "310.33 USD", "30 of 31 days, 300.00, and one of 30, 10.33"),
        ),
    ),
)
