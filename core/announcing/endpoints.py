"""The desk of the endpoints: who is told, of what, where; their secrets; what they were told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.announcing.addresses import Reach
from core.announcing.signing import secret_of
from core.canonical.errors import Missing, Refused
from core.canonical.facts import FACTS
from core.governance.audit import Deed, Trail
from core.ports.announcing import ContentMode, Delivery, Endpoint
from core.ports.durable import Store
from core.ports.world import Clock

_HOUR_US = 3_600_000_000
# Each fact is written once for each of them.
MOST = 100
WRITE = "webhook-endpoints:write"
NO_ROOT = "secrets.webhooks_out: there is none in this deployment; webhooks cannot be signed without"


class EndpointDesk:
    """Every change has its lines in the audit log. root: the deployment's secret, of which theirs are worked
    out, "" for none; wake: of who sends."""

    def __init__(
        self, store: Store, clock: Clock, trail: Trail, reach: Reach, root: str, wake: Callable[[], None]
    ) -> None:
        self._store, self._clock, self._trail = store, clock, trail
        self._reach, self._root, self._wake = reach, root, wake

    async def add(
        self, endpoint: str, url: str, topics: Sequence[str], mode: ContentMode, by: str
    ) -> Endpoint:
        """The one that is there where it was added before. BadAddress for where nothing may go; Refused
        without a root and beyond what there may be."""
        self._needs_root()
        self._reach.check(url)
        known = await self._store.endpoints()
        for each in known:
            if each.id == endpoint:
                return each
        if len(known) >= MOST:
            raise Refused(f"endpoints: there are {MOST} already; drop one that nobody needs")
        made = Endpoint(endpoint, url, _ordered(topics), 1, 0, True, "", by, self._clock.now(), mode=mode)
        async with self._trail.around(Deed(by, WRITE, "add", f"webhook endpoint {endpoint} {url}")):
            await self._store.add_endpoint(made)
        return made

    async def all(self) -> list[Endpoint]:
        """Oldest first."""
        return await self._store.endpoints()

    async def look(self, endpoint: str) -> Endpoint:
        """Missing if there is none."""
        for each in await self._store.endpoints():
            if each.id == endpoint:
                return each
        raise Missing(f"webhook endpoint {endpoint}: there is none")

    async def change(
        self,
        endpoint: str,
        url: str | None,
        topics: Sequence[str] | None,
        mode: ContentMode | None,
        enabled: bool | None,
        by: str,
    ) -> Endpoint:
        """What is None stays. BadAddress for where nothing may go. Enabled again, what waits goes out."""
        found = await self.look(endpoint)
        if url is not None:
            self._reach.check(url)
        changed = replace(
            found,
            url=found.url if url is None else url,
            topics=found.topics if topics is None else _ordered(topics),
            mode=found.mode if mode is None else mode,
            enabled=found.enabled if enabled is None else enabled,
            why="" if enabled is not None else found.why,
            failing_since=0,
        )
        await self._change(changed, "change", by)
        return changed

    async def rotate(self, endpoint: str, overlap_hours: int, by: str) -> Endpoint:
        """A new secret; the one before signs, too, for the overlap."""
        self._needs_root()
        found = await self.look(endpoint)
        until = self._clock.now() + overlap_hours * _HOUR_US
        changed = replace(found, version=found.version + 1, former_until=until)
        await self._change(changed, "rotate the secret of", by)
        return changed

    async def drop(self, endpoint: str, by: str) -> None:
        """With all that it was to be told; Missing if there is none."""
        await self.look(endpoint)
        async with self._trail.around(Deed(by, WRITE, "drop", f"webhook endpoint {endpoint}")):
            await self._store.drop_endpoint(endpoint)

    async def deliveries(self, endpoint: str, state: str | None, after: int, limit: int) -> list[Delivery]:
        """By number; Missing if there is no such endpoint."""
        await self.look(endpoint)
        return await self._store.deliveries(endpoint, state, after, limit)

    async def again(self, endpoint: str, number: int, by: str) -> None:
        """It is sent once more under the same id. Missing if there is no such delivery, Refused while it
        waits anyway."""
        await self.look(endpoint)
        if not [d for d in await self._store.deliveries(endpoint, None, number - 1, 1) if d.number == number]:
            raise Missing(f"delivery {number} of {endpoint}: there is none")
        async with self._trail.around(Deed(by, WRITE, "send again", f"delivery {number} of {endpoint}")):
            if not await self._store.deliver_again(endpoint, number, self._clock.now()):
                raise Refused(f"delivery {number}: it waits to be sent")
        self._wake()

    def secret(self, endpoint: Endpoint) -> str:
        """The present one."""
        self._needs_root()
        return secret_of(self._root, endpoint.id, endpoint.version)

    async def _change(self, changed: Endpoint, act: str, by: str) -> None:
        async with self._trail.around(Deed(by, WRITE, act, f"webhook endpoint {changed.id}")):
            if not await self._store.change_endpoint(changed):
                raise Missing(f"webhook endpoint {changed.id}: there is none")
        self._wake()

    def _needs_root(self) -> None:
        if not self._root:
            raise Refused(NO_ROOT)


def _ordered(topics: Sequence[str]) -> tuple[str, ...]:
    """In the order of the table, each once; Refused for one that nobody is told of."""
    if unknown := sorted(set(topics) - {str(topic) for topic in FACTS}):
        raise Refused(f"topics: {', '.join(unknown)}: there are {', '.join(FACTS)}")
    return tuple(str(topic) for topic in FACTS if topic in topics)
