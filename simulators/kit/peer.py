"""Another vendor's API, as one vendor's systems reach it: over its wire, signed in as its customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from simulators.kit.spans import carried, served
from simulators.kit.table import Call, Reply


class Peer(Protocol):
    """One vendor of the same tenant."""

    @property
    def credentials(self) -> dict[str, str]:
        """How to sign in there, as the customer of both has entered it."""
        ...

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        """One request; `path` may carry a query. The answer is the other vendor's, whatever it is."""
        ...


class Neighbour:
    """A peer that runs in the same process."""

    def __init__(self, mock: Any) -> None:
        self._mock = mock

    @property
    def credentials(self) -> dict[str, str]:
        """Those of the sandbox as it is now."""
        found: dict[str, str] = self._mock.vendor.credentials(self._mock.rules)
        return found

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        """Straight to the mock's table; header names are in lower case there."""
        plain, _, query = path.partition("?")
        given = {name.lower(): value for name, value in (headers or {}).items()} | carried(served())
        reply: Reply = await self._mock.call(Call(method, plain, query, given, body))
        return reply


class Neighbours(Mapping[str, Peer]):
    """The other mocks of a tenant by name; looked up when asked, so that they may be made one by one."""

    def __init__(self, mocks: Mapping[str, Any]) -> None:
        self._mocks = mocks

    def __getitem__(self, name: str) -> Peer:
        return Neighbour(self._mocks[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._mocks)

    def __len__(self) -> int:
        return len(self._mocks)


class Reach(Mapping[str, Peer]):
    """Others' APIs as one memory of a mock reaches them; once it is closed, every call is cut off."""

    def __init__(self, peers: Mapping[str, Peer]) -> None:
        self._peers = peers
        self.closed = False

    def close(self) -> None:
        """Reach nobody any more."""
        self.closed = True

    def __getitem__(self, name: str) -> Peer:
        return _Reached(self._peers[name], self)

    def __iter__(self) -> Iterator[str]:
        return iter(self._peers)

    def __len__(self) -> int:
        return len(self._peers)


class _Reached:
    def __init__(self, peer: Peer, reach: Reach) -> None:
        self._peer, self._reach = peer, reach

    @property
    def credentials(self) -> dict[str, str]:
        return self._peer.credentials

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        if self._reach.closed:
            return Reply(0, cut="reset")
        return await self._peer.send(method, path, headers, body)
