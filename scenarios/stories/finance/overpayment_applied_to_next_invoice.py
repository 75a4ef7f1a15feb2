"""A customer transfers 350.00 for an invoice over 290.00: 60.00 stay on account over the close, pay part of
the next invoice when that is made, and the link asks for the other 230.00.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.transfers import PayByTransfer
from scenarios.stories.story import scripted

STORY = scripted(
    "overpayment_applied_to_next_invoice",
    "Overpayment applied to the next invoice",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        bills_on=(10,),
        bills_also=("2026-02-01",),
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), months=2, starts="2026-02-01"),
            PayByTransfer("2026-02-18", "ACME", "350.00", ("2026-02-01",)),
            PayOpen("2026-04-14", "ACME"),
        ),
        expects=(
            Expect(
                ledger.balance(ledger.DEPOSITS, end="2026-02"), "60.00 USD", "350.00 less 290.00, owed to it"
            ),
            Expect(
                ledger.month(ledger.DEPOSITS, "2026-03"), "-60.00 USD", "used when the next invoice is made"
            ),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-02"), "0.00 USD"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-03"), "230.00 USD", "290.00 less 60.00"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-04"), "-230.00 USD", "paid by card"),
            Expect(ask.collected("ACME"), "230.00 USD", "the link asks for the rest"),
            Expect(ask.on_account("ACME"), "nothing"),
            Expect(ask.open_in_billing("ACME"), "0.00 USD"),
            Expect(ledger.revenue("2026-03"), "290.00 USD", "an overpayment is no revenue"),
        ),
    ),
)
