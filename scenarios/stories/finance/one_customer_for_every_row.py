"""A small company in which each row of a mapping has its customer: billed by the month, quarter, half-year
and year, asked by card, debit or link, changed, renewed, resting, leaving. Whoever promotes a mapping plays
it first.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.money import CardOnFile, CardStops, GiveBack, PayByDebit, PayOpen
from scenarios.scripted.sales import Cancel, Change, Item, Renew, Resume, Sign, Suspend
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

_SIGNED, _STARTS = "2025-12-29", "2026-01-01"

STORY = scripted(
    "one_customer_for_every_row",
    "One customer for every row of a mapping",
    __doc__,
    Script(
        begins="2025-12-28",
        ends="2026-02-18",
        bills_also=("2026-01-16",),
        parties=(
            Party("CARD", "Card Corporation", pays="card"),
            Party("QUARTER", "Quarter Limited"),
            Party("HALF", "Half Limited"),
            Party("YEAR", "Jahr GmbH", "EUR", place="Berlin", vat_number="DE123456789"),
            Party("MORE", "More Limited", place="New York"),
            Party("AGAIN", "Again Limited"),
            Party("REST", "Rest Limited"),
            Party("LEAVE", "Leave Limited"),
        ),
        acts=(
            Sign(_SIGNED, "CARD", (Item("TEAM", 10, "31.00"),), starts=_STARTS),
            Sign(_SIGNED, "QUARTER", (Item("BUSINESS", 10, "90.00"),), billed="quarterly", starts=_STARTS),
            Sign(_SIGNED, "HALF", (Item("TEAM", 10, "181.00"),), billed="half-yearly", starts=_STARTS),
            Sign(_SIGNED, "YEAR", (Item("TEAM", 10, "365.00"),), billed="yearly", starts=_STARTS),
            Sign(_SIGNED, "MORE", (Item("TEAM", 10, "31.00"),), starts=_STARTS),
            Sign(_SIGNED, "AGAIN", (Item("TEAM", 10, "31.00"),), months=1, starts=_STARTS),
            Sign(_SIGNED, "REST", (Item("TEAM", 10, "31.00"),), starts=_STARTS),
            Sign(_SIGNED, "LEAVE", (Item("TEAM", 10, "31.00"),), starts=_STARTS),
            CardOnFile("2025-12-31", "CARD"),
            PayByDebit("2026-01-07", "QUARTER"),
            PayOpen("2026-01-07", "YEAR"),
            PayOpen("2026-01-08", "HALF"),
            GiveBack("2026-01-12", "CARD"),
            Change("2026-01-14", "MORE", (Item("TEAM", 20),), "doubles its seats", starts="2026-01-16"),
            Renew("2026-01-14", "AGAIN", 1),
            Suspend("2026-01-14", "REST", starts="2026-01-16"),
            Cancel("2026-01-15", "LEAVE", starts="2026-02-01"),
            CardStops("2026-01-20", "CARD"),
            Resume("2026-01-28", "REST", starts="2026-02-01"),
        ),
        expects=(
            Expect(ask.invoice_net("CARD", "2026-01-01"), "310.00 USD"),
            Expect(ask.invoice_net("QUARTER", "2026-01-01"), "900.00 USD", "90 days"),
            Expect(ask.invoice_net("HALF", "2026-01-01"), "1810.00 USD", "181 days"),
            Expect(ask.invoice_net("YEAR", "2026-01-01"), "3650.00 EUR", "365 days"),
            Expect(
                ask.invoice_lines("QUARTER", "2026-01-01"),
                "BUSINESS 2026-01-01 to 2026-03-31 900.00 USD",
                "sold as such",
            ),
            Expect(ask.invoice_due("CARD", "2026-01-01"), "2026-01-01", "charged at once"),
            Expect(ask.invoice_due("HALF", "2026-01-01"), "2026-01-31", "30 days"),
            Expect(ask.mirror("CARD", "2026-01-01"), "Refunded"),
            Expect(ask.mirror("CARD", "2026-02-01"), "Payment Failed"),
            Expect(ask.mirror("QUARTER", "2026-01-01"), "Paid", "by bank debit"),
            Expect(ask.mirror("MORE", "2026-01-01"), "Posted", "nobody has paid it"),
            Expect(ask.billed_net("MORE"), "1090.00 USD", "310.00, 16 days of 10.00, and 620.00"),
            Expect(ask.contract_ends("AGAIN"), "2026-03-01", "a month and another"),
            Expect(ask.contract_ends("REST"), "2027-01-17", "16 days of rest after 1 January 2027"),
            Expect(ask.contract_status("REST"), "Active"),
            Expect(ask.contract_status("LEAVE"), "Cancelled"),
            Expect(ask.invoice_dates("LEAVE"), "2026-01-01", "and none for February"),
            Expect(ledger.customer("YEAR"), "YEAR, Jahr GmbH, payables@year.example.com"),
            Expect(ledger.invoice_items("QUARTER", "2026-01-01"), "BUSINESS"),
            Expect(ask.offered("QUARTER", "2026-01-01"), "card,us_bank_account"),
            Expect(ask.offered("YEAR", "2026-01-01"), "card", "a debit of dollars is nothing for euros"),
            Expect(
                ledger.revenue("2026-01"),
                "1970.00 USD",
                "310.00 of each but CARD's 11 days before the refund, REST's 15, and MORE's 160.00 on top",
            ),
            Expect(
                ledger.fees_and_bank(),
                "2952.92 USD and 67.08 USD",
                "2.9 % and 0.30 of 310.00 and 1810.00, 5.00 for the debit; no payout follows the refund yet",
            ),
        ),
    ),
)
