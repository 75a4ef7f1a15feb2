"""Cases of the topic processor_journals: the entry of each processor event, and which have none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.ledger.entry import Entry
from core.finance.ledger.notices import NOTICES, Condition, notice
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.processor_events import KINDS, POLICY, entry_of
from scenarios.oracle.topics.processor_events import Case as Story
from scenarios.oracle.topics.processor_reading import Record, notices_of, records_of, words_of

# How the sources call our accounts; where a case uses one of these names, ours is spelled so.
_SPELLED: Mapping[str, tuple[str, ...]] = {
    "1000": ("bank", "cash", "operating_bank"),
    "1010": ("processor_clearing", "stripe_clearing", "clearing"),
    "1100": ("accounts_receivable", "receivable"),
    "1200": ("dispute_receivable", "disputes_receivable"),
    "2000": ("tax_payable", "sales_tax_payable"),
    "2100": ("deferred_revenue", "contract_liability"),
    "2200": ("customer_credit_balance", "customer_credit", "customer_balance", "credit_balance"),
    "4000": ("revenue", "subscription_revenue", "sales"),
    "4100": ("application_fee_revenue",),
    "4900": ("refunds_contra", "refunds", "contra_revenue", "refunds_issued", "contra_revenue_refunds"),
    "6000": ("processor_fees", "processing_fees"),
    "6100": ("dispute_losses_and_fees", "dispute_losses", "payment_disputes"),
    "6110": ("dispute_losses_and_fees", "dispute_fees", "payment_disputes"),
    "6200": ("bad_debt_expense", "bad_debt"),
    "7000": ("fx_gain_loss", "realised_fx", "fx_loss", "fx_gain", "foreign_exchange"),
}  # fmt: skip
_QUALIFIERS: Mapping[Condition, tuple[str, ...]] = {
    Condition.ZERO: ("amount 0", "zero"),
    Condition.AUTOMATIC: ("automatic",),
    Condition.ON_TERMS: ("on terms", "send_invoice", "net terms"),
    Condition.OUT_OF_BAND: ("out of band", "out_of_band"),
    Condition.THROUGH_PROCESSOR: ("through processor", "through the processor", "refunded"),
    Condition.TO_BALANCE: ("balance",),
    Condition.PRE_PAYMENT: ("before payment", "prepayment", "pre-payment"),
    Condition.WON: ("won",),
    Condition.LOST: ("lost",),
    Condition.WARNING: ("warning",),
}


def answer(case: Case) -> Any:
    """Every journal that is wanted, from the record whose words are nearest to its name."""
    records = records_of(case.inputs)
    said = notices_of(case.inputs)
    keys = " ".join((case.subtopic, *_names(case.wanted)))
    positions = _positions(case.wanted, records)
    on_terms = any(word in keys for word in ("terms", "finalized", "receivable"))
    story = Story(records, on_terms, frozenset(words_of(case.subtopic)))
    names = frozenset(_account_names(case.wanted))
    if positions:
        return {
            key: _journal(entry_of(frozenset(words_of(key)), record, story), names)
            for key, record in positions.items()
        }
    found = _walk(case.wanted, (), story, said, names)
    if not found:
        raise NotOffered(f"{case.subtopic}: inputs {sorted(case.inputs)} name no processor event known here")
    return found


def _positions(wanted: Any, records: Sequence[Record]) -> dict[str, Record]:
    """As many journals as events whose words do not tell them apart: they stand in the same order."""
    if not isinstance(wanted, Mapping) or len(wanted) != len(records) or len(records) < 2:
        return {}
    if not all(_is_journal(shape) for shape in wanted.values()):
        return {}
    for key, own in zip(wanted, records, strict=True):
        words = frozenset(words_of(key))
        if any(_shared(words, each) > _shared(words, own) for each in records):
            return {}
    # Where each name points to the record of its own place alone, the nearest says the same.
    return dict(zip(wanted, records, strict=True))


def _shared(words: frozenset[str], record: Record) -> Fraction:
    return Fraction(len(words & record.words), len(words | record.words))


def _walk(
    wanted: Any, path: tuple[str, ...], story: Story, said: Sequence[str], names: frozenset[str]
) -> Any:
    if isinstance(wanted, Mapping):
        return {key: _walk(value, (*path, key), story, said, names) for key, value in wanted.items()}
    name = path[-1] if path else ""
    words = frozenset(word for key in path for word in words_of(key))
    if words & {"schedule", "recognition", "releases", "monthly"} and not _is_journal(wanted):
        return _schedule(name, wanted, _nearest(words, story))
    if name in ("entries", "entries_posted", "journals", "journal_entries") and not _is_journal(wanted):
        posted = [text for text in said if _posts(text)]
        return posted if isinstance(wanted, list) else len(posted)
    if name.startswith("events_without"):
        return _without_entry(said)
    if isinstance(wanted, list):
        return _journal(entry_of(words, _nearest(words, story), story), names)
    raise NotOffered(f"{'.'.join(path)}: the processor's books have no such figure")


def _schedule(name: str, wanted: Any, record: Record) -> Any:
    """Equal months of what was deferred, the last with the rest: all of them, how many, one, or in all."""
    deferred = record.sale().deferred
    months = int(record.major("months") or 12)
    each = deferred.minor // months
    parts = [Money(each, deferred.currency)] * (months - 1)
    parts.append(Money(deferred.minor - each * (months - 1), deferred.currency))
    if isinstance(wanted, list):
        return parts
    words = set(words_of(name))
    if words & {"entries", "months", "count", "periods"}:
        return months
    if words & {"total", "sum", "deferred"}:
        return deferred
    return parts[-1] if words & {"last", "final"} else parts[0]


def _nearest(words: frozenset[str], story: Story) -> Record:
    """By the share of words in common, then by those of the case's subject; of equals the first."""
    said = " ".join(sorted(words))
    if not story.records:
        raise NotOffered(f"{said}: the inputs name no event with amounts")

    def near(record: Record) -> tuple[Fraction, int]:
        return _shared(words, record), len(story.about & record.words)

    found = max(story.records, key=near)
    # Events of different families: the first of them is no better than the others.
    families = {frozenset(record.words & KINDS) for record in story.records}
    if len(families) > 1 and not any(near(found)):
        raise NotOffered(f"{said}: which of the events of the inputs it is of is not said")
    return found


def _journal(entry: Entry | None, names: frozenset[str]) -> list[dict[str, Any]]:
    sums: defaultdict[str, int] = defaultdict(int)
    currency = ""
    for line in entry.lines if entry else ():
        sums[_spelled(line.account, names)] += line.amount.minor
        currency = line.amount.currency
    rows = []
    for name, minor in sums.items():
        if minor:
            rows.append(
                {
                    "account": name,
                    "debit": Money(max(minor, 0), currency),
                    "credit": Money(max(-minor, 0), currency),
                }
            )
    return rows


def _spelled(number: str, names: frozenset[str]) -> str:
    known = _SPELLED.get(number, (number,))
    return next((name for name in known if name in names), known[0])


# --- notices that are named only ---


def _posts(text: str) -> bool:
    name, condition = _notice(text)
    return notice(name, condition, POLICY).kind is not None


def _notice(text: str) -> tuple[str, Condition]:
    name, _, rest = text.strip().replace("charge.dispute.", "dispute.").partition(" ")
    rest = rest.strip(" ()").lower()
    for condition, said in _QUALIFIERS.items():
        if any(word in rest for word in said):
            return name, condition
    if rest and not re.fullmatch(r"amount [\d.]+", rest):
        raise NotOffered(f"events: {text!r}: what {rest!r} means for the entry is not known here")
    return name, Condition.ALWAYS


def _without_entry(said: Sequence[str]) -> list[str]:
    """Notices of a dispute's life that post nothing, of those that the case tells of."""
    told = " ".join(said).lower()
    return [
        row.name + (f" ({row.condition})" if row.condition else "")
        for row in NOTICES
        if row.kind is None
        and row.name.startswith("dispute.")
        and (row.condition or row.name.partition(".")[2]) in told
    ]


# --- the shape of what is wanted ---


def _names(wanted: Any) -> Iterator[str]:
    if isinstance(wanted, Mapping):
        for key, value in wanted.items():
            yield key
            yield from _names(value)


def _account_names(wanted: Any) -> Iterator[str]:
    if isinstance(wanted, Mapping):
        if isinstance(wanted.get("account"), str):
            yield wanted["account"]
        for value in wanted.values():
            yield from _account_names(value)
    elif isinstance(wanted, list):
        for value in wanted:
            yield from _account_names(value)


def _is_journal(wanted: Any) -> bool:
    return isinstance(wanted, list) and any(isinstance(row, Mapping) for row in wanted)
