"""A year for ten seats is paid; from the fourth month on only six are wanted: the difference
comes back as a credit.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "annual_downgrade_with_credit",
    "Downgrade in a year paid in advance",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2025-12-29", "ACME", (Item("TEAM", 10, "365.00"),), billed="yearly", starts="2026-01-01"),
            PayOpen("2026-01-15", "ACME"),
            Change("2026-03-23", "ACME", (Item("TEAM", 6),), "four seats fewer", starts="2026-04-01"),
        ),
        expects=(
            Expect(
                ask.credited("ACME"), "1100.00 USD", "four seats for 275 of 365 days: 1460.00 x 275 / 365"
            ),
            Expect(ask.billed_net("ACME"), "2550.00 USD", "3650.00 - 1100.00"),
            Expect(ledger.revenue("2026-03"), "310.00 USD", "31 days of 10.00"),
            Expect(ledger.revenue("2026-04"), "180.00 USD", "30 days of 6.00"),
            Expect(ledger.deferred("ACME"), "1470.00 USD", "245 days of 6.00, 1 May to 31 December"),
            Expect(
                ledger.receivable("ACME"), "-1100.00 USD", "the year was paid; the credit is the customer's"
            ),
        ),
    ),
)
