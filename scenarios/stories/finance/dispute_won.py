"""A charge is disputed, the money withdrawn with a fee; the bank decides for us, and the money
comes back.
"""

from __future__ import annotations

from scenarios.scripted import ledger
from scenarios.scripted.disputes import AnswerBank, BankDecides, CallBack
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "dispute_won",
    "Dispute won",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            PayOpen("2026-02-04", "ACME"),
            CallBack("2026-02-18", "ACME"),
            AnswerBank("2026-02-24", "ACME"),
            BankDecides("2026-03-16", "ACME", "won"),
        ),
        expects=(
            Expect(
                ledger.balance(ledger.DISPUTED, end="2026-02"), "290.00 USD", "with the bank until it decides"
            ),
            Expect(ledger.balance(ledger.DISPUTED), "0.00 USD"),
            Expect(ledger.balance(ledger.DISPUTE_LOSSES), "0.00 USD", "nothing is lost"),
            Expect(ledger.month(ledger.DISPUTE_FEES, "2026-02"), "15.00 USD"),
            Expect(ledger.month(ledger.DISPUTE_FEES, "2026-03"), "-15.00 USD", "given back with the money"),
            Expect(ledger.revenue("2026-02"), "290.00 USD", "earned, disputed or not"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
            Expect(ledger.balance(ledger.CLEARING), "0.00 USD", "withdrawal and return have passed through"),
            Expect(ledger.fees_and_bank(), "281.29 USD and 8.71 USD", "290.00 less 8.71"),
        ),
    ),
)
