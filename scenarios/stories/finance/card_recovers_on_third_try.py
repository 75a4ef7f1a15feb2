"""The card on file is stopped by its bank; dunning tries again on its days, and the third charge is taken."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import CardOnFile, CardStops
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "card_recovers_on_third_try",
    "Card declined, recovered on the third try",
    __doc__,
    Script(
        begins="2026-01-26",
        ends="2026-03-08",
        dunning=True,
        parties=(Party("ACME", "Acme Corporation", pays="card"),),
        acts=(
            Sign("2026-01-27", "ACME", (Item("TEAM", 10, "29.00"),), starts="2026-02-01"),
            CardOnFile("2026-01-29", "ACME"),
            CardStops("2026-02-25", "ACME"),
            CardOnFile("2026-03-04", "ACME"),
        ),
        expects=(
            Expect(ask.declines("ACME"), "2", "on 1 March and again a day later"),
            Expect(ask.collected("ACME"), "580.00 USD", "February at once, March on the third try, 5 March"),
            Expect(ask.mirror("ACME", "2026-03-01"), "Paid"),
            Expect(ledger.receipts("ACME"), "2026-02 290.00 USD; 2026-03 290.00 USD"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
            Expect(
                ledger.fees_and_bank(),
                "562.58 USD and 17.42 USD",
                "twice 2.9 % of 290.00 and 0.30, 8.71 each",
            ),
            Expect(ledger.revenue("2026-02"), "290.00 USD", "earned by service, whenever the card recovers"),
        ),
    ),
)
