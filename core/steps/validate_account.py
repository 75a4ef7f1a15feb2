"""An order may go on only if its customer can be billed, taxed and posted."""

from __future__ import annotations

from core.canonical.errors import Refused
from core.ports.desk import Desk
from core.steps.cases import OrderCase


async def validate_account(_desk: Desk, case: OrderCase) -> None:
    """Refused with what is missing; nothing is written."""
    account, order = case.account, case.order
    wrong = []
    if not account.address.complete:
        wrong.append("the billing address is incomplete")
    if "@" not in account.email:
        wrong.append(f"the e-mail address {account.email!r} is none")
    if account.currency != order.currency:
        wrong.append(f"the quote is in {order.currency}, the account in {account.currency}")
    if not order.lines and order.kind.value == "new":
        wrong.append("the quote has no lines")
    if wrong:
        raise Refused(f"account {account.key}: {'; '.join(wrong)}")
