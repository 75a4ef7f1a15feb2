"""Five charges are declined; the contract ends on the last day that was billed, and the invoice
stays open.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import CardOnFile, CardStops
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "card_never_recovers",
    "Card never recovers, contract cancelled",
    __doc__,
    Script(
        begins="2026-01-26",
        ends="2026-04-04",
        dunning=True,
        parties=(Party("ACME", "Acme Corporation", pays="card"),),
        acts=(
            Sign("2026-01-27", "ACME", (Item("TEAM", 10, "31.00"),), starts="2026-02-01"),
            CardOnFile("2026-01-29", "ACME"),
            CardStops("2026-02-25", "ACME"),
            Cancel("2026-03-25", "ACME", starts="2026-04-01"),
        ),
        expects=(
            Expect(ask.declines("ACME"), "5", "1 March, then 1, 4, 9 and 16 days later"),
            Expect(ask.collected("ACME"), "310.00 USD", "February"),
            Expect(ask.mirror("ACME", "2026-03-01"), "Payment Failed"),
            Expect(ask.contract_status("ACME"), "Cancelled"),
            Expect(ask.invoice_dates("ACME"), "2026-02-01, 2026-03-01", "none for April"),
            Expect(ledger.revenue("2026-03"), "310.00 USD", "served, though not paid"),
            Expect(ledger.receivable("ACME"), "310.00 USD", "March, for collections to decide"),
        ),
    ),
)
