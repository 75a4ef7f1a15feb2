"""A customer rests from 11 March to 10 April: the days of rest cost nothing, and the term ends so
many days later.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Resume, Sign, Suspend
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "suspension_and_resumption",
    "Suspension and resumption",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        bills_also=("2026-03-11", "2026-04-11"),
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "31.00"),), starts="2026-02-01"),
            Suspend("2026-03-09", "ACME", starts="2026-03-11"),
            Resume("2026-04-08", "ACME", starts="2026-04-11"),
        ),
        expects=(
            Expect(ask.contract_ends("ACME"), "2027-03-04", "31 days of rest after 1 February 2027"),
            Expect(ask.contract_status("ACME"), "Active"),
            Expect(ask.credited("ACME"), "210.00 USD", "21 of March's 31 days, billed before the rest"),
            Expect(ask.invoice_net("ACME", "2026-05-01"), "310.00 USD"),
            Expect(ledger.revenue("2026-03"), "100.00 USD", "ten days"),
            Expect(ledger.revenue("2026-04"), "206.67 USD", "20 of 30 days, billed and earned within April"),
        ),
    ),
)
