"""Two products are billed by the quarter; at the renewal one keeps its price and the other rises
by a tenth.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Renew, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "one_product_dearer_at_renewal",
    "One product dearer at the renewal",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign(
                "2026-01-29",
                "ACME",
                (Item("TEAM", 10, "89.00"), Item("ANALYTICS", 10, "44.50")),
                months=3,
                billed="quarterly",
                starts="2026-02-01",
            ),
            Renew("2026-04-20", "ACME", 3, (Item("ANALYTICS", 10, "48.95"),)),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-02-01"), "1335.00 USD", "890.00 + 445.00: 89 days of 15.00"),
            Expect(ask.invoice_net("ACME", "2026-05-01"), "1379.50 USD", "890.00 + 489.50"),
            Expect(ask.invoice_dates("ACME"), "2026-02-01, 2026-05-01"),
            Expect(ask.contract_ends("ACME"), "2026-08-01"),
            Expect(ledger.revenue("2026-02"), "420.00 USD", "28 days"),
            Expect(ledger.revenue("2026-04"), "450.00 USD", "30 days"),
            Expect(ledger.deferred("ACME"), "1379.50 USD", "the second quarter"),
        ),
    ),
)
