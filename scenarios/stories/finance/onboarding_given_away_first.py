"""An onboarding is given away with a year of seats that are billed month by month, and accepted in the first
month. It is a quarter of the price by what it is worth: revenue long before its share of the bills, which is
a contract asset that the bills of the year wear down.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.revenue import moved, recognised
from scenarios.scripted.sales import Deliver, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "onboarding_given_away_first",
    "Onboarding given away, earned before its bills",
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
                    Item("TEAM", 10, "100.00", "100.00"),
                    Item("ONBOARDING", 1, "0.00", "4000.00", once=True),
                ),
                starts="2026-01-01",
            ),
            Deliver("2026-01-20", "ACME", "ONBOARDING"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-01-01"), "1000.00 USD", "ten seats"),
            Expect(
                moved("ACME"),
                "ONBOARDING 3000.00, TEAM -3000.00",
                "12,000 for what is worth 12,000 and 4,000: three quarters of each",
            ),
            Expect(recognised("ACME", "ONBOARDING", "2026-01"), "3000.00 USD", "accepted on 20 January"),
            Expect(
                ledger.revenue("2026-01"),
                "3745.21 USD",
                "1,000 less 31 of 365 days of 3,000, and the onboarding",
            ),
            Expect(
                ledger.balance(ledger.UNBILLED, end="2026-01"), "2745.21 USD", "3,745.21 earned, 1,000 billed"
            ),
            Expect(
                ledger.balance(ledger.UNBILLED, end="2026-02"), "2515.07 USD", "4,515.07 earned, 2,000 billed"
            ),
            Expect(ledger.balance(ledger.DEFERRED, end="2026-02"), "0.00 USD", "one contract, one position"),
        ),
    ),
    profile="bundles",
)
