"""A customer pays 1,000.00 and the bank shows less: what the processor kept is a fee, not a short
payment.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "payout_short_by_the_fee",
    "Payout short by the fee",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 40, "25.00"),), months=1, starts="2026-02-01"),
            PayOpen("2026-02-04", "ACME"),
        ),
        expects=(
            Expect(ask.collected("ACME"), "1000.00 USD"),
            Expect(ask.payouts(), "paid 970.70 USD", "1000.00 less 2.9 % and 0.30"),
            Expect(ledger.fees_and_bank(), "970.70 USD and 29.30 USD"),
            Expect(ledger.balance(ledger.CLEARING), "0.00 USD", "1000.00 in, 970.70 and 29.30 out"),
            Expect(ask.invoice_open("ACME", "2026-02-01"), "0.00 USD", "the customer paid in full"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
        ),
    ),
)
