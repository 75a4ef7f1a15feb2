"""Bill runs: asynchronous jobs from Pending over Processing to Completed, or Posted with autoPost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from simulators.kit.agenda import Agenda
from simulators.zuora.rules.accounts import find as find_account
from simulators.zuora.rules.billing import Made, bill
from simulators.zuora.rules.callouts import BILL_RUN_DONE
from simulators.zuora.rules.invoices import post
from simulators.zuora.rules.keeping import keep
from simulators.zuora.rules.memos import post as post_memo
from simulators.zuora.rules.order import Action, Renew
from simulators.zuora.rules.plans import Work
from simulators.zuora.rules.receipts import BillRun
from simulators.zuora.rules.refusal import not_found
from simulators.zuora.rules.state import State
from simulators.zuora.rules.terms import renew


@dataclass(frozen=True, slots=True)
class RunWish:
    """accounts: keys of the accounts it is limited to, empty: all."""

    target: date
    invoice_date: date
    name: str | None = None
    accounts: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    auto_post: bool = False
    auto_renew: bool = False


def find(state: State, key: str) -> BillRun:
    """By id or number; Refused if there is none."""
    run = state.bill_runs.get(key)
    if run is None:
        raise not_found("bill run", key)
    return run


def start(state: State, wish: RunWish, agenda: Agenda, seconds: float) -> BillRun:
    """Begin a run that takes `seconds`; returns at once, with the run pending."""
    accounts = tuple(find_account(state, key).id for key in wish.accounts)
    run = BillRun(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("bill_run"),
        name=wish.name,
        target=wish.target,
        invoice_date=wish.invoice_date,
        accounts=accounts,
        auto_post=wish.auto_post,
        auto_renew=wish.auto_renew,
        created_at=state.now(),
        batches=wish.batches,
    )
    state.bill_runs.put(run, state.now())
    state.history.note("bill_run", run.id, "created", run.status, refs=(run.number,))
    state.jobs += 1
    agenda.after(seconds / 4, _process, state, run, agenda, seconds * 3 / 4)
    return run


def _process(state: State, run: BillRun, agenda: Agenda, seconds: float) -> None:
    _step(state, run, "Processing")
    agenda.after(seconds, _complete, state, run)


def _complete(state: State, run: BillRun) -> None:
    try:
        if run.auto_renew:
            _renew(state, run.target)
        made = bill(state, run.target, run.invoice_date, accounts=run.accounts, batches=run.batches, run=run)
        run.invoices, run.memos = len(made.invoices), len(made.memos)
        _step(state, run, "Completed")
        if run.auto_post:
            _post(state, run, made)
        state.callouts.announce(BILL_RUN_DONE, {"BillRun": run})
    finally:
        state.jobs -= 1


def _post(state: State, run: BillRun, made: Made) -> None:
    _step(state, run, "PostInProgress")
    for invoice in made.invoices:
        post(state, invoice)
    for memo in made.memos:
        post_memo(state, memo)
    _step(state, run, "Posted")


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
