"""The offered renewal is declined: service, bills and revenue stop with the last day of the term."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, NotRenew, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "contract_runs_out",
    "Contract not renewed",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "30.00"),), months=2, starts="2026-02-01"),
            NotRenew("2026-03-20", "ACME"),
            PayOpen("2026-03-25", "ACME"),
        ),
        expects=(
            Expect(ask.invoice_dates("ACME"), "2026-02-01, 2026-03-01"),
            Expect(ask.billed_net("ACME"), "600.00 USD"),
            Expect(ask.contract_ends("ACME"), "2026-04-01"),
            Expect(ledger.revenue("2026-03"), "300.00 USD"),
            Expect(ledger.revenue("2026-04"), "0.00 USD"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
            Expect(ledger.deferred("ACME"), "0.00 USD"),
        ),
    ),
)
