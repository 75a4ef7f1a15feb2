"""The phases of a run after the chaos: heal, drain until nothing moves, replay everything once more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from hmac import digest

from scenarios.evidence.run import Convergence, Replay
from scenarios.world.build import World
from scenarios.world.mailroom import CHANNELS
from scenarios.world.product import signed
from scenarios.world.statehash import differences, state
from scenarios.world.transfers import signed as signed_by_bank

HOUR, DAY = 3_600_000_000, 86_400_000_000
# Bound on convergence: the longest webhook horizon (5 days of senders' retries and our own durable
# retry of about four), two batch nights, the quota window, and a margin.
T_CONV = 9 * DAY
# Daily doings that follow the calendar and not the fault: payouts and their journals, closed months.
_VENDOR_KINDS = frozenset({"payout", "period", "journal", "currencyRate"})


async def heal(world: World) -> None:
    """Stop injecting, end outages, restart what is down; business facts stay as they are."""
    world.chance.healed = True
    world.inbound.closed_until = 0
    world.undo_drifts()
    world.mocks["stripe"].vendor.disturb(world.mocks["stripe"].rules, "search_lag", {"microseconds": 0})
    if not world.host.up:
        world.start_core()
    # An operator empties the exception queue once: what was held may go on, or be held again.
    await world.release_all()


@dataclass(slots=True)
class Rest:
    """Whether the world has come to rest; asked once an hour."""

    world: World
    healed_at: int
    last_pending: list[str] = field(default_factory=list)

    def last_change(self, *, vendor_doings: bool) -> int:
        """When anything last changed in any system."""
        latest = max(self.healed_at, self.world.transfers.last_booked)
        for mock in self.world.mocks.values():
            for change in reversed(mock.rules.history.changes):
                if change.kind == "bill_run":
                    continue  # the morning's run leaves its own trace even where nothing is due
                if vendor_doings or change.kind not in _VENDOR_KINDS:
                    latest = max(latest, change.at)
                    break
        return latest

    async def reached(self) -> bool:
        """Nothing pending, a day without change, and the repair cycles of that day found nothing."""
        pending = await self.pending()
        self.last_pending = pending
        quiet = self.world.clock.now() - self.last_change(vendor_doings=True) >= 26 * HOUR
        return not pending and quiet and not any(self.cycles()[-2:]) and self._cycled()

    def cycles(self) -> list[int]:
        """Repairs of each reconciliation cycle, where the model has any."""
        core = self.world.core
        reconciliation = getattr(core and core.model, "reconciliation", None)
        return list(reconciliation.cycles) if reconciliation is not None else []

    def _cycled(self) -> bool:
        reconciling = getattr(self.world.core and self.world.core.model, "reconciliation", None)
        return reconciling is None or len(self.cycles()) >= 2

    async def pending(self) -> list[str]:
        """What has not ended, in words."""
        world = self.world
        found = [] if world.host.up else ["the core is down"]
        if world.network.in_flight:
            found.append(f"{world.network.in_flight} requests under way")
        for name, mock in world.mocks.items():
            count = mock.rules.pending()
            if count:
                found.append(f"{count} webhooks or jobs of {name}")
        if world.transfers.pending:
            found.append(f"{world.transfers.pending} notices of transfers")
        if world.product.pending:
            found.append(f"{world.product.pending} notices of usage")
        if await world.store.next_delivery() is not None:
            found.append("webhooks to those outside")
        if world.core is not None:
            found += await world.core.model.pending()
        return found


async def drain(world: World, healed_at: int) -> Convergence:
    """Let time pass until rest; bills for what was late are still run, new facts no longer made."""
    rest = Rest(world, healed_at)
    while world.clock.now() - healed_at < T_CONV:
        await asyncio.sleep(HOUR / 1_000_000)
        if await rest.reached():
            at = rest.last_change(vendor_doings=False)
            return Convergence(True, healed_at, at, T_CONV, tuple(rest.cycles()[-2:]), ())
    pending = rest.last_pending or ["the books still change, or repairs are still made"]
    return Convergence(False, healed_at, world.clock.now(), T_CONV, tuple(rest.cycles()[-2:]), tuple(pending))


async def replay(world: World) -> Replay:
    """Redeliver what was delivered and run each job again: the books must not move (I-19)."""
    before = state(world)
    count = 0
    for kept in world.inbound.kept:
        secret = world.secrets.get(kept.system, "")
        headers = {**kept.headers, **sign(kept.system, secret, kept.body, world.clock.now())}
        status = await world.inbound.hand_over(f"http://core{kept.path}", headers, kept.body)
        world.recorder.deliver(CHANNELS[kept.system], kept.event, status or 0, signed=True, fault="I-19")
        count += 1
    assert world.core is not None
    for name in world.core.model.jobs:
        if name not in ("dunning", "write_off"):  # these make new facts
            await world.run_job(name)
            count += 1
    for _ in range(48):
        await asyncio.sleep(HOUR / 1_000_000)
        if not await Rest(world, world.clock.now()).pending():
            break
    after = state(world)
    return Replay(True, count, before.hash, after.hash, tuple(differences(before, after)))


def sign(vendor: str, secret: str, body: bytes, now: int) -> dict[str, str]:
    """The header that a vendor would sign with now; callouts carry a password and no time."""
    if vendor == "zuora":
        return {}
    if vendor == "product":
        return signed(body, now, secret)
    if vendor == "bank":
        return signed_by_bank(body, now, secret)
    seconds = now // 1_000_000
    mac = digest(secret.encode(), f"{seconds}.".encode() + body, "sha256").hex()
    name = "Stripe-Signature" if vendor == "stripe" else "X-Event-Relay-Signature"
    return {name: f"t={seconds},v1={mac}"}
