"""The term ends on 1 April, the renewal is signed on the 16th: it goes on from 1 April without a gap."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Renew, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "late_renewal",
    "Renewal agreed after the term had ended",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-06-04",
        bills_also=("2026-04-17",),
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "30.00"),), months=2, starts="2026-02-01"),
            Renew("2026-04-16", "ACME", 2, (Item("TEAM", 10, "33.00"),)),
        ),
        expects=(
            Expect(ask.invoice_dates("ACME"), "2026-02-01, 2026-03-01, 2026-04-17, 2026-05-01"),
            Expect(
                ask.invoice_lines("ACME", "2026-04-17"),
                "TEAM 2026-04-01 to 2026-04-30 330.00 USD",
                "the whole month, at the new price",
            ),
            Expect(ask.contract_ends("ACME"), "2026-06-01"),
            Expect(ledger.revenue("2026-03"), "300.00 USD"),
            Expect(ledger.revenue("2026-04"), "330.00 USD"),
            Expect(ask.billed_net("ACME"), "1260.00 USD", "twice 300.00, twice 330.00"),
        ),
    ),
)
