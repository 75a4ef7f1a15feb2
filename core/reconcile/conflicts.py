"""Where a system shows another value of a field than the system that owns it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from core.canonical.errors import Missing
from core.canonical.money import Money
from core.canonical.parties import Shown
from core.close.once import for_one_look
from core.governance.ownership import Ownership
from core.ports.crm import Mirrored
from core.ports.desk import Desk
from core.reconcile.mirrors import agrees
from core.reliability.ratelimit import BACKGROUND

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
# An object, and where its copies are not as their owner has them.
_Looked = tuple[str, list["Conflict"]]
CUSTOMER = "customer "
_FIELDS = (("customer.name", "name"), ("customer.currency", "currency"), ("customer.email", "email"))


@dataclass(frozen=True, slots=True)
class Conflict:
    """object: "customer ACC-1"; field: as in the table of ownership; owner, other: systems, with what each
    shows; since: the last change of the record at `other`, None where it does not tell; asks: who answers
    for the owner; remedy: for people."""

    object: str
    field: str
    owner: str
    value: str
    other: str
    shown: str
    since: datetime | None
    asks: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Seen:
    """conflicts: by object and field; looked_at: the objects; what is not among them has not changed."""

    conflicts: tuple[Conflict, ...]
    looked_at: frozenset[str]


class Conflicts:
    """Asks every system what it shows; nothing is written, and nothing is kept."""

    def __init__(self, desk: Desk, table: Ownership) -> None:
        self._desk, self._table = desk, table

    async def look(self) -> list[Conflict]:
        """All of them, by object and field. CoreError of a system that cannot be asked: half a look would
        say that all is well where nobody looked."""
        # It waits for what is done by day.
        token = BACKGROUND.set(True)
        try:
            return list((await self.since(_ALWAYS, for_one_look(self._desk))).conflicts)
        finally:
            BACKGROUND.reset(token)

    async def since(self, moment: datetime, desk: Desk) -> Seen:
        """The same of deals and invoices that changed since then in either system, and of all customers.
        desk: may have read lists that are read here, too."""
        found: list[Conflict] = []
        looked_at: set[str] = set()
        for part in (self._customers(desk), self._deals(desk, moment), self._mirrors(desk, moment)):
            async for what, conflicts in part:
                looked_at.add(what)
                found += conflicts
        return Seen(tuple(sorted(found, key=_place)), frozenset(looked_at))

    async def _customers(self, desk: Desk) -> AsyncIterator[_Looked]:
        """Whom sales knows by which name, against billing, processor and ledger."""
        owners = {each.key: each async for each in desk.crm.customers()}
        for system, port in (("billing", desk.billing), ("payments", desk.payments), ("erp", desk.erp)):
            async for copy in port.customers():
                owner = owners.get(copy.key)
                if owner is not None:
                    yield f"{CUSTOMER}{owner.key}", list(self._differences(owner, copy, system))

    def _differences(self, owner: Shown, copy: Shown, system: str) -> Iterator[Conflict]:
        for field, name in _FIELDS:
            due, shown = getattr(owner, name), getattr(copy, name)
            # What a system does not say it does not contradict.
            if shown and shown != due:
                yield self._conflict(f"{CUSTOMER}{owner.key}", field, due, system, shown, copy.changed_at)

    async def _deals(self, desk: Desk, moment: datetime) -> AsyncIterator[_Looked]:
        """What billing made of a won deal, against what the CRM shows of it."""
        async for quote in desk.crm.won_since(moment):
            deal, since, found = f"deal {quote.key}", quote.changed_at, []
            if quote.status not in ("Activated", "Withdrawn"):
                if await desk.billing.placed(f"O-{quote.key}"):
                    due, shown = "Activated", quote.status
                    found.append(self._conflict(deal, "subscription.status", due, "crm", shown, since))
            elif quote.kind == "new" and quote.subscription != f"S-{quote.key}":
                due, shown = f"S-{quote.key}", quote.subscription
                found.append(self._conflict(deal, "subscription.number", due, "crm", shown, since))
            yield deal, found

    async def _mirrors(self, desk: Desk, moment: datetime) -> AsyncIterator[_Looked]:
        """What is open of an invoice, against the CRM's mirror."""
        shown = {mirror.number: mirror async for mirror in desk.crm.all_mirrored(moment)}
        async for row in desk.billing.invoices_since(moment):
            # Of one that was read with all others and is not there, there is none.
            alone = row.number not in shown and row.status == "posted" and moment > _ALWAYS
            mirror = await desk.crm.mirrored(row.number) if alone else shown.pop(row.number, None)
            if mirror is not None and row.status == "posted":
                yield f"invoice {row.number}", self._mirror(mirror, row.open)
        for mirror in shown.values():  # changed in the CRM alone
            try:
                invoice = await desk.billing.invoice(mirror.number)
            except Missing:
                continue
            if invoice.status == "posted":
                yield f"invoice {mirror.number}", self._mirror(mirror, invoice.balance)

    def _mirror(self, mirror: Mirrored, due: Money) -> list[Conflict]:
        if agrees(due, mirror):
            return []
        if mirror.balance != due:
            field, value, shown = "invoice.balance", str(due), str(mirror.balance)
        else:
            field, value, shown = "invoice.status", "Posted" if due else "Paid", mirror.status
        return [self._conflict(f"invoice {mirror.number}", field, value, "crm", shown, _moment(mirror))]

    def _conflict(
        self, what: str, field: str, value: str, other: str, shown: str, since: datetime | None
    ) -> Conflict:
        owned = self._table.fields[field]
        remedy = f"put {value!r} back in {other}, or change it in {owned.record}, which owns it"
        asks = self._table.owner(field)
        return Conflict(what, field, owned.record, value, other, shown, since, asks, remedy)


def _place(conflict: Conflict) -> tuple[str, str, str]:
    return conflict.object, conflict.field, conflict.other


def _moment(mirror: Mirrored) -> datetime | None:
    return datetime.fromisoformat(mirror.stamp) if mirror.stamp else None
