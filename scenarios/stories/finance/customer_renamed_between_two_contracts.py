"""Sales rename a customer on the morning on which two of its departments sign, between the two. In
whatever order the news comes, and however late, the ledger shows the name that sales have now, not the
one that an earlier order was read with.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.editing import SignAs
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "customer_renamed_between_two_contracts",
    "A customer renamed between two contracts",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "30.00"),), starts="2026-02-01", contract="SALES"),
            SignAs(
                "Acme Holdings Inc.",
                Sign(
                    "2026-01-29",
                    "ACME",
                    (Item("BUSINESS", 2, "75.00"),),
                    starts="2026-02-01",
                    contract="LAB",
                ),
            ),
            PayOpen("2026-02-20", "ACME"),
        ),
        expects=(
            Expect(ledger.customer_name("ACME"), "Acme Holdings Inc."),
            Expect(ask.contract_status("ACME", "SALES"), "Active"),
            Expect(ask.contract_status("ACME", "LAB"), "Active"),
            Expect(ask.invoice_net("ACME", "2026-02-01"), "450.00 USD", "one bill: 300.00 and 150.00"),
            Expect(ledger.revenue("2026-02"), "450.00 USD"),
            Expect(ledger.receivable("ACME"), "450.00 USD", "March"),
        ),
    ),
)
