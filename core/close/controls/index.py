"""The forty controls in order, each by its file."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType

from core.close.control import Control

_FILES = (
    "c01_closed_won_to_contract",
    "c02_quote_line_to_subscription",
    "c03_customer_master",
    "c04_usage_completeness",
    "c05_rating_reperformance",
    "c06_every_day_billed_once",
    "c07_invoice_arithmetic",
    "c08_invoice_to_tax_engine",
    "c09_tax_to_ledger_and_return",
    "c10_invoice_register_to_ar",
    "c11_ar_to_control_account",
    "c12_ar_roll_forward",
    "c13_payments_to_processor",
    "c14_balance_to_clearing",
    "c15_payout_composition",
    "c16_payout_to_bank",
    "c17_clearing_proof",
    "c18_receipts_to_bank",
    "c19_bank_to_cash",
    "c20_refunds_three_way",
    "c21_disputes_three_way",
    "c22_credit_balances",
    "c23_prepaid_credits",
    "c24_deferred_roll_forward",
    "c25_waterfall",
    "c26_contract_to_recognised",
    "c27_ssp_allocation",
    "c28_contract_asset",
    "c29_accrual_true_up",
    "c30_fx_rates",
    "c31_fx_proof",
    "c32_intercompany",
    "c33_allowance",
    "c34_mrr_bridge",
    "c35_rpo_roll",
    "c36_journal_integrity",
    "c37_cut_off",
    "c38_event_delivery",
    "c39_dunning_state",
    "c40_deal_to_cash",
)


def _load(name: str) -> Control:
    control = import_module(f"core.close.controls.{name}").CONTROL
    assert isinstance(control, Control)
    return control


CONTROLS = MappingProxyType({control.id: control for control in map(_load, _FILES)})
