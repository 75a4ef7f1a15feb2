"""What the processor keeps of a payment."""

from __future__ import annotations

from simulators.stripe.rules.options import Options


def fee(amount: int, currency: str, type: str, options: Options) -> int:  # noqa: A002
    """Minor units: of a card a share of the amount rounded half up and a fixed part, more when not in
    USD; of an ACH debit and of a bank transfer a share up to a most; of a SEPA debit a fixed part."""
    if type == "us_bank_account":
        return min(_share(amount, options.fee_ach_basis_points), options.fee_ach_most)
    if type == "customer_balance":
        return min(_share(amount, options.fee_transfer_basis_points), options.fee_transfer_most)
    if type == "sepa_debit":
        return options.fee_sepa_fixed
    share = options.fee_basis_points
    if currency != "usd":
        share += options.fee_foreign_basis_points
    return _share(amount, share) + options.fee_fixed


def _share(amount: int, basis_points: int) -> int:
    return (amount * basis_points * 2 + 10_000) // 20_000
