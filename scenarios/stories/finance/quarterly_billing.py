"""Three months in advance each time; the ledger earns them by days, not by thirds."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "quarterly_billing",
    "Billed by the quarter",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2025-12-29", "ACME", (Item("TEAM", 10, "90.00"),), billed="quarterly", starts="2026-01-01"),
            PayOpen("2026-01-12", "ACME"),
        ),
        expects=(
            Expect(ask.invoice_dates("ACME"), "2026-01-01, 2026-04-01"),
            Expect(ask.invoice_net("ACME", "2026-01-01"), "900.00 USD", "90 days, 10.00 a day"),
            Expect(ledger.revenue("2026-01"), "310.00 USD", "31 days"),
            Expect(ledger.revenue("2026-02"), "280.00 USD", "28 days"),
            Expect(ledger.revenue("2026-03"), "310.00 USD", "31 days"),
            Expect(
                ledger.balance(ledger.DEFERRED, end="2026-01"), "590.00 USD", "two of three months to come"
            ),
            Expect(ledger.receivable("ACME"), "900.00 USD", "the second quarter"),
        ),
    ),
)
