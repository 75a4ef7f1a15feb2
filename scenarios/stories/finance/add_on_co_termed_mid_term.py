"""An add-on is bought in the middle of the term, to end on the same day as the rest and be billed
in step with it.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "add_on_co_termed_mid_term",
    "Add-on in mid-term, co-termed",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "28.00"),), months=6, starts="2026-02-01"),
            Change(
                "2026-03-11", "ACME", (Item("ANALYTICS", 10, "12.40"),), "an add-on, to the end of the term"
            ),
        ),
        expects=(
            Expect(ask.contract_ends("ACME"), "2026-08-01", "the term of the contract is the add-on's too"),
            Expect(
                ask.invoice_lines("ACME", "2026-04-01"),
                "ANALYTICS 2026-03-11 to 2026-03-31 84.00 USD; "
                "ANALYTICS 2026-04-01 to 2026-04-30 124.00 USD; TEAM 2026-04-01 to 2026-04-30 280.00 USD",
                "21 of 31 days of 124.00, then in step with the first product",
            ),
            Expect(ask.billed_net("ACME"), "1048.00 USD", "280.00 + 280.00 + 488.00"),
            Expect(ledger.revenue("2026-03"), "364.00 USD", "280.00 + 84.00"),
            Expect(ledger.deferred("ACME"), "404.00 USD", "April"),
        ),
    ),
)
