"""NetSuite behind the Erp port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, datetime

from core.canonical.erp import Between, ContractMove, ForeignBalance, Journal, Late, Posted, Schedule
from core.canonical.errors import AlreadyThere, Refused, Unavailable
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.money import Money
from core.canonical.parties import Account, Shown
from core.canonical.payments import PaymentRequest, Refund, Transfer
from core.canonical.versions import UNKNOWN, Version
from core.connectors.netsuite import balances, mapping, wire
from core.connectors.netsuite import rows as query_rows
from core.connectors.netsuite.api import Api, NetSuiteEndpoint
from core.connectors.netsuite.deposits import Deposits, deposit_id, used_id
from core.connectors.netsuite.entities import Entities
from core.connectors.netsuite.entries import entries
from core.connectors.netsuite.judge import SYSTEM
from core.connectors.netsuite.ledger import Ledger
from core.connectors.netsuite.periods import Periods
from core.connectors.netsuite.references import References
from core.connectors.netsuite.shown import shown
from core.connectors.netsuite.tagging import PLAN_CONTRACT, PLAN_CUSTOMER, PLAN_ENTITY, PLAN_PRODUCT
from core.connectors.session import Limits
from core.finance.ledger.dimensions import UNCLASSIFIED, Carried, Classification
from core.finance.ledger.rates import Rate
from core.mappings.shipped import SHIPPED, Mappings
from core.ports.billing import Row
from core.ports.world import Clock, Transport, Watch
from core.reliability.ratelimit import Pace

WHOSE = {"product": PLAN_PRODUCT, "contract": PLAN_CONTRACT, "customer": PLAN_CUSTOMER, "entity": PLAN_ENTITY}
__all__ = ["NetSuite", "NetSuiteEndpoint", "connect"]


# It counts what is under way at once, 15 in the smallest tier; a third is left to others.
LIMITS = Limits(Pace(10))


def connect(
    endpoint: NetSuiteEndpoint,
    transport: Transport,
    watch: Watch,
    clock: Clock,
    limits: Limits | None = None,
    subsidiaries: Mapping[str, str] | None = None,
    classification: Classification = UNCLASSIFIED,
    maps: Mappings = SHIPPED,
) -> NetSuite:
    """A client of one company; nothing is sent before the first call. subsidiaries: names by the keys of
    our legal entities; what has no entity belongs to the endpoint's subsidiary. classification: which
    dimensions lines carry."""
    api = Api(endpoint, transport, watch, clock, limits or LIMITS)
    return NetSuite(api, clock, endpoint.subsidiary, subsidiaries or {}, classification, maps)


class NetSuite:
    """Implements core.ports.Erp; what each call promises stands there."""

    def __init__(
        self,
        api: Api,
        clock: Clock,
        subsidiary: str,
        subsidiaries: Mapping[str, str],
        classification: Classification,
        maps: Mappings = SHIPPED,
    ) -> None:
        self._api, self._maps = api, maps
        # Columns of the schedules that say whose revenue it is, where the company has them.
        self._whose = WHOSE if classification.carries else {}
        self._carries = classification.carries
        self._references = References(api)
        self._entities = Entities(api, subsidiary, subsidiaries)
        self._periods = Periods(api, clock)
        self._ledger = Ledger(api, self._references, self._periods, self._entities, classification, maps)
        self._deposits = Deposits(self._ledger, self._references)

    async def upsert_customer(self, account: Account, key: str) -> Version | None:
        record = await self._api.get("get_customer", "customer", account.key)
        standing = mapping.customer_version(record or {})
        if standing > account.version or standing.ties(account.version):
            return standing
        if record is not None and standing == account.version != UNKNOWN:
            return None
        currency = await self._references.currency(account.currency)
        subsidiary = await self._entities.subsidiary(account.entity)
        body = mapping.customer(account, currency, subsidiary, self._maps["erp_customer"])
        if record is not None:
            await self._api.put("upsert_customer", key, "customer", account.key, body)
            return None
        try:
            # Created, not upserted: a late repeat is refused as a duplicate and overwrites nothing.
            await self._api.create("upsert_customer", key, "customer", {"externalId": account.key, **body})
        except AlreadyThere as there:
            raise Unavailable(f"{there.detail}: made meanwhile, look again", system=SYSTEM) from there
        return None

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        await self._ledger.post_invoice(invoice, on, key)

    async def invoice(self, number: str) -> Posted | None:
        return await self._ledger.find("invoice", number)

    async def post_receipt(self, payment: PaymentRequest, invoice: Posted, on: date, key: str) -> None:
        await self._ledger.post_receipt(payment, invoice, on, key)

    async def receipt(self, reference: str) -> Posted | None:
        return await self._ledger.find("customerPayment", reference)

    async def post_transfer(
        self, transfer: Transfer, account: Account, parts: Sequence[tuple[Posted, Money]], on: date, key: str
    ) -> None:
        await self._deposits.post_transfer(transfer, account, parts, on, key)

    async def post_deposit(
        self, transfer: Transfer, account: Account, amount: Money, on: date, key: str
    ) -> None:
        await self._deposits.post_deposit(transfer, account, amount, on, key)

    async def deposit(self, reference: str) -> Posted | None:
        return await self._ledger.find("customerDeposit", deposit_id(reference))

    async def deposit_used(self, reference: str, number: str) -> Posted | None:
        return await self._ledger.find("depositApplication", used_id(reference, number))

    async def use_deposit(
        self, deposit: Posted, reference: str, invoice: Posted, amount: Money, on: date, key: str
    ) -> None:
        await self._deposits.use_deposit(deposit, reference, invoice, amount, on, key)

    async def return_deposit(self, deposit: Posted, paid_back: Transfer, on: date, key: str) -> None:
        await self._deposits.return_deposit(deposit, paid_back, on, key)

    async def return_receipt(self, receipt: Posted, journal: Journal, key: str) -> None:
        await self._ledger.return_receipt(receipt, journal, key)

    async def post_credit_note(
        self, note: CreditNote, on: date, key: str, late: Late = (), against: Posted | None = None
    ) -> None:
        await self._ledger.post_credit_note(note, on, key, late, against)

    async def post_write_off(self, note: CreditNote, late: Late, invoice: Posted, on: date, key: str) -> None:
        await self._ledger.post_write_off(note, late, invoice, on, key)

    async def credit_note(self, number: str) -> Posted | None:
        return await self._ledger.find("creditMemo", number)

    async def post_refund(self, refund: Refund, note: Posted, on: date, key: str) -> None:
        await self._ledger.post_refund(refund, note, on, key)

    async def refund(self, reference: str) -> Posted | None:
        return await self._ledger.find("customerRefund", reference)

    async def post_journal(self, journal: Journal, key: str) -> None:
        await self._ledger.post_journal(journal, key)

    async def journal(self, key: str) -> Posted | None:
        return await self._ledger.find("journalEntry", key)

    async def journals(self, ids: Collection[str]) -> dict[str, Journal]:
        return await entries(self._api, self._references, self._entities, self._carries, ids)

    async def foreign_balances(self, on: date, accounts: Collection[str]) -> list[ForeignBalance]:
        ids = await self._references.accounts(accounts)
        numbers = {id_: number for number, id_ in ids.items()}
        homes, codes = await self._entities.currencies(), await self._references.codes()
        rows = await self._api.query("list_balances", on.isoformat(), wire.balances(on, sorted(ids.values())))
        found = []
        for row in rows:
            key = await self._entities.key(str(row["subsidiary"]))
            balance = balances.foreign_balance(row, numbers, key, homes[str(row["subsidiary"])], codes)
            if balance is not None:
                found.append(balance)
        return found

    async def between(self, on: date) -> list[Between]:
        ids = await self._references.accounts(balances.BETWEEN)
        numbers = {id_: number for number, id_ in ids.items()}
        codes = await self._references.codes()
        query = wire.between(on, sorted(ids.values()))
        found = []
        for row in await self._api.query("list_between", on.isoformat(), query):
            sides = [await self._entities.key(str(row[name])) for name in ("subsidiary", "partner")]
            found.append(balances.between(row, numbers, sides[0], sides[1], codes))
        return found

    async def rates(self) -> list[Rate]:
        return [query_rows.rate(row) for row in await self._api.query("list_rates", "all", wire.RATES)]

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        currency = await self._references.currency(schedule.amount.currency)
        body = mapping.schedule(schedule, currency, await self._ledger.tags())
        await self._api.put("add_schedule", key, "revRecSchedule", schedule.key, body)

    async def open_schedule(self, schedule: Schedule, key: str) -> None:
        currency = await self._references.currency(schedule.amount.currency)
        body = mapping.schedule(schedule, currency, await self._ledger.tags())
        try:
            await self._api.create(
                "open_schedule", key, "revRecSchedule", {**body, "externalId": schedule.key}
            )
        except Refused:
            if await self._api.get("get_schedule", "revRecSchedule", schedule.key) is None:
                raise

    async def schedules(self, first: date, last: date) -> AsyncIterator[Schedule]:
        codes = await self._references.codes()
        rows = self._api.scan(
            "list_schedules",
            f"{first}/{last}",
            lambda after, size: wire.schedules_between(
                first, last, after, size, with_entity=self._entities.several, own=self._whose
            ),
        )
        async for row in rows:
            yield query_rows.plan(row, codes, await self._entities.key(str(row.get("subsidiary") or "")))

    async def released(self) -> dict[str, int]:
        account = await self._references.account(mapping.REVENUE)
        codes = await self._references.codes()
        rows = await self._api.query("list_released", "", wire.released_by_plan(account))
        return {row["memo"]: query_rows.released(row, codes) for row in rows if row.get("memo")}

    async def contract_moves(self, end: date, prefix: str) -> list[ContractMove]:
        if Carried.CONTRACT not in self._carries:
            return []
        deferred, asset = [await self._references.account(n) for n in (mapping.DEFERRED, mapping.UNBILLED)]
        codes, found = await self._references.codes(), []
        for text in (
            wire.contracts_until(end, deferred, asset),
            wire.bills_after(end, deferred, asset, prefix),
        ):
            for row in await self._api.query("list_contracts", end.isoformat(), text):
                entity = await self._entities.key(str(row.get("subsidiary") or ""))
                found.append(query_rows.contract_move(row, codes, entity, asset))
        return found

    async def unbilled(self) -> dict[str, int]:
        account = await self._references.account(mapping.UNBILLED)
        codes = await self._references.codes()
        rows = await self._api.query("list_unbilled", "", wire.released_by_plan(account))
        return {row["memo"]: -query_rows.released(row, codes) for row in rows if row.get("memo")}

    async def first_open_day(self, on: date) -> date:
        return await self._periods.first_open_day(on)

    def invoices_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._register("list_invoices", "invoice", moment)

    def receipts_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._register("list_receipts", "customerPayment", moment)

    def credit_notes_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._register("list_credit_notes", "creditMemo", moment)

    def refunds_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._register("list_refunds", "customerRefund", moment)

    def journals_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._register("list_journals", "journalEntry", moment)

    async def customers(self) -> AsyncIterator[Shown]:
        codes = await self._references.codes()
        async for row in self._api.scan("list_customers", "all", wire.customers_after):
            yield shown(row, codes)

    async def _register(self, operation: str, kind: str, moment: datetime) -> AsyncIterator[Row]:
        codes = await self._references.codes()

        def text(after: int, size: int) -> str:
            if kind == "journalEntry":
                return wire.journals_changed(moment, after, size)
            return wire.documents_changed(kind, moment, after, size)

        async for row in self._api.scan(operation, moment.isoformat(), text):
            yield query_rows.register_row(row, codes)
