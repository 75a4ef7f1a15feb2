"""Fields of prepaid balances, their funds and what was drawn from them."""

from __future__ import annotations

from datetime import date

from simulators.zuora.rules.fields import Vocabulary, always, common, day, number, text
from simulators.zuora.rules.prepaid import Fund, balance_of, last_day


def _end(funds_: list[Fund]) -> date | None:
    days = [last for fund in funds_ if (last := last_day(fund)) is not None]
    return max(days) if len(days) == len(funds_) else None


PREPAID_BALANCE: Vocabulary = {
    **common(),
    "name": text(lambda r: f"{r.up.number} {r.more[0]}"),
    "totalFund": number(lambda r: sum(fund.total for fund in r.it)),
    "balance": number(lambda r: balance_of(r.it)),
    "startDate": day(lambda r: min(fund.start for fund in r.it)),
    "endDate": day(lambda r: _end(r.it)),
    "accountId": text("up.account.id"),
    "origSubscriptionId": text("up.original_id"),
    "uOM": text(lambda r: r.more[0]),
}
# up: the balance; it: the fund; more: its topup charge.
PREPAID_BALANCE_FUND: Vocabulary = {
    **common(),
    "accountId": text("up.up.account.id"),
    "prepaidBalanceId": text("up.id"),
    "balance": number("it.balance"),
    "fundedBalance": number("it.total"),
    "totalBalance": number("it.total"),
    "chargeSegmentNumber": number("it.segment"),
    "startDate": day("it.start"),
    "endDate": day(lambda r: last_day(r.it)),
    "sourceId": text("more.id"),
    "fundSourceType": always("RatePlanCharge"),
}
# up: the fund; it: what was drawn; more: what was left then.
PREPAID_BALANCE_TRANSACTION: Vocabulary = {
    **common(),
    "accountId": text("up.up.up.account.id"),
    "prepaidBalanceId": text("up.up.id"),
    "fundId": text("up.id"),
    "amount": number("it.quantity"),
    "balance": number("more"),
    "sourceId": text("it.reading"),
    "transactionDate": day("it.on"),
    "transactionSourceType": always("Usage"),
    "prepaidBalanceTransactionType": always("Drawdown"),
    "usageUom": text("it.unit"),
    "drawdownRate": number("it.rate"),
}
