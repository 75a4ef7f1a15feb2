"""The first two weeks of a customer with all that can come up: more seats, a credit by AR, a refund in part,
a disputed charge that is won, a name that bookkeepers correct in the ledger, and the end ahead of time.
"""

from __future__ import annotations

from scenarios.scripted import ask, ledger
from scenarios.scripted.disputes import AnswerBank, BankDecides, CallBack
from scenarios.scripted.editing import RenameInLedger
from scenarios.scripted.money import GiveBack, PayOpen
from scenarios.scripted.office import CreditByHand
from scenarios.scripted.sales import Cancel, Change, Item, Sign
from scenarios.scripted.script import Expect, Party, Script
from scenarios.stories.story import scripted

STORY = scripted(
    "first_fortnight",
    "A first fortnight with everything in it",
    __doc__,
    Script(
        begins="2026-01-31",
        ends="2026-02-13",
        bills_also=("2026-02-05", "2026-02-12"),
        parties=(Party("ACME", "Acme Corporation"),),
        acts=(
            Sign("2026-01-31", "ACME", (Item("TEAM", 10, "28.00"),), starts="2026-02-01"),
            PayOpen("2026-02-02", "ACME"),
            CallBack("2026-02-03", "ACME"),
            Change("2026-02-04", "ACME", (Item("TEAM", 12),), "takes two more seats", starts="2026-02-05"),
            AnswerBank("2026-02-05", "ACME"),
            PayOpen("2026-02-06", "ACME"),
            BankDecides("2026-02-07", "ACME", "won"),
            RenameInLedger("2026-02-08", "ACME", "Acme Corp."),
            CreditByHand("2026-02-09", "ACME", "2026-02-01", "14.00", "0", "an outage"),
            GiveBack("2026-02-10", "ACME", "12.00"),
            Cancel("2026-02-11", "ACME", starts="2026-02-12"),
        ),
        expects=(
            Expect(ask.invoice_total("ACME", "2026-02-01"), "280.00 USD", "10 seats at 28.00"),
            Expect(ask.invoice_total("ACME", "2026-02-05"), "48.00 USD", "two seats for 24 of 28 days"),
            Expect(ask.collected("ACME"), "328.00 USD"),
            Expect(ask.refunded("ACME"), "12.00 USD"),
            Expect(
                ask.credited("ACME"),
                "230.00 USD",
                "14.00 and 12.00, and of 336.00 a month 204.00 for the 17 of 28 days that are not served",
            ),
            Expect(ask.credit_left("ACME"), "218.00 USD", "the refund's is paid out"),
            Expect(ask.contract_ends("ACME"), "2026-02-12"),
            Expect(ledger.receivable("ACME"), "-218.00 USD", "owed to the customer"),
            Expect(ledger.balance(ledger.DISPUTED), "0.00 USD", "won"),
            Expect(ledger.balance(ledger.DISPUTE_FEES), "0.00 USD", "given back with the money"),
            Expect(ledger.refund_months("ACME"), "2026-02 12.00 USD"),
            Expect(
                ledger.month(ledger.CREDITS, "2026-02"),
                "6.50 USD",
                "of 14.00 on the 9th 8 of 28 days are served, 4.00; of 12.00 on the 10th 5 of 24, 2.50",
            ),
            Expect(
                ledger.balance(ledger.DEFERRED), "104.50 USD", "280.00 and 48.00 less 10.00, 9.50 and 204.00"
            ),
        ),
    ),
)
