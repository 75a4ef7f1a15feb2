"""A customer in Kuwait: a dinar has a thousand fils, and none of them is lost on the way through
five systems.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "dinar_customer",
    "Customer in dinar, a currency with three decimals",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-20",
        bills_on=(15,),
        parties=(Party("KUWAIT", "Kuwait Trading", "KWD", place="Kuwait City"),),
        acts=(
            Sign("2026-01-29", "KUWAIT", (Item("TEAM", 3, "9.610"),), starts="2026-02-15"),
            PayOpen("2026-02-20", "KUWAIT"),
            Change("2026-03-25", "KUWAIT", (Item("TEAM", 4),), "a seat more"),
        ),
        expects=(
            Expect(ask.invoice_net("KUWAIT", "2026-02-15"), "28.830 KWD", "3 at 9.610"),
            Expect(ask.invoice_tax("KUWAIT", "2026-02-15"), "0.000 KWD", "Kuwait has no VAT"),
            Expect(
                ask.invoice_net("KUWAIT", "2026-04-15"),
                "44.950 KWD",
                "one seat for 21 of 31 days: 6.510; from 15 April four at 9.610: 38.440",
            ),
            Expect(ask.collected("KUWAIT"), "28.830 KWD"),
            Expect(ledger.revenue("2026-02", "KWD"), "14.415 KWD", "14 of 28 days of 28.830"),
            Expect(
                ledger.revenue("2026-03", "KWD"), "30.225 KWD", "the other 14.415 and 17 of 31 days, 15.810"
            ),
            Expect(ledger.balance(ledger.CLEARING, "KWD"), "0.000 KWD"),
        ),
    ),
)
