"""Journal entries: balanced, with as many lines as one likes, reversed on a day if asked."""

from __future__ import annotations

from dataclasses import replace as changed

from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.periods import later
from simulators.netsuite.rules.records import JournalLine, Transaction
from simulators.netsuite.rules.refusal import missing, user_error
from simulators.netsuite.rules.sublists import journal_lines, need_lines
from simulators.netsuite.rules.transactions import blank, commit, delete, exchange, heading
from simulators.netsuite.rules.wishes import Wish


def journal(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """A journal entry; an unbalanced one cannot exist."""
    heading(company, draft, wish, replace)
    if ref := wish.get("subsidiary"):
        draft.subsidiary = company.refer(ref, "subsidiary", "subsidiary")
    if not draft.subsidiary:
        raise missing("Subsidiary")
    if ref := wish.get("currency"):
        draft.currency = company.symbol(ref)
    draft.currency = draft.currency or company.base_of(draft.subsidiary)
    exchange(company, draft, wish)
    if wish.get("approved") is not None:
        draft.state = "2" if wish["approved"] else "1"
    if "reversalDate" in wish:
        draft.reversal_date = wish["reversalDate"] or ""
    if "line" in wish:
        wishes = (wish["line"] or {}).get("items", [])
        draft.entries = journal_lines(company, draft, wishes, "line" in replace)
    need_lines(draft.entries)
    _owe(company, draft)
    # Refused here, before anything is posted: an unbalanced journal cannot exist.
    debits, credits_ = (sum(each.debit for each in draft.entries), sum(each.credit for each in draft.entries))
    if debits != credits_:
        raise user_error("The amounts in a journal entry must balance: debits differ from credits.")
    if draft.reversal_date and later(draft.reversal_date, 0) < draft.date:
        raise user_error("The reversal date of a journal entry must not be before its date.")


def _owe(company: Company, draft: Transaction) -> None:
    """What a journal debits to receivables in a customer's name is an open item of that customer, against
    which a payment may be put. One journal, one such customer (that is ours: the vendor takes several)."""
    owed: dict[str, int] = {}
    for each in draft.entries:
        account = company.accounts.get(each.account)
        if each.debit and account is not None and account.type == "AcctRec" and each.entity:
            owed[each.entity] = owed.get(each.entity, 0) + each.debit
    if len(owed) == 1:
        ((draft.customer, draft.total),) = owed.items()


def reverse(company: Company, row: Transaction) -> None:
    """Bring the journal that reverses this one up to date: made, changed or taken away."""
    shelf = company.transactions["journalEntry"]
    twin = shelf.get(row.twin)
    if row.source and not row.reversal_date:
        return
    if not row.reversal_date:
        if twin is not None:
            row.twin = ""
            delete(company, twin)
        return
    before = twin
    draft = changed(twin) if twin is not None else blank(company, "journalEntry")
    draft.date, draft.period, draft.state = row.reversal_date, "", row.state
    heading(company, draft, {"memo": row.memo}, frozenset())
    draft.subsidiary, draft.currency, draft.rate, draft.base = (
        row.subsidiary,
        row.currency,
        row.rate,
        row.base,
    )
    draft.entries = tuple(_turned(each) for each in row.entries)
    draft.source = row.id
    commit(company, before, draft)
    if row.twin != draft.id:
        row.twin = draft.id
        company.touch("journalEntry", row.id)


def _turned(line: JournalLine) -> JournalLine:
    return changed(line, debit=line.credit, credit=line.debit)
