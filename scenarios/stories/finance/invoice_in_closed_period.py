"""January is closed on 7 February; on the 10th a bill dated 31 January turns up: it is posted in
the next open month.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.office import RunBills
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "invoice_in_closed_period",
    "Invoice dated in a closed period",
    __doc__,
    Script(
        begins="2026-01-02",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-02-09", "ACME", (Item("TEAM", 10, "31.00"),), billed="monthly", starts="2026-01-15"),
            RunBills("2026-02-10", "2026-01-31"),
        ),
        expects=(
            Expect(ask.invoice_lines("ACME", "2026-01-31"), "TEAM 2026-01-15 to 2026-02-14 310.00 USD"),
            Expect(ledger.invoice_period("ACME", "2026-01-31"), "2026-02", "January takes nothing any more"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-01"), "0.00 USD"),
            Expect(ledger.revenue("2026-01"), "0.00 USD", "closed"),
            Expect(
                ledger.revenue("2026-02"),
                "465.00 USD",
                "January's 17 days, 170.00, caught up; 14 days to the 14th, 140.00; 14 of 28 days, 155.00",
            ),
            Expect(ledger.receivable("ACME"), "620.00 USD"),
        ),
    ),
)
