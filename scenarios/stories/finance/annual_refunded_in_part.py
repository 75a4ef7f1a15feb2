"""A year of two products is paid in advance; in its third month half of the payment is given back: half of
what is to come of each product is never earned, half of what was served is contra revenue.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import GiveBack, PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "annual_refunded_in_part",
    "Year paid in advance, refunded in part",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign(
                "2025-12-29",
                "ACME",
                (Item("TEAM", 10, "365.00"), Item("ANALYTICS", 1, "730.00")),
                starts="2026-01-01",
                billed="yearly",
            ),
            PayOpen("2026-01-15", "ACME"),
            GiveBack("2026-03-12", "ACME", "2190.00"),
        ),
        expects=(
            Expect(ask.invoice_total("ACME", "2026-01-01"), "4380.00 USD", "12.00 a day, 10.00 and 2.00"),
            Expect(ask.credited("ACME"), "2190.00 USD", "half of it"),
            Expect(ledger.revenue("2026-02"), "336.00 USD", "28 days, before anything was given back"),
            Expect(ledger.balance(ledger.CREDITS), "420.00 USD", "half of the 70 days served, 840.00"),
            Expect(ledger.revenue("2026-03"), "252.00 USD", "11 days of 12.00 and 20 of 6.00"),
            Expect(ledger.revenue("2026-04"), "180.00 USD", "30 days of 6.00"),
            Expect(
                ledger.balance(ledger.DEFERRED, end="2026-03"), "1650.00 USD", "275 days are left, 6.00 each"
            ),
            Expect(ledger.deferred("ACME"), "1470.00 USD", "245 days"),
            Expect(ledger.refund_months("ACME"), "2026-03 2190.00 USD"),
        ),
    ),
)
