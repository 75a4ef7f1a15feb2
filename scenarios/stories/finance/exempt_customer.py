"""A reseller in New York files its certificate in February: from then on its bills bear no tax,
those before keep theirs.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import PayOpen
from scenarios.scripted.office import FileCertificate
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "exempt_customer",
    "Customer exempt from sales tax",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-03-20",
        parties=(Party("RESELL", "Resell Incorporated", place="New York"),),
        acts=(
            Sign("2026-01-29", "RESELL", (Item("TEAM", 10, "40.00"),), starts="2026-02-01"),
            FileCertificate("2026-02-17", "RESELL", "New York"),
            PayOpen("2026-03-16", "RESELL"),
        ),
        expects=(
            Expect(ask.invoice_tax("RESELL", "2026-02-01"), "35.50 USD", "8.875 % of 400.00"),
            Expect(ask.invoice_tax("RESELL", "2026-03-01"), "0.00 USD", "the certificate is on file"),
            Expect(ask.collected("RESELL"), "835.50 USD", "435.50 + 400.00"),
            Expect(ledger.taxed("RESELL"), "35.50 USD"),
            Expect(ledger.month(ledger.TAX, "2026-03"), "0.00 USD"),
            Expect(ledger.receivable("RESELL"), "0.00 USD"),
            Expect(ledger.revenue("2026-02"), "400.00 USD", "tax is no revenue"),
        ),
    ),
)
