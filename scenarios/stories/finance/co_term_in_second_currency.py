"""The group's Berlin account buys an add-on in euro in the middle of the term, to end with it;
the dollar account rests.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "co_term_in_second_currency",
    "Add-on in mid-term in a second currency",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(
            Party("GROUP-US", "Group San Francisco", "USD"),
            Party("GROUP-EU", "Group Berlin", "EUR", place="Berlin"),
        ),
        acts=(
            Sign("2026-01-29", "GROUP-US", (Item("TEAM", 10, "29.00"),), months=6, starts="2026-02-01"),
            Sign("2026-01-29", "GROUP-EU", (Item("TEAM", 10, "27.00"),), months=6, starts="2026-02-01"),
            Change(
                "2026-03-16",
                "GROUP-EU",
                (Item("ANALYTICS", 10, "9.30"),),
                "an add-on, to the end of the term",
            ),
        ),
        expects=(
            Expect(ask.contract_ends("GROUP-EU"), "2026-08-01"),
            Expect(
                ask.invoice_net("GROUP-EU", "2026-04-01"),
                "411.00 EUR",
                "16 of March's 31 days of 93.00, 48.00; April, 270.00 + 93.00",
            ),
            Expect(ask.invoice_tax("GROUP-EU", "2026-04-01"), "78.09 EUR", "19 %: 9.12 + 51.30 + 17.67"),
            Expect(ask.invoice_net("GROUP-US", "2026-04-01"), "290.00 USD", "nothing has changed there"),
            Expect(ledger.revenue("2026-03", "EUR"), "318.00 EUR", "270.00 + 48.00"),
            Expect(ledger.revenue("2026-03", "USD"), "290.00 USD"),
            Expect(ledger.deferred("GROUP-EU"), "363.00 EUR", "April"),
        ),
    ),
)
