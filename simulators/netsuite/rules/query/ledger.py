"""The rows of a transaction: heading, lines, ledger lines, links."""

from __future__ import annotations

from datetime import date

from simulators.kit.clock import day
from simulators.netsuite.rules import keys
from simulators.netsuite.rules.applying import puts
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.dimensions import FIELDS, chosen, customs
from simulators.netsuite.rules.kinds import ITEMS, TRANSACTIONS, status
from simulators.netsuite.rules.orders import billed
from simulators.netsuite.rules.query.cells import extra, flag, moment, money, number, pick
from simulators.netsuite.rules.query.tables import STEADY
from simulators.netsuite.rules.records import ItemLine, Posting, Transaction

Row = dict[str, object]


def transaction_rows(company: Company, row: Transaction) -> dict[str, list[Row]]:
    """The rows of one transaction, by table."""
    return {
        "transaction": [_heading(company, row)],
        "transactionline": _lines(company, row),
        "transactionaccountingline": [_ledger(company, row, each) for each in row.postings],
        "nexttransactionlinelink": _links(company, row),
    }


def _heading(company: Company, row: Transaction) -> Row:
    kind, (letter, name) = TRANSACTIONS[row.kind], status(row)
    open_item = row.kind == "invoice"
    unused = row.kind in ("customerPayment", "creditMemo", "customerDeposit")
    remaining = money(row.remaining, row.currency)
    late = (day(company.clock.now()) - date.fromisoformat(row.date)).days
    return {
        "id": int(row.id), "type": kind.code, "recordtype": row.kind.lower(), "tranid": row.number,
        "transactionnumber": row.number, "trandisplayname": f"{kind.title} #{row.number}",
        "abbrevtype": kind.prefix, "externalid": row.external, "entity": number(row.customer),
        "trandate": row.date, "duedate": row.due or None,
        "closedate": moment(row.modified_at)[:10] if open_item and not row.remaining else None,
        "postingperiod": number(row.period), "currency": number(company.currency_ids[row.currency]),
        "exchangerate": str(row.rate), "foreigntotal": money(row.total, row.currency),
        "foreignamountunpaid": remaining if open_item else None,
        "foreignamountpaid": money(row.settled, row.currency) if open_item else None,
        "foreignpaymentamountused": money(row.total - row.remaining, row.currency) if unused else None,
        "foreignpaymentamountunused": remaining if unused else None,
        "taxtotal": money(row.tax, row.currency), "status": letter, "status__df": f"{kind.title} : {name}",
        "approvalstatus": int(row.state) if kind.approved else None, "memo": row.memo or None,
        "otherrefnum": row.reference or None, "posting": flag(bool(row.postings)), "voided": "F",
        "terms": number(row.terms), "reversal": number(row.twin), "reversaldate": row.reversal_date or None,
        "isreversal": flag(row.kind == "journalEntry" and bool(row.source)),
        "daysopen": late if open_item and row.remaining else None,
        "createddate": moment(row.created_at), "lastmodifieddate": moment(row.modified_at),
        "typebaseddocumentnumber": row.number, "createdby": int(keys.USER_ID),
        "lastmodifiedby": int(keys.USER_ID), "source": "REST Web Services", "extra__df": extra(row.custom),
    }  # fmt: skip


def _lines(company: Company, row: Transaction) -> list[Row]:
    if not row.postings:
        return _unposted(company, row)
    sold = {line.line: line for line in row.lines}
    own = customs(row)
    tax = max(sold, default=0) + 1 if row.lines else -1
    found = []
    for each in row.postings:
        amount = each.debit - each.credit
        line = sold.get(each.line) if each.item else None
        custom = own.get(each.line, {})
        found.append(
            {
                **_common(row, each.line, custom),
                "taxline": flag(each.line == tax and not each.item),
                "entity": number(each.entity),
                "foreignamount": money(amount, row.currency),
                "netamount": money(each.base_debit - each.base_credit, row.base),
                "debitforeignamount": money(each.debit, row.currency) if each.debit else None,
                "creditforeignamount": money(each.credit, row.currency) if each.credit else None,
                "expenseaccount": number(each.account),
                "memo": each.memo or None,
                **_sold(company, line, -1 if amount < 0 else 1),
            }
        )
    return found


def _unposted(company: Company, row: Transaction) -> list[Row]:
    if not row.lines:
        return [{**_common(row, 0, {}), "foreignamount": money(row.total, row.currency)}]
    done = billed(company, row) if row.kind == "salesOrder" else {}
    found = [{**_common(row, 0, {}), "foreignamount": money(row.total, row.currency), "taxline": "F"}]
    for line in row.lines:
        found.append(
            {
                **_common(row, line.line, line.custom),
                "taxline": "F",
                "foreignamount": money(-line.amount, row.currency),
                "quantitybilled": str(done.get(line.line, 0)),
                "isclosed": flag(line.closed),
                "memo": line.description or None,
                **_sold(company, line, -1),
            }
        )
    return found


def _common(row: Transaction, line: int, custom: dict[str, object]) -> Row:
    source = next((each.order[0] for each in row.lines if each.line == line and each.order), row.source)
    return {
        "transaction": int(row.id), "id": line, "uniquekey": int(row.id) * 1000 + line,
        "linesequencenumber": line, "mainline": flag(not line), "entity": number(row.customer),
        "subsidiary": number(row.subsidiary), "isclosed": "F", "createdfrom": number(source),
        **{field: number(chosen(row, custom, field)) for field in FIELDS},
        "eliminate": flag(custom.get("eliminate") is True),
        "duetofromsubsidiary": pick(custom, "dueToFromSubsidiary"),
        **dict.fromkeys(STEADY, "F"), "documentnumber": row.number,
        "linelastmodifieddate": moment(row.modified_at), "extra__df": extra(custom),
    }  # fmt: skip


def _sold(company: Company, line: ItemLine | None, sign: int) -> Row:
    if line is None:
        return {}
    item = company.item(line.item)
    return {
        "item": number(line.item),
        "itemtype": ITEMS[item.kind] if item else None,
        # As amounts do, quantities of sales stand with the sign of their side of the ledger.
        "quantity": str(sign * abs(line.quantity)),
        "rate": str(line.rate),
        "rateamount": str(line.rate),
        "accountinglinetype": "INCOME",
    }


def _ledger(company: Company, row: Transaction, each: Posting) -> Row:
    account = company.accounts.get(each.account)
    amount = money(each.base_debit - each.base_credit, row.base)
    main = row.kind == "invoice" and each.line == 0
    return {
        "transaction": int(row.id), "transactionline": each.line, "account": int(each.account),
        "accountingbook": 1, "debit": money(each.base_debit, row.base) if each.base_debit else None,
        "credit": money(each.base_credit, row.base) if each.base_credit else None, "amount": amount,
        "netamount": amount, "posting": "T", "exchangerate": str(row.rate),
        "amountpaid": money(row.settled_base, row.base) if main else None,
        "amountunpaid": money(row.base_total - row.settled_base, row.base) if main else None,
        "accounttype": account.type if account else None, "lastmodifieddate": moment(row.modified_at),
    }  # fmt: skip


def _links(company: Company, row: Transaction) -> list[Row]:
    found = []
    linked = [(doc, 0, amount, "Payment") for doc, amount in puts(row).items()]
    linked += [(line.order[0], line.order[1], line.amount, "OrdBill") for line in row.lines if line.order]
    for doc, line, amount, sort in linked:
        target = company.transaction(doc)
        found.append(
            {
                "nextdoc": int(row.id), "nextline": 0, "previousdoc": int(doc), "previousline": line,
                "foreignamount": money(amount, row.currency), "linktype": sort,
                "nexttype": TRANSACTIONS[row.kind].code,
                "previoustype": TRANSACTIONS[target.kind].code if target else None, "nextdate": row.date,
                "previousdate": target.date if target else None, "lastmodifieddate": moment(row.modified_at),
            }
        )  # fmt: skip
    return found
