"""Support gives back a little, and a little more: two credits, two refunds, and the rest stays paid."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import GiveBack, PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "partial_refund_twice",
    "Refunded in part, twice",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation", place="New York"),),
        acts=(
            Sign("2025-12-29", "ACME", (Item("TEAM", 10, "40.00"),), starts="2026-01-01"),
            PayOpen("2026-01-15", "ACME"),
            GiveBack("2026-01-20", "ACME", "108.88"),
            GiveBack("2026-01-27", "ACME", "54.44"),
        ),
        expects=(
            Expect(
                ask.invoice_total("ACME", "2026-01-01"), "435.50 USD", "400.00 and 8.875 % sales tax, 35.50"
            ),
            Expect(ask.refunded("ACME"), "163.32 USD"),
            Expect(ask.credited("ACME"), "163.32 USD", "each refund is a credit note of its own"),
            Expect(ask.credit_left("ACME"), "0.00 USD", "both paid out"),
            Expect(
                ledger.month(ledger.CREDITS, "2026-01"),
                "103.23 USD",
                "of 100.00 net on the 20th 19 of 31 days are served, 61.29; of 50.00 on the 27th 26, 41.94",
            ),
            Expect(
                ledger.revenue("2026-01"), "353.23 USD", "400.00 less the 38.71 and 8.06 that are not to come"
            ),
            Expect(ledger.balance(ledger.DEFERRED, end="2026-01"), "0.00 USD", "nothing of January is left"),
            Expect(ledger.month(ledger.TAX, "2026-01"), "22.18 USD", "35.50 less 8.88 and 4.44"),
            Expect(ledger.refund_months("ACME"), "2026-01 54.44 USD; 2026-01 108.88 USD"),
            Expect(ask.invoice_open("ACME", "2026-01-01"), "0.00 USD", "the invoice itself stays paid"),
        ),
    ),
)
