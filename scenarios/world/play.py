"""Plays one run: provision, business with faults, heal, drain, replay; leaves evidence and figures."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.assemble import Alter
from core.canonical.facts import FACTS
from core.observing.tracing import Span
from core.reconcile.conflicts import Conflict
from core.settings import Settings
from scenarios.closing.claims import claims_of
from scenarios.evidence.run import Evidence, Replay
from scenarios.lifecycles.calendar import Calendar, moment
from scenarios.lifecycles.customer import Customer
from scenarios.lifecycles.departments import Departments
from scenarios.lifecycles.house_bank import HouseBank
from scenarios.lifecycles.issuer import Issuer
from scenarios.lifecycles.people import companies
from scenarios.lifecycles.sales import Sales
from scenarios.lifecycles.treasury import Treasury
from scenarios.mutants.catalogue import plant_of
from scenarios.profiles.profile import Product, Profile, read_profile
from scenarios.provision import Provisioned, provision
from scenarios.provision_ledger import open_subsidiaries
from scenarios.scripted.script import Script
from scenarios.scripted.stage import Stage
from scenarios.scripted.transfers import PayByTransfer
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.world.build import CORE_URL, START_US, World
from scenarios.world.consumer import Consumer
from scenarios.world.fences import fenced
from scenarios.world.forger import forge
from scenarios.world.gather import gather
from scenarios.world.look import conflicts_of
from scenarios.world.loop import SimLoop, run
from scenarios.world.moments import schedule
from scenarios.world.phases import drain, heal, replay
from scenarios.world.plant import NOTHING, Plant
from scenarios.world.powercut import Branch, Point
from simulators.kit.spans import ServerSpan

# Told after each virtual day: the share of the run that is behind.
Progress = Callable[[float], None]
# Dunning is started by the lab's own collections department, so that it ends with the business.
_SETTINGS = Settings(dunning_hour=None, write_off_hour=None)
_NO_REPLAY = Replay(False, 0, "", "", ())


@dataclass(frozen=True, slots=True)
class Played:
    """A finished run.

    alerts: (moment, severity, subject, text); fired: each fault with its site; counts: what customers
    did; core_counts: the core's own counters; points: where the power could have been cut, counted only
    where the spec asks for it; spans: of the core, and served: of the mocks, where the run was traced;
    conflicts: of ownership, as the core sees them at rest, where it was asked to look.
    """

    spec: Spec
    evidence: Evidence
    fired: tuple[tuple[str, tuple[str, ...]], ...]
    counts: Counter[str]
    core_counts: Counter[str]
    alerts: tuple[tuple[int, str, str, str], ...]
    crashes: int
    events: int
    cpu_seconds: float
    virtual_seconds: float
    points: tuple[Point, ...] = ()
    spans: tuple[Span, ...] = ()
    served: tuple[ServerSpan, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def play(
    spec: Spec,
    *,
    progress: Progress | None = None,
    alter: Alter | None = None,
    settings: Settings = _SETTINGS,
    repeat: bool = True,
    profile: Profile | None = None,
    traced: bool = False,
    plant: Plant = NOTHING,
    script: Script | None = None,
    branch: Branch | None = None,
    outside: Consumer | None = None,
    conflicts: bool = False,
) -> Played:
    """Play a run to its end. `repeat`: also the replay phase. Raises what the harness trips over.

    traced: keep the spans of all transactions. alter, plant: a bug without name, or who looks on from there;
    not looked at where the spec names a mutant. script: instead of the story's. branch: asked at each point
    where the power may be cut, if the spec has them counted. outside: is told of facts by webhook, and has
    troubles of its own; conflicts: let the core look for them at the end.
    """
    if alter is not None:
        plant = replace(plant, desk=alter)
    if spec.mutant:
        plant = plant_of(spec.mutant)
    company = profile or read_profile(spec.profile)
    began = time.process_time()

    if script is None and spec.story in STORIES:
        script = STORIES[spec.story].script

    async def main(loop: SimLoop) -> Played:
        world = World(
            loop,
            spec,
            _settings_of(company, settings),
            plant,
            moment(script.first) if script else START_US,
            traced=traced,
            branch=branch,
            outside=outside,
        )
        performed = await _Performance(world, company, progress, repeat, script).perform()
        return replace(performed, conflicts=await conflicts_of(world)) if conflicts else performed

    # Little of what a run makes is garbage before its end; looking for it often only costs.
    thresholds = gc.get_threshold()
    gc.collect()
    gc.set_threshold(100_000, 50, 1000)
    try:
        with fenced():
            played: Played = run(main)
    finally:
        gc.set_threshold(*thresholds)
    return replace(played, cpu_seconds=time.process_time() - began)


def _settings_of(company: Profile, settings: Settings) -> Settings:
    """A company of several entities has its core route to them, and revalue what is in other currencies.
    One that gives invoices up has approved of it."""
    days = int(company.write_off_days)
    if days:
        given_up = {"write_off_days": {"card": days, "invoice": days + 60}, "write_off_approved": True}
        settings = settings.model_copy(update=given_up)
    settings = settings.model_copy(update={"dimensions": company.dimensions, "segments": company.segments})
    if company.books is not None:
        settings = settings.model_copy(update={"books": company.books})
    if not company.legal_entities.entities:
        return settings
    several = {"legal_entities": company.legal_entities, "revaluation_day": settings.recognition_day}
    return settings.model_copy(update=several)


class _Performance:
    """One performance."""

    def __init__(
        self, world: World, profile: Profile, progress: Progress | None, repeat: bool, script: Script | None
    ) -> None:
        self._world, self._profile, self._script = world, profile, script
        self._progress, self._repeat = progress, repeat
        self._counts: Counter[str] = Counter()

    async def perform(self) -> Played:
        world, spec = self._world, self._world.spec
        listens = spec.model != "batch"
        made = await self._provisioned(listens)
        calendar = Calendar(world.clock.now)
        go_live = calendar.today()
        treasury = await self._open_entities(calendar)
        script = self._script
        days = script.days if script else spec.days
        last_day = go_live + timedelta(days=days - 1)
        departments = Departments(world.loop, calendar, world.hands, last_day)
        if script:
            departments.runs_bills = script.runs_bills
        schedule(world, departments)
        if listens:  # a core without an open door has no visitors
            world.spawn_outside(forge(world))
        sales = Sales(world.hands, made.product_ids, self._profile.legal_entities.routing())
        if script:
            await self._open_script(script, calendar, departments, sales)
        else:
            self._open_business(calendar, sales, go_live, last_day)
        world.loop.process(departments.billing_operations())
        world.loop.process(departments.controlling())
        if treasury is not None:
            world.loop.process(treasury.month_ends(lambda: departments.business_open))
        if script is None or script.dunning:
            world.loop.process(departments.collections(world.run_job))
        await self._pass(days)
        departments.business_open = False
        await heal(world)
        convergence = await drain(world, world.clock.now())
        # Before the replay: what that brings anew must not hide what the run had lost.
        evidence = await gather(world, last_day.isoformat(), convergence, _NO_REPLAY)
        claims = claims_of(evidence, world.controls)
        evidence = replace(evidence, controls=claims, replay=await self._replay())
        world.check()
        return Played(
            world.spec,
            evidence,
            tuple(world.recorder.fired),
            self._counts,
            world.recorder.counts,
            tuple(world.recorder.alerts),
            world.crashes,
            world.loop.steps,
            0.0,
            world.loop.now_us / 1_000_000,
            () if world.power is None else tuple(world.power.points),
            tuple(world.spans),
            tuple(world.served),
        )

    async def _open_entities(self, calendar: Calendar) -> Treasury | None:
        """Subsidiaries in the ledger and the first exchange rates, where the company has legal entities."""
        entities = self._profile.legal_entities.entities
        if not entities:
            return None
        world = self._world
        await open_subsidiaries(world.hands, entities, self._profile.legal_entities.eliminations)
        homes = [entity.currency for entity in entities]
        treasury = Treasury(world.loop, calendar, world.hands, world.draws, homes)
        await treasury.enter(calendar.today())
        return treasury

    async def _provisioned(self, listens: bool) -> Provisioned:
        """Sandboxes, mocks and core, ready for business."""
        world = self._world
        further = self._script.further_currencies if self._script else ()
        made = await provision(world.hands, self._products(), CORE_URL, webhooks=listens, currencies=further)
        world.product.url = f"{CORE_URL}/webhooks/product" if listens else ""
        world.transfers.url = f"{CORE_URL}/webhooks/bank" if listens else ""
        acts = self._script.acts if self._script else ()
        paid_in = any(isinstance(act, PayByTransfer) for act in acts)
        world.transfers.takes_transfers = paid_in or self._profile.transfer_share > 0
        world.secrets.update(made.secrets)
        world.start_mocks()
        world.start_core()
        if world.outside is not None and world.core is not None:
            await world.outside.open(world.core, tuple(FACTS), world.draws)
        return made

    async def _open_script(
        self, script: Script, calendar: Calendar, departments: Departments, sales: Sales
    ) -> None:
        world = self._world
        stage = Stage(
            script, calendar, departments, sales, world.hands, world.inside_stripe, world.product.record,
            world.transfers.pay_in, world.transfers.last_of, world.take_back,
        )  # fmt: skip
        await stage.open()
        for act, at in stage.timed():
            self._world.spawn_outside(stage.play(act, at))
            self._counts[type(act).__name__] += 1

    def _open_business(self, calendar: Calendar, sales: Sales, go_live: date, last_day: date) -> None:
        world, spec = self._world, self._world.spec
        issuer = Issuer(world.hands, world.inside_stripe)
        bank = HouseBank(world.loop, calendar, world.draws, self._profile, world.hands, world.inside_stripe)
        world.loop.process(bank.life(last_day, self._counts))
        for company in companies(spec.customers, self._profile.currencies, world.draws):
            customer = Customer(
                world.loop,
                calendar,
                world.draws,
                self._profile,
                company,
                sales,
                world.hands,
                issuer,
                go_live,
                last_day,
                self._counts,
                world.product.record,
                world.transfers.pay_in,
            )
            world.loop.process(customer.life())

    def _products(self) -> tuple[Product, ...]:
        if self._script is None:
            return self._profile.products
        sold = self._script.products
        return tuple(product for product in self._profile.products if product.sku in sold)

    async def _pass(self, days: int) -> None:
        for passed in range(days):
            await asyncio.sleep(86_400)
            self._world.check()
            if self._progress is not None:
                self._progress((passed + 1) / (days + 8))

    async def _replay(self) -> Replay:
        return await replay(self._world) if self._repeat else _NO_REPLAY
