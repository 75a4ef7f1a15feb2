"""A customer is moved down by mistake and back up within the hour: the month costs what it cost before."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "downgrade_then_upgrade_on_one_day",
    "Downgrade, then upgrade, on one day",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-10",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("BUSINESS", 5, "60.00"),), starts="2026-02-01"),
            Change(
                "2026-02-11", "ACME", (Item("BUSINESS", 0), Item("TEAM", 5, "30.00")), "moves down a plan"
            ),
            Change("2026-02-11", "ACME", (Item("TEAM", 0), Item("BUSINESS", 5, "60.00")), "moves up again"),
            PayOpen("2026-03-05", "ACME"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-02-01"), "300.00 USD", "5 seats at 60.00"),
            Expect(
                ask.invoice_net("ACME", "2026-03-01"), "300.00 USD", "March; the two changes undo each other"
            ),
            Expect(ask.billed_net("ACME"), "600.00 USD", "February and March, as if nothing had happened"),
            Expect(ask.credited("ACME"), "nothing"),
            Expect(ledger.revenue("2026-02"), "300.00 USD"),
            Expect(ledger.receivable("ACME"), "0.00 USD", "both invoices are paid"),
        ),
    ),
)
