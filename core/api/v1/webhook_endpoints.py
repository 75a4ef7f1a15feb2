"""Webhooks out: who is told of which facts, and where; what each was told, and once more."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from core.announcing.addresses import BadAddress
from core.api.v1.asking import Asker, Page, TheCore, caller, only_known
from core.api.v1.filters import Cursor, Limit, cursor_of, number_of
from core.api.v1.once import Acting, Made
from core.api.v1.problems import Fault, Wrong, told
from core.canonical.facts import FACTS
from core.ports.announcing import ContentMode, Delivery, Endpoint

router = APIRouter(
    prefix="/v1/webhook-endpoints",
    tags=["webhooks out"],
    dependencies=[Depends(caller), Depends(only_known)],
    responses=told(401, 403, 409, 422, 503),
)

Id = Annotated[str, Path(pattern=r"^we_[0-9a-f]{24}$", examples=["we_0123456789abcdef01234567"])]
# A store numbers its deliveries with 63 bits.
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
TopicName = Annotated[str, Field(pattern=f"^({'|'.join(FACTS)})$")]
Topics = Annotated[list[TopicName], Field(min_length=1, max_length=len(FACTS))]
Url = Annotated[str, Field(min_length=1, max_length=2000, examples=["https://hooks.example.com/tieout"])]
State = Annotated[Literal["waiting", "sent", "failed"] | None, Query()]


class EndpointWanted(BaseModel):
    """Where facts are to be sent, which, and in which content mode of CloudEvents."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    topics: Topics
    mode: ContentMode = ContentMode.STRUCTURED


class EndpointChange(BaseModel):
    """What is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    topics: Topics | None = None
    mode: ContentMode | None = None
    enabled: bool | None = None


class Overlap(BaseModel):
    """How long the secret before goes on signing, beside the new one."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: int = Field(default=24, ge=0, le=168)


class EndpointShown(BaseModel):
    """secret: "whsec_" and base64 (Standard Webhooks), shown only where it was made; why: the core has
    disabled it; moments in microseconds since 1970, 0 for none."""

    id: str
    url: str
    topics: list[str]
    mode: ContentMode
    enabled: bool
    why: str
    made_by: str
    made_at: int
    failing_since: int
    former_secret_until: int
    secret: str | None = None


class EndpointsShown(Page):
    """Oldest first; all of them on one page."""

    items: list[EndpointShown]


class DeliveryShown(BaseModel):
    """event: the `webhook-id`; state: waiting, sent or failed; status: of the last answer, 0 for none;
    body: the whole event, as structured mode has it."""

    number: int
    event: str
    topic: str
    customer: str
    state: str
    attempts: int
    at: int
    due_at: int
    ended_at: int
    status: int
    error: str
    body: str


class DeliveriesShown(Page):
    """By number."""

    items: list[DeliveryShown]


def shown(endpoint: Endpoint) -> EndpointShown:
    """Without its secret."""
    return EndpointShown(
        id=endpoint.id,
        url=endpoint.url,
        topics=list(endpoint.topics),
        mode=endpoint.mode,
        enabled=endpoint.enabled,
        why=endpoint.why,
        made_by=endpoint.made_by,
        made_at=endpoint.made_at,
        failing_since=endpoint.failing_since,
        former_secret_until=endpoint.former_until,
    )


@router.post(
    "",
    operation_id="addWebhookEndpoint",
    summary="Be told of facts",
    status_code=201,
    response_model=EndpointShown,
)
async def add(core: TheCore, who: Asker, acting: Acting, said: EndpointWanted) -> Response:
    """The answer shows the secret, here and under the same idempotency key only. 422 for where nothing may be
    sent; 409 in a deployment that cannot sign."""

    async def act() -> Made:
        try:
            made = await core.endpoints.add(
                f"we_{acting.name[:24]}", said.url, said.topics, said.mode, who.name
            )
        except BadAddress as error:
            raise _wrong_url(said.url, error) from None
        return Made(201, shown(made), f"/v1/webhook-endpoints/{made.id}")

    return await _with_secret(core, await acting.do(said, act))


@router.get("", operation_id="listWebhookEndpoints", summary="Who is told")
async def endpoints(core: TheCore) -> EndpointsShown:
    """There are never more than a hundred."""
    return EndpointsShown(items=[shown(each) for each in await core.endpoints.all()], next=None)


@router.get("/{endpoint}", operation_id="getWebhookEndpoint", summary="One endpoint", responses=told(404))
async def one(core: TheCore, endpoint: Id) -> EndpointShown:
    """Without its secret."""
    return shown(await core.endpoints.look(endpoint))


@router.patch(
    "/{endpoint}", operation_id="changeWebhookEndpoint", summary="Change an endpoint", responses=told(404)
)
async def change(core: TheCore, who: Asker, endpoint: Id, said: EndpointChange) -> EndpointShown:
    """While it is disabled nothing is sent, and nothing new taken down for it; enabled again, what waits goes
    out."""
    try:
        return shown(
            await core.endpoints.change(endpoint, said.url, said.topics, said.mode, said.enabled, who.name)
        )
    except BadAddress as error:
        raise _wrong_url(said.url or "", error) from None


@router.delete(
    "/{endpoint}",
    operation_id="dropWebhookEndpoint",
    summary="Be told no more",
    status_code=204,
    responses=told(404),
)
async def drop(core: TheCore, who: Asker, endpoint: Id) -> None:
    """With what it was still to be told."""
    await core.endpoints.drop(endpoint, who.name)


@router.post(
    "/{endpoint}/rotate",
    operation_id="rotateWebhookSecret",
    summary="A new secret",
    response_model=EndpointShown,
    responses=told(404),
)
async def rotate(core: TheCore, who: Asker, acting: Acting, endpoint: Id, said: Overlap) -> Response:
    """Shown in this answer, and under the same idempotency key while no newer one was made. For the overlap
    both sign."""

    async def act() -> Made:
        return Made(200, shown(await core.endpoints.rotate(endpoint, said.overlap_hours, who.name)))

    return await _with_secret(core, await acting.do(said, act))


@router.get(
    "/{endpoint}/deliveries",
    operation_id="listDeliveries",
    summary="What it was told, and is to be told",
    responses=told(404),
)
async def deliveries(
    core: TheCore,
    endpoint: Id,
    state: State = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DeliveriesShown:
    """A page past the end is empty. What was sent is forgotten after the horizon of the core's memory."""
    # Of one endpoint: a number of another's is no place in this list.
    own = f"deliveries-{endpoint}"
    found = await core.endpoints.deliveries(endpoint, state, number_of(own, cursor), limit + 1)
    page = found[:limit]
    following = cursor_of(own, str(page[-1].number)) if len(found) > limit else None
    return DeliveriesShown(items=[_delivery(each) for each in page], next=following)


class Resend(BaseModel):
    """Nothing has to be said."""

    model_config = ConfigDict(extra="forbid")


@router.post(
    "/{endpoint}/deliveries/{number}/resend",
    operation_id="resendDelivery",
    summary="Send it once more",
    status_code=202,
    response_model=Resend,
    responses=told(404),
)
async def resend(
    core: TheCore, who: Asker, acting: Acting, endpoint: Id, number: Number, said: Resend
) -> Response:
    """Under the same id, by which its receiver knows it again; 409 while it waits to be sent anyway."""

    async def act() -> Made:
        await core.endpoints.again(endpoint, number, who.name)
        return Made(202, Resend())

    return await acting.do(said, act)


async def _with_secret(core: TheCore, answer: Response) -> Response:
    """What is kept under an idempotency key holds no secret: it is worked out anew."""
    body = json.loads(bytes(answer.body))
    found = await core.endpoints.look(body["id"])
    body["secret"] = core.endpoints.secret(found)
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Response(json.dumps(body), answer.status_code, headers)


def _wrong_url(url: str, error: BadAddress) -> Wrong:
    fault = Fault(where="body", field="url", value=url[:200], reason=str(error))
    return Wrong(422, "invalid", str(error), faults=[fault])


def _delivery(each: Delivery) -> DeliveryShown:
    return DeliveryShown(
        number=each.number,
        event=each.event,
        topic=each.topic,
        customer=each.aggregate,
        state=each.state,
        attempts=each.attempts,
        at=each.at,
        due_at=each.due_at,
        ended_at=each.ended_at,
        status=each.status,
        error=each.error,
        body=each.body,
    )
