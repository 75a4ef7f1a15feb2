"""January is sold and paid, its period closed; in February the customer gets the money back."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import GiveBack, PayOpen
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "refund_in_later_month",
    "Refund in a later month than the sale",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2025-12-29", "ACME", (Item("TEAM", 10, "31.00"),), starts="2026-01-01"),
            PayOpen("2026-01-15", "ACME"),
            Cancel("2026-01-25", "ACME", starts="2026-02-01"),
            GiveBack("2026-02-12", "ACME"),
        ),
        expects=(
            Expect(
                ledger.revenue("2026-01"), "310.00 USD", "January was served and stays revenue of January"
            ),
            Expect(ledger.month(ledger.CREDITS, "2026-01"), "0.00 USD", "its books are closed"),
            Expect(
                ledger.month(ledger.CREDITS, "2026-02"), "310.00 USD", "goodwill, in the month it is given"
            ),
            Expect(ledger.refund_months("ACME"), "2026-02 310.00 USD"),
            Expect(ask.credited("ACME"), "310.00 USD"),
            Expect(ask.credit_left("ACME"), "0.00 USD", "the credit was paid out"),
            Expect(ask.mirror("ACME", "2026-01-01"), "Refunded"),
            Expect(ledger.receivable("ACME"), "0.00 USD"),
        ),
    ),
)
