"""An order is taken back by its operators the day after it was signed, another customer's stands."""

from __future__ import annotations

from scenarios.scripted import ask
from scenarios.scripted.office import RunBills, TakeBack
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "order_taken_back",
    "An order taken back by the operators",
    __doc__,
    Script(
        begins="2026-01-05",
        ends="2026-03-03",
        parties=(Party("BETA", "Beta"), Party("ACME", "Acme")),
        acts=(
            Sign("2026-02-02", "BETA", (Item("TEAM", 3, "29.00"),)),
            Sign("2026-02-02", "ACME", (Item("TEAM", 5, "29.00"),)),
            TakeBack("2026-02-03", "order_to_subscription"),
            RunBills("2026-02-10", "2026-02-10"),
        ),
        expects=(
            Expect(ask.deal_state("OPP-ACME-01"), "Withdrawn", "the last one placed"),
            Expect(ask.deal_state("OPP-BETA-01"), "Activated"),
            Expect(ask.invoice_dates("ACME"), "", "none"),
            Expect(ask.invoice_net("BETA", "2026-02-10"), "87.00 USD", "3 seats at 29.00"),
        ),
    ),
    # Of those with sagas; batch takes back, too, but only in its night.
    models=("orchestrated", "hybrid"),
)
