"""Controlling reopens January for a bill that was forgotten, and closes it again: this time it is
posted where it belongs.
"""

from __future__ import annotations

from scenarios.scripted import ledger
from scenarios.scripted.office import ClosePeriod, ReopenPeriod, RunBills
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "period_reopened_for_a_late_invoice",
    "Closed period reopened for a late invoice",
    __doc__,
    Script(
        begins="2026-01-05",
        ends="2026-03-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-02-09", "ACME", (Item("TEAM", 10, "31.00"),), starts="2026-01-15"),
            ReopenPeriod("2026-02-10", "2026-01"),
            RunBills("2026-02-10", "2026-01-31"),
            ClosePeriod("2026-02-12", "2026-01"),
        ),
        expects=(
            Expect(ledger.invoice_period("ACME", "2026-01-31"), "2026-01", "open when it was posted"),
            Expect(ledger.month(ledger.RECEIVABLE, "2026-01"), "310.00 USD"),
            Expect(
                ledger.balance(ledger.DEFERRED, end="2026-01"),
                "310.00 USD",
                "nothing earned of it in January",
            ),
            Expect(ledger.revenue("2026-01"), "0.00 USD", "revenue runs on the 2nd, and January's has been"),
            Expect(
                ledger.revenue("2026-02"),
                "465.00 USD",
                "January's 17 days, 170.00, caught up; 14 days to the 14th, 140.00; 14 of 28 days, 155.00",
            ),
            Expect(ledger.receivable("ACME"), "620.00 USD"),
        ),
    ),
)
