"""Make the customer known to the processor, to billing and to the ledger, each exactly once."""

from __future__ import annotations

from dataclasses import replace

from core.canonical.errors import Unavailable
from core.canonical.orders import OrderKind
from core.canonical.parties import Account
from core.ports.desk import Desk
from core.steps.cases import OrderCase
from core.steps.stale import refuse_stale


async def open_payment_customer(desk: Desk, case: OrderCase) -> None:
    """At the processor; its id is kept on the CRM account so that nobody has to search for it."""
    if case.order.kind is not OrderKind.NEW or case.account.payment_customer:
        return
    key = f"account:{case.account.key}"
    customer = await desk.payments.open_customer(case.account, f"{key}/open_payment_customer")
    await desk.crm.link_payment_customer(case.account, customer, f"{key}/link_payment_customer")
    case.account = replace(case.account, payment_customer=customer)


async def open_billing_account(desk: Desk, case: OrderCase) -> None:
    """In billing."""
    if case.order.kind is not OrderKind.NEW:
        return
    if not case.account.payment_customer:
        case.account = await desk.crm.account(case.account.key)
    account = belonging(desk, case.account)
    key = f"account:{account.key}/open_billing_account"
    await desk.billing.open_account(account, account.payment_customer, key)


async def open_ledger_customer(desk: Desk, case: OrderCase) -> None:
    """In the ERP, unless something newer stands there than what was read when the flow began."""
    if case.order.kind is not OrderKind.NEW:
        return
    key = f"account:{case.account.key}/open_ledger_customer"
    standing = await desk.erp.upsert_customer(belonging(desk, case.account), key)
    if standing is None:
        return
    # Whichever is right, the CRM knows by now.
    case.account = await desk.crm.account(case.account.key)
    standing = await desk.erp.upsert_customer(belonging(desk, case.account), key)
    if standing is None:
        return
    why = f"what the CRM says of {case.account.key} ({case.account.version}) is not newer than {standing}"
    refuse_stale(desk, "erp", key, why)
    if standing.ties(case.account.version):
        raise Unavailable(f"{why}: read again when its second is over", system="crm")


def belonging(desk: Desk, account: Account) -> Account:
    """With its legal entity: what the CRM says, else by country; Held where neither says."""
    if not desk.routing.entities:
        return account
    return replace(account, entity=desk.routing.route(account.address.country, account.entity).key)
