"""The group buys in euro for Berlin and in dollars for New York: an account for each, and no sum
ever mixes them.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "two_currencies_of_one_customer",
    "One customer, two currencies",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(
            Party("GROUP-EU", "Group Berlin", "EUR", place="Berlin"),
            Party("GROUP-US", "Group New York", "USD", place="New York"),
        ),
        acts=(
            Sign("2026-01-29", "GROUP-EU", (Item("TEAM", 10, "27.00"),), starts="2026-02-01"),
            Sign("2026-01-29", "GROUP-US", (Item("TEAM", 10, "29.00"),), starts="2026-02-01"),
            PayOpen("2026-02-20", "GROUP-EU"),
        ),
        expects=(
            Expect(ask.invoice_total("GROUP-EU", "2026-02-01"), "321.30 EUR", "270.00 and 19 % VAT, 51.30"),
            Expect(ask.invoice_total("GROUP-US", "2026-02-01"), "315.74 USD", "290.00 and 8.875 %, 25.74"),
            Expect(ledger.revenue("2026-02", "EUR"), "270.00 EUR"),
            Expect(ledger.revenue("2026-02", "USD"), "290.00 USD"),
            Expect(ledger.receivable("GROUP-EU"), "642.60 EUR", "March and April"),
            Expect(ledger.receivable("GROUP-US"), "947.22 USD", "three invoices"),
            Expect(ledger.balance(ledger.TAX, "EUR"), "153.90 EUR", "three times 51.30"),
        ),
    ),
)
