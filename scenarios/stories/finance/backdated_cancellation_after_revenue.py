"""In March it is agreed that service ended in mid-February: what February earned beyond that is
taken back in March.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "backdated_cancellation_after_revenue",
    "Credit after the revenue was recognised",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        bills_also=("2026-03-17",),
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "28.00"),), starts="2026-02-01"),
            Cancel("2026-03-16", "ACME", starts="2026-02-15"),
        ),
        expects=(
            Expect(ask.contract_ends("ACME"), "2026-02-15"),
            Expect(ask.credited("ACME"), "420.00 USD", "14 days of February, 140.00, and March, 280.00"),
            Expect(ask.billed_net("ACME"), "140.00 USD", "1 to 14 February"),
            Expect(ledger.revenue("2026-02"), "280.00 USD", "as closed on 7 March"),
            Expect(
                ledger.revenue("2026-03"),
                "-140.00 USD",
                "February's 14 days taken back; March earned nothing",
            ),
            Expect(ledger.deferred("ACME"), "0.00 USD"),
            Expect(ledger.receivable("ACME"), "140.00 USD", "560.00 invoiced less 420.00"),
        ),
    ),
)
