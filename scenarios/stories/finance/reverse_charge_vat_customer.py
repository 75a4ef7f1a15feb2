"""Two customers in Berlin: the one with a VAT number accounts for the tax itself, the other bears
German VAT.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "reverse_charge_vat_customer",
    "Reverse charge: a business of another EU country",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-04",
        parties=(
            Party("MUSTER", "Muster GmbH", "EUR", place="Berlin", vat_number="DE123456789"),
            Party("VEREIN", "Ein Verein", "EUR", place="Berlin"),
        ),
        acts=(
            Sign("2026-01-29", "MUSTER", (Item("TEAM", 10, "27.00"),), starts="2026-02-01"),
            Sign("2026-01-29", "VEREIN", (Item("TEAM", 10, "27.00"),), starts="2026-02-01"),
            PayOpen("2026-02-16", "MUSTER"),
            PayOpen("2026-02-16", "VEREIN"),
        ),
        expects=(
            Expect(
                ask.invoice_tax("MUSTER", "2026-02-01"), "0.00 EUR", "article 194 of directive 2006/112/EC"
            ),
            Expect(ask.invoice_total("MUSTER", "2026-02-01"), "270.00 EUR"),
            Expect(ask.invoice_total("VEREIN", "2026-02-01"), "321.30 EUR", "270.00 and 19 %, 51.30"),
            Expect(ledger.taxed("MUSTER"), "0.00 EUR", "documents are filed all the same"),
            Expect(ledger.taxed("VEREIN"), "102.60 EUR", "twice 51.30"),
            Expect(ledger.month(ledger.TAX, "2026-02", "EUR"), "51.30 EUR"),
            Expect(ledger.revenue("2026-02", "EUR"), "540.00 EUR", "twice 270.00"),
            Expect(ledger.receipts("MUSTER"), "2026-02 270.00 EUR"),
        ),
    ),
)
