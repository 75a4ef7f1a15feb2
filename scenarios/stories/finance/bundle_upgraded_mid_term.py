"""A bundle of 18,000 at list is sold at 15,000 and paid for the year. When a fifth of the year is over the
customer takes half as many seats again at the old discount: distinct, and not at the stand-alone price. So
what is left of the price is allocated anew over what is left of the service; the past stays as it was.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.revenue import moved, recognised
from scenarios.scripted.sales import Change, Deliver, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "bundle_upgraded_mid_term",
    "Bundle upgraded in mid-term, prospectively",
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
            Change("2026-03-15", "ACME", (Item("ENTERPRISE", 15),), "five seats more, at the old discount"),
        ),
        expects=(
            Expect(
                moved("ACME"),
                "ENTERPRISE -800.00, ONBOARDING 1000.00, SUPPORT24 -200.00",
                "five sixths of 12,000, 3,000 and 3,000 is 10,000, 2,500 and 2,500",
            ),
            Expect(recognised("ACME", "ONBOARDING", "2026-02"), "2500.00 USD"),
            Expect(
                moved("ACME", 2),
                "ENTERPRISE -45.71, SUPPORT24 45.71",
                "left are 12,960 and 2,160 less 640 and 160 moved: 14,320 for what is worth 14,400 and 2,400;"
                " six sevenths of it, 12,274.29, to the seats",
            ),
            Expect(ask.billed_net("ACME"), "19320.00 USD", "15,000 and four fifths of five seats' 5,400"),
            Expect(
                ledger.revenue("2026-02"),
                "3458.90 USD",
                "28 of 365 days of 13,500, less those of 800 and 200, and the onboarding",
            ),
            Expect(
                ledger.revenue("2026-04"),
                "1471.24 USD",
                "30 of 365 days of 13,500 less 1,000, and 30 of 292 of 4,320",
            ),
        ),
    ),
    profile="bundles",
)
