"""A card never recovers: dunning runs out, the contract is cancelled, and the open invoice is
written off 18 days after it was due.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import CardOnFile, CardStops
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "bad_debt_written_off",
    "Bad debt written off",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        dunning=True,
        parties=(Party("ACME", "Acme Corporation", pays="card"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "31.00"),), starts="2026-02-01"),
            CardOnFile("2026-01-30", "ACME"),
            CardStops("2026-02-25", "ACME"),
            Cancel("2026-03-25", "ACME", starts="2026-04-01"),
        ),
        expects=(
            Expect(ask.collected("ACME"), "310.00 USD", "February"),
            Expect(ask.invoice_open("ACME", "2026-03-01"), "0.00 USD", "nobody is asked for it any more"),
            Expect(
                ledger.revenue("2026-03"),
                "180.00 USD",
                "18 days until it is given up; the other 13 are not earned",
            ),
            Expect(ledger.balance(ledger.BAD_DEBT), "180.00 USD", "what was served and will not be paid"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
            Expect(ledger.deferred("ACME"), "0.00 USD", "13 days, 130.00, taken off with the receivable"),
            Expect(ask.requests("ACME"), "2", "the second is withdrawn, so that it cannot be paid any more"),
        ),
    ),
    profile="contested",
)
