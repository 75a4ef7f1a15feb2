"""January's invoice is paid in March: the receipt belongs to March, the sale to January, and no
closed month moves.
"""

from __future__ import annotations

from scenarios.scripted import ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, NotRenew, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "paid_after_the_close",
    "Paid after the month was closed",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2025-12-29", "ACME", (Item("TEAM", 10, "31.00"),), months=1, starts="2026-01-01"),
            NotRenew("2026-01-20", "ACME"),
            PayOpen("2026-03-17", "ACME"),
        ),
        expects=(
            Expect(ledger.month(ledger.RECEIVABLE, "2026-01"), "310.00 USD", "sold"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-02"), "0.00 USD"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-03"), "-310.00 USD", "paid"),
            Expect(ledger.receipts("ACME"), "2026-03 310.00 USD"),
            Expect(ledger.revenue("2026-01"), "310.00 USD"),
            Expect(ledger.revenue("2026-03"), "0.00 USD", "money is not revenue"),
            Expect(ledger.fees_and_bank(), "300.71 USD and 9.29 USD", "2.9 % of 310.00 and 0.30"),
        ),
    ),
)
