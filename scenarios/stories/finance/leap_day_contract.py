"""A year that begins on the leap day: it ends on 28 February, and a month of it that has no 29th
is still one month.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "leap_day_contract",
    "Contract signed for 29 February",
    __doc__,
    Script(
        begins="2028-02-20",
        ends="2028-05-04",
        bills_on=(29,),
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(Sign("2028-02-22", "ACME", (Item("TEAM", 10, "29.00"),), starts="2028-02-29"),),
        expects=(
            Expect(ask.contract_ends("ACME"), "2029-02-28", "a year on there is no 29 February"),
            Expect(ask.invoice_dates("ACME"), "2028-02-29, 2028-03-29, 2028-04-29"),
            Expect(
                ask.invoice_lines("ACME", "2028-02-29"), "TEAM 2028-02-29 to 2028-03-28 290.00 USD", "29 days"
            ),
            Expect(
                ask.invoice_lines("ACME", "2028-03-29"), "TEAM 2028-03-29 to 2028-04-28 290.00 USD", "31 days"
            ),
            Expect(ledger.revenue("2028-02"), "10.00 USD", "one of 29 days"),
            Expect(ledger.revenue("2028-03"), "308.06 USD", "28 of 29 days, 280.00, and three of 31, 28.06"),
            Expect(
                ledger.deferred("ACME"), "270.67 USD", "290.00 from 29 April less two of its 30 days, 19.33"
            ),
        ),
    ),
)
