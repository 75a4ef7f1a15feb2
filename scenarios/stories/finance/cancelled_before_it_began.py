"""A contract is signed for 1 March and withdrawn in February: nothing is billed, nothing earned,
nothing left over.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "cancelled_before_it_began",
    "Cancelled before it began",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation"), Party("BETA", "Beta Limited")),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "30.00"),), starts="2026-03-01"),
            Sign("2026-01-29", "BETA", (Item("TEAM", 5, "31.00"),), starts="2026-03-01"),
            Cancel("2026-02-12", "ACME", starts="2026-03-01"),
        ),
        expects=(
            Expect(ask.contract_status("ACME"), "Cancelled"),
            Expect(ask.invoice_dates("ACME"), "", "none"),
            Expect(ask.billed_net("ACME"), "nothing"),
            Expect(ledger.receivable("ACME"), "nothing"),
            Expect(ask.billed_net("BETA"), "155.00 USD", "another customer is billed as ever"),
            Expect(ledger.balance(ledger.DEFERRED), "155.00 USD", "of the other customer alone"),
        ),
    ),
)
