"""Doing an asynchronous order, preview or deletion when its time has come."""

from __future__ import annotations

from simulators.zuora.rules.collecting import place_and_collect
from simulators.zuora.rules.drafting import MAX_ASYNC
from simulators.zuora.rules.jobs import COMPLETED, FAILED, Job
from simulators.zuora.rules.order import DRAFT, SCHEDULED, OrderWish
from simulators.zuora.rules.orders import find, place
from simulators.zuora.rules.previews import PreviewWish, preview
from simulators.zuora.rules.refusal import Refused, not_found
from simulators.zuora.rules.state import State
from simulators.zuora.rules.waiting import delete, put_off


def begin(state: State, work: OrderWish | PreviewWish | str, *, with_ids: bool = False) -> Job:
    """A job that is under way. work: an order, a preview, or the number of an order to delete."""
    if isinstance(work, str):
        find(state, work)
    job = Job(state.new_id(), work, state.now(), with_ids=with_ids)
    state.order_jobs[job.id] = job
    state.jobs += 1
    return job


def find_job(state: State, key: str) -> Job:
    """By id; Refused if there is none."""
    job = state.order_jobs.get(key)
    if job is None:
        raise not_found("job", key)
    return job


async def finish(state: State, job: Job) -> None:
    """Do the job; what is refused makes it fail."""
    try:
        await _do(state, job)
        job.status = COMPLETED
    except Refused as no:
        job.status, job.error = FAILED, no.message
        job.category = no.category
    finally:
        state.jobs -= 1


async def _do(state: State, job: Job) -> None:
    work = job.work
    if isinstance(work, str):
        delete(state, find(state, work))
    elif isinstance(work, PreviewWish):
        job.preview = preview(state, work)
    elif work.status in (DRAFT, SCHEDULED):
        job.order = put_off(state, work).number
    elif work.collecting is not None:
        job.order = (await place_and_collect(state, work)).number
    else:
        job.order = place(state, work, MAX_ASYNC).number
