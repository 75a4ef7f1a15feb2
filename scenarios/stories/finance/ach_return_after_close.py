"""February's debit succeeds and comes back in March, when February is closed: the invoice is owed again in
March, with the bank's fee, and nothing is disputed or lost; the customer then pays by card.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.disputes import DebitComesBack
from scenarios.scripted.money import PayByDebit, PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "ach_return_after_close",
    "Bank debit returned after the close",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            PayByDebit("2026-02-10", "ACME"),
            DebitComesBack("2026-03-18", "ACME"),
            PayOpen("2026-04-14", "ACME"),
        ),
        expects=(
            Expect(ledger.month(ledger.RECEIVABLE, "2026-02"), "0.00 USD", "290.00 billed and paid"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-03"), "290.00 USD", "owed again"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-04"), "-290.00 USD", "paid by card"),
            Expect(ledger.month(ledger.DISPUTE_FEES, "2026-03"), "15.00 USD", "what the return costs"),
            Expect(ledger.month(ledger.DISPUTED, "2026-03"), "0.00 USD", "nothing is claimed from a bank"),
            Expect(ledger.balance(ledger.DISPUTE_LOSSES), "0.00 USD"),
            Expect(ledger.revenue("2026-02"), "290.00 USD"),
            Expect(ledger.receipts("ACME"), "2026-02 290.00 USD; 2026-04 290.00 USD"),
            Expect(ask.requests("ACME"), "2", "what came back asks for nothing any more"),
            Expect(ask.mirror("ACME", "2026-02-01"), "Paid"),
            Expect(
                ledger.fees_and_bank(),
                "287.68 USD and 2.32 USD",
                "0.8 % of 290.00; then 305.00 went and 281.29 came, so no payout follows",
            ),
        ),
    ),
)
