"""Calls made in February are told on 4 March, when February is billed: the next bill has the
difference, by the same tiers.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.usage import UseProduct
from scenarios.stories.story import scripted

STORY = scripted(
    "usage_after_the_invoice",
    "Usage that arrives after the invoice",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign(
                "2026-01-29",
                "ACME",
                (Item("TEAM", 10, "30.00"), Item("CALLS", 1, "0.00")),
                starts="2026-02-01",
            ),
            UseProduct("2026-02-10", "ACME", "USE-1", "calls", "1500"),
            UseProduct("2026-03-04", "ACME", "USE-2", "calls", "500", used_on="2026-02-25"),
        ),
        expects=(
            Expect(
                ask.invoice_lines("ACME", "2026-03-01"),
                "CALLS 2026-02-01 to 2026-02-28 26.00 USD; TEAM 2026-03-01 to 2026-03-31 300.00 USD",
                "1000 calls at 0.02 and 500 at 0.012; seats in advance, use in arrears",
            ),
            Expect(
                ask.invoice_lines("ACME", "2026-04-01"),
                "CALLS 2026-02-01 to 2026-02-28 6.00 USD; TEAM 2026-04-01 to 2026-04-30 300.00 USD",
                "2000 calls of February are 32.00, of which 26.00 are billed",
            ),
            Expect(
                ledger.month(ledger.USAGE_REVENUE, "2026-02"),
                "26.00 USD",
                "used in February, accrued at its end",
            ),
            Expect(
                ledger.month(ledger.USAGE_REVENUE, "2026-03"),
                "6.00 USD",
                "26.00 are billed and turned back; what was told after the close is accrued",
            ),
            Expect(ledger.month(ledger.USAGE_REVENUE, "2026-04"), "0.00 USD", "6.00 billed, and turned back"),
            Expect(ledger.revenue("2026-02"), "300.00 USD", "the seats"),
            Expect(ledger.receivable("ACME"), "932.00 USD", "three months of seats, 32.00 of calls"),
        ),
    ),
    profile="usage_heavy",
)
