"""ACME is the name that sales gave the customer. Accounting calls it by its register name in the ledger,
and billing operations by a shorter one in billing: the books go on to the cent, and both are told as
conflicts with the CRM, which owns the name. BETA, which nobody touched, is none.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.editing import RenameInBilling, RenameInLedger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "customer_renamed_where_it_is_only_shown",
    "A customer renamed where it is only shown",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-06",
        parties=(Party("ACME", "Acme", place="New York"), Party("BETA", "Beta")),
        acts=(
            Sign("2026-01-29", "ACME", (Item("TEAM", 10, "29.00"),), starts="2026-02-01"),
            Sign("2026-01-29", "BETA", (Item("TEAM", 20, "29.00"),), starts="2026-02-01"),
            RenameInLedger("2026-02-10", "ACME", "Acme Holdings Inc."),
            RenameInBilling("2026-02-11", "ACME", "Acme Co"),
            PayOpen("2026-02-20", "ACME"),
        ),
        expects=(
            Expect(ask.invoice_total("ACME", "2026-02-01"), "315.74 USD", "290.00 and 8.875 %, 25.74"),
            Expect(ask.invoice_total("BETA", "2026-02-01"), "580.00 USD", "not taxed"),
            Expect(ledger.revenue("2026-02", "USD"), "870.00 USD", "290.00 and 580.00"),
            Expect(ledger.receivable("ACME"), "315.74 USD", "March"),
            Expect(ledger.receivable("BETA"), "1160.00 USD", "February and March"),
        ),
    ),
)
