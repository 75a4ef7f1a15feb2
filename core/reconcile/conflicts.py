"""Where a system shows another value of a field than the system that owns it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from core.canonical.errors import CoreError
from core.canonical.parties import Shown
from core.close.once import for_one_look
from core.governance.ownership import Ownership
from core.ports.crm import Mirrored
from core.ports.desk import Desk
from core.reconcile.mirrors import agrees
from core.reliability.ratelimit import BACKGROUND

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_CUSTOMER = (("customer.name", "name"), ("customer.currency", "currency"), ("customer.email", "email"))


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
            desk = for_one_look(self._desk)
            found = [
                conflict
                for part in (self._customers(desk), self._deals(desk), self._mirrors(desk))
                async for conflict in part
            ]
        finally:
            BACKGROUND.reset(token)
        return sorted(found, key=lambda each: (each.object, each.field, each.other))

    async def alert(self) -> None:
        """Look, and tell who is asked of each; a look that was not possible is told too."""
        watch = self._desk.watch
        try:
            found = await self.look()
        except CoreError as error:
            watch.alert("medium", "ownership", f"not looked at: {error.detail}")
            return
        watch.count("ownership.conflicts", len(found))
        for each in found:
            says = f"{each.field}: {each.owner} says {each.value!r}, {each.other} shows {each.shown!r}"
            watch.alert("medium", each.object, f"{says}; {each.remedy} [ask: {each.asks}]")

    async def _customers(self, desk: Desk) -> AsyncIterator[Conflict]:
        """Whom sales knows by which name, against billing, processor and ledger."""
        owners = {each.key: each async for each in desk.crm.customers()}
        for system, port in (("billing", desk.billing), ("payments", desk.payments), ("erp", desk.erp)):
            async for copy in port.customers():
                owner = owners.get(copy.key)
                if owner is not None:
                    for conflict in self._differences(owner, copy, system):
                        yield conflict

    def _differences(self, owner: Shown, copy: Shown, system: str) -> Iterator[Conflict]:
        for field, name in _CUSTOMER:
            due, shown = getattr(owner, name), getattr(copy, name)
            # What a system does not say it does not contradict.
            if shown and shown != due:
                yield self._conflict(f"customer {owner.key}", field, due, system, shown, copy.changed_at)

    async def _deals(self, desk: Desk) -> AsyncIterator[Conflict]:
        """What billing made of a won deal, against what the CRM shows of it."""
        async for quote in desk.crm.won_since(_ALWAYS):
            deal, since = f"deal {quote.key}", quote.changed_at
            if quote.status not in ("Activated", "Withdrawn"):
                if await desk.billing.placed(f"O-{quote.key}"):
                    yield self._conflict(deal, "subscription.status", "Activated", "crm", quote.status, since)
            elif quote.kind == "new" and quote.subscription != f"S-{quote.key}":
                number = f"S-{quote.key}"
                yield self._conflict(deal, "subscription.number", number, "crm", quote.subscription, since)

    async def _mirrors(self, desk: Desk) -> AsyncIterator[Conflict]:
        """What is open of an invoice, against the CRM's mirror."""
        shown = {mirror.number: mirror async for mirror in desk.crm.all_mirrored(_ALWAYS)}
        async for row in desk.billing.invoices_since(_ALWAYS):
            mirror = shown.get(row.number)
            if mirror is None or row.status != "posted" or agrees(row, mirror):
                continue
            invoice, since = f"invoice {row.number}", _moment(mirror)
            if mirror.balance != row.open:
                found = self._conflict(
                    invoice, "invoice.balance", str(row.open), "crm", str(mirror.balance), since
                )
            else:
                due = "Posted" if row.open else "Paid"
                found = self._conflict(invoice, "invoice.status", due, "crm", mirror.status, since)
            yield found

    def _conflict(
        self, what: str, field: str, value: str, other: str, shown: str, since: datetime | None
    ) -> Conflict:
        owned = self._table.fields[field]
        remedy = f"put {value!r} back in {other}, or change it in {owned.record}, which owns it"
        asks = self._table.owner(field)
        return Conflict(what, field, owned.record, value, other, shown, since, asks, remedy)


def _moment(mirror: Mirrored) -> datetime | None:
    return datetime.fromisoformat(mirror.stamp) if mirror.stamp else None
