"""An add-on is taken on the 10th and given back on the 20th, before anything was billed for it:
only its ten days are.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "add_on_removed_before_first_bill",
    "Add-on removed before its first bill",
    __doc__,
    Script(
        begins="2026-03-27",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-03-28", "ACME", (Item("TEAM", 10, "30.00"),), starts="2026-04-01"),
            Change("2026-04-10", "ACME", (Item("ANALYTICS", 10, "12.00"),), "an add-on"),
            Change("2026-04-20", "ACME", (Item("ANALYTICS", 0),), "gives the add-on back"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-04-01"), "300.00 USD"),
            Expect(
                ask.invoice_lines("ACME", "2026-05-01"),
                "ANALYTICS 2026-04-10 to 2026-04-19 40.00 USD; TEAM 2026-05-01 to 2026-05-31 300.00 USD",
                "ten of 30 days of 120.00; no credit, for nothing had been billed",
            ),
            Expect(ask.credited("ACME"), "nothing"),
            Expect(ledger.revenue("2026-04"), "340.00 USD"),
            Expect(ledger.receivable("ACME"), "640.00 USD"),
        ),
    ),
)
