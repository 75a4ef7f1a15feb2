"""After days of bad service AR credit part of a paid invoice by hand, with its tax; the credit
stays on account.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.office import CreditByHand
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "credit_by_accounts_receivable",
    "Credit note by accounts receivable",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation", place="New York"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "40.00"),), months=1, starts="2026-02-01"),
            PayOpen("2026-02-05", "ACME"),
            CreditByHand("2026-02-20", "ACME", "2026-02-01", "100.00", "8.87", "a week of bad service"),
        ),
        expects=(
            Expect(ask.invoice_total("ACME", "2026-02-01"), "435.50 USD", "400.00 and 8.875 %"),
            Expect(ask.credited("ACME"), "108.87 USD"),
            Expect(ask.credit_left("ACME"), "108.87 USD", "neither set off nor paid out"),
            Expect(ledger.revenue("2026-02"), "367.86 USD", "400.00 less 32.14 for the 9 days to come"),
            Expect(ledger.month(ledger.CREDITS, "2026-02"), "67.86 USD", "19 of 28 days were served"),
            Expect(ledger.month(ledger.TAX, "2026-02"), "26.63 USD", "35.50 - 8.87"),
            Expect(ledger.taxed("ACME"), "26.63 USD", "the return document is filed too"),
            Expect(ledger.receivable("ACME"), "-108.87 USD", "owed to the customer"),
        ),
    ),
)
