"""A refund is sent to a card that is closed; weeks later the bank returns it: the credit is the
customer's again.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.disputes import RefundComesBack
from scenarios.scripted.money import GiveBack, PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "refund_comes_back",
    "Refund comes back from a closed card",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            PayOpen("2026-02-04", "ACME"),
            GiveBack("2026-02-18", "ACME", "100.00"),
            RefundComesBack("2026-03-12", "ACME"),
        ),
        expects=(
            Expect(ask.refunded("ACME"), "nothing", "what came back was not refunded"),
            Expect(ask.credited("ACME"), "100.00 USD", "the credit was given and stands"),
            Expect(ledger.balance(ledger.CREDITS), "60.72 USD", "17 of 28 days were served on the 18th"),
            Expect(
                ledger.revenue("2026-02"),
                "250.72 USD",
                "290.00 less 39.28, the other 11 days; it comes back to us and is still owed",
            ),
            Expect(ledger.balance(ledger.REFUNDS_PAYABLE), "100.00 USD", "we owe it to the customer again"),
            Expect(ledger.balance(ledger.CLEARING), "0.00 USD", "out and back"),
        ),
    ),
)
