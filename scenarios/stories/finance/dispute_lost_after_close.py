"""February's charge is disputed in March and lost in April, when both months are closed: the loss
is April's.
"""

from __future__ import annotations

from scenarios.scripted import ledger
from scenarios.scripted.disputes import AnswerBank, BankDecides, CallBack
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "dispute_lost_after_close",
    "Dispute lost after the close",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=1, starts="2026-02-01"),
            PayOpen("2026-02-04", "ACME"),
            CallBack("2026-03-18", "ACME", "product_not_received"),
            AnswerBank("2026-03-24", "ACME"),
            BankDecides("2026-04-14", "ACME", "lost"),
        ),
        expects=(
            Expect(ledger.revenue("2026-02"), "290.00 USD", "served and closed"),
            Expect(ledger.month(ledger.DISPUTED, "2026-03"), "290.00 USD", "withdrawn"),
            Expect(ledger.month(ledger.DISPUTE_FEES, "2026-03"), "15.00 USD"),
            Expect(ledger.month(ledger.DISPUTE_LOSSES, "2026-04"), "290.00 USD", "an expense; revenue stays"),
            Expect(ledger.month(ledger.DISPUTE_LOSSES, "2026-03"), "0.00 USD", "not before it is decided"),
            Expect(ledger.balance(ledger.DISPUTED), "0.00 USD"),
            Expect(ledger.receivable("ACME"), "0.00 USD", "the customer's invoice is not opened again"),
        ),
    ),
)
