"""The chart of accounts: numbers, names, kinds, and which are remeasured when a rate moves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.canonical.errors import Held


class Kind(StrEnum):
    """Where an account stands in the statements."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class Account:
    """monetary: a fixed or determinable sum of money, so IAS 21 remeasures it at the closing rate."""

    number: str
    name: str
    kind: Kind
    monetary: bool = False


BANK, CLEARING, TRANSIT, UNDEPOSITED = "1000", "1010", "1020", "1050"
RECEIVABLE, ALLOWANCE, UNBILLED = "1100", "1110", "1150"
DISPUTED, RESERVE, DUE_FROM, CONTRACT_COSTS, INPUT_TAX = "1200", "1210", "1300", "1400", "1500"
TAX, PAYABLE, DEFERRED, CREDIT_BALANCE, PREPAID = "2000", "2010", "2100", "2200", "2210"
REFUND_LIABILITY, REFUNDS_IN_FLIGHT, DUE_TO = "2300", "2310", "2400"
UNAPPLIED, DEPOSITS, COMMISSIONS = "2500", "2520", "2600"
REVENUE, USAGE_REVENUE, MINIMUM_REVENUE, BREAKAGE, FEE_REVENUE = "4000", "4010", "4020", "4050", "4100"
CONTRA_REVENUE, INTERCOMPANY_COST = "4900", "5000"
FEES, DISPUTE_LOSS, DISPUTE_FEES, BAD_DEBT, RECOVERIES = "6000", "6100", "6110", "6200", "6210"
AMORTISATION, UNRECOVERED_TAX = "6300", "6400"
REALISED, UNREALISED, ROUNDING = "7000", "7010", "7100"

_A, _L, _Q, _I, _E = Kind.ASSET, Kind.LIABILITY, Kind.EQUITY, Kind.INCOME, Kind.EXPENSE
_ROWS: tuple[tuple[str, str, Kind, bool], ...] = (
    (BANK, "Bank", _A, True),
    (CLEARING, "Processor clearing", _A, True),
    (TRANSIT, "Payouts in transit", _A, True),
    (UNDEPOSITED, "Undeposited funds", _A, True),
    (RECEIVABLE, "Accounts receivable", _A, True),
    (ALLOWANCE, "Allowance for doubtful accounts", _A, True),
    (UNBILLED, "Unbilled receivable and contract asset", _A, True),
    (DISPUTED, "Dispute receivable", _A, True),
    (RESERVE, "Processor reserve", _A, True),
    (DUE_FROM, "Intercompany receivable", _A, True),
    (CONTRACT_COSTS, "Capitalised contract costs", _A, False),
    (INPUT_TAX, "Input tax and withholding receivable", _A, True),
    (TAX, "Sales tax payable", _L, True),
    (PAYABLE, "Accounts payable", _L, True),
    (DEFERRED, "Deferred revenue", _L, False),
    (CREDIT_BALANCE, "Customer credit balance", _L, True),
    # What is prepaid is settled in service, not in money.
    (PREPAID, "Prepaid usage credits", _L, False),
    (REFUND_LIABILITY, "Refund liability", _L, True),
    (REFUNDS_IN_FLIGHT, "Refunds payable", _L, True),
    (DUE_TO, "Intercompany payable", _L, True),
    (UNAPPLIED, "Unapplied cash", _L, True),
    (DEPOSITS, "Customer deposits", _L, False),
    (COMMISSIONS, "Accrued commissions", _L, True),
    ("3000", "Retained earnings", _Q, False),
    (REVENUE, "Subscription revenue", _I, False),
    (USAGE_REVENUE, "Usage revenue", _I, False),
    (MINIMUM_REVENUE, "Minimum commitment revenue", _I, False),
    (BREAKAGE, "Breakage revenue", _I, False),
    (FEE_REVENUE, "Application fee revenue", _I, False),
    (CONTRA_REVENUE, "Refunds, credits and voids", _I, False),
    (INTERCOMPANY_COST, "Intercompany cost of service", _E, False),
    (FEES, "Processing fees", _E, False),
    (DISPUTE_LOSS, "Dispute losses", _E, False),
    (DISPUTE_FEES, "Dispute fees", _E, False),
    (BAD_DEBT, "Bad debt expense", _E, False),
    (RECOVERIES, "Bad debt recoveries", _I, False),
    (AMORTISATION, "Commission amortisation", _E, False),
    (UNRECOVERED_TAX, "Unrecovered sales tax", _E, False),
    (REALISED, "Realised FX", _E, False),
    (UNREALISED, "Unrealised FX", _E, False),
    (ROUNDING, "Rounding", _E, False),
)

ACCOUNTS = {number: Account(number, name, kind, monetary) for number, name, kind, monetary in _ROWS}


def account(number: str) -> Account:
    """Held for a number that the chart does not have."""
    try:
        return ACCOUNTS[number]
    except KeyError:
        raise Held(f"account: {number!r} is not in the chart; add it or name another") from None
