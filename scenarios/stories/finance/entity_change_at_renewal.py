"""A customer of our US company moves to Berlin: its contract runs out there, and our German
company signs the next one.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, NotRenew, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "entity_change_at_renewal",
    "Legal entity changes at the renewal",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-05-04",
        parties=(
            Party("GLOBO-US", "Globo San Francisco", "USD"),
            Party("GLOBO-DE", "Globo Berlin", "EUR", place="Berlin"),
        ),
        acts=(
            Sign("2026-01-29", "GLOBO-US", (Item("TEAM", 10, "29.00"),), months=2, starts="2026-02-01"),
            NotRenew("2026-03-18", "GLOBO-US"),
            Sign("2026-03-18", "GLOBO-DE", (Item("TEAM", 10, "27.00"),), months=12, starts="2026-04-01"),
            PayOpen("2026-03-20", "GLOBO-US"),
        ),
        expects=(
            Expect(ask.contract_ends("GLOBO-US"), "2026-04-01"),
            Expect(
                ask.invoice_dates("GLOBO-DE"), "2026-04-01, 2026-05-01", "from the day after, without a gap"
            ),
            Expect(ledger.entity_month("US", ledger.REVENUE, "2026-03"), "290.00 USD"),
            Expect(
                ledger.entity_month("US", ledger.REVENUE, "2026-04"), "nothing", "not a cent in the old books"
            ),
            Expect(ledger.entity_month("DE", ledger.REVENUE, "2026-04"), "270.00 EUR"),
            Expect(ledger.entity_month("DE", ledger.TAX, "2026-04"), "51.30 EUR", "19 % German VAT"),
            Expect(ledger.receivable("GLOBO-US"), "0.00 USD"),
            Expect(ledger.receivable("GLOBO-DE"), "642.60 EUR", "two months of 321.30"),
        ),
    ),
    profile="multi_entity",
)
