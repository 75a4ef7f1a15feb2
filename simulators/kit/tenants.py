"""Many tenants in one process: which one a call means, and who answers it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any
from urllib.parse import unquote

from simulators.kit.control import CONTROL_PREFIX, Controls
from simulators.kit.mock import Mock
from simulators.kit.page import page
from simulators.kit.papers import openapi
from simulators.kit.table import Call, Reply, dumps, json_reply
from simulators.kit.tenant import Ground, Tenant

MAIN = "main"
HEADER, PREFIX = "x-tieout-tenant", "/_tenant/"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MOST = 1000
_PAPERS = frozenset({"/openapi.json", "/docs"})
_HTML = ("content-type", "text/html; charset=utf-8")


class Tenants:
    """Tenants by name. A call names one by the header X-Tieout-Tenant, or by /_tenant/NAME before its
    path, or comes over a port of the tenant's own; else it means `main`.

    listen: opens ports for a tenant and says their base URLs by vendor; None where that cannot be.
    hush: closes what was opened for the tenant of that name.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._papers: dict[str, tuple[bytes, bytes]] = {}
        self.listen: Callable[[Tenant], Awaitable[dict[str, str]]] | None = None
        self.hush: Callable[[str], None] | None = None
        self.tenants: dict[str, Tenant] = {}
        self.make(MAIN)

    @property
    def main(self) -> Tenant:
        """The tenant of those who name none."""
        return self.tenants[MAIN]

    def make(self, name: str, like: Tenant | None = None) -> Tenant:
        """A fresh tenant, or one in the state of another; ValueError if the name cannot be had."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"name: {name!r} must be lower-case letters, digits and dashes, at most 40")
        if name in self.tenants:
            raise ValueError(f"name: there is a tenant {name!r} already")
        if len(self.tenants) >= _MOST:
            raise ValueError(f"tenants: there are {_MOST} already; drop one first")
        memory = like.snapshot() if like is not None else None
        made = Tenant(name, self._ground)
        if memory is not None:
            made.become(memory)
        self.tenants[name] = made
        return made

    def names(self) -> Iterable[str]:
        """The tenants' names, oldest first."""
        return self.tenants

    def find(self, name: str) -> Tenant:
        """The tenant of that name; ValueError names those that there are."""
        found = self.tenants.get(name)
        if found is None:
            some = ", ".join(list(self.tenants)[:20])
            raise ValueError(
                f"tenant: {name!r} is unknown; there are: {some}; POST /_tieout/tenants makes one"
            )
        return found

    def drop(self, name: str) -> None:
        """Forget a tenant; ValueError for an unknown one and for `main`."""
        if name == MAIN:
            raise ValueError(f"name: the tenant {MAIN!r} stays; reset it instead")
        self.find(name).close()
        del self.tenants[name]
        if self.hush is not None:
            self.hush(name)

    def close(self) -> None:
        """Let nothing more be done."""
        for tenant in self.tenants.values():
            tenant.close()

    def door(self, vendor: str, tenant: Tenant | None = None) -> Callable[[Call], Coroutine[Any, Any, Reply]]:
        """What answers calls to one vendor: of the tenant that each names, or of this one only."""

        def answer(call: Call) -> Coroutine[Any, Any, Reply]:
            try:
                meant = self._meant(call) if tenant is None else self._living(tenant)
            except ValueError as error:
                return _said(json_reply(404, {"error": str(error)}))
            mock = meant.mocks[vendor]
            if call.path.startswith(CONTROL_PREFIX):
                return Controls(self, meant, mock).answer(call)
            if call.path in _PAPERS and call.method in ("GET", "HEAD"):
                return _said(self._paper(mock, call.path))
            return mock.call(call)

        return answer

    def _living(self, tenant: Tenant) -> Tenant:
        if self.tenants.get(tenant.name) is not tenant:
            raise ValueError(f"tenant: {tenant.name!r} was forgotten")
        return tenant

    def _meant(self, call: Call) -> Tenant:
        if call.path.startswith(PREFIX):
            name, _, rest = call.path.removeprefix(PREFIX).partition("/")
            found = self.find(unquote(name))
            call.path = f"/{rest}"
            call.base_url += f"{PREFIX}{name}"
            return found
        name = call.headers.get(HEADER, "")
        return self.find(name) if name else self.tenants[MAIN]

    def _paper(self, mock: Mock, path: str) -> Reply:
        vendor = mock.vendor
        papers = self._papers.get(vendor.name)
        if papers is None:
            papers = self._papers[vendor.name] = (dumps(openapi(vendor)), page(mock).encode())
        if path == "/docs":
            return Reply(200, papers[1], (_HTML,))
        return Reply(200, papers[0], (("content-type", "application/json"),))


async def _said(reply: Reply) -> Reply:
    return reply
