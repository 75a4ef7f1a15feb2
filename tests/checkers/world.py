"""A small consistent world in all five books, written by hand, and the means to spoil it.

ACC-0001 pays by card: INV-1 paid, 30.00 refunded, the payment disputed and not decided; more seats from
11 January on (INV-3, open).
ACC-0002 leaves on 16 January: INV-2 partly credited by CN-2, its card declined, the rest open.
"""

from dataclasses import fields, is_dataclass, replace

from scenarios.evidence.bank import BankAccount, BankBooks, BankLine
from scenarios.evidence.billing import (
    Application,
    BillingAccount,
    BillingBooks,
    BillingCreditNote,
    BillingInvoice,
    BillingPayment,
    BillingRefund,
    CatalogueItem,
    ChargeSegment,
    DocumentLine,
    Subscription,
    UsageCharge,
    UsageRecord,
    UsageTier,
)
from scenarios.evidence.crm import BundleLine, CrmAccount, CrmBooks, CrmInvoice, CrmOpportunity
from scenarios.evidence.erp import (
    ErpBooks,
    ErpCreditMemo,
    ErpCustomer,
    ErpDeposit,
    ErpInvoice,
    ErpJournal,
    ErpReceipt,
    ErpRefund,
    LedgerLine,
    LegalEntity,
    Period,
    RevenueSchedule,
)
from scenarios.evidence.payments import (
    BalanceEntry,
    Charge,
    Dispute,
    PaymentBooks,
    PaymentCustomer,
    PaymentIntent,
    Payout,
    ProcessorRefund,
)
from scenarios.evidence.product import ProductBooks, ReportedUsage
from scenarios.evidence.run import (
    Change,
    Convergence,
    Delivery,
    Determinism,
    Evidence,
    Operation,
    Receipt,
    Replay,
)
from scenarios.evidence.tax import TaxBooks, TaxDocument, TaxedItem

from . import gone_out, in_hand, kept
from .claimed import claims
from .classified import classified
from .moments import at
from .owned import WRITTEN
from .undone import taken_back

DAY = 86_400_000_000
EUR = "EUR"


def world() -> Evidence:
    """All five books, the operations and the deliveries of January 2026."""
    return taken_back(classified(_unclassified()))


def _unclassified() -> Evidence:
    return Evidence(
        "tok-1",
        "hybrid",
        1,
        at("2026-01-01"),
        "2026-01-20",
        _crm(),
        _billing(),
        _payments(),
        _tax(),
        _erp(),
        _operations(),
        _changes(),
        _deliveries(),
        _receipts(),
        (),
        Convergence(True, at("2026-02-03"), at("2026-02-04"), 5 * DAY, (0, 0), ()),
        Replay(True, 3, "aa", "aa", ()),
        Determinism("ff", "ff"),
        _product(),
        _bank(),
        claims(),
        written=WRITTEN,
        outbox=gone_out.SOUND,
        epochs=in_hand.SOUND,
        inbox=kept.SOUND,
    )


def changed(evidence, books, items, index=0, **values):
    """The world with one object altered: changed(w, "erp", "invoices", 0, total=1)."""
    group = list(getattr(getattr(evidence, books), items))
    group[index] = replace(group[index], **values)
    return _with(evidence, books, items, group)


def without(evidence, books, items, index=0):
    """The world with one object gone."""
    group = list(getattr(getattr(evidence, books), items))
    del group[index]
    return _with(evidence, books, items, group)


def again(evidence, books, items, index=0, **values):
    """The world with one object twice, the second time under another id."""
    group = list(getattr(getattr(evidence, books), items))
    if hasattr(group[index], "id"):
        values = {"id": group[index].id + "-again", **values}
    return _with(evidence, books, items, [*group, replace(group[index], **values)])


# fmt: off
NAMES = frozenset((
    "id", "key", "account", "original", "subscription", "number", "crm_account", "charge", "invoice",
    "reference", "credit_note", "orders", "document", "customer", "intent", "source", "payout", "code",
    "trace", "transfer", "deposit", "payment", "external", "contract", "credit_memo", "event", "cause",
    "refs",
))
# fmt: on
NO_NAMES = {
    ("LegalEntity", "id"),
    ("LegalEntity", "key"),
    ("LedgerLine", "account"),
    ("BillingCreditNote", "source"),
    ("Change", "event"),
}


def many(copies) -> Evidence:
    """The same world over and over, side by side, each copy under its own names."""
    one = classified(_unclassified())
    worlds = [_renamed(one, f"x{n}") for n in range(copies)]
    books = {}
    for part in ("crm", "billing", "payments", "tax", "erp", "product", "bank"):
        own = getattr(one, part)
        lists = {
            f.name: tuple(item for w in worlds for item in getattr(getattr(w, part), f.name))
            for f in fields(own)
            if isinstance(getattr(own, f.name), tuple)
        }
        books[part] = replace(own, **lists)
    for part in ("operations", "changes", "deliveries", "receipts"):
        books[part] = tuple(item for w in worlds for item in getattr(w, part))
    books["erp"] = replace(books["erp"], periods=one.erp.periods)
    whole = replace(
        one,
        **books,
        controls=claims([f"x{n}" for n in range(copies)]),
        outbox=gone_out.outboxes(copies),
        epochs=in_hand.many(copies),
    )
    # Once: its keys are read in parts, which a suffix would not leave whole.
    return taken_back(whole)


def _renamed(value, suffix):
    if isinstance(value, tuple):
        return tuple(_renamed(item, suffix) for item in value)
    if not is_dataclass(value):
        return value
    kind, new = type(value).__name__, {}
    for f in fields(value):
        old = getattr(value, f.name)
        if f.name == "memo":
            new["memo"] = old.replace(" 2026", f"{suffix} 2026")
        elif f.name == "remark":
            new["remark"] = old.replace(":", f"{suffix}:")
        elif f.name == "external" and old.endswith(("-withdrawn", "-deposit")):
            name, _, what = old.rpartition("-")
            new["external"] = f"{name}{suffix}-{what}"
        elif f.name not in NAMES or (kind, f.name) in NO_NAMES or not old:
            new[f.name] = _renamed(old, suffix)
        elif isinstance(old, str):
            new[f.name] = old + suffix
        else:
            new[f.name] = tuple(name + suffix for name in old)
    return replace(value, **new)


def _with(evidence, books, items, group):
    return replace(evidence, **{books: replace(getattr(evidence, books), **{items: tuple(group)})})


def _crm():
    def deal(key, account, kind, original="", start="", end="", number="", status=""):
        won = at("2026-01-01") + int(key[-1])
        return CrmOpportunity(
            "006" + key, key, account, kind, "Closed Won", won, EUR, original, start, end, number, status
        )

    first, last = "2026-01-01", "2027-01-01"
    return CrmBooks(
        tuple(
            CrmAccount("001" + k, k, f"Company {k}", EUR, False, at(first), "DE")
            for k in ("ACC-0001", "ACC-0002")
        ),
        (
            # Sold with its list price, though it is the only obligation.
            replace(
                deal("OPP-1", "001ACC-0001", "new", "", first, last, "S-OPP-1", "Activated"),
                lines=(BundleLine("seats", 1, 0, 10000, 10000, 1, ""),),
            ),
            deal("OPP-2", "001ACC-0002", "new", "", first, last, "S-OPP-2", "Activated"),
            deal("OPP-3", "001ACC-0002", "cancellation", "OPP-2", "2026-01-16"),
            deal("OPP-4", "001ACC-0001", "amendment", "OPP-1", "2026-01-11"),
        ),
        (
            CrmInvoice("a01", "INV-1", "001ACC-0001", "Refunded", EUR, 12000, 0),
            CrmInvoice("a02", "INV-2", "001ACC-0002", "Payment Failed", EUR, 12000, 5807),
            CrmInvoice("a03", "INV-3", "001ACC-0001", "Posted", EUR, 8129, 8129),
        ),
    )


def _line(number, subscription, net, tax, start, end="2026-02-01"):
    return DocumentLine(number, subscription, f"C-{subscription}", "seats", net, tax, start, end)


def _billing():
    jan, made = "2026-01-01", at("2026-01-02")

    def invoice(n, account, date, net, tax, balance, *lines):
        moment = at(date) + DAY
        return BillingInvoice(
            f"i{n}",
            f"INV-{n}",
            account,
            "Posted",
            EUR,
            date,
            net,
            tax,
            net + tax,
            balance,
            moment,
            moment,
            lines,
        )

    def note(n, account, of, source, date, net, tax, *lines):
        moment = at(date) + DAY
        return BillingCreditNote(
            f"n{n}",
            f"CN-{n}",
            account,
            of,
            source,
            "Posted",
            EUR,
            date,
            net,
            tax,
            net + tax,
            0,
            moment,
            moment,
            lines,
        )

    def segment(sub, start, end, quantity, amount):
        return ChargeSegment(f"C-{sub}", "seats", start, end, quantity, amount, 1)

    one, two, mid = "S-OPP-1", "S-OPP-2", "2026-01-11"
    return BillingBooks(
        tuple(BillingAccount(f"b{k}", f"A-{k}", k, f"Company {k}", EUR, made, "DE") for k in _KEYS),
        (
            Subscription(
                "s1",
                one,
                "bACC-0001",
                "Active",
                2,
                EUR,
                jan,
                "2027-01-01",
                made,
                ("O-OPP-1", "O-OPP-4"),
                (segment(one, jan, mid, 1, 10000), segment(one, mid, "2027-01-01", 2, 20000)),
            ),
            Subscription(
                "s2",
                two,
                "bACC-0002",
                "Cancelled",
                2,
                EUR,
                jan,
                "2026-01-16",
                made,
                ("O-OPP-2", "O-OPP-3"),
                (segment(two, jan, "2026-01-16", 1, 10000),),
            ),
        ),
        (
            replace(
                invoice(1, "bACC-0001", jan, 10000, 2000, 0, _line("l1", one, 10000, 2000, jan)),
                remark="Dispute du_1: open",
            ),
            invoice(2, "bACC-0002", jan, 10000, 2000, 5807, _line("l2", two, 10000, 2000, jan)),
            invoice(
                3,
                "bACC-0001",
                mid,
                6774,
                1355,
                8129,
                _line("l3", one, -6774, -1355, mid),
                _line("l4", one, 13548, 2710, mid),
            ),
        ),
        (
            note(
                2,
                "bACC-0002",
                "INV-2",
                "bill_run",
                "2026-01-16",
                5161,
                1032,
                _line("l5", two, 5161, 1032, "2026-01-16"),
            ),
            note(
                1,
                "bACC-0001",
                "INV-1",
                "refund",
                "2026-01-20",
                2500,
                500,
                _line("l6", one, 2500, 500, "", ""),
            ),
        ),
        (
            BillingPayment(
                "p1",
                "P-1",
                "bACC-0001",
                "Processed",
                EUR,
                12000,
                "pi_1",
                at("2026-01-04"),
                (Application("INV-1", 12000),),
            ),
            BillingPayment("p2", "P-TR1", "bACC-0002", "Processed", EUR, 2000, "TR1", at("2026-01-27"), ()),
        ),
        (BillingRefund("r1", "R-1", "bACC-0001", "Processed", EUR, 3000, "re_1", "CN-1", at("2026-01-21")),),
        tuple(
            UsageRecord(f"u{n}", f"USE-{n}", "bACC-0001", one, "calls", quantity, on, "")
            for n, (quantity, on) in enumerate(_USED, 1)
        ),
        (UsageCharge("C-USE", one, "calls", EUR, "Tiered Pricing", _TIERS),),
        products=(CatalogueItem("seats", "SW052000"),),
    )


# ACC-0001 also uses calls, which are billed when January is over: 100 at 0.10, the others at 0.05.
_USED = (("80", "2026-01-05"), ("120", "2026-01-09"))
_TIERS = (UsageTier("100", "0.10", False), UsageTier("", "0.05", False))


def _product():
    return ProductBooks(
        tuple(
            ReportedUsage(f"USE-{n}", "ACC-0001", "S-OPP-1", "calls", quantity, on, at(on))
            for n, (quantity, on) in enumerate(_USED, 1)
        )
    )


_KEYS = ("ACC-0001", "ACC-0002")


def _payments():
    t = at("2026-01-03")
    return PaymentBooks(
        tuple(PaymentCustomer(f"cus_{k[-1]}", k, "ap@example.com", t) for k in _KEYS),
        (
            PaymentIntent("pi_1", "cus_1", "INV-1", "succeeded", EUR, 12000, 12000, t),
            PaymentIntent("pi_2", "cus_2", "INV-2", "requires_payment_method", EUR, 12000, 0, t),
        ),
        (
            Charge("ch_1", "pi_1", "cus_1", "succeeded", EUR, 12000, 3000, t),
            Charge("ch_2", "pi_2", "cus_2", "failed", EUR, 12000, 0, t),
        ),
        (ProcessorRefund("re_1", "ch_1", "pi_1", "succeeded", EUR, 3000, at("2026-01-20")),),
        (
            BalanceEntry("txn_1", "charge", "ch_1", EUR, 12000, 378, 11622, "po_1", t),
            BalanceEntry("txn_2", "refund", "re_1", EUR, -3000, 0, -3000, "po_1", at("2026-01-20")),
            BalanceEntry("txn_3", "payout", "po_1", EUR, -8622, 0, -8622, "po_1", at("2026-01-22")),
            BalanceEntry("txn_0", "adjustment", "du_1", EUR, -12000, 1500, -13500, "", at("2026-01-25")),
        ),
        (Payout("po_1", "paid", EUR, 8622, at("2026-01-22"), at("2026-01-24")),),
        (Dispute("du_1", "ch_1", "pi_1", "needs_response", EUR, 12000, at("2026-01-25"), 0),),
    )


def _bank():
    """The 24th is a Saturday: what arrived on it is booked on the Monday. One paid 20.00 in advance."""
    line = BankLine("st_1", "op_1", EUR, "2026-01-26", "2026-01-26", 8622, 8622, "STRIPE", "PAYOUT", "po_1")
    on = "2026-01-27"
    paid_in = BankLine("st_2", "op_1", EUR, on, on, 2000, 10622, "Company", "A-ACC-0002", "", "TR1")
    return BankBooks("First Bank", (BankAccount("op_1", EUR, 10622),), (line, paid_in))


def _tax():
    def document(n, code, kind, date, net, tax):
        return TaxDocument(
            f"t{n}", code, kind, "Committed", EUR, date, net, tax, at(date), (TaxedItem("seats", "SW052000"),)
        )

    return TaxBooks(
        (
            document(1, "INV-1", "SalesInvoice", "2026-01-01", 10000, 2000),
            document(2, "INV-2", "SalesInvoice", "2026-01-01", 10000, 2000),
            document(3, "INV-3", "SalesInvoice", "2026-01-11", 6774, 1355),
            document(4, "CN-2", "ReturnInvoice", "2026-01-16", -5161, -1032),
        )
    )


def _posting(kind, document, date, *lines, memos=()):
    """Lines are (account, amount); a debit is positive."""
    memos = memos or ("",) * len(lines)
    return [
        LedgerLine(kind, document, account, EUR, max(n, 0), max(-n, 0), date, date[:7], memo, "1")
        for (account, n), memo in zip(lines, memos, strict=True)
    ]


def _erp():
    d1, d11, d16, d20, d24, d25, d31 = (f"2026-01-{n}" for n in ("01", "11", "16", "20", "24", "25", "31"))
    jan = "2026-01"
    plans = (("INV-1", 10000), ("INV-2", 10000), ("INV-3", -6774), ("INV-3", 13548), ("CN-2", -5161))
    # On the 20th 12 of 31 days were to come: of the 25.00 given back 9.67 come off what is deferred.
    plans += (("CN-1", -967),)
    schedules = tuple(
        RevenueSchedule(f"{60 + n}", f"{source}#{n}", source, EUR, d1, "2026-02-01", amount, at(d20))
        for n, (source, amount) in enumerate(plans)
    )
    revenue = [(("2100", s.amount), ("4000", -s.amount)) for s in schedules]
    memos = [memo for s in schedules for memo in (f"{s.external} {jan}",) * 2]
    books = ErpBooks(
        tuple(ErpCustomer(f"1{k[-1]}", k, f"Company {k}", EUR, at(d1), "1") for k in _KEYS),
        (
            _erp_invoice("21", 1, "11", d1, 2000, 12000, 0),
            _erp_invoice("22", 2, "12", d1, 2000, 12000, 5807),
            _erp_invoice("23", 3, "11", d11, 1355, 8129, 8129),
        ),
        (
            ErpReceipt(
                "31",
                "pi_1",
                "11",
                EUR,
                d1,
                jan,
                12000,
                0,
                at("2026-01-04") + DAY // 2,
                (Application("21", 12000),),
            ),
        ),
        (
            ErpCreditMemo(
                "42",
                "CN-2",
                "CM42",
                "12",
                EUR,
                d16,
                jan,
                1032,
                6193,
                0,
                at(d16) + 2 * DAY,
                (Application("22", 6193),),
            ),
            ErpCreditMemo("41", "CN-1", "CM41", "11", EUR, d20, jan, 500, 3000, 0, at("2026-01-22"), ()),
        ),
        (ErpRefund("51", "re_1", "11", EUR, d20, jan, 3000, "41", at("2026-01-23")),),
        (
            ErpJournal("71", "po_1", EUR, d24, jan, "payout", at("2026-01-25")),
            ErpJournal("72", "REV-2026-01-1", EUR, d31, jan, "revenue", at("2026-02-01")),
            ErpJournal("74", "du_1-withdrawn", EUR, d25, jan, "dispute", at("2026-01-26")),
        ),
        (
            *_posting("invoice", "21", d1, ("1100", 12000), ("2100", -10000), ("2000", -2000)),
            *_posting("invoice", "22", d1, ("1100", 12000), ("2100", -10000), ("2000", -2000)),
            *_posting("invoice", "23", d11, ("1100", 8129), ("2100", -6774), ("2000", -1355)),
            *_posting("customerPayment", "31", d1, ("1010", 12000), ("1100", -12000)),
            *_posting("creditMemo", "42", d16, ("2100", 5161), ("2000", 1032), ("1100", -6193)),
            *_posting("creditMemo", "41", d20, ("4900", 1533), ("2100", 967), ("2000", 500), ("1100", -3000)),
            *_posting("customerRefund", "51", d20, ("1100", 3000), ("1010", -3000)),
            *_posting("journalEntry", "71", d24, ("1000", 8622), ("6000", 378), ("1010", -9000)),
            *_posting("journalEntry", "74", d25, ("1200", 12000), ("6110", 1500), ("1010", -13500)),
            *_posting("customerDeposit", "34", "2026-01-27", ("1000", 2000), ("2520", -2000)),
            *_posting("journalEntry", "72", d31, *(line for pair in revenue for line in pair), memos=memos),
        ),
        (
            Period(jan, d1, "2026-02-01", True, at("2026-02-03")),
            Period("2026-02", "2026-02-01", "2026-03-01", False, 0),
        ),
        schedules,
    )
    entities = (LegalEntity("1", "Tieout GmbH", EUR, "DE"),)
    paid_in = ErpDeposit(
        "34", "TR1-deposit", "12", EUR, "2026-01-27", jan, 2000, 2000, at("2026-01-27") + DAY // 2
    )
    return replace(books, base_ledger=books.ledger, entities=entities, deposits=(paid_in,))


def _erp_invoice(id_, n, customer, date, tax, total, remaining):
    status = "Open" if remaining else "Paid In Full"
    return ErpInvoice(
        id_,
        f"INV-{n}",
        f"NS{n}",
        customer,
        status,
        EUR,
        date,
        date[:7],
        tax,
        total,
        remaining,
        at(date) + 2 * DAY,
    )


def _operations():
    t, key = at("2026-01-02"), "invoice:ACC-0001:2026-01-01/post_receivable"
    return (
        Operation("op1", t, t + 1, "netsuite", "create_invoice", key, 1, True, 201, "info", "timeout after"),
        Operation("op2", t + 9, t + 10, "netsuite", "create_invoice", key, 2, True, 409, "ok", ""),
        Operation("op3", t, t + 1, "stripe", "confirm", "collect:INV-2", 1, True, 402, "fail", ""),
        Operation("op4", t, t + 1, "zuora", "read_invoice", "INV-1", 1, False, 200, "ok", ""),
        Operation("op5", t, t + 1, "zuora", "create_account", "A-ACC-0001", 1, True, 0, "fail", "refused"),
        Operation("op6", t + 5, t + 6, "zuora", "create_account", "A-ACC-0001", 2, True, 200, "ok", ""),
        Operation("op7", t + 7, t + 8, "salesforce", "activate", "order:OPP-1", 1, True, 204, "ok", ""),
    )


def _changes():
    t = at("2026-01-02")

    def change(system, kind, id_, event, state, version, cause="", amount=0):
        return Change(t + version, system, kind, id_, event, state, version, (), amount, EUR, cause)

    return (
        change("netsuite", "invoice", "21", "created", "Open", 1, "op1", 12000),
        change("netsuite", "invoice", "21", "paid", "Paid In Full", 2),
        change("stripe", "payment_intent", "pi_2", "payment_failed", "requires_payment_method", 1, "op3"),
        change("stripe", "charge", "ch_2", "created", "failed", 1, "op3", 12000),
        change("stripe", "payout", "po_1", "created", "pending", 1),
        change("stripe", "payout", "po_1", "sent", "in_transit", 2),
        change("stripe", "payout", "po_1", "paid", "paid", 3),
        change("zuora", "account", "bACC-0001", "created", "", 1, "op6"),
        change("zuora", "invoice", "i1", "created", "Draft", 1),
        change("zuora", "invoice", "i1", "posted", "Posted", 2),
        change("salesforce", "opportunity", "OPP-1", "won", "Closed Won", 1),
        change("salesforce", "opportunity", "OPP-1", "updated", "Closed Won", 2, "op7"),
        change("salesforce", "Invoice__c", "a01", "created", "Posted", 1),
        change("salesforce", "Invoice__c", "a01", "updated", "Paid", 2),
        change("salesforce", "Invoice__c", "a01", "updated", "Refunded", 3),
        change("avatax", "tax_document", "t1", "created", "Saved", 1),
        change("avatax", "tax_document", "t1", "committed", "Committed", 2),
    )


def _deliveries():
    t = at("2026-01-03")
    return (
        Delivery("d1", t, "payments", "evt_1", 0, True, "lost answer"),
        Delivery("d2", t + 1, "payments", "evt_1", 200, True, ""),
        Delivery("d3", t + 2, "payments", "evt_x", 400, False, "forged"),
        Delivery("d4", t + 3, "batch:invoices", "row-1", 200, True, ""),
    )


def _receipts():
    t = at("2026-01-03")
    return (
        Receipt(t, "payments", "evt_1", "applied", ""),
        Receipt(t + 1, "payments", "evt_1", "duplicate", ""),
        Receipt(t + 2, "payments", "evt_x", "rejected", "bad signature"),
        Receipt(t + 3, "batch:invoices", "row-1", "ignored", "already mirrored"),
    )
