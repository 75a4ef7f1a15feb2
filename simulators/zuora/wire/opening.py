"""The account that an order opens: newAccount, and what a preview says of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.zuora.rules.parties import Account, AccountWish
from simulators.zuora.wire.party import NewAccount
from simulators.zuora.wire.shape import Shape, words


class OrderAccount(NewAccount):
    """newAccount of an order: as POST /v1/accounts, with its custom fields in one member."""

    ACCEPTS: ClassVar[tuple[str, ...]] = NewAccount.ACCEPTS + words(
        "associateCommitmentNumber allowInvoiceEdit creditCard hpmCreditCardPaymentMethodId paymentMethod "
        "shipToContact billCycleDay"
    )

    customFields: dict[str, Any] = Field(default_factory=dict)

    def order_wish(self) -> AccountWish:
        """What the rules make of it."""
        found = self.wish(self.accountNumber or "", self.currency)
        return replace(found, custom={**self.customFields, **found.custom})


class PreviewAccount(Shape):
    """previewAccountInfo."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("soldToContact shipToContact taxInfo customFields")

    billCycleDay: Annotated[int, Field(ge=0, le=31)] = 1
    currency: Annotated[str, Field(min_length=3, max_length=3)]

    def stranger(self) -> Account:
        """Somebody who is not a customer yet."""
        return Account(
            id="preview",
            seq=0,
            number="preview",
            name="preview",
            currency=self.currency,
            created_at=0,
            bill_cycle_day=self.billCycleDay,
        )
