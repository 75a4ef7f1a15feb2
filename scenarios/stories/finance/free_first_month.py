"""The first month costs nothing, the second what it says: no invoice over nothing is dunned, no
revenue invented.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "free_first_month",
    "First month free",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "0.00"),), starts="2026-02-01"),
            Change("2026-01-29", "ACME", (Item("TEAM", 10, "30.00"),), "list price", starts="2026-03-01"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-03-01"), "300.00 USD"),
            Expect(ask.billed_net("ACME"), "600.00 USD", "March and April"),
            Expect(ledger.revenue("2026-02"), "0.00 USD", "free of charge, earned as billed"),
            Expect(ledger.revenue("2026-03"), "300.00 USD"),
            Expect(ledger.receivable("ACME"), "600.00 USD"),
            Expect(
                ask.invoice_total("ACME", "2026-02-01"), "0.00 USD", "the free month is shown, over nothing"
            ),
            Expect(ask.requests("ACME"), "2", "for March and April; nobody is asked for nothing"),
        ),
    ),
)
