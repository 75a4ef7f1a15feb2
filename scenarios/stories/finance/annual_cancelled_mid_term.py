"""A year is paid in advance and given up after three months: nine months come back as a credit."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "annual_cancelled_mid_term",
    "Annual in advance, cancelled mid-term with a credit",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2025-12-29", "ACME", (Item("TEAM", 10, "365.00"),), billed="yearly", starts="2026-01-01"),
            PayOpen("2026-01-20", "ACME"),
            Cancel("2026-03-20", "ACME", starts="2026-04-01"),
        ),
        expects=(
            Expect(
                ask.invoice_net("ACME", "2026-01-01"),
                "3650.00 USD",
                "10 seats at 365.00, that is 10.00 a day",
            ),
            Expect(ask.credited("ACME"), "2750.00 USD", "275 of 365 days, 1 April to 31 December"),
            Expect(
                ask.credit_left("ACME"), "2750.00 USD", "nothing is open that it could be set off against"
            ),
            Expect(ask.contract_status("ACME"), "Cancelled"),
            Expect(ask.contract_ends("ACME"), "2026-04-01"),
            Expect(ledger.revenue("2026-01"), "310.00 USD", "31 days"),
            Expect(ledger.revenue("2026-02"), "280.00 USD", "28 days"),
            Expect(ledger.revenue("2026-03"), "310.00 USD", "31 days"),
            Expect(ledger.revenue("2026-04"), "0.00 USD", "no service any more"),
            Expect(ledger.deferred("ACME"), "0.00 USD", "3650.00 billed, 2750.00 credited, 900.00 earned"),
            Expect(ledger.receivable("ACME"), "-2750.00 USD", "we owe the customer the credit"),
        ),
    ),
)
