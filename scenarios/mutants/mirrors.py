"""Bugs in what sales is shown."""

from __future__ import annotations

from dataclasses import replace

from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.parties import Account
from core.canonical.versions import NONE, Versions
from core.ports.crm import Mirrored
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, in_port

_NEWS = {
    "mirror_posted": "Posted",
    "mirror_paid": "Paid",
    "mirror_failed": "Payment Failed",
    "mirror_refunded": "Refunded",
}


class PaidIsSilent(Around):
    """Of Crm."""

    async def mirror_invoice(
        self,
        invoice: Invoice,
        account: Account,
        status: str,
        seen: Mirrored | None,
        key: str,
        made_of: Versions,
    ) -> None:
        if status != "Paid":
            await self.real.mirror_invoice(invoice, account, status, seen, key, made_of)


class AsTheNewsComes(Around):
    """Of Crm."""

    async def mirrored(self, number: str, key: str = "") -> Mirrored | None:
        found: Mirrored | None = await self.real.mirrored(number, key)
        # A balance that no invoice has: so the mirror is always written anew.
        return found and replace(found, status="Posted", balance=Money(-1, found.balance.currency))

    async def mirror_invoice(
        self,
        invoice: Invoice,
        account: Account,
        _status: str,
        seen: Mirrored | None,
        key: str,
        made_of: Versions,
    ) -> None:
        news = next(word for step, word in _NEWS.items() if f"/{step}" in key)
        await self.real.mirror_invoice(invoice, account, news, seen, key, made_of)


class VersionsUnread(Around):
    """Of Crm: what the mirror was made of is not looked at."""

    async def mirrored(self, number: str, key: str = "") -> Mirrored | None:
        found: Mirrored | None = await self.real.mirrored(number, key)
        return found and replace(found, made_of=NONE)


class CustomerPut(Around):
    """Of Erp: the customer is put there as it was read, without a look at what stands."""

    async def upsert_customer(self, account: Account, key: str) -> None:
        currency = await self.real._references.currency(account.currency)
        subsidiary = await self.real._entities.subsidiary(account.entity)
        body = {
            "entityId": account.key,
            "companyName": account.name,
            "email": account.email,
            "currency": {"id": currency},
            "subsidiary": {"id": subsidiary},
            "custentity_source_version": f"customer={account.version}",
        }
        await self.real._api.put("upsert_customer", key, "customer", account.key, body)


MIRRORS = (
    Mutant(
        "paid_is_not_shown",
        "the status map has no word for 'paid' and the update is skipped without a sound (F06)",
        ("I-18",),
        in_port("crm", PaidIsSilent),
    ),
    Mutant(
        "mirror_goes_backward",
        "each event writes its own status in the order of arrival: paid invoices open again"
        " (laravel/cashier-stripe#1201, F15)",
        ("I-24", "I-25"),
        in_port("crm", AsTheNewsComes),
        profile="self_serve",
        months=2,
        faults=met_by(Fault("F39", "salesforce", "mirror_invoice", rate=0.7)),
    ),
    Mutant(
        "versions_of_the_mirror_unread",
        "the mirror is written with whatever reading of billing a flow has: one of a replica that lags puts"
        " an older balance over a newer one, until the night mends it (F35)",
        ("I-25",),
        in_port("crm", VersionsUnread),
        model="hybrid",
        profile="self_serve",
        faults=met_by(Fault("F35", "zuora", until_day=1, params=(("hours", 720), ("lag_seconds", 3600)))),
    ),
    Mutant(
        "ledger_customer_put_blindly",
        "the ledger's customer is upserted without a look: a request that its client had given up comes after"
        " the customer was renamed, and brings the old name back (F03)",
        ("I-25",),
        in_port("erp", CustomerPut),
        story="customer_renamed_between_two_contracts",
        customers=1,
        months=2,
        faults=met_by(
            Fault(
                "F03",
                "netsuite",
                "upsert_customer",
                site=("netsuite", "upsert_customer", "account:ACME/open_ledger_customer", "1"),
                params=(("late_seconds", 2400),),
            )
        ),
    ),
)
