"""The exception queue: what is held, for whom and why, and what an operator decides about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from core.api.v1.asking import Asker, Caller, Page, TheCore, caller, only_known
from core.api.v1.filters import Cursor, Limit, cursor_of, number_of, one_of
from core.api.v1.once import Acting, Made, Once
from core.api.v1.problems import told
from core.canonical.owners import OWNERS
from core.connectivity.queues import QUEUES
from core.ports.durable import Task

router = APIRouter(
    prefix="/v1/exceptions",
    tags=["exceptions"],
    dependencies=[Depends(caller), Depends(only_known)],
    responses=told(401, 403, 422, 503),
)

# A store numbers its tasks with 63 bits.
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the transaction")]
_LIST = "exceptions"
# (number, why, by) -> the transaction after it.
Decide = Callable[[int, str, str], Awaitable[Task]]
Word = Annotated[str | None, Query(min_length=1, max_length=100)]


class Transaction(BaseModel):
    """A transaction in words. due_at, first_at: microseconds since 1970; version: of its flow; held_by: the
    operator, "" if the core held it itself; mode: "do", or "undo" while it is taken back."""

    id: int
    queue: str
    key: str
    label: str
    state: str
    owner: str
    error: str
    done: list[str]
    attempts: int
    first_at: int
    due_at: int
    version: int
    mode: str
    held_by: str


class Transactions(Page):
    """Oldest first."""

    items: list[Transaction]


class Reason(BaseModel):
    """Why a person decides so; it is recorded beside the name."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=3, max_length=500)


def shown(task: Task) -> Transaction:
    """Without what is only the workers' business."""
    return Transaction(
        id=task.id,
        queue=task.queue,
        key=task.key,
        label=task.label,
        state=task.state,
        owner=task.owner,
        error=task.error,
        done=list(task.done),
        attempts=task.attempts,
        first_at=task.first_at,
        due_at=task.due_at,
        version=task.version,
        mode=task.mode,
        held_by=task.held_by,
    )


@router.get("", operation_id="listExceptions", summary="What is held, oldest first")
async def exceptions(
    core: TheCore,
    owner: Word = None,
    queue: Word = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Transactions:
    """A page past the end is empty. owner: who is asked; queue: the flow or consumer; 422 for one that there
    is not, with those that there are."""
    after, parked = number_of(_LIST, cursor), await core.model.parked()
    asked = {each.owner for each in core.maps.documents.values()}
    one_of("owner", owner, OWNERS | asked | {task.owner for task in parked})
    # What older code has parked, too.
    one_of("queue", queue, QUEUES | {task.queue for task in parked})
    held = sorted(
        (
            task
            for task in parked
            if task.id > after and owner in (None, task.owner) and queue in (None, task.queue)
        ),
        key=lambda task: task.id,
    )
    page = held[:limit]
    following = cursor_of(_LIST, str(page[-1].id)) if len(held) > limit else None
    return Transactions(items=[shown(task) for task in page], next=following)


@router.get("/{number}", operation_id="getException", summary="One transaction", responses=told(404))
async def exception(core: TheCore, number: Number) -> Transaction:
    """In any state: also what has been released or given up."""
    return shown(await core.exceptions.look(number))


@router.post(
    "/{number}/hold",
    operation_id="hold",
    summary="Stop what is ready or under way",
    responses=told(404, 409),
    response_model=Transaction,
)
async def hold(core: TheCore, who: Asker, acting: Acting, number: Number, said: Reason) -> Response:
    """Its worker's next word is not taken down any more."""
    return await _decide(acting, said, core.exceptions.hold, number, who)


@router.post(
    "/{number}/release",
    operation_id="release",
    summary="It goes on",
    responses=told(404, 409),
    response_model=Transaction,
)
async def release(core: TheCore, who: Asker, acting: Acting, number: Number, said: Reason) -> Response:
    """With the step where it was held."""
    return await _decide(acting, said, core.exceptions.release, number, who)


@router.post(
    "/{number}/skip",
    operation_id="skip",
    summary="The step was done by hand",
    responses=told(404, 409),
    response_model=Transaction,
)
async def skip(core: TheCore, who: Asker, acting: Acting, number: Number, said: Reason) -> Response:
    """It goes on with the next."""
    return await _decide(acting, said, core.exceptions.skip, number, who)


@router.post(
    "/{number}/undo",
    operation_id="undo",
    summary="Take it back",
    responses=told(404, 409),
    response_model=Transaction,
)
async def undo(core: TheCore, who: Asker, acting: Acting, number: Number, said: Reason) -> Response:
    """Exactly the steps that are done, backwards, each once."""
    return await _decide(acting, said, core.exceptions.undo, number, who)


@router.post(
    "/{number}/abandon",
    operation_id="abandon",
    summary="Give it up",
    responses=told(404, 409),
    response_model=Transaction,
)
async def abandon(core: TheCore, who: Asker, acting: Acting, number: Number, said: Reason) -> Response:
    """It was dealt with by hand; later news does not open it again."""
    return await _decide(acting, said, core.exceptions.abandon, number, who)


async def _decide(acting: Once, said: Reason, decide: Decide, number: int, who: Caller) -> Response:
    async def act() -> Made:
        return Made(200, shown(await decide(number, said.reason, who.name)))

    return await acting.do(said, act)
