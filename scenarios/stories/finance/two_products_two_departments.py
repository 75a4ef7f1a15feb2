"""A year of seats and of support is paid in advance on one invoice and lost to the bank after three months:
revenue, deferred revenue and the loss stay apart by product and by department.
"""

from __future__ import annotations

from scenarios.scripted import cuts, ledger
from scenarios.scripted.disputes import AnswerBank, BankDecides, CallBack
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "two_products_two_departments",
    "Two products of two departments on one invoice",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-05-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign(
                "2025-12-29",
                "ACME",
                (Item("TEAM", 10, "365.00"), Item("SUPPORT24", 10, "73.00")),
                billed="yearly",
                starts="2026-01-01",
            ),
            PayOpen("2026-01-15", "ACME"),
            CallBack("2026-03-10", "ACME"),
            AnswerBank("2026-03-16", "ACME"),
            BankDecides("2026-04-01", "ACME", "lost"),
        ),
        expects=(
            Expect(cuts.by("product", "TEAM", ledger.REVENUE, "2026-03"), "310.00 USD", "31 days of 10.00"),
            Expect(cuts.by("product", "SUPPORT24", ledger.REVENUE, "2026-03"), "62.00 USD", "2.00 a day"),
            Expect(cuts.by("department", "Sales", ledger.REVENUE, "2026-02"), "280.00 USD", "the seats"),
            Expect(cuts.by("department", "Services", ledger.REVENUE, "2026-02"), "56.00 USD", "the support"),
            Expect(
                cuts.by("product", "TEAM", ledger.DEFERRED, "2026-04"),
                "-2750.00 USD",
                "275 days that will not be earned, off the product that they were billed for",
            ),
            Expect(cuts.by("product", "SUPPORT24", ledger.DEFERRED, "2026-04"), "-550.00 USD"),
            Expect(
                cuts.by("department", "Finance", ledger.DISPUTE_LOSSES, "2026-04"),
                "1080.00 USD",
                "90 days served of 12.00: no product earns a loss",
            ),
            Expect(cuts.by("contract", "S-OPP-ACME-01", ledger.REVENUE, "2026-01"), "372.00 USD"),
            Expect(ledger.balance(ledger.DEFERRED), "0.00 USD"),
        ),
    ),
)
