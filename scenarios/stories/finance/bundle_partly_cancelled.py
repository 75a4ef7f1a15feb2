"""Support is taken out of a bundle when a fifth of the year is over, and what was not used of it is credited.
What had been moved away from support goes to what stays: the seats are earned with all that is left.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.revenue import moved
from scenarios.scripted.sales import Change, Deliver, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "bundle_partly_cancelled",
    "Bundle cancelled in part",
    __doc__,
    Script(
        begins="2025-12-20",
        ends="2026-05-10",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign(
                "2025-12-22",
                "ACME",
                (
                    Item("ENTERPRISE", 10, "1080.00", "1200.00"),
                    Item("SUPPORT24", 10, "270.00", "300.00"),
                    Item("ONBOARDING", 1, "1500.00", "3000.00", once=True),
                ),
                starts="2026-01-01",
                billed="yearly",
            ),
            Deliver("2026-02-10", "ACME", "ONBOARDING"),
            Change("2026-03-15", "ACME", (Item("SUPPORT24", 0),), "support is no longer wanted"),
        ),
        expects=(
            Expect(moved("ACME"), "ENTERPRISE -800.00, ONBOARDING 1000.00, SUPPORT24 -200.00"),
            Expect(
                moved("ACME", 2),
                "ENTERPRISE -160.00, SUPPORT24 160.00",
                "four fifths of what support had given; it is not delivered, so it gives no more",
            ),
            Expect(ask.billed_net("ACME"), "12840.00 USD", "15,000 less four fifths of 2,700"),
            Expect(ask.credited("ACME"), "2160.00 USD", "292 of 365 days of support"),
            Expect(
                ledger.revenue("2026-04"),
                "805.48 USD",
                "30 of 292 days of 8,640 less 640 less 160",
            ),
        ),
    ),
    profile="bundles",
)
