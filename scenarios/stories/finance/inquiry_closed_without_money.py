"""A bank asks about a charge and is content with the answer: an alert to those who answer, not
one posting.
"""

from __future__ import annotations

from scenarios.scripted import ledger
from scenarios.scripted.disputes import BankDecides, Inquire
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "inquiry_closed_without_money",
    "Inquiry closed without money",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            PayOpen("2026-02-04", "ACME"),
            Inquire("2026-02-18", "ACME"),
            BankDecides("2026-02-25", "ACME", "warning_closed"),
        ),
        expects=(
            Expect(ledger.balance(ledger.DISPUTED), "0.00 USD"),
            Expect(ledger.balance(ledger.DISPUTE_FEES), "0.00 USD"),
            Expect(ledger.fees_and_bank(), "281.29 USD and 8.71 USD", "2.9 % of 290.00 and 0.30"),
            Expect(ledger.balance(ledger.CLEARING), "0.00 USD"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
        ),
    ),
)
