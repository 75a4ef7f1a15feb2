"""A customer transfers 390.00 for an invoice over 290.00 and asks for the rest: in the next month 100.00 are
paid back, which is no refund of the invoice.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.transfers import PayBack, PayByTransfer
from scenarios.stories.story import scripted

STORY = scripted(
    "overpayment_refunded",
    "Overpayment refunded",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            PayByTransfer("2026-02-18", "ACME", "390.00", ("2026-02-01",)),
            PayBack("2026-03-11", "ACME", "100.00"),
        ),
        expects=(
            Expect(ledger.balance(ledger.DEPOSITS, end="2026-02"), "100.00 USD", "390.00 less 290.00"),
            Expect(ledger.month(ledger.DEPOSITS, "2026-03"), "-100.00 USD", "paid back"),
            Expect(ledger.month(ledger.BANK, "2026-02"), "390.00 USD"),
            Expect(ledger.month(ledger.BANK, "2026-03"), "-100.00 USD"),
            Expect(ask.on_account("ACME"), "nothing"),
            Expect(ask.credited("ACME"), "nothing", "nothing of the invoice is given back"),
            Expect(ledger.revenue("2026-02"), "290.00 USD"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
        ),
    ),
)
