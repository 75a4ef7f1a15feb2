"""A contract without end is given up on the 20th; the days from then on are credited and set
against nothing else.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "evergreen_cancelled_mid_month",
    "Month to month, cancelled in the middle of a month",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "31.00"),), months=0, starts="2026-02-01"),
            Cancel("2026-03-18", "ACME", starts="2026-03-20"),
        ),
        bills_also=("2026-03-20",),
        expects=(
            Expect(ask.contract_status("ACME"), "Cancelled"),
            Expect(ask.credited("ACME"), "120.00 USD", "12 of March's 31 days, the 20th to the 31st"),
            Expect(ask.billed_net("ACME"), "500.00 USD", "310.00 + 310.00 - 120.00"),
            Expect(ledger.revenue("2026-02"), "310.00 USD"),
            Expect(ledger.revenue("2026-03"), "190.00 USD", "19 days"),
            Expect(ledger.deferred("ACME"), "0.00 USD"),
            Expect(ledger.receivable("ACME"), "500.00 USD", "620.00 open less the credit"),
        ),
    ),
)
