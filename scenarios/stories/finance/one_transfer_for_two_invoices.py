"""One transfer of 580.00 names two invoices over 290.00 and 310.00: the first is paid, the second stays open
by the missing 20.00, in the payer's order.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.transfers import PayByTransfer
from scenarios.stories.story import scripted

STORY = scripted(
    "one_transfer_for_two_invoices",
    "One transfer for two invoices",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        bills_on=(1, 5),
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            Sign(
                "2026-02-03",
                "ACME",
                (Item("TEAM", 10, "31.00"),),
                months=1,
                starts="2026-02-05",
                contract="B",
            ),
            PayByTransfer("2026-02-21", "ACME", "580.00", ("2026-02-01", "2026-02-05")),
        ),
        expects=(
            Expect(ask.invoice_open("ACME", "2026-02-01"), "0.00 USD", "named first, paid first"),
            Expect(ask.invoice_open("ACME", "2026-02-05"), "20.00 USD", "580.00 less 290.00 of 310.00"),
            Expect(ledger.receipts("ACME"), "2026-02 580.00 USD", "a Saturday: booked on Monday the 23rd"),
            Expect(ledger.receivable("ACME"), "20.00 USD"),
            Expect(ledger.balance(ledger.BANK), "580.00 USD"),
            Expect(ask.mirror("ACME", "2026-02-01"), "Paid"),
            Expect(ask.mirror("ACME", "2026-02-05"), "Posted"),
        ),
    ),
)
