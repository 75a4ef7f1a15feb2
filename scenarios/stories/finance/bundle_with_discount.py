"""A bundle at one price: platform, support and an onboarding that is given away. The price is allocated by
what each is worth alone, so that the onboarding is revenue when it is accepted, and the subscriptions are
revenue of less than they were billed for.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.revenue import moved, recognised
from scenarios.scripted.sales import Deliver, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "bundle_with_discount",
    "Bundle with a discount on the whole",
    __doc__,
    Script(
        begins="2025-12-20",
        ends="2026-04-10",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign(
                "2025-12-22",
                "ACME",
                (
                    Item("ENTERPRISE", 10, "1080.00", "1200.00"),
                    Item("SUPPORT24", 10, "270.00", "300.00"),
                    Item("ONBOARDING", 1, "0.00", "3000.00", once=True),
                ),
                starts="2026-01-01",
                billed="yearly",
            ),
            Deliver("2026-02-10", "ACME", "ONBOARDING"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-01-01"), "13500.00 USD", "10,800 + 2,700 + nothing"),
            Expect(
                moved("ACME"),
                "ENTERPRISE -1800.00, ONBOARDING 2250.00, SUPPORT24 -450.00",
                "13,500 for what is worth 12,000 + 3,000 + 3,000: three quarters of each",
            ),
            Expect(
                recognised("ACME", "ONBOARDING", "2026-02"),
                "2250.00 USD",
                "all of it on its day, 10 February",
            ),
            Expect(
                ledger.revenue("2026-01"),
                "955.49 USD",
                "31 of 365 days: 1,146.57 of 13,500, less 152.87 of 1,800 and 38.21 of 450, each cut down",
            ),
            Expect(ledger.revenue("2026-02"), "3113.01 USD", "28 of 365 days of 11,250, and the onboarding"),
            Expect(
                ledger.balance(ledger.DEFERRED, end="2026-02"),
                "9431.50 USD",
                "306 of 365 days of 11,250, by four plans",
            ),
        ),
    ),
    profile="bundles",
)
