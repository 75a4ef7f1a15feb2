"""310.00 was written off, 180.00 of it a loss; in April the customer transfers 155.00 for it, in May 200.00:
the loss comes back as recoveries, what was dropped and yet served as revenue, and 45.00 stays on account.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import CardOnFile, CardStops
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.transfers import PayByTransfer
from scenarios.stories.story import scripted

STORY = scripted(
    "bad_debt_recovered",
    "Bad debt recovered",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-06-03",
        dunning=True,
        parties=(Party("ACME", "Acme Corporation", pays="card"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "31.00"),), starts="2026-02-01"),
            CardOnFile("2026-01-30", "ACME"),
            CardStops("2026-02-25", "ACME"),
            Cancel("2026-03-25", "ACME", starts="2026-04-01"),
            PayByTransfer("2026-04-15", "ACME", "155.00", ("2026-03-01",)),
            PayByTransfer("2026-05-13", "ACME", "200.00", ("2026-03-01",)),
        ),
        expects=(
            Expect(ask.invoice_open("ACME", "2026-03-01"), "0.00 USD", "it stays written off"),
            Expect(ask.mirror("ACME", "2026-03-01"), "Paid"),
            Expect(ledger.balance(ledger.BAD_DEBT), "180.00 USD", "the loss of March is not touched"),
            Expect(
                ledger.month(ledger.RECOVERIES, "2026-04"), "90.00 USD", "155.00 x 180 / 310 of what was lost"
            ),
            Expect(
                ledger.revenue("2026-04"), "65.00 USD", "155.00 x 130 / 310: the 13 days dropped, and served"
            ),
            Expect(ledger.month(ledger.RECOVERIES, "2026-05"), "90.00 USD", "the other half, no more"),
            Expect(ledger.revenue("2026-05"), "65.00 USD"),
            Expect(ledger.balance(ledger.DEPOSITS), "45.00 USD", "200.00 less the 155.00 still lost"),
            Expect(ledger.month(ledger.BANK, "2026-04"), "155.00 USD"),
            Expect(ledger.month(ledger.BANK, "2026-05"), "200.00 USD"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
            Expect(ledger.deferred("ACME"), "0.00 USD"),
            Expect(ledger.receipts("ACME"), "2026-02 310.00 USD", "what comes back pays no receivable"),
        ),
    ),
    profile="contested",
)
