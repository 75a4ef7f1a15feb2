"""A bundle by hand, in place of the world's own: 18,000.00 at list sold at 15,000.00, upgraded in March."""

from dataclasses import replace

from scenarios.evidence.billing import Subscription
from scenarios.evidence.crm import BundleLine, CrmOpportunity
from scenarios.evidence.erp import ErpJournal, LedgerLine, RevenueSchedule

from .world import at, changed, without

USD, START, END, MARCH, DONE = "USD", "2026-01-01", "2027-01-01", "2026-03-15", "2026-02-10"
FIRST, SECOND = "O-OPP-7", "O-OPP-8"
# By order and product: what the allocation moves. Five sixths of each; then 14,320.00 by six to one.
MOVED = {
    (FIRST, "SEATS"): -80_000, (FIRST, "SUPPORT"): -20_000, (FIRST, "ONBOARDING"): 100_000,
    (SECOND, "SEATS"): -4_571, (SECOND, "SUPPORT"): 4_571,
}  # fmt: skip
# Of each plan: amount, days, and what was earned in January, February, March.
PLANS = {
    f"SSP-{FIRST}-SEATS": (-80_000, START, END, (-6_794, -6_137, -6_795)),
    f"SSP-{FIRST}-SUPPORT": (-20_000, START, END, (-1_698, -1_534, -1_699)),
    f"SSP-{FIRST}-ONBOARDING": (100_000, DONE, "2026-02-11", (0, 100_000, 0)),
    f"SSP-{SECOND}-SEATS": (-4_571, MARCH, END, (0, 0, -266)),
    f"SSP-{SECOND}-SUPPORT": (4_571, MARCH, END, (0, 0, 266)),
}


def bundled(w):
    """The world with the bundle alone, as everything should be after April's bills."""
    first = (
        BundleLine("SEATS", 10, 0, 108_000, 120_000, 12, ""),
        BundleLine("SUPPORT", 10, 0, 27_000, 30_000, 12, ""),
        BundleLine("ONBOARDING", 1, 0, 150_000, 300_000, 0, DONE),
    )
    more = (BundleLine("SEATS", 15, 10, 108_000, 120_000, 12, ""),)
    deals = (
        CrmOpportunity("0067", "OPP-7", "001ACC-0001", "new", "Closed Won", at("2025-12-22"), USD, "", START,
                       END, "S-OPP-7", "Activated", first),
        CrmOpportunity("0068", "OPP-8", "001ACC-0001", "amendment", "Closed Won", at(MARCH), USD, "OPP-7",
                       MARCH, "", "S-OPP-7", "Activated", more),
    )  # fmt: skip
    sold = Subscription("s7", "S-OPP-7", "bACC-0001", "Active", 2, USD, START, END, 0, (FIRST, SECOND), ())
    journals = [
        ErpJournal(f"7{n}", f"P14-{order}", USD, on, on[:7], "", at("2026-02-02"))
        for n, (order, on) in enumerate(((FIRST, START), (SECOND, MARCH)))
    ]
    ledger = [
        _line("70" if order == FIRST else "71", "2100", -amount, f"SSP-{order}-{product}")
        for (order, product), amount in MOVED.items()
    ]
    for n, month in enumerate(("2026-01", "2026-02", "2026-03")):
        journals.append(
            ErpJournal(f"8{n}", f"REV-{month}-USD-001", USD, f"{month}-28", month, "", at("2026-04-02"))
        )
        for name, (_, _, _, earned) in PLANS.items():
            if earned[n]:
                ledger += [_line(f"8{n}", "4000", -earned[n], name), _line(f"8{n}", "2100", earned[n], name)]
    schedules = tuple(
        RevenueSchedule(f"9{n}", name, name[4 : 4 + len(FIRST)], USD, start, end, amount, at("2026-02-02"))
        for n, (name, (amount, start, end, _)) in enumerate(PLANS.items())
    )
    once = "RS-INV-7-once-ONBOARDING-S-OPP-7"
    own = RevenueSchedule("99", once, "INV-7", USD, DONE, "2026-02-11", 150_000, at("2026-01-02"))
    return replace(
        w,
        billed_through="2026-04-20",
        crm=replace(w.crm, opportunities=deals),
        billing=replace(w.billing, subscriptions=(sold,)),
        erp=replace(w.erp, journals=tuple(journals), ledger=tuple(ledger), schedules=(*schedules, own)),
    )


def _line(document, account, amount, memo):
    debit, credit = max(amount, 0), max(-amount, 0)
    return LedgerLine("journalEntry", document, account, USD, debit, credit, START, "2026-01", memo)


def _quotes(w, deal, index, **values):
    lines = list(w.crm.opportunities[deal].lines)
    lines[index] = replace(lines[index], **values)
    return changed(w, "crm", "opportunities", deal, lines=tuple(lines))


def _moves(w, amounts):
    """Other amounts in the journals and plans of the first order."""
    memos = {f"SSP-{FIRST}-{product}": amount for product, amount in amounts.items()}
    ledger = [
        replace(x, debit=max(-memos[x.memo], 0), credit=max(memos[x.memo], 0))
        if x.memo in memos and x.document == "70"
        else x
        for x in w.erp.ledger
    ]
    schedules = [replace(s, amount=memos[s.external]) if s.external in memos else s for s in w.erp.schedules]
    return replace(w, erp=replace(w.erp, ledger=tuple(ledger), schedules=tuple(schedules)))


def _early(w):
    return replace(
        bundled(w), billed_through="2026-01-20", erp=replace(w.erp, journals=(), ledger=(), schedules=())
    )


def _ended(w):
    w = bundled(w)
    gone = replace(w.crm.opportunities[1], kind="cancellation")
    return replace(w, crm=replace(w.crm, opportunities=(w.crm.opportunities[0], gone)))


SOUND = {
    "upgraded in mid-term": bundled,
    "before the month is over": _early,
    "never won": lambda w: changed(bundled(w), "crm", "opportunities", 1, stage="Closed Lost"),
}
BAD = {
    "nothing allocated": lambda w: replace(
        bundled(w), erp=replace(w.erp, journals=(), ledger=(), schedules=())
    ),
    "by list price before the discount": lambda w: _moves(
        bundled(w), {"SEATS": 0, "SUPPORT": 0, "ONBOARDING": 0}
    ),
    "the discount on one alone": lambda w: _moves(
        bundled(w), {"SEATS": 120_000, "SUPPORT": 30_000, "ONBOARDING": -150_000}
    ),
    "a cent lost": lambda w: changed(bundled(w), "erp", "schedules", 2, amount=99_999),
    "a cent moved to nobody": lambda w: changed(bundled(w), "erp", "ledger", 2, credit=99_999),
    "onboarding spread over the year": lambda w: changed(
        bundled(w), "erp", "schedules", 2, start=START, end=END
    ),
    "onboarding in the month it was sold": lambda w: changed(
        bundled(w), "erp", "schedules", 2, start=START, end="2026-01-02"
    ),
    "its bill waits on": lambda w: changed(
        bundled(w), "erp", "schedules", 5, start="2027-01-01", end="2027-01-02"
    ),
    "onboarding planned, not delivered": lambda w: _quotes(bundled(w), 0, 2, delivered="2026-04-10"),
    "onboarding delivered, not planned": lambda w: without(bundled(w), "erp", "schedules", 2),
    "the upgrade changes nothing": lambda w: replace(
        without(without(bundled(w), "erp", "schedules", 4), "erp", "schedules", 3),
        erp=replace(bundled(w).erp, journals=tuple(j for j in bundled(w).erp.journals if j.id != "71"),
                    ledger=tuple(x for x in bundled(w).erp.ledger if x.document != "71")),
    ),
    "a plan released late": lambda w: changed(bundled(w), "erp", "ledger", 5, debit=0, credit=0),
    "the end settles nothing": _ended,
}  # fmt: skip
