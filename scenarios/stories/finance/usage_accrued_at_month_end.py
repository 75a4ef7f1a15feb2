"""Bills come in the middle of the month, so that each month's end falls into a period of use. What was used
by then is an unbilled receivable and revenue of the month; the bill turns it back on its day.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.usage import UseProduct, usage_revenue
from scenarios.stories.story import scripted

STORY = scripted(
    "usage_accrued_at_month_end",
    "Use accrued at the end of a month",
    __doc__,
    Script(
        begins="2026-01-10",
        ends="2026-04-20",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-12", "ACME", (Item("TEAM", 10, "31.00"), Item("CALLS", 1)), starts="2026-01-15"),
            UseProduct("2026-01-20", "ACME", "USE-A", "calls", "900"),
            UseProduct("2026-02-10", "ACME", "USE-B", "calls", "600"),
            UseProduct("2026-02-20", "ACME", "USE-C", "calls", "2000"),
        ),
        expects=(
            Expect(
                ledger.balance(ledger.UNBILLED, end="2026-01"),
                "18.00 USD",
                "900 of the calls of 15 January to 14 February, at 0.02",
            ),
            Expect(usage_revenue("2026-01"), "18.00 USD"),
            Expect(
                ask.invoice_lines("ACME", "2026-02-15"),
                "CALLS 2026-01-15 to 2026-02-14 26.00 USD; TEAM 2026-02-15 to 2026-03-14 310.00 USD",
                "1000 calls at 0.02 and 500 at 0.012",
            ),
            Expect(
                ledger.balance(ledger.UNBILLED, end="2026-02"),
                "32.00 USD",
                "2000 calls since 15 February; January's 18.00 met their bill",
            ),
            Expect(usage_revenue("2026-02"), "40.00 USD", "26.00 billed, less 18.00 of January, and 32.00"),
            Expect(ledger.balance(ledger.UNBILLED, end="2026-03"), "0.00 USD", "billed on 15 March"),
            Expect(usage_revenue("2026-03"), "0.00 USD", "32.00 billed, and turned back"),
        ),
        bills_on=(15,),
    ),
    profile="usage_heavy",
)
