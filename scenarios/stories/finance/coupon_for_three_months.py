"""The price is a fifth lower for the first three months and the list price after that, agreed at
signature.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "coupon_for_three_months",
    "Coupon: 20 % off for three months",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "24.00"),), starts="2026-02-01"),
            Change("2026-01-29", "ACME", (Item("TEAM", 10, "30.00"),), "list price", starts="2026-05-01"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-02-01"), "240.00 USD", "300.00 less 20 %"),
            Expect(ask.invoice_net("ACME", "2026-04-01"), "240.00 USD", "the third month"),
            Expect(ask.invoice_net("ACME", "2026-05-01"), "300.00 USD", "the coupon is used up"),
            Expect(ask.billed_net("ACME"), "1020.00 USD", "three times 240.00 and once 300.00"),
            Expect(ledger.revenue("2026-04"), "240.00 USD", "the net price is the revenue"),
            Expect(ask.credited("ACME"), "nothing"),
        ),
    ),
)
