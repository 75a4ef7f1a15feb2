"""Bill runs: jobs from Pending over Processing to Completed; then posted, or canceled and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from simulators.kit.agenda import Agenda
from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.billing import bill
from simulators.zuora.rules.callouts import BILL_RUN_DONE
from simulators.zuora.rules.documents import DRAFT, CreditMemo, Invoice
from simulators.zuora.rules.invoices import post
from simulators.zuora.rules.keeping import keep
from simulators.zuora.rules.memos import post as post_memo
from simulators.zuora.rules.order import Action, Renew
from simulators.zuora.rules.plans import Work
from simulators.zuora.rules.receipts import BillRun
from simulators.zuora.rules.refusal import RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.retracting import cancel_invoice, cancel_memo
from simulators.zuora.rules.state import State
from simulators.zuora.rules.terms import renew

PENDING, PROCESSING, COMPLETED, ERROR = "Pending", "Processing", "Completed", "Error"
POSTING, POSTED, CANCELED = "PostInProgress", "Posted", "Canceled"


@dataclass(frozen=True, slots=True)
class RunWish:
    """accounts, subscriptions: keys of what it is limited to, empty: all; skipped: kinds of charges."""

    target: date
    invoice_date: date
    name: str | None = None
    accounts: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    auto_post: bool = False
    auto_renew: bool = False
    subscriptions: tuple[str, ...] = ()
    filters: tuple[Mapping[str, object], ...] = ()
    skipped: frozenset[str] = frozenset()
    bill_cycle_day: str = "AllBillCycleDays"


def find(state: State, key: str) -> BillRun:
    """By id or number; Refused if there is none."""
    run = state.bill_runs.get(key)
    if run is None:
        raise not_found("bill run", key)
    return run


def start(state: State, wish: RunWish, agenda: Agenda, seconds: float) -> BillRun:
    """Begin a run that takes `seconds`; returns at once, with the run pending."""
    accounts = [find_account(state, key).id for key in wish.accounts]
    numbers = []
    for key in wish.subscriptions:
        sold = state.subscriptions.get(key) or state.versions.get(key)
        if sold is None:
            raise not_found("subscription", key)
        numbers.append(sold.number)
        accounts.append(sold.owner.id)
    run = BillRun(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("bill_run"),
        name=wish.name,
        target=wish.target,
        invoice_date=wish.invoice_date,
        accounts=tuple(dict.fromkeys(accounts)),
        auto_post=wish.auto_post,
        auto_renew=wish.auto_renew,
        created_at=state.now(),
        batches=wish.batches,
        subscriptions=tuple(numbers),
        filters=wish.filters,
        skipped=wish.skipped,
        bill_cycle_day=wish.bill_cycle_day,
    )
    state.bill_runs.put(run, state.now())
    state.history.note("bill_run", run.id, "created", run.status, refs=(run.number,))
    state.jobs += 1
    agenda.after(seconds / 4, _process, state, run, agenda, seconds * 3 / 4)
    return run


def _process(state: State, run: BillRun, agenda: Agenda, seconds: float) -> None:
    if run.status != PENDING:
        state.jobs -= 1  # canceled before it began
        return
    _step(state, run, PROCESSING)
    agenda.after(seconds, _complete, state, run)


def _complete(state: State, run: BillRun) -> None:
    try:
        if run.auto_renew:
            _renew(state, run.target)
        made = bill(
            state,
            run.target,
            run.invoice_date,
            accounts=_accounts(state, run),
            only=frozenset(run.subscriptions),
            batches=run.batches,
            skipped=run.skipped,
            run=run,
        )
        run.invoices, run.memos = len(made.invoices), len(made.memos)
        run.made = (*(each.id for each in made.invoices), *(each.id for each in made.memos))
        _step(state, run, COMPLETED)
        if run.auto_post:
            _step(state, run, POSTING)
            _post(state, run)
        state.callouts.announce(BILL_RUN_DONE, {"BillRun": run})
    finally:
        state.jobs -= 1


def _accounts(state: State, run: BillRun) -> tuple[str, ...]:
    """What the run is limited to; an id that nobody has where nobody has that bill cycle day."""
    if not run.bill_cycle_day.isdigit():
        return run.accounts
    day = int(run.bill_cycle_day)
    found = tuple(a.id for a in state.accounts if a.bill_cycle_day == day)
    return tuple(key for key in found if not run.accounts or key in run.accounts) or ("",)


def post_run(
    state: State, run: BillRun, agenda: Agenda, seconds: float, invoice_date: date | None = None
) -> None:
    """Begin to post what a completed run made."""
    if run.status != COMPLETED:
        raise wrong_state("bill run", run.number, run.status, "post")
    if invoice_date is not None:
        run.invoice_date = invoice_date
        for document in _drafts(state, run):
            document.on = invoice_date
    _step(state, run, POSTING)
    state.jobs += 1
    agenda.after(seconds / 4, _post_later, state, run)


def _post_later(state: State, run: BillRun) -> None:
    try:
        _post(state, run)
    finally:
        state.jobs -= 1


def _post(state: State, run: BillRun) -> None:
    for document in _drafts(state, run):
        if isinstance(document, Invoice):
            post(state, document)
        else:
            post_memo(state, document)
    _step(state, run, POSTED)


def _drafts(state: State, run: BillRun) -> list[Invoice | CreditMemo]:
    found = [state.invoices.get(key) or state.memos.get(key) for key in run.made]
    return [each for each in found if each is not None and each.status == DRAFT]


def cancel_run(state: State, run: BillRun) -> None:
    """Cancel a run before it began, or what a completed one drafted: all of it or nothing."""
    if run.status not in (PENDING, COMPLETED):
        raise wrong_state("bill run", run.number, run.status, "cancel")
    documents = _drafts(state, run)
    for document in documents:
        if document.account.last_document != document.id and any(i.entry for i in document.items.values()):
            message = f"{document.number} is not the account's latest document."
            raise Refused(RULE, message, "billRunId")
    for document in documents:
        if isinstance(document, Invoice):
            cancel_invoice(state, document)
        else:
            cancel_memo(state, document)
    _step(state, run, CANCELED)


def delete_run(state: State, run: BillRun) -> None:
    """Forget a run that was canceled or failed."""
    if run.status not in (CANCELED, ERROR):
        raise wrong_state("bill run", run.number, run.status, "delete")
    state.bill_runs.drop(run)
    state.history.note("bill_run", run.id, "deleted", run.status, refs=(run.number,))


def _step(state: State, run: BillRun, status: str) -> None:
    run.status = status
    state.bill_runs.put(run, state.now())
    state.history.note("bill_run", run.id, status.lower(), status, refs=(run.number,))


def _renew(state: State, target: date) -> None:
    """Renew what renews itself and has its term end on or before the target date."""
    while ended := state.renewing(target):
        for subscription in ended:
            draft = subscription.next_version(state.new_id(), subscription.orders[-1])
            draft.orders = subscription.orders
            on = subscription.term_end or target
            action = Action("RenewSubscription", Renew(), {"ContractEffective": on}, None, {})
            renew(Work(state, draft, action, draft.orders[-1], {}))
            keep(state, draft)
