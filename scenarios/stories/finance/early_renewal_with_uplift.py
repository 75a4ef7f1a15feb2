"""Six weeks before a quarter's term ends it is renewed for another, four per cent dearer from its
first day.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Renew, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "early_renewal_with_uplift",
    "Early renewal with an uplift",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "25.00"),), months=3, starts="2026-02-01"),
            Renew("2026-03-16", "ACME", 3, (Item("TEAM", 10, "26.00"),)),
        ),
        expects=(
            Expect(ask.contract_ends("ACME"), "2026-08-01", "three months to 1 May, three more"),
            Expect(
                ask.invoice_net("ACME", "2026-04-01"),
                "250.00 USD",
                "the old term runs to its end at its price",
            ),
            Expect(ask.invoice_net("ACME", "2026-05-01"), "260.00 USD", "25.00 and four per cent"),
            Expect(ask.billed_net("ACME"), "1010.00 USD", "three times 250.00 and once 260.00"),
            Expect(ledger.revenue("2026-04"), "250.00 USD"),
            Expect(ledger.deferred("ACME"), "260.00 USD", "May"),
        ),
    ),
)
