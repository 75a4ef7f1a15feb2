"""A contract anchored to the 15th is billed on the first of the month after: at each month's end half a
period is delivered and not billed, an asset that the next bill meets. Its renewal in March is served from
its first day.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Renew, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "renewal_served_before_its_bill",
    "Renewal served before its bill",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-02-10", "ACME", (Item("TEAM", 10, "28.00"),), months=1, starts="2026-02-15"),
            Renew("2026-03-10", "ACME", 3, (Item("TEAM", 10, "31.00"),)),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-03-01"), "280.00 USD", "15 February to 14 March"),
            Expect(ask.invoice_net("ACME", "2026-04-01"), "310.00 USD", "15 March to 14 April"),
            Expect(ledger.revenue("2026-02"), "140.00 USD", "14 of 28 days"),
            Expect(ledger.revenue("2026-03"), "310.00 USD", "the other 14, and 17 of 31 of 310.00"),
            Expect(ledger.balance(ledger.UNBILLED, end="2026-02"), "140.00 USD", "nothing was billed"),
            Expect(ledger.balance(ledger.DEFERRED, end="2026-02"), "0.00 USD", "and never less than nothing"),
            Expect(
                ledger.balance(ledger.UNBILLED, end="2026-03"),
                "170.00 USD",
                "the bill of 1 March met the 140.00; 17 days of the renewal are ahead of theirs",
            ),
            Expect(ledger.balance(ledger.DEFERRED, end="2026-03"), "0.00 USD"),
            Expect(ledger.balance(ledger.UNBILLED), "0.00 USD", "met on 1 April"),
            Expect(ledger.balance(ledger.DEFERRED), "140.00 USD", "14 days of April"),
        ),
    ),
)
