"""Billing and the CRM must name the same legal entity before a document of it counts."""

from __future__ import annotations

from core.canonical.errors import Held
from core.ports.desk import Desk
from core.steps.cases import InvoiceCase, NoteCase
from core.steps.open_accounts import belonging


async def check_entity(desk: Desk, case: InvoiceCase | NoteCase) -> None:
    """Quiet where there is one company, or the document is out already. Held where they differ: an invoice
    in the name of another company is void, and its tax is another authority's."""
    document = case.invoice if isinstance(case, InvoiceCase) else case.note
    if not desk.routing.entities or document.status != "draft":
        return
    due = belonging(desk, await desk.crm.account(case.account.key)).entity
    if case.account.entity != due:
        raise Held(
            f"entity: {document.number} is billed by {case.account.entity or 'nobody'}, the CRM has {due} on "
            f"account {case.account.key}; correct the org unit in billing or the entity in the CRM",
            owner="billing operations",
        )
