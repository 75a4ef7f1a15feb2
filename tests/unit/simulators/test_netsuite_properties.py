"""Whatever is asked of it, in any order, the ledger balances and receivables are the open documents."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.evidence.erp import ErpBooks
from scenarios.evidence.reading import from_json

from .netsuite_client import Client, credit_memo, invoice, payment

NAME = st.sampled_from("ABC")
AMOUNT = st.integers(1, 30000).map(lambda cents: cents / 100)
ACT = st.one_of(
    st.tuples(st.just("invoice"), NAME, AMOUNT, AMOUNT),
    st.tuples(st.just("creditMemo"), NAME, AMOUNT, AMOUNT),
    st.tuples(st.just("customerPayment"), NAME, AMOUNT, AMOUNT),
    st.tuples(st.just("customerRefund"), NAME, AMOUNT, AMOUNT),
    st.tuples(st.just("delete"), NAME, st.sampled_from(["invoice", "creditMemo", "customerPayment"]), AMOUNT),
)


def play(erp, act):
    kind, name, first, second = act
    applied = {"items": [{"doc": {"externalId": name}, "apply": True, "amount": second}]}
    if kind == "delete":
        return erp.delete(first, f"eid:{name}")
    if kind == "invoice":
        return erp.put(kind, name, invoice(first, 1), "?replace=item")
    if kind == "creditMemo":
        return erp.put(kind, name, credit_memo(first, 1, apply=applied), "?replace=item,apply")
    if kind == "customerPayment":
        return erp.put(kind, name, payment(first, (name, second)), "?replace=apply")
    return erp.put(kind, name, {"customer": {"externalId": "ACC-1"}, "apply": applied}, "?replace=apply")


@settings(max_examples=60, deadline=None)
@given(st.lists(ACT, max_size=25))
def test_receivables_tie_out(acts):
    erp = Client().sign_in().stock()
    for act in acts:
        assert play(erp, act).status in (204, 400, 404)
    books = from_json(ErpBooks, erp.mock.rules.books())
    balance: dict[str, int] = {}
    for line in books.ledger:
        balance[line.account] = balance.get(line.account, 0) + line.debit - line.credit
        assert min(line.debit, line.credit) == 0 < max(line.debit, line.credit)
    assert sum(balance.values()) == 0
    owed = sum(each.remaining for each in books.invoices) - sum(each.remaining for each in books.credit_memos)
    assert balance.get("1100", 0) == owed
    assert balance.get("2500", 0) == -sum(each.unapplied for each in books.receipts)
    assert all(each.remaining >= 0 for each in (*books.invoices, *books.credit_memos))
    asked = {
        row["acctnumber"]: row["balance"]
        for row in erp.rows(
            "SELECT a.acctnumber, SUM(t.foreignamount) AS balance FROM transactionAccountingLine l "
            "JOIN account a ON a.id = l.account JOIN transactionLine t ON t.transaction = l.transaction "
            "AND t.id = l.transactionline WHERE a.acctnumber <> '7000' GROUP BY a.acctnumber"
        )
    }
    assert {k: round(float(v) * 100) for k, v in asked.items()} == balance
