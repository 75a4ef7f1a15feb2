"""On 16 March it is agreed that more seats were in use since 21 February: the days behind are
billed with the next bill.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "backdated_upgrade_after_invoice",
    "Backdated upgrade, after the invoice",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "28.00"),), starts="2026-02-01"),
            Change("2026-03-16", "ACME", (Item("TEAM", 20),), "ten seats more", starts="2026-02-21"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-03-01"), "280.00 USD", "billed before the change was known"),
            Expect(
                ask.invoice_net("ACME", "2026-04-01"),
                "920.00 USD",
                "ten seats: 8 of February's 28 days, 80.00, and March, 280.00; April for twenty, 560.00",
            ),
            Expect(ledger.revenue("2026-02"), "280.00 USD", "its books were closed before the change"),
            Expect(
                ledger.revenue("2026-03"), "640.00 USD", "March, twice 280.00, and February's 80.00 caught up"
            ),
            Expect(ask.credited("ACME"), "nothing"),
            Expect(ledger.receivable("ACME"), "1480.00 USD", "280.00 + 280.00 + 920.00"),
        ),
    ),
)
