"""The written-out registry: histories that each law must reject, and odd ones that it must accept."""

from dataclasses import replace

from scenarios.evidence.bank import BankAccount, BankLine
from scenarios.evidence.billing import Application, ChargeSegment
from scenarios.evidence.erp import ErpJournal, LedgerLine, RevenueSchedule
from scenarios.evidence.payments import BalanceEntry, Charge, PaymentIntent, Payout, ProcessorRefund
from scenarios.evidence.run import Change, Delivery, Determinism, Operation, Parked, Receipt, Replay

from . import (
    abroad,
    accrued,
    banking,
    between,
    bundle,
    claimed,
    classified,
    gone_out,
    in_hand,
    kept,
    owned,
    paced,
    taxed,
    undone,
)
from .world import DAY, EUR, _erp_invoice, _line, again, at, changed, without


def op(id_, name, key, status, claim, attempt=1, system="netsuite", moment=0):
    """A write of the core."""
    start = at("2026-01-05") + moment + attempt
    return Operation(id_, start, start + 1, system, name, key, attempt, True, status, claim, "")


def made(id_, kind, cause, moment=0, *, system="netsuite", refs=(), amount=100, state="Open"):
    """A created object."""
    return Change(at("2026-01-05") + moment, system, kind, id_, "created", state, 1, refs, amount, EUR, cause)


def step(system, kind, *states):
    """A life."""
    return tuple(
        Change(n, system, kind, "x1", "changed", state, n, (), 500, EUR, "")
        for n, state in enumerate(states, 1)
    )


def more(w, **lists):
    """The world with more operations, changes, deliveries, receipts or parked items."""
    return replace(w, **{name: (*getattr(w, name), *items) for name, items in lists.items()})


def parked(key, *, unrecoverable=False):
    """An item of the exception queue."""
    return Parked(key, "invoice", "period closed", "finance", 5, 0, 1, unrecoverable)


def line(account, debit, credit, document="99", kind="journalEntry", memo=""):
    """One posting."""
    return LedgerLine(kind, document, account, EUR, debit, credit, "2026-01-31", "2026-01", memo)


def use_billed(w, *nets):
    """January's use on lines of its own: one for all of it, or one for each use."""
    lines = tuple(
        replace(w.billing.invoices[2].lines[0], id=f"lu{n}", charge="C-USE", net=net, tax=0,
                start="2026-01-01", end="2026-02-01")
        for n, net in enumerate(nets)
    )  # fmt: skip
    w = changed(w, "billing", "invoices", 2, lines=(*w.billing.invoices[2].lines, *lines))
    for n in range(2):
        w = changed(w, "billing", "usage", n, line=f"lu{min(n, len(nets) - 1)}")
    return w


def by_volume(w):
    """All units at the price of the tier that is reached."""
    return changed(w, "billing", "usage_charges", 0, model="Volume Pricing")


def renewed(w, *, billed):
    """ACC-0001 agreed on only one month and renewed it for a year; billing extended it, or did not."""
    w = changed(w, "crm", "opportunities", 0, end="2026-02-01")
    w = again(w, "crm", "opportunities", 3, key="OPP-9", kind="renewal", start="2026-02-01", end="2027-01-01")
    w = changed(w, "billing", "subscriptions", 0, orders=("O-OPP-1", "O-OPP-4", "O-OPP-9"))
    return w if billed else changed(w, "billing", "subscriptions", 0, end="2026-02-01")


def rests(w, *, billed):
    """ACC-0001 suspends from June and resumes in July; billing takes the charge out, or leaves it in."""
    w = again(w, "crm", "opportunities", 3, key="OPP-8", kind="suspension", start="2026-06-01", end="")
    w = again(w, "crm", "opportunities", 3, key="OPP-9", kind="resumption", start="2026-07-01", end="")
    orders = ("O-OPP-1", "O-OPP-4", "O-OPP-8", "O-OPP-9")
    w = changed(w, "billing", "subscriptions", 0, orders=orders)
    first, second = w.billing.subscriptions[0].segments
    gap = (first, replace(second, end="2026-06-01"), replace(second, start="2026-07-01"))
    return w if billed else changed(w, "billing", "subscriptions", 0, segments=gap)


def evergreen(w):
    """No end agreed, none in billing."""
    w = changed(w, "crm", "opportunities", 0, end="")
    segments = w.billing.subscriptions[0].segments
    open_end = (segments[0], replace(segments[1], end=""))
    return changed(w, "billing", "subscriptions", 0, end="", segments=open_end)


def late_posting(w, period, *, closed_at="2026-01-02", created="2026-01-03"):
    """INV-1 reaches the ERP after January was closed there."""
    w = changed(w, "erp", "periods", 0, closed_at=at(closed_at))
    for n in range(3):
        w = changed(w, "erp", "invoices", n, period=period, created_at=at(created))
    return w


def second_charge(w):
    """The card is charged again by another intent."""
    w = more_in(
        w, "payments", "intents", PaymentIntent("pi_9", "cus_1", "INV-1", "succeeded", EUR, 12000, 12000, 0)
    )
    return more_in(w, "payments", "charges", Charge("ch_9", "pi_9", "cus_1", "succeeded", EUR, 12000, 0, 0))


def more_in(w, books, items, *new):
    """The world with more objects in one book."""
    part = getattr(w, books)
    return replace(w, **{books: replace(part, **{items: (*getattr(part, items), *new)})})


def payout_came_back(w):
    """The first payout failed, the next one took the same money; only the next one reached the bank."""
    w = changed(w, "payments", "payouts", 0, id="po_0", status="failed", paid_at=0)
    w = more_in(w, "payments", "payouts", Payout("po_1", "paid", EUR, 8622, DAY, DAY))
    for n in range(3):
        w = changed(w, "payments", "balance", n, payout="po_0")
    w = more_in(
        w,
        "payments",
        "balance",
        BalanceEntry("txn_4", "payout_failure", "po_0", EUR, 8622, 0, 8622, "po_1", DAY),
        BalanceEntry("txn_5", "payout", "po_1", EUR, -8622, 0, -8622, "po_1", DAY),
    )
    # Gross out of clearing is now what came back: the fees of the failed payout are still to explain.
    ledger = [x for x in w.erp.ledger if x.document != "71"]
    own = [line("1000", 8622, 0, "71"), line("1010", 0, 8622, "71")]
    return replace(w, erp=replace(w.erp, ledger=(*ledger, *own)))


def statement(w, *lines):
    """The bank's only account with these lines, each (id, amount, trace); no customer paid in."""
    w = replace(w, erp=replace(w.erp, ledger=tuple(x for x in w.erp.ledger if x.document != "34")))
    balance, told = 0, []
    for id_, amount, trace in lines:
        balance += amount
        day = "2026-01-26"
        told.append(BankLine(id_, "op_1", EUR, day, day, amount, balance, "STRIPE", "PAYOUT", trace))
    return replace(w, bank=replace(w.bank, accounts=(BankAccount("op_1", EUR, balance),), lines=tuple(told)))


def payout_sent_back(w):
    """The payout arrived and was sent back a week later; both are booked."""
    w = changed(w, "payments", "payouts", 0, status="failed")
    w = more_in(
        w, "payments", "balance",
        BalanceEntry("txn_4", "payout_failure", "po_1", EUR, 8622, 0, 8622, "", DAY),
    )  # fmt: skip
    w = more_in(w, "erp", "journals", ErpJournal("75", "po_1-failed", EUR, "2026-01-31", "2026-01", "", DAY))
    return more_in(w, "erp", "ledger", line("1010", 8622, 0, "75"), line("1000", 0, 8622, "75"))


def refund_sent_back(w):
    """The refund was booked; then the customer's bank sent it back, so it is owed again."""
    w = changed(w, "payments", "refunds", 0, status="failed")
    w = changed(w, "payments", "charges", 0, refunded=0)
    back = BalanceEntry("txn_9", "refund_failure", "re_1", EUR, 3000, 0, 3000, "", DAY)
    w = more_in(w, "payments", "balance", back)
    w = more_in(w, "erp", "journals", ErpJournal("76", "re_1-failed", EUR, "2026-01-31", "2026-01", "", DAY))
    return more_in(w, "erp", "ledger", line("1010", 3000, 0, "76"), line("2310", 0, 3000, "76"))


def dispute_lost(w):
    """The bank decides for the customer on 11 January: 21 of 31 days are not delivered, 30.00 refunded."""
    w = changed(w, "payments", "disputes", 0, status="lost", closed_at=at("2026-01-11"))
    w = changed(w, "billing", "invoices", 0, remark="Dispute du_1: lost")
    w = more_in(w, "erp", "journals", ErpJournal("77", "du_1-lost", EUR, "2026-01-11", "2026-01", "", DAY))
    # 67.75 of 120.00 net is ahead, and 90.00 are covered.
    plan = RevenueSchedule("79", "du_1#0", "du_1", EUR, "2026-01-11", "2026-02-01", -5081, DAY)
    w = more_in(w, "erp", "schedules", plan)
    w = more_in(
        w,
        "erp",
        "ledger",
        line("2100", 0, 5081, "72", memo="du_1#0"),
        line("4000", 5081, 0, "72", memo="du_1#0"),
    )
    return more_in(
        w, "erp", "ledger",
        line("6100", 6919, 0, "77"), line("2100", 5081, 0, "77"), line("1200", 0, 12000, "77"),
    )  # fmt: skip


def dispute_won(w):
    """The bank decides for us and gives the fee back as well."""
    w = changed(w, "payments", "disputes", 0, status="won", closed_at=at("2026-01-30"))
    w = changed(w, "billing", "invoices", 0, remark="Dispute du_1: won")
    back = BalanceEntry("txn_7", "adjustment", "du_1", EUR, 12000, -1500, 13500, "", at("2026-01-30"))
    w = more_in(w, "payments", "balance", back)
    w = more_in(w, "erp", "journals", ErpJournal("78", "du_1-won", EUR, "2026-01-30", "2026-01", "", DAY))
    return more_in(
        w, "erp", "ledger",
        line("1010", 13500, 0, "78"), line("1200", 0, 12000, "78"), line("6110", 0, 1500, "78"),
    )  # fmt: skip


def inquiry(w):
    """The bank only asks: nothing moves and nothing is booked."""
    w = changed(w, "payments", "disputes", 0, status="warning_needs_response")
    w = changed(w, "billing", "invoices", 0, remark="Dispute du_1: inquiry")
    w = without(w, "payments", "balance", 3)
    w = without(w, "erp", "journals", 2)
    return replace(w, erp=replace(w.erp, ledger=tuple(x for x in w.erp.ledger if x.document != "74")))


def refund_came_back(w):
    """A refund whose money the bank returned before anything was booked."""
    w = more_in(
        w,
        "payments",
        "refunds",
        ProcessorRefund("re_9", "ch_1", "pi_1", "failed", EUR, 500, at("2026-01-21")),
    )
    out = BalanceEntry("txn_8", "refund", "re_9", EUR, -500, 0, -500, "", DAY)
    back = BalanceEntry("txn_9", "refund_failure", "re_9", EUR, 500, 0, 500, "", DAY)
    return more_in(w, "payments", "balance", out, back)


def free_charge(w):
    """A charge at no price is agreed and never billed."""
    subscription = w.billing.subscriptions[0]
    free = ChargeSegment("C-free", "support", "2026-01-01", "2027-01-01", 1, 0, 1)
    return changed(w, "billing", "subscriptions", 0, segments=(*subscription.segments, free))


def billed_again(w, start, end, net=10000):
    """INV-2 carries one more line."""
    lines = (*w.billing.invoices[1].lines, _line("l9", "S-OPP-2", net, 0, start, end))
    return changed(w, "billing", "invoices", 1, lines=lines)


def posted_without_invoice(w):
    """An ERP invoice of nothing, blank external id."""
    return more_in(
        w, "erp", "invoices", replace(_erp_invoice("29", 9, "11", "2026-01-01", 0, 500, 500), external="")
    )


def bulk(w, *, twice):
    """One request makes two invoices; a second attempt makes the missing third, or all again."""
    first = tuple(made(f"z{n}", "invoice", "bulk1", refs=(f"row{n}",)) for n in (1, 2))
    rest = (1, 2, 3) if twice else (3,)
    second = tuple(made(f"y{n}", "invoice", "bulk2", 5, refs=(f"row{n}",)) for n in rest)
    attempts = (op("bulk1", "load", "load:7", 0, "info"), op("bulk2", "load", "load:7", 200, "ok", 2))
    return more(w, operations=attempts, changes=first + second)


def rest(w, **values):
    """Another end of the run."""
    return replace(w, convergence=replace(w.convergence, **values))


def payout_escalated(w):
    """The payout's journal waits for a human."""
    w = without(w, "erp", "journals", 0)
    ledger = tuple(x for x in w.erp.ledger if x.document != "71")
    w = replace(w, erp=replace(w.erp, ledger=ledger))
    return more(w, parked=(parked("payout:po_1", unrecoverable=True),))


def ahead_of_its_bill(w, asset=0, met=0):
    """INV-3 stands in February, its 67.74 were earned in January: so much of an asset at its end, which the
    bill meets."""
    day = "2026-02-01"
    w = changed(w, "erp", "invoices", 2, period=day[:7], date=day)
    contract = w.erp.schedules[2].contract
    for id_, amount, on in (("98", asset, "2026-01-31"), ("97", -met, day)):
        if amount:
            name = f"UNB-2026-01-EUR-0{id_}"
            w = more_in(w, "erp", "journals", ErpJournal(id_, name, EUR, on, on[:7], "unbilled", at(day)))
            debit, credit = max(amount, 0), max(-amount, 0)
            pair = (line("1150", debit, credit, id_), line("2100", credit, debit, id_))
            at_once = (replace(x, contract=contract, date=on, period=on[:7]) for x in pair)
            w = more_in(w, "erp", "ledger", *at_once)
    return w


def all_contra(w, late=0):
    """The refund's memo takes so much off deferred revenue, the rest off revenue."""
    due = {"4900": 2500 - late, "2100": late}
    ledger = tuple(
        replace(x, debit=due[x.account]) if x.document == "41" and x.account in due else x
        for x in w.erp.ledger
    )
    return replace(w, erp=replace(w.erp, ledger=ledger))


def set_to(w, **chosen):
    """The world under other conventions of the books."""
    own = replace(w.conventions.books, **chosen)
    return replace(w, conventions=replace(w.conventions, books=own))


GOOD = {
    "I-25": owned.NEWER,
    **undone.GOOD,
    "I-40": owned.ENDED,
    "I-36": kept.GOOD,
    "I-42": gone_out.GOOD,
    "I-43": in_hand.GOOD,
    "C32": between.SOUND,
    "F3": taxed.SOUND,
    "F8": classified.SOUND,
    "I-47": abroad.SOUND,
    "I-38": claimed.TRUE,
    "I-01": {
        "evergreen": evergreen,
        "renewed": lambda w: renewed(w, billed=True),
        "suspended and resumed": lambda w: rests(w, billed=False),
        "free charge": free_charge,
        "ends after the last run": lambda w: replace(
            without(w, "billing", "credit_notes", 0), billed_through="2026-01-10"
        ),
        "changes after the last run": lambda w: replace(
            without(w, "billing", "invoices", 2), billed_through="2026-01-10"
        ),
        "next month billed early": lambda w: changed(
            w, "billing", "invoices", 2,
            lines=(
                *w.billing.invoices[2].lines,
                _line("l9", "S-OPP-1", 20000, 0, "2026-02-01", "2026-03-01"),
            ),
        ),
        "reversed and billed anew": lambda w: again(
            w, "billing", "invoices", 0, number="INV-0", status="Reversed"
        ),
    },
    "I-14": {
        "at the moment of the close": lambda w: changed(
            w, "erp", "journals", 1, created_at=at("2026-02-03")
        ),
    },
    "I-15": {
        "late invoice in the next open period": lambda w: changed(
            w, "erp", "invoices", 0, period="2026-02", date="2026-02-01", created_at=at("2026-02-04")
        ),
        "late invoice on the day of posting": lambda w: changed(
            set_to(w, late_day="day_of_posting"),
            "erp", "invoices", 0, period="2026-02", date="2026-02-04", created_at=at("2026-02-04"),
        ),
        "late revenue that names its month": lambda w: changed(
            w, "erp", "journals", 1, period="2026-02", created_at=at("2026-02-04"),
            memo="Revenue of 2026-01, original period 2026-01",
        ),
    },
    "I-02": {
        "next open period": lambda w: late_posting(w, "2026-02"),
        "escalated by number": lambda w: more(
            without(w, "erp", "invoices", 1),
            parked=(parked("invoice:ACC-0002:2026-01-01#INV-2/post_receivable", unrecoverable=True),),
        ),
        "escalated": lambda w: more(
            without(w, "erp", "invoices", 1),
            parked=(parked("invoice:ACC-0002:2026-01-01", unrecoverable=True),),
        ),
    },
    "I-03": {"cancelled tax document": lambda w: again(
        w, "tax", "documents", 0, code="INV-7", status="Cancelled"
    )},
    "I-04": {"canceled intent": lambda w: again(w, "payments", "intents", 1, status="canceled")},
    "C19": {
        "nothing paid out yet": lambda w: replace(
            statement(w),
            payments=replace(w.payments, payouts=(Payout("po_1", "in_transit", EUR, 8622, DAY, 0),)),
            erp=replace(w.erp, journals=(), ledger=()),
        ),
        "escalated payout": payout_escalated,
        "payout came back before it arrived": lambda w: statement(
            payout_came_back(w), ("st_1", 8622, "po_1")
        ),
        "payout sent back later": lambda w: statement(
            payout_sent_back(w), ("st_1", 8622, "po_1"), ("st_2", -8622, "po_1")
        ),
        "fetched back from the bank": lambda w: more_in(
            more_in(
                statement(w, ("st_1", 8622, "po_1"), ("st_2", -600, "po_2")),
                "payments", "payouts", Payout("po_2", "paid", EUR, -600, DAY, DAY),
            ),
            "erp", "ledger", line("1000", 0, 600), line("1010", 600, 0),
        ),
    },
    "C27": bundle.SOUND,
    "C29": accrued.SOUND,
    "C21": {"lost": dispute_lost, "won": dispute_won, "inquiry": inquiry},
    "C28": {"billed in the month after": lambda w: ahead_of_its_bill(w, 6774, 6774)},
    "I-06": {
        "escalated payout": payout_escalated,
        "payout came back": payout_came_back,
        "payout sent back": payout_sent_back,
    },
    "I-07": {"refund came back": refund_came_back, "refund sent back": refund_sent_back},
    "I-11": {"dispute lost": dispute_lost},
    "I-46": {"dispute lost": dispute_lost, "dispute won": dispute_won, "refund sent back": refund_sent_back},
    "I-13": {
        "escalated payout": payout_escalated,
        "payout came back": payout_came_back,
        "refund came back": refund_came_back,
        "payout sent back": payout_sent_back,
        "refund sent back": refund_sent_back,
        "dispute won": dispute_won,
    },
    "I-30": {
        "escalated payout": payout_escalated,
        "payout came back": payout_came_back,
        "refund came back": refund_came_back,
        "payout sent back": payout_sent_back,
        "refund sent back": refund_sent_back,
        "dispute won": dispute_won,
    },
    "I-17": {"prospect": lambda w: again(w, "crm", "accounts", 0, key="ACC-0009")},
    "I-21": {"idempotent repeat": lambda w: more(
        w, operations=(op("q1", "create_x", "x:1", 201, "info"), op("q2", "create_x", "x:1", 409, "ok", 2)),
    )},
    "I-22": {"definite refusal": lambda w: more(w, operations=(op("q1", "create_x", "x:1", 422, "fail"),))},
    "I-23": {
        "parked": lambda w: more(
            w,
            operations=(op("q1", "post", "invoice:ACC-7:x/post", 0, "info"),),
            parked=(parked("invoice:ACC-7:x"),),
        ),
        "took effect": lambda w: more(
            w, operations=(op("q1", "post", "x:1", 200, "info"),), changes=(made("z", "invoice", "q1"),)
        ),
        "bulk in two attempts": lambda w: bulk(w, twice=False),
    },
    "I-41": {
        "told twice": lambda w: again(w, "product", "usage", 0, id="USE-1"),
        "billed by its tiers": lambda w: use_billed(w, 1500),
        "volume": lambda w: by_volume(use_billed(w, 1000)),
        "not measured and held": lambda w: more(
            again(w, "product", "usage", 0, id="USE-9", meter="gb"),
            parked=(parked("usage:ACC-0001:USE-9"),),
        ),
        "not measured and rejected": lambda w: more(
            again(w, "product", "usage", 0, id="USE-9", meter="gb"),
            receipts=(Receipt(0, "product", "N000009-USE-9", "rejected", "meter: 'gb'"),),
        ),
        "escalated": lambda w: more(
            without(w, "billing", "usage", 0), parked=(parked("usage:ACC-0001:USE-1", unrecoverable=True),)
        ),
        "a late one by its difference": lambda w: use_billed(w, 1000, 500),
    },
    "I-45": {"forged copy of a true event": lambda w: more(
        w, deliveries=(Delivery("d9", 0, "payments", "evt_1", 401, False, "forged"),)
    )},
}  # fmt: skip

BAD = {
    "C28": {
        "below nothing, and no asset": ahead_of_its_bill,
        "a cent too much": lambda w: ahead_of_its_bill(w, 6775, 6775),
        "not met by its bill": lambda w: ahead_of_its_bill(w, 6774),
        "met but for a cent": lambda w: ahead_of_its_bill(w, 6774, 6773),
        "an asset of what was billed": lambda w: changed(
            ahead_of_its_bill(w, 6774, 6774), "erp", "invoices", 2, period="2026-01"
        ),
    },
    "C19": {
        "the payout never came": statement,
        "it came twice": lambda w: statement(w, ("st_1", 8622, "po_1"), ("st_2", 8622, "po_1")),
        "the bank kept a fee": lambda w: statement(w, ("st_1", 8597, "po_1")),
        "a fee apart": lambda w: statement(w, ("st_1", 8622, "po_1"), ("st_2", -25, "")),
        "of a payout that nobody sent": lambda w: statement(
            w, ("st_1", 8622, "po_1"), ("st_2", 700, "po_9")
        ),
        "in another currency": lambda w: changed(w, "bank", "lines", 0, currency="USD"),
        "nobody booked it": lambda w: replace(
            w, erp=replace(w.erp, ledger=tuple(x for x in w.erp.ledger if x.document != "71"))
        ),
        "booked gross": lambda w: more_in(w, "erp", "ledger", line("1000", 378, 0), line("6000", 0, 378)),
        "sent back, and the bank still has it": payout_sent_back,
        "sent back, and the ledger still has it": lambda w: statement(
            changed(w, "payments", "payouts", 0, status="failed"),
            ("st_1", 8622, "po_1"), ("st_2", -8622, "po_1"),
        ),
        "sent back twice": lambda w: statement(
            payout_sent_back(w),
            ("st_1", 8622, "po_1"), ("st_2", -8622, "po_1"), ("st_3", -8622, "po_1"),
        ),
        "sent back short": lambda w: statement(
            payout_sent_back(w), ("st_1", 8622, "po_1"), ("st_2", -8600, "po_1")
        ),
        "it came, and had failed on its way": lambda w: statement(
            payout_came_back(w), ("st_1", 8622, "po_0"), ("st_2", 8622, "po_1")
        ),
        "a balance that is not the sum": lambda w: changed(w, "bank", "lines", 0, balance=8623),
        "a closing that is not the last balance": lambda w: changed(w, "bank", "accounts", 0, balance=8621),
        "another payout waits for a human": lambda w: more(
            replace(w, erp=replace(w.erp, ledger=tuple(x for x in w.erp.ledger if x.document != "71"))),
            parked=(parked("payout:po_2", unrecoverable=True),),
        ),
    },
    "I-10": abroad.ELSEWHERE,
    "C32": between.BROKEN,
    "F3": taxed.BROKEN,
    "F8": classified.BROKEN,
    "I-47": abroad.BROKEN,
    "I-38": claimed.FALSE,
    "I-41": {
        "lost": lambda w: without(w, "billing", "usage", 1),
        "in billing twice": lambda w: again(w, "billing", "usage", 0),
        "another quantity": lambda w: changed(w, "billing", "usage", 0, quantity="81"),
        "another day": lambda w: changed(w, "billing", "usage", 0, on="2026-01-06"),
        "another contract": lambda w: changed(w, "billing", "usage", 0, subscription="S-OPP-2"),
        "another unit": lambda w: changed(w, "billing", "usage", 0, unit="gigabytes"),
        "not measured and billed": lambda w: changed(w, "billing", "usage_charges", 0, unit="gigabytes"),
        "not measured and turned away by nobody": lambda w: without(
            without(w, "billing", "usage", 1), "billing", "usage_charges", 0
        ),
        "never written down": lambda w: without(w, "product", "usage", 0),
        "never billed": lambda w: replace(w, billed_through="2026-02-05"),
        "a cent too much": lambda w: use_billed(w, 1501),
        "late use billed in full": lambda w: use_billed(w, 800, 1200),
        "cliff": lambda w: by_volume(use_billed(w, 1500)),
    },
    "C1": owned.BROKEN,
    "I-25": owned.STALE,
    **undone.BAD,
    "I-40": owned.ECHOES,
    "I-36": kept.BAD,
    "I-42": gone_out.BAD,
    "I-43": in_hand.BAD,
    "C27": bundle.BAD,
    "C29": {**accrued.BAD, "billed and not turned back": lambda w: accrued.accrued(use_billed(w, 1500))},
    "C21": {
        "withdrawal not booked": lambda w: without(w, "erp", "journals", 2),
        "booked twice": lambda w: again(w, "erp", "journals", 2),
        "without its fee": lambda w: replace(w, erp=replace(w.erp, ledger=tuple(
            replace(x, debit=0) if x.account == "6110" else x for x in w.erp.ledger
        ))),
        "inquiry booked": lambda w: more_in(
            inquiry(w), "erp", "journals",
            ErpJournal("80", "du_1-withdrawn", EUR, "2026-01-31", "2026-01", "", 0),
        ),
        "lost and still held": lambda w: changed(
            changed(w, "payments", "disputes", 0, status="lost", closed_at=at("2026-01-11")),
            "billing", "invoices", 0, remark="Dispute du_1: lost",
        ),
        "won and not given back": lambda w: without(dispute_won(w), "erp", "journals", 3),
        "won, booked as lost": lambda w: changed(dispute_won(w), "erp", "journals", 3, external="du_1-lost"),
        "lost, and its revenue goes on": lambda w: without(dispute_lost(w), "erp", "schedules", 6),
        "all of it taken off deferred revenue": lambda w: changed(
            dispute_lost(w), "payments", "disputes", 0, closed_at=at("2026-01-28")
        ),
        "billing not told": lambda w: changed(w, "billing", "invoices", 0, remark=""),
        "billing told something else": lambda w: changed(
            dispute_lost(w), "billing", "invoices", 0, remark="Dispute du_1: open"
        ),
    },
    "I-01": {
        "billed twice": lambda w: again(w, "billing", "invoices", 0, number="INV-9"),
        "not billed": lambda w: without(w, "billing", "invoices", 0),
        "billed after the cancellation": lambda w: without(w, "billing", "credit_notes", 0),
        "billed next to it": lambda w: billed_again(w, "2026-02-01", "2026-03-01"),
        "change billed without its credit": lambda w: changed(
            w, "billing", "invoices", 2, lines=w.billing.invoices[2].lines[1:]
        ),
        "change credited without its bill": lambda w: changed(
            w, "billing", "invoices", 2, lines=w.billing.invoices[2].lines[:1]
        ),
        "credited twice": lambda w: again(w, "billing", "credit_notes", 0, number="CN-9"),
        "cancellation lost": lambda w: changed(
            w, "billing", "subscriptions", 1, status="Active", end="2027-01-01",
            segments=(replace(w.billing.subscriptions[1].segments[0], end="2027-01-01"),),
        ),
        "cancelled unasked": lambda w: changed(w, "billing", "subscriptions", 0, status="Cancelled"),
        "renewal lost": lambda w: renewed(w, billed=False),
        "suspension lost": lambda w: rests(w, billed=True),
        "no charge": lambda w: changed(w, "billing", "subscriptions", 0, segments=()),
        "unknown subscription": lambda w: changed(
            w, "billing", "invoices", 0, lines=(replace(w.billing.invoices[0].lines[0], subscription="S-0"),)
        ),
    },
    "I-02": {
        "missing": lambda w: without(w, "erp", "invoices", 1),
        "missing and parked": lambda w: more(
            without(w, "erp", "invoices", 1), parked=(parked("invoice:ACC-0002:2026-01-01"),)
        ),
        "another document escalated": lambda w: more(
            without(w, "erp", "invoices", 1),
            parked=(
                parked("invoice:ACC-0002:2026-01-01#INV-9", unrecoverable=True),
                parked("payment:ACC-0002:2026-01-01#pi_2", unrecoverable=True),
            ),
        ),
        "twice": lambda w: again(w, "erp", "invoices", 1),
        "a cent off": lambda w: changed(w, "erp", "invoices", 1, total=12001),
        "tax off": lambda w: changed(w, "erp", "invoices", 1, tax=1999),
        "currency": lambda w: changed(w, "erp", "invoices", 1, currency="USD"),
        "customer": lambda w: changed(w, "erp", "invoices", 1, customer="11"),
        "into a closed period": lambda w: late_posting(w, "2026-01"),
        "moved without need": lambda w: changed(w, "erp", "invoices", 0, period="2026-02"),
    },
    "I-03": {
        "ERP invoice of nothing": posted_without_invoice,
        "ERP invoice of a draft": lambda w: changed(w, "billing", "invoices", 0, status="Draft"),
        "receipt of a failed payment": lambda w: again(w, "erp", "receipts", 0, external="pi_2"),
        "credit memo of nothing": lambda w: without(w, "billing", "credit_notes", 1),
        "refund of nothing": lambda w: without(w, "payments", "refunds", 0),
        "tax document of nothing": lambda w: again(w, "tax", "documents", 0, code="INV-9"),
        "tax committed twice": lambda w: again(w, "tax", "documents", 0),
        "payment of nothing": lambda w: again(w, "billing", "payments", 0, reference="pi_9"),
        "intent of nothing": lambda w: changed(w, "payments", "intents", 1, invoice=""),
        "CRM invoice of nothing": lambda w: again(w, "crm", "invoices", 0, number="INV-9"),
    },
    "I-04": {
        "two captures of one intent": lambda w: again(w, "payments", "charges", 0),
        "two intents": second_charge,
        "more than the invoice": lambda w: changed(w, "payments", "charges", 0, amount=15001),
        "succeeded without a charge": lambda w: changed(w, "payments", "intents", 1, status="succeeded"),
        "canceled and captured": lambda w: changed(w, "payments", "intents", 0, status="canceled"),
    },
    "I-05": {
        "payment missing": lambda w: without(w, "billing", "payments", 0),
        "payment twice": lambda w: again(w, "billing", "payments", 0),
        "payment too small": lambda w: changed(w, "billing", "payments", 0, amount=11999),
        "applied elsewhere": lambda w: changed(
            w, "billing", "payments", 0, applied=(Application("INV-3", 12000),)
        ),
        "left open": lambda w: changed(
            changed(w, "billing", "payments", 0, applied=()), "billing", "invoices", 0, balance=12000
        ),
        "balance fell by itself": lambda w: changed(w, "billing", "invoices", 2, balance=0),
        "balance too high": lambda w: changed(w, "billing", "invoices", 0, balance=12000),
        "credit used nowhere": lambda w: changed(w, "billing", "invoices", 1, balance=12000),
    },
    "I-06": {
        "receipt missing": lambda w: without(w, "erp", "receipts", 0),
        "receipt twice": lambda w: again(w, "erp", "receipts", 0),
        "net instead of gross": lambda w: changed(w, "erp", "receipts", 0, amount=11622),
        "receipt on another invoice": lambda w: changed(
            w, "erp", "receipts", 0, applied=(Application("22", 12000),)
        ),
        "journal missing": lambda w: without(w, "erp", "journals", 0),
        "journal twice": lambda w: again(w, "erp", "journals", 0),
        "fees twice": lambda w: more_in(w, "erp", "ledger", line("6000", 378, 0), line("1010", 0, 378)),
        "payout is not its entries": lambda w: changed(w, "payments", "payouts", 0, amount=8000),
    },
    "I-07": {
        "refund not in billing": lambda w: without(w, "billing", "refunds", 0),
        "refund not in the ERP": lambda w: without(w, "erp", "refunds", 0),
        "refund twice in the ERP": lambda w: again(w, "erp", "refunds", 0),
        "refund without its note": lambda w: changed(w, "billing", "refunds", 0, credit_note="CN-9"),
        "note without its refund": lambda w: again(w, "billing", "credit_notes", 1, number="CN-9"),
        "memo missing": lambda w: without(w, "erp", "credit_memos", 0),
        "memo twice": lambda w: again(w, "erp", "credit_memos", 0),
        "memo a cent off": lambda w: changed(w, "erp", "credit_memos", 1, total=3001),
        "paid out of the wrong memo": lambda w: changed(w, "erp", "refunds", 0, credit_memo="42"),
        "plan runs on": lambda w: without(w, "erp", "schedules", 5),
        "all contra revenue": all_contra,
        "more comes off deferred than was to come": lambda w: changed(
            all_contra(w, 1600), "erp", "schedules", 5, amount=-1600
        ),
        "more than was captured": lambda w: more_in(
            w, "payments", "refunds", ProcessorRefund("re_9", "ch_1", "pi_1", "succeeded", EUR, 9001, DAY)
        ),
    },
    "I-11": {
        "one side missing": lambda w: without(w, "erp", "ledger", 0),
        "posting lost": lambda w: replace(
            w, erp=replace(w.erp, ledger=tuple(x for x in w.erp.ledger if x.document != "22"))
        ),
        "balanced only across currencies": lambda w: changed(w, "erp", "ledger", 0, currency="USD"),
    },
    "I-12": {
        "two entities that are off, and together are not": lambda w: abroad.elsewhere(w, "23"),
        "control account": lambda w: more_in(w, "erp", "ledger", line("1100", 5, 0), line("4000", 0, 5)),
        "ERP item open": lambda w: changed(w, "erp", "invoices", 1, remaining=12000),
        "swapped between customers": lambda w: changed(
            changed(w, "erp", "invoices", 1, remaining=5000), "erp", "invoices", 2, remaining=8936
        ),
        "unapplied cash": lambda w: changed(w, "erp", "receipts", 0, unapplied=100),
    },
    "I-13": {
        "payout not cleared": lambda w: changed(w, "payments", "balance", 0, payout=""),
        "clearing too high": lambda w: more_in(w, "erp", "ledger", line("1010", 7, 0), line("4000", 0, 7)),
        "in transit at rest": lambda w: more_in(w, "erp", "ledger", line("1020", 7, 0), line("4000", 0, 7)),
    },
    "I-14": {
        "invoice after the close": lambda w: changed(
            w, "erp", "invoices", 0, created_at=at("2026-02-03") + 1
        ),
        "journal after the close": lambda w: changed(
            w, "erp", "journals", 1, created_at=at("2026-02-04")
        ),
        "receipt after the close": lambda w: changed(
            w, "erp", "receipts", 0, created_at=at("2026-02-04")
        ),
        "line in another period": lambda w: changed(w, "erp", "ledger", 0, period="2026-02"),
        "line dated elsewhere": lambda w: changed(w, "erp", "ledger", 0, date="2026-02-01"),
    },
    "I-15": {
        "invoice in the next period": lambda w: changed(w, "erp", "invoices", 0, period="2026-02"),
        "memo in the next period": lambda w: changed(w, "erp", "credit_memos", 0, period="2026-02"),
        "revenue in the next period": lambda w: changed(w, "erp", "journals", 1, period="2026-02"),
        "revenue before its period": lambda w: changed(
            w, "erp", "journals", 1, external="REV-2026-02-1"
        ),
        "late revenue that does not say so": lambda w: changed(
            w, "erp", "journals", 1, period="2026-02", created_at=at("2026-02-04")
        ),
        "late invoice two periods on": lambda w: changed(
            w, "erp", "invoices", 0, period="2026-03", created_at=at("2026-02-04")
        ),
        "late invoice on another day": lambda w: changed(
            w, "erp", "invoices", 0, period="2026-02", date="2026-02-04", created_at=at("2026-02-04")
        ),
        "late invoice where what is late is held": lambda w: changed(
            set_to(w, closed_period="held"),
            "erp", "invoices", 0, period="2026-02", date="2026-02-01", created_at=at("2026-02-04"),
        ),
        "late invoice that is material": lambda w: changed(
            set_to(w, material=12_000),
            "erp", "invoices", 0, period="2026-02", date="2026-02-01", created_at=at("2026-02-04"),
        ),
    },
    "I-17": {
        "no billing customer": lambda w: without(w, "billing", "accounts", 0),
        "two payment customers": lambda w: again(w, "payments", "customers", 0),
        "no ERP customer": lambda w: without(w, "erp", "customers", 0),
        "two CRM accounts": lambda w: again(w, "crm", "accounts", 0),
        "customer of nobody": lambda w: changed(w, "erp", "customers", 1, external=""),
        "no subscription": lambda w: without(w, "billing", "subscriptions", 0),
        "two subscriptions": lambda w: again(w, "billing", "subscriptions", 0),
        "stray subscription": lambda w: again(w, "billing", "subscriptions", 0, number="S-OPP-8", orders=()),
        "amendment twice": lambda w: changed(
            w, "billing", "subscriptions", 0, orders=("O-OPP-1", "O-OPP-4", "O-OPP-4")
        ),
        "cancellation not ordered": lambda w: changed(w, "billing", "subscriptions", 1, orders=("O-OPP-2",)),
        "another customer's": lambda w: changed(w, "billing", "subscriptions", 0, account="bACC-0002"),
    },
    "I-18": {
        "mirror missing": lambda w: without(w, "crm", "invoices", 0),
        "mirror twice": lambda w: again(w, "crm", "invoices", 0),
        "mirror stale": lambda w: changed(w, "crm", "invoices", 0, status="Paid"),
        "decline not shown": lambda w: changed(w, "crm", "invoices", 1, status="Posted"),
        "mirror balance": lambda w: changed(w, "crm", "invoices", 2, balance=0),
        "ERP status": lambda w: changed(w, "erp", "invoices", 0, status="Open"),
        "ERP remaining": lambda w: changed(w, "erp", "invoices", 1, remaining=5808),
        "not written back": lambda w: changed(w, "crm", "opportunities", 0, status=""),
        "wrong number written back": lambda w: changed(w, "crm", "opportunities", 0, subscription="S-OPP-2"),
    },
    "I-19": {
        "hash moved": lambda w: replace(w, replay=Replay(True, 3, "aa", "bb", ())),
        "difference named": lambda w: replace(w, replay=Replay(True, 3, "aa", "bb", ("erp 21 twice",))),
    },
    "I-21": {
        "never arrived": lambda w: more(w, operations=(op("q1", "create_x", "x:1", 0, "ok"),)),
        "refused": lambda w: more(w, operations=(op("q1", "create_x", "x:1", 503, "ok"),)),
    },
    "I-22": {
        "aborted effect": lambda w: more(
            w, operations=(op("q1", "create_x", "x:1", 504, "fail"),), changes=(made("z", "invoice", "q1"),)
        ),
        "declined and captured": lambda w: more(
            w, operations=(op("q1", "confirm", "x:1", 402, "fail"),),
            changes=(made("z", "charge", "q1", system="stripe", state="succeeded"),),
        ),
    },
    "I-23": {
        "twice by two attempts": lambda w: more(
            w,
            operations=(op("q1", "create_x", "x:1", 201, "info"), op("q2", "create_x", "x:1", 201, "ok", 2)),
            changes=(made("z1", "invoice", "q1"), made("z2", "invoice", "q2", 9)),
        ),
        "twice by one attempt": lambda w: more(
            w, operations=(op("q1", "create_x", "x:1", 201, "ok"),),
            changes=(made("z1", "invoice", "q1"), made("z2", "invoice", "q1", 9)),
        ),
        "rows twice": lambda w: bulk(w, twice=True),
        "left unclear": lambda w: more(w, operations=(op("q1", "create_x", "x:1", 0, "info"),)),
        "another item parked": lambda w: more(
            w, operations=(op("q1", "create_x", "x:12", 0, "info"),), parked=(parked("x:1"),)
        ),
    },
    "I-24": {
        "paid to posted": lambda w: more(w, changes=step("salesforce", "Invoice__c", "Paid", "Posted")),
        "refunded to paid": lambda w: more(w, changes=step("salesforce", "invoice", "Refunded", "Paid")),
        "reopened": lambda w: more(w, changes=step("netsuite", "invoice", "Paid In Full", "Open")),
        "after succeeded": lambda w: more(
            w, changes=step("stripe", "payment_intent", "succeeded", "canceled")
        ),
        "back to life": lambda w: more(w, changes=step("zuora", "subscription", "Cancelled", "Active")),
        "unknown state": lambda w: more(w, changes=step("stripe", "payout", "pending", "lost")),
        "decommitted": lambda w: more(w, changes=step("avatax", "tax_document", "Committed", "Saved")),
        "refund before its charge": lambda w: changed(w, "payments", "refunds", 0, created_at=1),
    },
    "I-26": {
        "receipt first": lambda w: changed(w, "erp", "receipts", 0, created_at=1),
        "refund before its memo": lambda w: changed(w, "erp", "refunds", 0, created_at=at("2026-01-21")),
        "credit before its invoice": lambda w: changed(w, "erp", "credit_memos", 0, created_at=1),
    },
    "I-30": {
        "sent back, not reversed": lambda w: changed(w, "payments", "payouts", 0, status="failed"),
        "payout too small": lambda w: changed(w, "payments", "payouts", 0, amount=8621),
        "entry vanished": lambda w: without(w, "payments", "balance", 0),
        "bank": lambda w: more_in(w, "erp", "ledger", line("1000", 7, 0), line("4000", 0, 7)),
        "paid twice": lambda w: again(w, "payments", "payouts", 0),
    },
    "I-31": {
        "dropped": lambda w: more(w, deliveries=(Delivery("d9", 0, "billing", "evt_9", 202, True, ""),)),
        "phantom": lambda w: more(w, receipts=(Receipt(0, "billing", "evt_9", "applied", ""),)),
        "other channel": lambda w: more(w, receipts=(Receipt(0, "crm", "evt_1", "applied", ""),)),
        "ignored silently": lambda w: more(w, receipts=(Receipt(0, "payments", "evt_1", "ignored", ""),)),
        "unknown outcome": lambda w: more(w, receipts=(Receipt(0, "payments", "evt_1", "swallowed", "?"),)),
    },
    "I-37": {
        "pending": lambda w: rest(w, quiescent=False, pending=("outbox: 3",)),
        "too late": lambda w: rest(w, quiescent_at=at("2026-02-10")),
        "still repairing": lambda w: rest(w, repairs_in_last_cycles=(0, 2)),
        "never": lambda w: rest(w, quiescent=False),
        "parked, not for a human": lambda w: more(rest(w, pending=("p:1",)), parked=(parked("p:1"),)),
    },
    "I-45": {
        "accepted": lambda w: more(w, deliveries=(Delivery("d9", 0, "payments", "evt_9", 200, False, ""),)),
        "applied": lambda w: more(w, receipts=(Receipt(0, "payments", "evt_x", "applied", ""),)),
        "caused a change": lambda w: more(w, changes=(made("z", "invoice", "d3/1"),)),
    },
    "I-46": {
        "blank external id": posted_without_invoice,
        "invoice twice": lambda w: again(w, "erp", "invoices", 0),
        "journal twice": lambda w: again(w, "erp", "journals", 1),
        "journal of nothing": lambda w: changed(w, "erp", "journals", 1, external="manual"),
        "schedule missing": lambda w: without(w, "erp", "schedules", 0),
        "schedule twice": lambda w: again(w, "erp", "schedules", 0, external="INV-1#9"),
        "schedule of nothing": lambda w: changed(w, "erp", "schedules", 0, source="INV-9"),
        "revenue of no schedule": lambda w: more_in(
            w, "erp", "ledger", line("4000", 0, 5, "72", memo="bonus"), line("2100", 5, 0, "72")
        ),
        "revenue twice": lambda w: more_in(
            again(w, "erp", "journals", 1, id="73", external="REV-2026-01-2"),
            "erp", "ledger", line("4000", 0, 10000, "73", memo="INV-1#0"), line("2100", 10000, 0, "73"),
        ),
        "revenue of a finished service missing": lambda w: replace(
            w, erp=replace(w.erp, ledger=tuple(x for x in w.erp.ledger if not x.memo.startswith("INV-1#0")))
        ),
        "posting of nothing": lambda w: more_in(w, "erp", "ledger", line("1000", 5, 0), line("4000", 0, 5)),
    },
    "I-48": {"other hash": lambda w: replace(w, determinism=Determinism("ff", "fe"))},
}  # fmt: skip

for _registry, _more in (
    (GOOD, banking.SOUND), (BAD, banking.BROKEN), (GOOD, paced.SOUND), (BAD, paced.BROKEN),
):  # fmt: skip
    for _law, _stories in _more.items():
        _registry[_law] = {**_registry.get(_law, {}), **_stories}
