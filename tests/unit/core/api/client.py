"""Asks the core's HTTP application in the same loop, over an office of fakes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, cast

from core.announcing.addresses import Reach
from core.announcing.announcer import Announcer
from core.announcing.endpoints import EndpointDesk
from core.announcing.sender import Sender
from core.api.app import core_app
from core.api.people import Access
from core.assemble import Core
from core.connectivity.exceptions import ExceptionDesk
from core.connectivity.flows import FLOWS
from core.connectivity.jobs import Jobs
from core.connectivity.orchestrated import Orchestrated
from core.governance.accounts import Accounts, Secret
from core.governance.audit import Trail
from core.governance.duties import Duties
from core.governance.refusals import Refusals
from core.realtime import LogWatch
from core.reliability.retry import Policy
from core.reliability.worker import DEFAULT
from scenarios.world.consumer import Consumer
from tests.unit.core.fakes import Books, Office, in_office, make_account, make_order

TOKEN = "let-me-in"
# Of which the secrets of endpoints are worked out.
ROOT = "root-of-the-test"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Signed in as the operator unless told otherwise."""

    def __init__(self, app: Any, office: Office, model: Orchestrated, jobs: Jobs, consumer: Consumer) -> None:
        self._app, self.office, self.model, self.jobs = app, office, model, jobs
        self.consumer = consumer
        self.acts = 0

    async def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = TOKEN,
        raw: bytes | None = None,
        **headers: str,
    ) -> Answer:
        path, _, query = path.partition("?")
        sent = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        named = {"content-type": "application/json", **{n.replace("_", "-"): v for n, v in headers.items()}}
        if method == "POST" and "idempotency-key" not in named:
            self.acts += 1
            named["idempotency-key"] = f"act-{self.acts}"
        if token is not None:
            named["authorization"] = f"Bearer {token}"
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(n.encode(), v.encode()) for n, v in named.items()],
            "server": ("core", 80), "client": ("there", 1),
        }  # fmt: skip
        got: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Any) -> None:
            got.append(message)

        await self._app(scope, receive, send)
        found = {n.decode().lower(): v.decode() for n, v in got[0]["headers"]}
        return Answer(got[0]["status"], found, b"".join(m.get("body", b"") for m in got[1:]))


def new_business() -> Books:
    books = Books(billed={}, orders={"q1": make_order()})
    books.accounts["acme"] = make_account(customer="")
    return books


async def nowhere(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("no webhooks here")


def asked(
    story: Callable[[Client], Awaitable[Any]],
    books: Books | None = None,
    accounts: Accounts | None = None,
    access: Access | None = None,
    duties: Duties | None = None,
    former: Secret | None = None,
) -> Any:
    """Play a story at the API, in virtual time. former: the root of endpoints' secrets before ROOT."""

    async def main(office: Office) -> Any:
        trail, reach = Trail(office.store, office.clock.now), Reach()
        consumer = Consumer(office.clock)
        sender = Sender(
            office.store, consumer, office.clock, office.draws, office.watch, DEFAULT,
            root=ROOT, former=former, reach=reach, policy=Policy(8, 5.0, 2.5, 21_600.0), days=3,
        )  # fmt: skip
        parts = office.parts(dunning_hour=None, durable_first_seconds=60.0)
        model = Orchestrated(replace(parts, announces=Announcer("urn:tieout:core", sender.wake)))
        endpoints = EndpointDesk(office.store, office.clock, trail, reach, ROOT, sender.wake)
        desk = ExceptionDesk(office.store, office.clock, office.watch, FLOWS, trail, duties, wake=model.wake)
        jobs = Jobs(model.jobs, office.store, office.clock, office.watch, office.spawn)
        refusals = Refusals(trail, office.clock.now)
        core = Core(
            model, office.desk, nowhere, desk, jobs, office.store, trail, refusals, endpoints, sender=sender
        )
        core.start(office.spawn)
        app = core_app(core, cast("LogWatch", office.watch), TOKEN, accounts=accounts, access=access)
        return await story(Client(app, office, model, jobs, consumer))

    return in_office(main, books or new_business())
