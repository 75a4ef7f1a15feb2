"""The product tells the same calls twice, with the same numbers: they are billed once."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.usage import UseProduct
from scenarios.stories.story import scripted

STORY = scripted(
    "usage_told_twice",
    "Usage file sent twice",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign(
                "2026-01-29",
                "ACME",
                (Item("TEAM", 10, "30.00"), Item("CALLS", 1, "0.00")),
                starts="2026-02-01",
            ),
            UseProduct("2026-02-10", "ACME", "USE-1", "calls", "9000"),
            UseProduct("2026-02-17", "ACME", "USE-2", "calls", "3000"),
            UseProduct("2026-02-19", "ACME", "USE-1", "calls", "9000", used_on="2026-02-10"),
            UseProduct("2026-02-19", "ACME", "USE-2", "calls", "3000", used_on="2026-02-17"),
        ),
        expects=(
            Expect(
                ask.invoice_lines("ACME", "2026-03-01"),
                "CALLS 2026-02-01 to 2026-02-28 138.00 USD; TEAM 2026-03-01 to 2026-03-31 300.00 USD",
                "12000 calls: 1000 at 0.02, 9000 at 0.012, 2000 at 0.005",
            ),
            Expect(ask.invoice_net("ACME", "2026-03-01"), "438.00 USD"),
            Expect(
                ledger.month(ledger.USAGE_REVENUE, "2026-02"), "138.00 USD", "accrued at the end of February"
            ),
            Expect(ledger.month(ledger.USAGE_REVENUE, "2026-03"), "0.00 USD", "billed, and turned back"),
            Expect(
                ledger.balance(ledger.DEFERRED), "300.00 USD", "March's seats; nothing is deferred of use"
            ),
            Expect(ledger.receivable("ACME"), "738.00 USD", "300.00 + 438.00"),
        ),
    ),
    profile="usage_heavy",
)
