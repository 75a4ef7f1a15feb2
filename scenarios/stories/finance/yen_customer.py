"""A customer in Tokyo: whole yen on every document, consumption tax of a tenth, parts of a month
rounded to the yen.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "yen_customer",
    "Customer in yen, a currency without decimals",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("NIPPON", "Nippon Kaisha", "JPY", place="Tokyo"),),
        acts=(
            Sign("2026-01-29", "NIPPON", (Item("TEAM", 7, "4350"),), starts="2026-02-01"),
            Change("2026-03-11", "NIPPON", (Item("TEAM", 10),), "three seats more"),
            PayOpen("2026-02-20", "NIPPON"),
        ),
        expects=(
            Expect(ask.invoice_net("NIPPON", "2026-02-01"), "30450 JPY", "7 at 4350"),
            Expect(ask.invoice_tax("NIPPON", "2026-02-01"), "3045 JPY", "10 %"),
            Expect(
                ask.invoice_net("NIPPON", "2026-04-01"),
                "52341 JPY",
                "11 March on: 21 of 31 days of 43500, 29468, less those of 30450, 20627; April: 43500",
            ),
            Expect(ask.collected("NIPPON"), "33495 JPY", "30450 + 3045"),
            Expect(ledger.revenue("2026-02", "JPY"), "30450 JPY"),
            Expect(ledger.revenue("2026-03", "JPY"), "39291 JPY", "30450 + 29468 - 20627"),
            Expect(ledger.balance(ledger.CLEARING, "JPY"), "0 JPY"),
            Expect(ledger.receivable("NIPPON"), "91070 JPY", "March, 33495, and April, 57575"),
        ),
    ),
)
