"""What the paths of customers' cash take."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator

from simulators.stripe.wire.forms import Amount, Form, Text, Word, _in_order
from simulators.stripe.wire.params import STRICT, Listing
from simulators.stripe.wire.params_customers import CashSettings


class CashUpdate(Form):
    """How the customer's cash is used from now on."""

    settings: CashSettings = CashSettings()


class CashList(Listing):
    """Lists of the changes of a customer's cash."""


class EuBankTransfer(BaseModel):
    """Of which country the account is to be."""

    model_config = STRICT
    country: Word


class BankTransfer(BaseModel):
    """How the money is to be sent."""

    model_config = STRICT
    type: Literal[
        "eu_bank_transfer", "gb_bank_transfer", "jp_bank_transfer", "mx_bank_transfer", "us_bank_transfer"
    ]
    eu_bank_transfer: EuBankTransfer | None = None
    requested_address_types: Annotated[tuple[str, ...], BeforeValidator(_in_order)] = ()


class FundingCreate(Form):
    """Where a customer is to send money."""

    bank_transfer: BankTransfer
    currency: Word
    funding_type: Literal["bank_transfer"]


class FundCash(Form):
    """A transfer that comes in, in test mode. reference: what the sender wrote."""

    amount: Amount
    currency: Word
    reference: Text = None


class ApplyCash(Form):
    """amount: minor units of the intent's currency; what is missing and there, if it is not given."""

    amount: Amount | None = None
    currency: Word = ""
