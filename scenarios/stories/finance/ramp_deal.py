"""A year in three steps signed at once: 10 seats, from the second month 20, from the third 30 at
a lower price.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "ramp_deal",
    "Ramp deal",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "30.00"),), starts="2026-02-01"),
            Change("2026-01-29", "ACME", (Item("TEAM", 20, "30.00"),), "second step", starts="2026-03-01"),
            Change("2026-01-29", "ACME", (Item("TEAM", 30, "28.00"),), "third step", starts="2026-04-01"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-02-01"), "300.00 USD", "10 at 30.00"),
            Expect(ask.invoice_net("ACME", "2026-03-01"), "600.00 USD", "20 at 30.00"),
            Expect(ask.invoice_net("ACME", "2026-04-01"), "840.00 USD", "30 at 28.00"),
            Expect(ask.invoice_net("ACME", "2026-05-01"), "840.00 USD"),
            Expect(
                ledger.revenue("2026-03"), "600.00 USD", "as billed: each step's seats are worth their price"
            ),
            Expect(ledger.deferred("ACME"), "840.00 USD", "May"),
        ),
    ),
)
