"""What starts work: a won quote once more, and jobs by name, answered when they ended or as 202 at once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from core.api.v1.asking import Asker, TheCore, caller, only_known
from core.api.v1.once import Acting, Made
from core.api.v1.problems import told
from core.api.v1.reading import KEY
from core.canonical.errors import Refused, Unavailable
from core.canonical.events import Event, Topic
from core.connectivity.model import Answer
from core.governance.audit import Deed
from core.ports.memory import Job

router = APIRouter(
    prefix="/v1",
    tags=["work"],
    dependencies=[Depends(caller), Depends(only_known)],
    responses=told(401, 403, 404, 409, 422, 502, 503),
)

# How long a caller who did not ask for a job waits for its end.
_WAIT_SECONDS = 30
_ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"description": "Begun; Location is where it can be looked at"}
}


class WonQuote(BaseModel):
    """Which won quote. opportunity: its external key, or the CRM's id as its events name it: either way it is
    the same transaction."""

    model_config = ConfigDict(extra="forbid")

    opportunity: str = Field(pattern=KEY)


class OrderTaken(BaseModel):
    """It is worked on under the connectivity model of this core. number: of the order."""

    number: str
    subscription: str


class Wanted(BaseModel):
    """Which job."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, examples=["reconciliation"])


class JobShown(BaseModel):
    """state: running, done or failed; result: why it failed; moments in microseconds since 1970."""

    id: str
    name: str
    by: str
    state: str
    begun_at: int
    ended_at: int
    result: str


def shown(job: Job) -> JobShown:
    """All of it."""
    return JobShown(
        id=job.id,
        name=job.name,
        by=job.by,
        state=job.state,
        begun_at=job.begun_at,
        ended_at=job.ended_at,
        result=job.result,
    )


@router.post(
    "/orders",
    operation_id="replayOrder",
    summary="Take a won quote in, again",
    status_code=202,
    response_model=OrderTaken,
)
async def replay(core: TheCore, who: Asker, acting: Acting, said: WonQuote) -> Response:
    """As if the CRM had told of it: steps that are done are found done. 404 where there is no such
    opportunity, 422 where the quote makes no sense, 409 under a model that does not listen."""

    async def act() -> Made:
        if "nightly" in core.model.jobs:
            raise Refused("this core does not listen, it reads at night; run job 'nightly'")
        order = await core.desk.crm.order(said.opportunity)
        # By the name that the CRM's events have for it, or a second transaction would run beside theirs.
        subject = await core.desk.crm.quote_id(said.opportunity)
        now = core.desk.clock.now()
        event = Event(f"api/{acting.name}/{now}", "crm", Topic.QUOTE_ACCEPTED, subject, now)
        async with core.trail.around(Deed(who.name, "orders:write", "replay", f"order {order.number}")):
            if await core.model.accept(event) is not Answer.ACCEPTED:
                raise Unavailable("it could not be taken in; ask again")
        taken = OrderTaken(number=order.number, subscription=order.subscription)
        return Made(202, taken, f"/v1/orders/{order.number}")

    return await acting.do(said, act)


@router.post(
    "/jobs", operation_id="beginJob", summary="Run a job", response_model=JobShown, responses=_ACCEPTED
)
async def begin(
    core: TheCore,
    who: Asker,
    acting: Acting,
    said: Wanted,
    prefer: Annotated[str, Header(max_length=200, description="respond-async (RFC 7240)")] = "",
) -> Response:
    """200 when it has ended; 202 and Location at once with `Prefer: respond-async`, and in any case after
    half a minute."""

    async def act() -> Made:
        async with core.trail.around(Deed(who.name, "jobs:run", "begin", f"job {said.name}")):
            job = await core.jobs.begin(acting.name, said.name, who.name)
        if not _asynchronous(prefer):
            job = await core.jobs.wait(job, _WAIT_SECONDS)
        if job.state == "running":
            return Made(202, shown(job), f"/v1/jobs/{job.id}")
        return Made(200, shown(job), f"/v1/jobs/{job.id}")

    answer = await acting.do(said, act)
    if answer.status_code == 202 and _asynchronous(prefer):
        answer.headers["preference-applied"] = "respond-async"
    return answer


@router.get("/jobs/{job_id}", operation_id="getJob", summary="A job")
async def job(core: TheCore, job_id: Annotated[str, Path(pattern=KEY)]) -> JobShown:
    """As it stands."""
    return shown(await core.jobs.look(job_id))


def _asynchronous(prefer: str) -> bool:
    wishes = (part.partition(";")[0].strip().lower() for part in prefer.split(","))
    return "respond-async" in wishes
