"""I-04: no customer pays more than the invoice, and one collection attempt takes money at most once."""

from __future__ import annotations

from scenarios.checkers.findings import differs, grouped, major
from scenarios.checkers.lookups import about_intent, about_invoice, links
from scenarios.evidence.payments import Charge, PaymentIntent
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Per intent: at most one succeeded charge, and an intent says "succeeded" exactly if it has one.
    Per invoice: captures less refunds, and less debits that came back, within its total, in its currency."""
    known = links(evidence)
    witnesses: list[Witness] = []
    for intent in evidence.payments.intents:
        taken = [c for c in known.charges_of.get(intent.id, ()) if c.status == "succeeded"]
        witnesses += _once(intent, taken, about_intent(known, intent.id))
    paid_for = grouped(
        (c for c in evidence.payments.charges if c.status == "succeeded" and c.intent in known.intents),
        lambda c: known.intents[c.intent].invoice,
    )
    for number, charges in paid_for.items():
        invoice = known.invoices.get(number)
        if invoice is None:
            continue  # money without an invoice is a matter of I-03
        names = about_invoice(known, number)
        intents = known.intents_of.get(number, ())
        returned = sum(
            r.amount for i in intents for r in known.refunds_of.get(i.id, ()) if r.status == "succeeded"
        )
        for charge in charges:
            witnesses += differs(f"currency of charge {charge.id}", charge.currency, invoice.currency, names)
        over = sum(c.amount for c in charges if c.id not in known.returned) - returned - invoice.total
        if over > 0:
            said = f"{number} over {major(invoice.total, invoice.currency)} was collected with "
            said += f"{major(over, invoice.currency)} too much, by {len(charges)} charges"
            kind = "duplicated" if len(charges) > 1 else "wrong_amount"
            witnesses.append(Witness(kind, names, said, over, invoice.currency))
    return judged("I-04", len(evidence.payments.intents), witnesses)


def _once(intent: PaymentIntent, taken: list[Charge], names: tuple[str, ...]) -> list[Witness]:
    if len(taken) > 1:
        extra = sum(charge.amount for charge in taken[1:])
        said = f"{intent.id} was captured {len(taken)} times, {major(extra, intent.currency)} too much"
        return [Witness("duplicated", names, said, extra, intent.currency)]
    if taken and intent.status == "canceled":
        said = f"{intent.id} is canceled and yet took {major(taken[0].amount, intent.currency)}"
        return [Witness("other", names, said, taken[0].amount, intent.currency)]
    if not taken and intent.status == "succeeded":
        said = f"{intent.id} says succeeded over {major(intent.amount, intent.currency)}, no charge did"
        return [Witness("lost", names, said, intent.amount, intent.currency)]
    return []
