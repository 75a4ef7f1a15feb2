"""A bundle is billed monthly, with its onboarding on the first bill; the customer accepts the onboarding two
months after service began. Until then nothing of it is revenue.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.revenue import moved, recognised
from scenarios.scripted.sales import Deliver, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "onboarding_delivered_late",
    "Onboarding delivered late",
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
                    Item("TEAM", 10, "30.00", "30.00"),
                    Item("ONBOARDING", 1, "800.00", "1200.00", once=True),
                ),
                starts="2026-01-01",
            ),
            Deliver("2026-03-05", "ACME", "ONBOARDING"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-01-01"), "1100.00 USD", "300 and the onboarding's 800"),
            Expect(ask.invoice_net("ACME", "2026-02-01"), "300.00 USD"),
            Expect(
                moved("ACME"),
                "ONBOARDING 300.00, TEAM -300.00",
                "3,600 and 800 for what is worth 3,600 and 1,200: eleven twelfths of each",
            ),
            Expect(recognised("ACME", "ONBOARDING", "2026-01"), "0.00 USD"),
            Expect(recognised("ACME", "ONBOARDING", "2026-02"), "0.00 USD"),
            Expect(recognised("ACME", "ONBOARDING", "2026-03"), "1100.00 USD", "800 + 300, on 5 March"),
            Expect(ledger.revenue("2026-01"), "274.53 USD", "300 less 31 of 365 days of 300"),
            Expect(
                ledger.balance(ledger.DEFERRED, end="2026-02"),
                "848.49 USD",
                "the onboarding's 800, and the 48.49 that the seats gave to it and have not earned",
            ),
        ),
    ),
    profile="bundles",
)
