"""In February it is agreed that seats go down on 1 April: until then nothing changes, from then
on everything does.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.sales import Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "future_dated_downgrade",
    "Downgrade agreed ahead",
    __doc__,
    Script(
        begins="2026-01-28",
        ends="2026-04-04",
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-29", "ACME", (Item("BUSINESS", 20, "50.00"),), starts="2026-02-01"),
            Change("2026-02-10", "ACME", (Item("BUSINESS", 12),), "eight seats fewer", starts="2026-04-01"),
        ),
        expects=(
            Expect(ask.invoice_net("ACME", "2026-02-01"), "1000.00 USD"),
            Expect(ask.invoice_net("ACME", "2026-03-01"), "1000.00 USD", "the change is not in force"),
            Expect(ask.invoice_net("ACME", "2026-04-01"), "600.00 USD", "12 seats"),
            Expect(ask.credited("ACME"), "nothing", "nothing had been billed beyond 1 April"),
            Expect(ledger.revenue("2026-02"), "1000.00 USD"),
            Expect(ledger.revenue("2026-03"), "1000.00 USD"),
            Expect(ledger.deferred("ACME"), "600.00 USD", "April"),
        ),
    ),
)
