"""F8: every posted line has the dimensions that the policy demands, and they are those of the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from scenarios.checkers.findings import distinct, grouped, major
from scenarios.checkers.lookups import Links, links
from scenarios.checkers.revaluation import revalued_month
from scenarios.checkers.revenue import schedule_named
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice, DocumentLine
from scenarios.evidence.conventions import DimensionPolicy
from scenarios.evidence.erp import LedgerLine, RevenueSchedule
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

# What a product earns; what no product does; what is owed or held for a customer.
EARNED = frozenset({"2100", "4000", "4010", "4020", "4050"})
OVERHEAD = frozenset({"6000", "6100", "6110", "6200", "7000", "7010", "7100"})
# Given back: of a product where a document says which.
GIVEN_BACK = frozenset({"4900"})
OWED = frozenset({"1100", "2310"})
_DOCUMENTS = {"invoice": 1, "creditMemo": -1}
_Cut = tuple[str, str]  # product, contract


def check(evidence: Evidence) -> Verdict:
    """Earned lines name a product, its department, the customer and the contract, costs the overhead's
    department, receivables their customer. The lines of an invoice or a bill run's credit come to what
    billing has under each product and contract; a plan and what is released of it to its document's."""
    policy = evidence.conventions.dimensions
    if not policy.carries:
        return judged("F8", 0, [])
    known = links(evidence)
    witnesses = [
        *_demanded(evidence, policy, known),
        *_documents(evidence, policy, known),
        *_plans(evidence, policy, known),
        *_released(evidence, policy),
    ]
    return judged("F8", len(evidence.erp.ledger), witnesses)


def _demanded(evidence: Evidence, policy: DimensionPolicy, known: Links) -> Iterator[Witness]:
    names = _names(evidence)
    departments = dict(policy.departments)
    owners = _owners(evidence, known)
    revaluations = _revaluations(evidence)
    for line in evidence.erp.ledger:
        earned = line.account in EARNED or (line.account in GIVEN_BACK and bool(line.product))
        wanted: dict[str, str | None] = {}
        if earned:
            wanted = {"product": None, "contract": None, "customer": None}
            wanted["department"] = departments.get(line.product, policy.otherwise)
        elif line.account in OVERHEAD | GIVEN_BACK:
            wanted["department"] = policy.overhead
        # A revaluation remeasures what many customers owe.
        if earned or (line.account in OWED and line.document not in revaluations):
            # Whose document it is, where the document says so.
            wanted["customer"] = owners.get((line.kind, line.document))
        for dimension, due in wanted.items():
            has = str(getattr(line, dimension))
            if dimension in policy.carries and (has != due if due is not None else not has):
                yield _witness(line, names, dimension, has, due)


def _documents(evidence: Evidence, policy: DimensionPolicy, known: Links) -> Iterator[Witness]:
    """By product and contract: credits less debits of what an invoice earns."""
    externals = {("invoice", i.id): i.external for i in evidence.erp.invoices}
    externals |= {("creditMemo", m.id): m.external for m in evidence.erp.credit_memos}
    lines = grouped(evidence.erp.ledger, lambda line: f"{line.kind}/{line.document}")
    plans = grouped(evidence.erp.schedules, lambda plan: plan.source)
    for place, external in externals.items():
        source: BillingInvoice | BillingCreditNote | None = (
            known.invoices.get(external) if place[0] == "invoice" else known.credit_notes.get(external)
        )
        if source is None:
            continue  # I-46 tells of documents of nothing
        if isinstance(source, BillingCreditNote) and source.source != "bill_run":
            yield from _by_hand(
                external, source, lines.get("/".join(place), ()), plans.get(external, ()), policy, known
            )
            continue
        sign = _DOCUMENTS[place[0]]
        is_now: Counter[_Cut] = Counter()
        for line in lines.get("/".join(place), ()):
            if line.account in EARNED | GIVEN_BACK:
                is_now[_cut(line.product, line.contract, policy)] += sign * (line.credit - line.debit)
        due = _billed(source.lines, known, policy)
        yield from _differences(f"{external} in the ledger", external, source.currency, is_now, due)


def _by_hand(
    number: str,
    note: BillingCreditNote,
    lines: Iterable[LedgerLine],
    plans: Iterable[RevenueSchedule],
    policy: DimensionPolicy,
    known: Links,
) -> Iterator[Witness]:
    """What a refund, a credit by hand or a write-off takes off deferred revenue is what it takes off the
    plans of each product and contract; what it gives back besides is of the invoice's products."""
    off: Counter[_Cut] = Counter()
    ended: Counter[_Cut] = Counter()
    invoice = known.invoices.get(note.invoice)
    sold = {line.product for line in invoice.lines} if invoice else set()
    for line in lines:
        if line.account in EARNED:
            off[_cut(line.product, line.contract, policy)] += line.debit - line.credit
        elif line.account in GIVEN_BACK and line.product and sold and line.product not in sold:
            said = f"{number} gives back {line.product}, its invoice {note.invoice} has none of it"
            yield Witness("other", distinct(number, note.invoice), said, line.debit, line.currency)
    for plan in plans:
        ended[_cut(plan.product, plan.contract, policy)] -= plan.amount
    yield from _differences(f"{number} in the ledger", number, note.currency, off, ended, "ended")


def _plans(evidence: Evidence, policy: DimensionPolicy, known: Links) -> Iterator[Witness]:
    """What is planned of a document under each product and contract is what it bills of them."""
    by_use = {charge.charge for charge in evidence.billing.usage_charges}
    planned: dict[str, Counter[_Cut]] = {}
    for plan in evidence.erp.schedules:
        cut = _cut(plan.product, plan.contract, policy)
        planned.setdefault(plan.source, Counter())[cut] += plan.amount
    for number, is_now in planned.items():
        source: BillingInvoice | BillingCreditNote | None = known.invoices.get(number)
        sign = 1
        if source is None:
            source, sign = known.credit_notes.get(number), -1
        if source is None or (isinstance(source, BillingCreditNote) and source.source != "bill_run"):
            continue
        lines = [line for line in source.lines if line.charge not in by_use and line.start < line.end]
        due = Counter({cut: sign * net for cut, net in _billed(lines, known, policy).items()})
        yield from _differences(f"revenue planned for {number}", number, source.currency, is_now, due)


def _released(evidence: Evidence, policy: DimensionPolicy) -> Iterator[Witness]:
    plans = {plan.external: plan for plan in evidence.erp.schedules if plan.external}
    names = _names(evidence)
    for line in evidence.erp.ledger:
        named = schedule_named(line.memo, plans) if line.kind == "journalEntry" else ""
        if not named:
            continue
        plan = plans[named]
        for dimension in ("product", "contract"):
            has, due = str(getattr(line, dimension)), str(getattr(plan, dimension))
            if dimension in policy.carries and has != due:
                yield _witness(line, names, dimension, has, due)


def _billed(lines: Iterable[DocumentLine], known: Links, policy: DimensionPolicy) -> Counter[_Cut]:
    found: Counter[_Cut] = Counter()
    for line in lines:
        contract = known.subscriptions.get(line.subscription, line.subscription)
        found[_cut(line.product, contract, policy)] += line.net
    return found


def _cut(product: str, contract: str, policy: DimensionPolicy) -> _Cut:
    return (
        product if "product" in policy.carries else "",
        contract if "contract" in policy.carries else "",
    )


def _differences(
    what: str,
    number: str,
    currency: str,
    is_now: Counter[_Cut],
    due: Counter[_Cut],
    ought: str = "billed",
) -> Iterator[Witness]:
    for cut in sorted({*is_now, *due}):
        if is_now[cut] != due[cut]:
            product, contract = cut
            said = f"{what} under {product or 'no product'} of {contract or 'no contract'} is "
            said += f"{major(is_now[cut], currency)}, {ought} {major(due[cut], currency)}"
            off = is_now[cut] - due[cut]
            yield Witness("wrong_amount", distinct(number, contract, product), said, off, currency)


def _owners(evidence: Evidence, known: Links) -> dict[tuple[str, str], str]:
    """Key of the customer by kind and id of a document."""
    erp = evidence.erp
    return {
        (kind, row.id): known.erp_key.get(row.customer, "")
        for kind, rows in (
            ("invoice", erp.invoices),
            ("creditMemo", erp.credit_memos),
            ("customerPayment", erp.receipts),
            ("customerRefund", erp.refunds),
        )
        for row in rows
    }


def _revaluations(evidence: Evidence) -> frozenset[str]:
    journals = evidence.erp.journals
    made = {j.id for j in journals if revalued_month(j.external)[0]}
    return frozenset(made | {j.id for j in journals if j.reverses in made})


def _names(evidence: Evidence) -> dict[tuple[str, str], str]:
    erp = evidence.erp
    rows = (
        ("invoice", erp.invoices),
        ("creditMemo", erp.credit_memos),
        ("customerPayment", erp.receipts),
        ("customerRefund", erp.refunds),
        ("journalEntry", erp.journals),
    )
    return {(kind, row.id): row.external or row.id for kind, found in rows for row in found}


def _witness(
    line: LedgerLine, names: dict[tuple[str, str], str], dimension: str, has: str, due: str | None
) -> Witness:
    name = names.get((line.kind, line.document), line.document)
    should = "has to be there" if due is None else f"should be {due or 'blank'}"
    amount = line.debit + line.credit
    said = f"{dimension} of {major(amount, line.currency)} on {line.account} in {name} is {has or 'blank'}, "
    return Witness("other", distinct(name, line.memo), said + should, amount, line.currency)
