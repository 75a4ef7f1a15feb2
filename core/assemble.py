"""The only place where parts are chosen and joined."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.announcing.announcer import SILENT, Announcer
from core.announcing.endpoints import EndpointDesk
from core.announcing.sender import Sender
from core.api.webhooks import Identify, Read, Reader, webhook_app
from core.bus.memory import MemoryBus
from core.canonical.errors import CoreError
from core.canonical.money import Money
from core.connectivity.batch import Batch
from core.connectivity.direct import Direct
from core.connectivity.engine import durable_policy, webhook_policy
from core.connectivity.event_driven import EventDriven
from core.connectivity.exceptions import ExceptionDesk, as_things_stand
from core.connectivity.flows import FLOWS, INVOICE
from core.connectivity.hybrid import Hybrid
from core.connectivity.jobs import Jobs
from core.connectivity.model import Model, Parts
from core.connectivity.orchestrated import Orchestrated
from core.connectors.avatax import client as avatax_client
from core.connectors.avatax.client import AvaTaxEndpoint
from core.connectors.bank import webhook as bank_webhook
from core.connectors.bank.nothing import NothingPaidIn
from core.connectors.horizons import RECEIVERS, SENDERS
from core.connectors.netsuite import client as netsuite_client
from core.connectors.netsuite.api import NetSuiteEndpoint
from core.connectors.product import webhook as product_webhook
from core.connectors.product.nothing import NothingUsed
from core.connectors.salesforce import client as salesforce_client
from core.connectors.salesforce import webhook as salesforce_webhook
from core.connectors.salesforce.api import SalesforceEndpoint
from core.connectors.session import Limits
from core.connectors.stripe import client as stripe_client
from core.connectors.stripe import webhook as stripe_webhook
from core.connectors.stripe.api import StripeEndpoint
from core.connectors.writes import guard, tells
from core.connectors.zuora import client as zuora_client
from core.connectors.zuora import webhook as zuora_webhook
from core.connectors.zuora.api import ZuoraEndpoint
from core.governance.accounts import Secret
from core.governance.audit import Entry, Trail
from core.governance.masking import SHAPES_ONLY
from core.governance.ownership import standard
from core.governance.refusals import Refusals
from core.mappings.shipped import SHIPPED, Mappings
from core.notices import Notices
from core.ports.bank import Bank
from core.ports.desk import Desk
from core.ports.durable import Bus, Store, Task
from core.ports.product import Product
from core.ports.world import Clock, Draws, Transport, Watch
from core.reliability.horizons import check_horizons
from core.reliability.ratelimit import Limiter
from core.reliability.sharing import Shared
from core.reliability.worker import DEFAULT, Claims
from core.settings import Settings

# The name of the secret of which those of the endpoints are worked out.
WEBHOOKS_OUT = "webhooks_out"

MODELS: dict[str, Callable[[Parts], Model]] = {
    "direct": Direct,
    "orchestrated": Orchestrated,
    "event_driven": EventDriven,
    "batch": Batch,
    "hybrid": Hybrid,
}


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the vendors are and how to sign in there. secrets: by vendor, what its webhooks are signed with;
    former_secrets: those before them, which hold a while longer when one is changed."""

    salesforce: SalesforceEndpoint
    zuora: ZuoraEndpoint
    avatax: AvaTaxEndpoint
    stripe: StripeEndpoint
    netsuite: NetSuiteEndpoint
    secrets: Mapping[str, str] = field(repr=False)
    former_secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the core is given by virtual or by real time. product: the company's own, where use happens; bank:
    the company's own account, where customers may pay in; claims: how workers take from the store, and
    whether others do; kept: hears of each line of the audit log, to keep its hash outside of the store;
    mask: what may be kept of a text there; limiter: is given each that is made, to look at; outside: for what
    is sent to addresses that others have named, the transport if there is no other."""

    transport: Transport
    watch: Watch
    clock: Clock
    draws: Draws
    store: Store
    bus: Bus
    spawn: Callable[[Coroutine[Any, Any, None]], object]
    product: Product = field(default_factory=NothingUsed)
    claims: Claims = DEFAULT
    bank: Bank = field(default_factory=NothingPaidIn)
    kept: Callable[[Entry], None] = lambda _: None
    mask: Callable[[str], str] = SHAPES_ONLY
    limiter: Callable[[Limiter], None] = lambda _: None
    outside: Transport | None = None


@dataclass(frozen=True, slots=True)
class Core:
    """A core, assembled. webhooks: a bare ASGI application; exceptions: what operators may decide; jobs:
    those that they start by name; store: what the API remembers beside the model; trail: writes the audit
    log, refusals: into it, no flood of them; endpoints: who outside is told of facts; sender: tells them,
    None where nothing can be signed."""

    model: Model
    desk: Desk
    webhooks: Callable[..., Awaitable[None]]
    exceptions: ExceptionDesk
    jobs: Jobs
    store: Store
    trail: Trail
    refusals: Refusals
    endpoints: EndpointDesk
    maps: Mappings = SHIPPED
    sender: Sender | None = None

    def start(self, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        """All background work: of the model, and of who tells those outside."""
        self.model.start()
        if self.sender is not None:
            spawn(self.sender.run())


_LIMITS: dict[str, Limits] = {
    "salesforce": salesforce_client.LIMITS,
    "zuora": zuora_client.LIMITS,
    "avatax": avatax_client.LIMITS,
    "stripe": stripe_client.LIMITS,
    "netsuite": netsuite_client.LIMITS,
}

# Changes the desk before a model gets it: how the lab plants mutants.
Alter = Callable[[Desk], Desk]


def make_desk(
    endpoints: Endpoints,
    around: Surroundings,
    settings: Settings,
    maps: Mappings = SHIPPED,
    trail: Trail | None = None,
) -> Desk:
    """The ports, each with its vendor behind it, and the company's conventions; trail: where a write is noted
    that was refused because another system owns what it would set."""
    transport, watch, clock = around.transport, around.watch, around.clock
    # Where others share the store they share what the vendors allow, too.
    alone = around.claims.poll_seconds is None
    shared = None if alone else Shared(around.store, around.claims.name)
    limits = {name: replace(own, shared=shared, heard=around.limiter) for name, own in _LIMITS.items()}
    if settings.controls.ownership:
        told = tells(trail, watch)
        guards = {name: guard(name, standard(), watch, told) for name in limits}
        limits = {name: replace(own, permit=guards[name]) for name, own in limits.items()}
    wire = transport, watch, clock

    routing, classification = settings.legal_entities.routing(), settings.dimensions.classification()
    return Desk(
        crm=salesforce_client.connect(endpoints.salesforce, *wire, limits["salesforce"], maps),
        billing=zuora_client.connect(endpoints.zuora, *wire, limits["zuora"], maps),
        tax=avatax_client.connect(endpoints.avatax, *wire, limits["avatax"], maps),
        payments=stripe_client.connect(endpoints.stripe, *wire, limits["stripe"], maps),
        erp=netsuite_client.connect(
            endpoints.netsuite,
            *wire,
            limits["netsuite"],
            subsidiaries={e.key: e.name for e in routing.entities},
            classification=classification,
            maps=maps,
        ),
        product=around.product,
        bank=around.bank,
        notifier=Notices(around.store, watch),
        clock=clock,
        watch=watch,
        routing=routing,
        classification=classification,
        books=settings.books,
        revenue=settings.revenue,
    )


def assemble(
    model: str,
    endpoints: Endpoints,
    around: Surroundings,
    settings: Settings,
    alter: Alter | None = None,
    maps: Mappings = SHIPPED,
) -> Core:
    """A core under one connectivity model, with these versions of the mappings; KeyError if there is no
    such model, TooForgetful for settings under which something could happen twice."""
    check_horizons(settings.inbox_days, durable_policy(settings), SENDERS, RECEIVERS)
    trail = Trail(around.store, around.clock.now, around.kept, around.mask)
    desk = make_desk(endpoints, around, settings, maps, trail)
    if alter is not None:
        desk = alter(desk)
    secrets = endpoints.secrets
    sender = _sender(endpoints, around, desk, settings)
    announces = Announcer(settings.webhooks.source, sender.wake) if sender else SILENT
    parts = Parts(
        desk, settings, around.draws, around.store, around.bus, around.spawn, around.claims, announces
    )
    chosen = MODELS[model](parts)
    readers = _readers(endpoints)
    refusals = Refusals(trail, desk.clock.now)
    app = webhook_app(
        readers, chosen.accept, desk.watch, desk.clock, settings.signature_window_seconds, refusals=refusals
    )
    duties = settings.separation.duties()
    exceptions = ExceptionDesk(
        around.store, desk.clock, desk.watch, FLOWS, trail, duties, lambda task: _worth(desk, task),
        as_things_stand(desk), chosen.wake,
    )  # fmt: skip
    jobs = Jobs(chosen.jobs, around.store, desk.clock, desk.watch, around.spawn, around.claims)
    told = EndpointDesk(
        around.store,
        desk.clock,
        trail,
        settings.webhooks.reach(),
        secrets.get(WEBHOOKS_OUT, ""),
        announces.wake,
    )
    return Core(chosen, desk, app, exceptions, jobs, around.store, trail, refusals, told, maps, sender)


def _sender(ends: Endpoints, around: Surroundings, desk: Desk, settings: Settings) -> Sender | None:
    """None where nothing can be signed: then nobody can be told."""
    if not (root := ends.secrets.get(WEBHOOKS_OUT, "")):
        return None
    hooks = settings.webhooks
    return Sender(
        around.store, around.outside or around.transport, desk.clock, around.draws, desk.watch, around.claims,
        root=root, former=ends.former_secrets.get(WEBHOOKS_OUT), reach=hooks.reach(),
        policy=webhook_policy(settings), days=hooks.days,
    )  # fmt: skip


def _readers(ends: Endpoints) -> dict[str, Reader]:
    """By the last part of the webhook's address. Without a secret every notice is refused."""
    kinds: dict[str, tuple[str, Read, Identify, str]] = {
        "salesforce": ("crm", salesforce_webhook.read, salesforce_webhook.identify, ""),
        "zuora": ("billing", zuora_webhook.read, zuora_webhook.identify, zuora_webhook.CHALLENGE),
        "stripe": ("payments", stripe_webhook.read, stripe_webhook.identify, ""),
        "product": ("product", product_webhook.read, product_webhook.identify, ""),
        "bank": ("bank", bank_webhook.read, bank_webhook.identify, ""),
    }
    readers = {
        name: Reader(
            channel, ends.secrets.get(name, ""), read, identify, challenge, ends.former_secrets.get(name)
        )
        for name, (channel, read, identify, challenge) in kinds.items()
    }
    # Of all senders it alone tells of what we write there ourselves.
    readers["salesforce"] = replace(readers["salesforce"], echo=salesforce_webhook.echo)
    return readers


async def _worth(desk: Desk, task: Task) -> Money | None:
    """Of an invoice its total; what else a transaction is about is not known here."""
    if task.queue != INVOICE.name:
        return None
    try:
        return (await desk.billing.invoice(task.key)).total
    except CoreError:
        return None


def memory_bus() -> Bus:
    """The broker of a single process."""
    return MemoryBus()
