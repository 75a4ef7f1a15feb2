"""Dimensions of the consistent world's ledger, and how they can be wrong."""

from dataclasses import replace

from scenarios.evidence.conventions import Conventions, DimensionPolicy, EntityPolicy
from scenarios.evidence.run import Evidence

HOME = EntityPolicy((("EUR", "DE"),))
POLICY = DimensionPolicy(
    ("contract", "customer", "department", "product"), (("seats", "Sales"),), "Services", "Finance"
)
_EARNED, _COSTS, _OWED = ("2100", "4000", "4900"), ("6000", "6110"), ("1100",)


def classified(w: Evidence) -> Evidence:
    """Every line of the ledger with its dimensions, and the policy that demands them."""
    owners = {c.id: c.external for c in w.erp.customers}
    numbers = {i.id: (owners[i.customer], i.external) for i in (*w.erp.invoices, *w.erp.credit_memos)}
    numbers |= {r.id: (owners[r.customer], "") for r in (*w.erp.receipts, *w.erp.refunds)}
    sold = {d.number: d.lines[0] for d in (*w.billing.invoices, *w.billing.credit_notes)}
    subscriptions = {s.id: s.number for s in w.billing.subscriptions}
    accounts = {a.id: a.crm_account for a in w.billing.accounts}
    whose = {d.number: accounts[d.account] for d in (*w.billing.invoices, *w.billing.credit_notes)}
    departments = dict(POLICY.departments)

    def cut(number):
        line = sold[number]
        contract = subscriptions.get(line.subscription, line.subscription)
        return {"product": line.product, "contract": contract}

    plans = tuple(replace(plan, **cut(plan.source)) for plan in w.erp.schedules)
    by_plan = {plan.external: plan.source for plan in plans}

    def at(line):
        owner, number = numbers.get(line.document, ("", ""))
        number = number or by_plan.get(line.memo.split(" ")[0], "")
        found = {"customer": owner or whose.get(number, "")}
        if line.account in _EARNED:
            found |= cut(number)
            found["department"] = departments.get(found["product"], POLICY.otherwise)
        elif line.account in _COSTS:
            found = {"department": POLICY.overhead}
        return replace(line, **found)

    ledger = tuple(at(line) for line in w.erp.ledger)
    erp = replace(w.erp, ledger=ledger, base_ledger=ledger, schedules=plans)
    return replace(w, erp=erp, conventions=Conventions(POLICY, HOME))


def _line(w, account, kind, **values):
    lines = list(w.erp.ledger)
    index = next(n for n, x in enumerate(lines) if (x.account, x.kind) == (account, kind))
    lines[index] = replace(lines[index], **values)
    return replace(w, erp=replace(w.erp, ledger=tuple(lines)))


def _plan(w, **values):
    plans = (replace(w.erp.schedules[0], **values), *w.erp.schedules[1:])
    return replace(w, erp=replace(w.erp, schedules=plans))


def _cut_in_two(w):
    """Half of what an invoice earns under another product."""
    lines = list(w.erp.ledger)
    index = next(n for n, x in enumerate(lines) if (x.account, x.kind) == ("2100", "invoice"))
    line = lines[index]
    half = line.credit // 2
    lines[index : index + 1] = [
        replace(line, credit=half),
        replace(line, credit=line.credit - half, product="P-9", department="Services"),
    ]
    return replace(w, erp=replace(w.erp, ledger=tuple(lines)))


SOUND = {
    "nothing is carried": lambda w: replace(
        _line(w, "2100", "invoice", product=""),
        conventions=Conventions(replace(POLICY, carries=("customer",))),
    ),
    "fees of nobody": lambda w: _line(w, "6000", "journalEntry", customer=""),
}
BROKEN = {
    "no product": lambda w: _line(w, "2100", "invoice", product=""),
    "another product": lambda w: _line(w, "2100", "invoice", product="P-9", department="Services"),
    "half under another product": _cut_in_two,
    "another contract": lambda w: _line(w, "2100", "creditMemo", contract="S-99"),
    "no contract on revenue": lambda w: _line(w, "4000", "journalEntry", contract=""),
    "the wrong department": lambda w: _line(w, "4000", "journalEntry", department="Finance"),
    "fees without a department": lambda w: _line(w, "6000", "journalEntry", department=""),
    "another customer": lambda w: _line(w, "1100", "invoice", customer="ACC-9"),
    "a receivable of nobody": lambda w: _line(w, "1100", "customerPayment", customer=""),
    "a plan of another product": lambda w: _plan(w, product="P-9"),
    "a plan of another contract": lambda w: _plan(w, contract="S-9"),
}
