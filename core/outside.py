"""The wire to addresses that others have named: nothing that leads inside, no endless answers."""

from __future__ import annotations

import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from core.announcing.addresses import outside
from core.realtime import AioHttpTransport

# What a consumer says to a webhook is not read; so much of it is taken off the connection.
_MOST_BYTES = 65_536


class OutsideResolver(AbstractResolver):
    """Refuses a name of which any address leads inside; the address that was looked at is the one that is
    connected to, so that a name cannot change its mind in between."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """OSError for what leads inside, as for a name that nobody knows."""
        found = await self._inner.resolve(host, port, family)
        if not found or not outside(each["host"] for each in found):
            raise OSError(f"{host} leads inside; webhooks.hosts or webhooks.inside would have to allow it")
        return found

    async def close(self) -> None:
        """Gives back what the resolver within holds."""
        await self._inner.close()


def outside_transport(*, inside: bool) -> AioHttpTransport:
    """inside: whether what leads inside may be reached, as the settings say."""
    resolver = None if inside else OutsideResolver()
    return AioHttpTransport(connections=20, resolver=resolver, most_bytes=_MOST_BYTES)
