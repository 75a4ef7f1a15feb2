"""A customer moves up a plan on 28 February: one day at the new price, and no day billed twice."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "upgrade_on_last_day_of_february",
    "Upgrade on the last day of February",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "28.00"),), starts="2026-02-01"),
            Change("2026-02-28", "ACME", (Item("TEAM", 0), Item("BUSINESS", 10, "56.00")), "moves up a plan"),
            PayOpen("2026-03-20", "ACME"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-02-01"), "280.00 USD", "10 seats at 28.00"),
            Expect(
                ask.invoice_lines("ACME", "2026-03-01"),
                "TEAM 2026-02-28 to 2026-02-28 -10.00 USD; BUSINESS 2026-02-28 to 2026-02-28 20.00 USD; "
                "BUSINESS 2026-03-01 to 2026-03-31 560.00 USD",
                "one of February's 28 days back at 280.00, the same day at 560.00, and March",
            ),
            Expect(ask.invoice_net("ACME", "2026-03-01"), "570.00 USD", "-10.00 + 20.00 + 560.00"),
            Expect(ask.credited("ACME"), "nothing", "the day given back stands inside the invoice"),
            Expect(ledger.revenue("2026-02"), "290.00 USD", "27 days of 10.00 and one of 20.00"),
            Expect(ledger.revenue("2026-03"), "560.00 USD"),
            Expect(ledger.receipts("ACME"), "2026-03 280.00 USD; 2026-03 570.00 USD"),
            Expect(ledger.receivable("ACME"), "560.00 USD", "April's invoice, not yet paid"),
            Expect(ledger.deferred("ACME"), "560.00 USD", "April, billed in advance"),
            Expect(ledger.balance(ledger.CLEARING), "0.00 USD", "everything collected has reached the bank"),
        ),
    ),
)
