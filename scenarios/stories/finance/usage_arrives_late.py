"""Calls are metered in tiers. One use is told twice; one of January is told in February, after January was
billed, and carries its month into the third tier: March's run bills the difference, as use of January."""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.scripted.usage import UseProduct, metered, usage_revenue
from scenarios.stories.story import scripted

STORY = scripted(
    "usage_arrives_late",
    "Metered use told twice, and told after its month was billed",
    __doc__,
    Script(
        begins="2025-12-10",
        ends="2026-03-10",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2025-12-15", "ACME", (Item("TEAM", 10, "29.00"), Item("CALLS", 1)), starts="2026-01-01"),
            UseProduct("2026-01-05", "ACME", "USE-A", "calls", "800"),
            UseProduct("2026-01-06", "ACME", "USE-A", "calls", "800", used_on="2026-01-05"),
            UseProduct("2026-01-20", "ACME", "USE-B", "calls", "700"),
            UseProduct("2026-02-03", "ACME", "USE-C", "calls", "9000", used_on="2026-01-31"),
            UseProduct("2026-02-10", "ACME", "USE-D", "calls", "100"),
        ),
        expects=(
            Expect(metered("ACME"), "4 records, 10600 calls", "what is told twice is one use"),
            Expect(ask.invoice_net("ACME", "2026-01-01"), "290.00 USD", "10 seats; use comes in arrears"),
            Expect(
                ask.invoice_net("ACME", "2026-02-01"),
                "316.00 USD",
                "290.00 and 1000 calls at 0.02 and 500 at 0.012",
            ),
            Expect(
                ask.invoice_lines("ACME", "2026-03-01"),
                "CALLS 2026-01-01 to 2026-01-31 104.50 USD; CALLS 2026-02-01 to 2026-02-28 2.00 USD; "
                "TEAM 2026-03-01 to 2026-03-31 290.00 USD",
                "10500 calls of January cost 20.00 + 108.00 + 2.50, less the 26.00 billed; 100 at 0.02",
            ),
            Expect(usage_revenue("2026-01"), "26.00 USD", "1500 calls of January, accrued at its end"),
            Expect(
                usage_revenue("2026-02"),
                "106.50 USD",
                "26.00 billed and turned back; 104.50 more of January, told after its close, and 2.00",
            ),
            Expect(usage_revenue("2026-03"), "0.00 USD", "106.50 billed, and turned back"),
            Expect(ledger.revenue("2026-02"), "290.00 USD", "seats, by the month they are served"),
            Expect(ask.billed_net("ACME"), "1002.50 USD"),
        ),
    ),
    profile="usage_heavy",
)
