"""The core over HTTP in real time: webhooks in, health, and the desk of its operators."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from fastapi import FastAPI

from core.api.health import health_routes
from core.api.observing import observing_routes
from core.api.operations import operations
from core.api.page import page_routes
from core.api.people import Access, SignIn
from core.api.signing_in import Gate
from core.api.tokens import TokenDesk
from core.api.v1 import (
    conflicts,
    exceptions,
    listing,
    mappings,
    resources,
    webhook_endpoints,
    work,
)
from core.api.v1.asyncapi import asyncapi_routes
from core.api.v1.document import documented
from core.api.v1.personal import Veiling
from core.api.v1.problems import answer_with_problems
from core.api.v1.shell import Shell
from core.assemble import Core
from core.canonical.errors import CoreError
from core.governance.accounts import Accounts, Secret
from core.governance.tokens import Tokens
from core.observing.view import View
from core.realtime import LogWatch

_SETTLE_SECONDS = 20


def core_app(
    core: Core,
    watch: LogWatch,
    token: str,
    view: View | None = None,
    accounts: Accounts | None = None,
    access: Access | None = None,
    roots: Sequence[Secret] = (),
) -> FastAPI:
    """`token`: what operators send as a bearer token; ValueError if it is empty. view: what is shown of
    this process and its deployment, None for nothing; accounts: of services, beside the operators; access:
    how people sign in, None where they do not; roots: of the keys that sign tokens, without any the
    operators' token."""
    app = FastAPI(
        title="Tieout integration core", version="1", docs_url=None, redoc_url=None, lifespan=_resuming(core)
    )
    known, clock = accounts or Accounts(), core.desk.clock
    tokens = Tokens(roots or token, known, access.people if access else None)
    sign_in = SignIn(access, tokens, core.store, clock, core.trail, core.refusals) if access else None
    gate = Gate(token, tokens, known, core, sign_in)
    app.state.core, app.state.identify = core, gate
    answer_with_problems(app)
    app.include_router(health_routes(core, view))
    app.include_router(page_routes())
    app.include_router(gate.routes())
    app.include_router(TokenDesk(gate, core.trail, clock, sign_in).routes())
    if sign_in is not None:
        app.include_router(sign_in.routes())
    app.include_router(operations(core, watch))
    for resources_of in (
        exceptions,
        listing,
        resources,
        work,
        mappings,
        webhook_endpoints,
        conflicts,
    ):
        app.include_router(resources_of.router)
    if view is not None:
        app.include_router(observing_routes(view))
    app.include_router(asyncapi_routes(app.title, app.version))
    documented(app)
    app.mount("/webhooks", core.webhooks)
    app.add_middleware(Veiling)
    app.add_middleware(Shell, clock=core.desk.clock)
    return app


def _resuming(core: Core) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await core.jobs.resume()
        settling = asyncio.create_task(_settling(core))
        yield
        settling.cancel()
        with suppress(CoreError):
            await core.refusals.settle(all_=True)

    return lifespan


async def _settling(core: Core) -> None:
    """Counts of refusals come into the audit log also when no other refusal follows."""
    while True:
        await asyncio.sleep(_SETTLE_SECONDS)
        with suppress(CoreError):
            await core.refusals.settle()
