"""A customer transfers 250.00 for an invoice over 290.00: it stays open by 40.00, the link asks for no more
than that, and a second transfer in the next month pays it.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.transfers import PayByTransfer
from scenarios.stories.story import scripted

STORY = scripted(
    "short_payment",
    "Short payment",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            PayByTransfer("2026-02-18", "ACME", "250.00", ("2026-02-01",)),
            PayByTransfer("2026-03-11", "ACME", "40.00", ("2026-02-01",)),
        ),
        expects=(
            Expect(ledger.month(ledger.RECEIVABLE, "2026-02"), "40.00 USD", "290.00 less 250.00"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-03"), "-40.00 USD", "the rest"),
            Expect(
                ledger.month(ledger.BANK, "2026-02"), "250.00 USD", "straight into the bank, without a fee"
            ),
            Expect(ledger.balance(ledger.BANK), "290.00 USD"),
            Expect(ledger.balance(ledger.FEES), "0.00 USD"),
            Expect(ledger.receipts("ACME"), "2026-02 250.00 USD; 2026-03 40.00 USD"),
            Expect(ask.invoice_open("ACME", "2026-02-01"), "0.00 USD"),
            Expect(ledger.revenue("2026-02"), "290.00 USD", "whatever was paid by then"),
            Expect(ask.mirror("ACME", "2026-02-01"), "Paid"),
        ),
    ),
)
