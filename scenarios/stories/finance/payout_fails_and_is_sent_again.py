"""The bank refuses a payout on its way; the processor takes the money back and sends it with the
next one.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen, PayoutFails
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "payout_fails_and_is_sent_again",
    "Payout fails and is sent again",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), starts="2026-02-01"),
            PayOpen("2026-02-04", "ACME"),
            PayoutFails("2026-02-07"),
        ),
        expects=(
            Expect(ask.payouts(), "failed 281.29 USD; paid 281.29 USD", "290.00 less 2.9 % and 0.30, 8.71"),
            Expect(ledger.fees_and_bank(), "281.29 USD and 8.71 USD", "arrived once, the fee booked once"),
            Expect(ledger.balance(ledger.CLEARING), "0.00 USD"),
            Expect(ledger.receipts("ACME"), "2026-02 290.00 USD"),
            Expect(
                ask.invoice_open("ACME", "2026-02-01"), "0.00 USD", "the customer has paid, whatever banks do"
            ),
            Expect(ledger.receivable("ACME"), "290.00 USD", "March"),
        ),
    ),
)
