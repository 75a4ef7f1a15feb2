"""Acts on accounts: open one, change one, find one."""

from __future__ import annotations

from simulators.kit.money import CURRENCIES
from simulators.zuora.rules import methods
from simulators.zuora.rules.documents import Owed
from simulators.zuora.rules.parties import Account, AccountWish, Contact
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.state import State

TERM_DAYS = {"Due Upon Receipt": 0, "Net 10": 10, "Net 15": 15, "Net 30": 30, "Net 45": 45, "Net 60": 60}


def find(state: State, key: str) -> Account:
    """By id or number; Refused if there is none."""
    account = state.accounts.get(key)
    if account is None:
        raise not_found("account", key)
    return account


def open_account(state: State, wish: AccountWish, *, payable: bool = False) -> Account:
    """A new account; its number must be free, and it needs a bill-to contact.

    payable: a payment method comes along in the same request, and is made known after the account is."""
    if wish.number and state.accounts.get(wish.number):
        message = f"The account number {wish.number} already exists."
        raise Refused(RULE, message, "accountNumber")
    if not wish.name:
        raise Refused(MISSING, "'name' is required.", "name")
    if wish.currency not in CURRENCIES:
        raise Refused(INVALID, f"'{wish.currency}' is not a currency of this tenant.", "currency")
    if wish.bill_to is None:
        raise Refused(MISSING, "'billToContact' is required.", "billToContact")
    _check(wish, payable=payable or bool(wish.method))
    known = methods.find(state, wish.method) if wish.method else None
    if known is not None and (known.account is not None or known.status != methods.ACTIVE):
        message = f"The payment method {known.id} is not active, or belongs to another account."
        raise Refused(RULE, message, "hpmCreditCardPaymentMethodId")
    account = Account(
        id=state.new_id(),
        seq=state.next_seq(),
        number=wish.number or state.new_number("account"),
        name=wish.name,
        currency=wish.currency,
        created_at=state.now(),
    )
    account.bill_to = {"id": state.new_id()}
    account.sold_to = account.bill_to if wish.sold_to is None else {"id": state.new_id()}
    _apply(account, wish)
    for fields in (account.bill_to, account.sold_to):
        _person(state, account, fields)
    state.accounts.put(account, state.now())
    state.history.note("account", account.id, "created", account.status, refs=account.refs)
    account.gateway = wish.gateway
    if known is not None:
        methods.make_default(state, account, known)
    return account


def undo(state: State, account: Account) -> None:
    """What was opened in one breath with something that is refused was never there, nor how it would pay."""
    for method in methods.of_account(state, account):
        methods.forget(state, method)
    state.accounts.drop(account)
    state.history.note("account", account.id, "deleted", refs=account.refs)


def _person(state: State, account: Account, fields: dict[str, str | None]) -> None:
    key = str(fields["id"])
    if state.contacts.get(key) is None:
        made = Contact(key, state.next_seq(), key, account, fields, state.now())
        state.contacts.put(made, state.now())


def delete(state: State, account: Account) -> None:
    """Close an account for good: what it has goes with it; subscriptions with other owners forbid it."""
    for sold in state.subscriptions.where("accountId", account.id).values():
        if sold.owner is not account:
            message = f"Subscription {sold.number} is invoiced to another account."
            raise Refused(RULE, message, "accountKey")
    owed: list[Owed] = [*state.invoices.where("accountId", account.id).values()]
    owed += state.debits.where("accountId", account.id).values()
    for document in owed:
        if document.status == "Posted" and not document.reversed:
            message = f"Account {account.number} has posted {document.named}s."
            raise Refused(RULE, message, "accountKey")
    account.status = "Canceled"
    state.accounts.put(account, state.now())
    state.history.note("account", account.id, "deleted", account.status, refs=account.refs)


def change(state: State, account: Account, wish: AccountWish) -> None:
    """Overwrite what is given; a number and a currency are for life."""
    if account.status != "Active":
        raise wrong_state("account", account.number, account.status, "update")
    _check(wish, payable=bool(account.default_method))
    _apply(account, wish)
    state.accounts.put(account, state.now())
    state.history.note("account", account.id, "updated", account.status, refs=account.refs)


def _check(wish: AccountWish, *, payable: bool) -> None:
    if wish.payment_term is not None and wish.payment_term not in TERM_DAYS:
        raise Refused(INVALID, f"The payment term '{wish.payment_term}' does not exist.", "paymentTerm")
    if wish.bill_cycle_day is not None and not 0 <= wish.bill_cycle_day <= 31:
        raise Refused(INVALID, "billCycleDay must be between 0 and 31.", "billCycleDay")
    if wish.auto_pay and not payable:
        raise Refused(RULE, "autoPay needs a default payment method; the account has none.", "autoPay")


def _apply(account: Account, wish: AccountWish) -> None:
    given = {
        "name": wish.name,
        "bill_cycle_day": wish.bill_cycle_day,
        "auto_pay": wish.auto_pay,
        "payment_term": wish.payment_term,
        "batch": wish.batch,
        "crm_id": wish.crm_id,
        "notes": wish.notes,
    }
    for name, value in given.items():
        if value is not None:
            setattr(account, name, value)
    if wish.bill_to is not None:
        account.bill_to.update(wish.bill_to)
    if wish.sold_to is not None:
        account.sold_to.update(wish.sold_to)
    account.custom.update(wish.custom)
    account.extra.update(wish.extra)
