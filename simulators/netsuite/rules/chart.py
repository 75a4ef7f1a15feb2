"""What the fresh sandbox holds: chart of accounts, currencies, a subsidiary, terms, one item of each type."""

from __future__ import annotations

from decimal import Decimal

from simulators.netsuite.rules.records import Account, Currency, Subsidiary, Term

# Accounts that posting itself needs, by number.
RECEIVABLE, TAX, CLEARING, UNAPPLIED = "1100", "2000", "1010", "2500"
INCOME, DEFERRAL = "4000", "2100"
UNDEPOSITED, DEPOSITS, REALISED, ROUNDING = "1050", "2520", "7000", "7100"

_ACCOUNTS = (
    ("1000", "Bank", "Bank"),
    ("1010", "Processor Clearing", "Bank"),
    ("1020", "Payouts in Transit", "Bank"),
    ("1100", "Accounts Receivable", "AcctRec"),
    ("1110", "Allowance for Doubtful Accounts", "OthCurrAsset"),
    ("1150", "Contract Asset", "UnbilledRec"),
    ("1200", "Dispute Receivable", "OthCurrAsset"),
    ("1210", "Processor Reserve", "OthCurrAsset"),
    ("1300", "Intercompany Receivable", "OthCurrAsset"),
    ("1400", "Capitalised Contract Costs", "OthAsset"),
    ("1500", "Input Tax", "OthCurrAsset"),
    ("2000", "Sales Tax Payable", "OthCurrLiab"),
    ("2100", "Deferred Revenue", "DeferRevenue"),
    ("2200", "Customer Credit Balance", "OthCurrLiab"),
    ("2210", "Prepaid Usage Credits", "OthCurrLiab"),
    ("2300", "Refund Liability", "OthCurrLiab"),
    ("2310", "Refunds Payable", "OthCurrLiab"),
    ("2400", "Intercompany Payable", "OthCurrLiab"),
    ("2500", "Unapplied Cash", "OthCurrLiab"),
    ("2600", "Accrued Commissions", "OthCurrLiab"),
    ("4000", "Subscription Revenue", "Income"),
    ("4010", "Usage Revenue", "Income"),
    ("4020", "Minimum Commitment Revenue", "Income"),
    ("4050", "Breakage Revenue", "Income"),
    ("4100", "Application Fee Revenue", "Income"),
    ("4900", "Refunds, Credits and Voids", "Income"),
    ("6000", "Processing Fees", "Expense"),
    ("6100", "Dispute Losses", "Expense"),
    ("6110", "Dispute Fees", "Expense"),
    ("6200", "Bad Debt Expense", "Expense"),
    ("6210", "Bad Debt Recoveries", "OthIncome"),
    ("6300", "Commission Amortisation", "Expense"),
    ("6400", "Unrecovered Sales Tax", "Expense"),
    ("7000", "Realised FX", "OthExpense"),
    ("7010", "Unrealised FX", "OthExpense"),
    ("7100", "Rounding", "OthExpense"),
    ("1050", "Undeposited Funds", "OthCurrAsset"),
    ("2520", "Customer Deposits", "OthCurrLiab"),
    ("2010", "Accounts Payable", "AcctPay"),
    ("3000", "Retained Earnings", "Equity"),
    ("5000", "Intercompany Cost of Service", "COGS"),
)

# Units of the base currency (USD) for one; starting values only, a transaction may bring its own.
_CURRENCIES = (
    ("USD", "1"), ("GBP", "1.27"), ("CAD", "0.73"), ("EUR", "1.08"), ("JPY", "0.0067"),
    ("AUD", "0.66"), ("CHF", "1.12"), ("SEK", "0.095"), ("NOK", "0.094"), ("DKK", "0.145"),
    ("PLN", "0.25"), ("INR", "0.012"), ("SGD", "0.74"), ("BRL", "0.2"), ("MXN", "0.058"),
    ("NZD", "0.61"), ("KRW", "0.00075"), ("KWD", "3.25"), ("BHD", "2.65"), ("AED", "0.2723"),
)  # fmt: skip

_TERMS = (("Net 15", 15), ("Net 30", 30), ("Net 45", 45), ("Net 60", 60), ("Due on receipt", 0))

BASE_CURRENCY = "USD"

# (record type, item id, description, income account, deferral account or "")
ITEMS = (
    ("serviceSaleItem", "Subscription", "Subscription service", INCOME, DEFERRAL),
    ("nonInventorySaleItem", "Usage", "Metered usage", "4010", ""),
)


# Lists that a company has from the first day: (record type, names).
LISTS = (
    ("paymentMethod", ("Cash", "Check", "ACH", "Wire Transfer", "Visa", "Master Card", "American Express")),
    ("department", ("Sales", "Finance", "Services")),
    ("classification", ("Subscriptions", "Services")),
    ("location", ("Headquarters",)),
    ("customrecord_cseg_channel", ("Direct", "Partner")),
)


def accounts() -> list[Account]:
    """Internal ids differ from numbers on purpose, as they do in every real company."""
    return [Account(str(101 + i), *row) for i, row in enumerate(_ACCOUNTS)]


def currencies() -> list[Currency]:
    return [Currency(str(1 + i), s, s, Decimal(rate)) for i, (s, rate) in enumerate(_CURRENCIES)]


def terms() -> list[Term]:
    return [Term(str(1 + i), name, days) for i, (name, days) in enumerate(_TERMS)]


def subsidiaries() -> list[Subsidiary]:
    return [Subsidiary("1", "Parent Company", BASE_CURRENCY)]
