"""A year is disputed after three months and lost: what was served is a loss, what was not goes
off deferred revenue.
"""

from __future__ import annotations

from scenarios.scripted import ledger
from scenarios.scripted.disputes import AnswerBank, BankDecides, CallBack
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "dispute_lost_in_mid_service",
    "Dispute lost in the middle of a year paid in advance",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2025-12-29", "ACME", (Item("TEAM", 10, "365.00"),), billed="yearly", starts="2026-01-01"),
            PayOpen("2026-01-15", "ACME"),
            CallBack("2026-03-10", "ACME"),
            AnswerBank("2026-03-16", "ACME"),
            BankDecides("2026-04-01", "ACME", "lost"),
        ),
        expects=(
            Expect(ledger.revenue("2026-03"), "310.00 USD", "31 days of 10.00"),
            Expect(
                ledger.balance(ledger.DISPUTE_LOSSES), "900.00 USD", "90 days served before the bank's word"
            ),
            Expect(ledger.balance(ledger.DEFERRED), "0.00 USD", "275 days, 2750.00, will not be earned"),
            Expect(ledger.revenue("2026-04"), "0.00 USD"),
            Expect(ledger.balance(ledger.DISPUTE_FEES), "15.00 USD"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
        ),
    ),
)
