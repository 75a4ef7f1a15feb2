"""Seats up, an add-on, seats down: each change is billed from its own day to the end of the month."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "three_changes_in_one_period",
    "Three changes in one billing period",
    __doc__,
    Script(
        begins="2026-04-27",
        ends="2026-07-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-04-28", "ACME", (Item("TEAM", 10, "30.00"),), starts="2026-05-01"),
            Change("2026-06-07", "ACME", (Item("TEAM", 16),), "six seats more"),
            Change("2026-06-11", "ACME", (Item("ANALYTICS", 16, "15.00"),), "an add-on"),
            Change("2026-06-21", "ACME", (Item("TEAM", 10),), "six seats fewer"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-06-01"), "300.00 USD", "10 seats at 30.00"),
            Expect(
                ask.invoice_lines("ACME", "2026-07-01"),
                "TEAM 2026-06-07 to 2026-06-30 -240.00 USD; TEAM 2026-06-07 to 2026-06-20 224.00 USD; "
                "ANALYTICS 2026-06-11 to 2026-06-30 160.00 USD; TEAM 2026-06-21 to 2026-06-30 100.00 USD; "
                "ANALYTICS 2026-07-01 to 2026-07-31 240.00 USD; TEAM 2026-07-01 to 2026-07-31 300.00 USD",
                "24 of 30 days of 300.00 back; 14 days of 480.00; 20 days of 240.00; 10 days of 300.00; July",
            ),
            Expect(
                ask.invoice_net("ACME", "2026-07-01"),
                "784.00 USD",
                "six seats for 14 of 30 days, 84.00; 16 add-ons for 20 days, 160.00; July, 300.00 + 240.00",
            ),
            Expect(ledger.revenue("2026-05"), "300.00 USD"),
            Expect(ledger.revenue("2026-06"), "544.00 USD", "300.00 + 84.00 + 160.00"),
        ),
    ),
)
