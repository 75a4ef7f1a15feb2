"""All laws that are judged, written out, and the one place that runs them."""

from __future__ import annotations

from scenarios.checkers import (
    c01_owned_fields,
    c18_transfers,
    c19_bank,
    c21_disputes,
    c27_allocation,
    c28_contract_asset,
    c29_usage_accrual,
    c32_intercompany,
    f03_tax_codes,
    f08_dimensions,
    i01_billed_once,
    i02_invoice_in_erp,
    i03_no_phantoms,
    i04_not_overcharged,
    i05_payments_applied,
    i06_receipts_and_payouts,
    i07_refunds_and_credits,
    i10_same_everywhere,
    i11_journals_balance,
    i12_receivables_tie_out,
    i13_clearing_explained,
    i14_closed_stays_closed,
    i15_cut_off,
    i17_one_to_one,
    i18_status_agreement,
    i19_replay_changes_nothing,
    i21_acknowledged_not_lost,
    i22_failed_has_no_effect,
    i23_unclear_resolved,
    i24_legal_lives,
    i25_never_stale,
    i26_causal_order,
    i28_compensated,
    i29_no_phantom_undo,
    i30_money_conserved,
    i31_nothing_dropped,
    i33_bounded_attempts,
    i34_quota,
    i35_sign_ins,
    i36_remembers,
    i37_convergence,
    i38_controls_true,
    i40_echoes_end,
    i41_usage_once,
    i42_outbox,
    i43_one_writer,
    i45_signed_only,
    i46_lineage,
    i47_exchange,
    i48_deterministic,
)
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import UNDECIDED, Law, Verdict

LAWS: tuple[Law, ...] = (
    Law("C1", "No field is written but by its owner, or as a copy", "∀t", c01_owned_fields.check),
    Law(
        "C18", "Transfers pay what they name, once, and the rest is the customer's", "Q", c18_transfers.check
    ),
    Law("C19", "Payouts are at the bank, and cash is what the bank has", "Q", c19_bank.check),
    Law("C21", "Disputes stand in all books as the bank left them", "Q", c21_disputes.check),
    Law("C27", "A bundle's price is allocated as its parts are worth alone", "Q", c27_allocation.check),
    Law("C28", "What is delivered before its bill is an asset", "Q", c28_contract_asset.check),
    Law(
        "C29",
        "Use that is not billed at a month's end is unbilled, until it is",
        "Q",
        c29_usage_accrual.check,
    ),
    Law("C32", "Between entities: mirrored, and taken out of the group", "Q", c32_intercompany.check),
    Law("F3", "What is sold is taxed under the catalogue's code of it", "Q", f03_tax_codes.check),
    Law("F8", "Every posted line has its dimensions", "Q", f08_dimensions.check),
    Law("I-01", "Every agreed day is billed exactly once", "Q", i01_billed_once.check),
    Law("I-02", "Every posted invoice is in the ERP, once and equal", "Q", i02_invoice_in_erp.check),
    Law("I-03", "Nothing exists without its source", "∀t", i03_no_phantoms.check),
    Law("I-04", "Nobody is charged twice or too much", "∀t", i04_not_overcharged.check),
    Law("I-05", "Paid in billing is captured at the processor", "Q", i05_payments_applied.check),
    Law("I-06", "Captures are receipts, payouts post fees once", "Q", i06_receipts_and_payouts.check),
    Law("I-07", "Refunds and credits agree in all books", "Q", i07_refunds_and_credits.check),
    Law("I-10", "Amount, currency and legal entity are the same everywhere", "Q", i10_same_everywhere.check),
    Law("I-11", "Debits equal credits", "∀t", i11_journals_balance.check),
    Law("I-12", "Receivables tie out", "Q", i12_receivables_tie_out.check),
    Law("I-13", "Clearing accounts are explained", "Q", i13_clearing_explained.check),
    Law("I-14", "A closed period takes no postings", "∀t", i14_closed_stays_closed.check),
    Law("I-15", "Cut-off: the own period, or the next open one", "Q", i15_cut_off.check),
    Law("I-17", "One customer and one subscription everywhere", "Q", i17_one_to_one.check),
    Law("I-18", "Statuses agree", "Q", i18_status_agreement.check),
    Law("I-19", "Replay changes nothing", "Q", i19_replay_changes_nothing.check),
    Law("I-21", "Nothing acknowledged is lost", "Q", i21_acknowledged_not_lost.check),
    Law("I-22", "Nothing refused took effect", "∀t", i22_failed_has_no_effect.check),
    Law("I-23", "The unclear happens at most once and is resolved", "Q", i23_unclear_resolved.check),
    Law("I-24", "Only legal steps in every life", "∀t", i24_legal_lives.check),
    Law("I-25", "Nothing stale overwrites what is newer", "∀t", i25_never_stale.check),
    Law("I-26", "Causes come before effects in the ERP", "∀t", i26_causal_order.check),
    Law("I-28", "What is taken back is taken back whole, and once", "Q", i28_compensated.check),
    Law("I-29", "Nothing is taken back that was not done", "∀t", i29_no_phantom_undo.check),
    Law("I-30", "Money is conserved", "Q", i30_money_conserved.check),
    Law("I-31", "No event is silently dropped", "Q", i31_nothing_dropped.check),
    Law(
        "I-33",
        "What fails is tried seldom; a storm ends with its cause",
        "∀t",
        i33_bounded_attempts.check,
    ),
    Law("I-34", "No vendor is asked more, or sooner, than it bears", "∀t", i34_quota.check),
    Law("I-35", "One sign-in for a token's life, and none outlives it", "∀t", i35_sign_ins.check),
    Law("I-36", "What was accepted is remembered until nobody repeats it", "Q", i36_remembers.check),
    Law("I-37", "The run converges", "Q", i37_convergence.check),
    Law("I-38", "Controls find what the books differ by, no more and no less", "Q", i38_controls_true.check),
    Law("I-40", "Echoes of the core's own writes end", "Q", i40_echoes_end.check),
    Law("I-41", "Every use is billed exactly once", "Q", i41_usage_once.check),
    Law("I-42", "What is committed goes out, in order, and nothing else", "Q", i42_outbox.check),
    Law("I-43", "One hand at a time, and who lost it changes nothing", "∀t", i43_one_writer.check),
    Law("I-45", "Unsigned messages change nothing", "∀t", i45_signed_only.check),
    Law("I-46", "Every posting has its lineage", "Q", i46_lineage.check),
    Law("I-47", "Exchange differences are realised once, and remeasured", "Q", i47_exchange.check),
    Law("I-48", "Same token, same run", "harness", i48_deterministic.check),
)


def judge(evidence: Evidence) -> tuple[Verdict, ...]:
    """Every law's verdict, in the order of LAWS."""
    return tuple(_judged(law, evidence) for law in LAWS)


def _judged(law: Law, evidence: Evidence) -> Verdict:
    try:
        verdict: Verdict = law.check(evidence)
    except Exception as crash:  # noqa: BLE001 - a checker that crashes has found nothing out
        return Verdict(law.id, UNDECIDED, 0, (), f"checker crashed: {type(crash).__name__}: {crash}")
    return verdict
