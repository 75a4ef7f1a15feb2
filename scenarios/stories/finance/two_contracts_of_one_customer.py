"""Two departments of a customer sign for themselves, one by the month and one by the year; one
gives up, one stays.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "two_contracts_of_one_customer",
    "Two contracts of one customer",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "30.00"),), starts="2026-02-01", contract="SALES"),
            Sign(
                "2026-01-29",
                "ACME",
                (Item("BUSINESS", 2, "730.00"),),
                billed="yearly",
                starts="2026-02-01",
                contract="LAB",
            ),
            Cancel("2026-03-23", "ACME", starts="2026-04-01", contract="SALES"),
        ),
        expects=(
            Expect(ask.contract_status("ACME", "SALES"), "Cancelled"),
            Expect(ask.contract_status("ACME", "LAB"), "Active"),
            Expect(
                ask.invoice_net("ACME", "2026-02-01"), "1760.00 USD", "one bill for both: 300.00 + 1460.00"
            ),
            Expect(ask.invoice_net("ACME", "2026-03-01"), "300.00 USD"),
            Expect(ledger.revenue("2026-02"), "412.00 USD", "300.00 and 28 days of 4.00"),
            Expect(ledger.revenue("2026-04"), "120.00 USD", "the year's contract alone, 30 days of 4.00"),
            Expect(ledger.deferred("ACME"), "1104.00 USD", "276 days of 4.00, 1 May to 31 January"),
        ),
    ),
)
