"""AvaTax behind the Tax port."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from core.canonical.errors import AlreadyThere, Refused
from core.canonical.invoices import CreditNote, Invoice, TaxAnswer
from core.canonical.money import Money
from core.canonical.parties import Account
from core.connectors.avatax import mapping, wire
from core.connectors.avatax.judge import SYSTEM, judge
from core.connectors.avatax.wire import Json
from core.connectors.session import Exchange, Limits, Session, parse
from core.connectors.shapes import drifted
from core.mappings.document import Document
from core.mappings.shipped import SHIPPED, Mappings
from core.ports.world import Clock, Transport, Watch
from core.reliability.ratelimit import Pace

__all__ = ["AvaTax", "AvaTaxEndpoint", "connect"]


@dataclass(frozen=True, slots=True)
class AvaTaxEndpoint:
    """Account and licence key (HTTP Basic), and the company that sells."""

    base_url: str
    account: str
    licence_key: str = field(repr=False)
    company: str = "DEFAULT"


# No rate is published; what is under way at once is kept small.
LIMITS = Limits(Pace(10))


def connect(
    endpoint: AvaTaxEndpoint,
    transport: Transport,
    watch: Watch,
    clock: Clock,
    limits: Limits | None = None,
    maps: Mappings = SHIPPED,
) -> AvaTax:
    """A client of one company; nothing is sent before the first call."""
    pair = b64encode(f"{endpoint.account}:{endpoint.licence_key}".encode()).decode()
    headers = {"authorization": f"Basic {pair}", "x-avalara-client": wire.CLIENT}
    limits = limits or LIMITS
    session = Session(SYSTEM, endpoint.base_url, transport, watch, judge, None, clock, limits, headers)
    return AvaTax(endpoint, session, clock, maps["tax_codes"])


class AvaTax:
    """Implements core.ports.Tax; what each call promises stands there.

    Documents are made by `create`, never by `createoradjust`: a late repeat of the latter would put an
    uncommitted revision in the place of a committed document; `create` is refused then.
    """

    def __init__(self, endpoint: AvaTaxEndpoint, session: Session, clock: Clock, codes: Document) -> None:
        self._company, self._codes = endpoint.company, codes
        self._session, self._clock = session, clock

    async def estimate(self, account: Account, net: Mapping[str, Money], key: str) -> Money:
        today = datetime.fromtimestamp(self._clock.now() / 1_000_000, UTC).date()
        sale = mapping.estimate(account, net, self._company, self._codes, today)
        # A POST that records nothing is a read.
        body = await self._send(Exchange("estimate", key, "POST", wire.create(), write=False, json=sale))
        return mapping.total_tax(body, 1)

    async def assess_invoice(self, invoice: Invoice, account: Account, key: str) -> TaxAnswer:
        sale = mapping.invoice(invoice, account, self._company, self._codes)
        body = await self._recorded("assess_invoice", key, wire.SALES_INVOICE, invoice.number, sale)
        return mapping.answer(body, 1)

    async def assess_credit_note(self, note: CreditNote, account: Account, key: str) -> TaxAnswer:
        sale = mapping.credit_note(note, account, self._company, self._codes)
        body = await self._recorded("assess_credit_note", key, wire.RETURN_INVOICE, note.number, sale)
        return mapping.answer(body, -1)

    async def commit_invoice(self, number: str, key: str) -> None:
        await self._commit("commit_invoice", wire.SALES_INVOICE, number, key)

    async def commit_credit_note(self, number: str, key: str) -> None:
        await self._commit("commit_credit_note", wire.RETURN_INVOICE, number, key)

    async def return_for_refund(self, note: CreditNote, account: Account, key: str) -> None:
        sale = mapping.refund_note(note, account, self._company, self._codes)
        body = await self._recorded("return_for_refund", key, wire.RETURN_INVOICE, note.number, sale)
        if body["status"] != wire.COMMITTED:
            raise drifted(
                SYSTEM, f"status: return {note.number} is {body['status']!r} and was to be committed"
            )
        net, tax = mapping.total_net(body, -1), mapping.total_tax(body, -1)
        if (net, tax) != (note.net, note.tax):
            raise Refused(
                f"return {note.number}: recorded over {net} and {tax} of tax, not {note.net} and {note.tax}",
                system=SYSTEM,
            )

    async def _recorded(self, operation: str, key: str, kind: str, code: str, sale: dict[str, Any]) -> Json:
        """Make or replace the document; the one that stands there if it is committed already."""
        try:
            body = await self._send(Exchange(operation, key, "POST", wire.create(), write=True, json=sale))
        except AlreadyThere as error:
            body = await self._committed(kind, code, error)
        mapping.recorded(body, sale)
        return body

    async def _commit(self, operation: str, kind: str, code: str, key: str) -> None:
        path = wire.document(self._company, code, kind, "commit")
        try:
            await self._send(Exchange(operation, key, "POST", path, write=True, json={"commit": True}))
        except AlreadyThere as error:
            await self._committed(kind, code, error)

    async def _committed(self, kind: str, code: str, error: AlreadyThere) -> Json:
        """The committed document; `error` again if it is in another state."""
        path = wire.document(self._company, code, kind)
        body = await self._send(Exchange("get_document", code, "GET", path, write=False))
        if body["status"] != wire.COMMITTED:
            raise error
        return body

    async def _send(self, exchange: Exchange) -> Json:
        return cast(Json, parse(await self._session.send(exchange), SYSTEM))
