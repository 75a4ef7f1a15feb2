"""Request bodies, with the vendor's names; unknown properties are ignored, as its JSON reader does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Shape(BaseModel):
    """What all bodies share: camelCase names, numbers accepted where text is meant."""

    # Built when first read, not when the program starts.
    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="ignore",
        coerce_numbers_to_str=True,
        frozen=True,
        defer_build=True,
    )


class AddressBody(Shape):
    """A street address; also the body of addresses/resolve, which adds textCase."""

    line1: str = ""
    line2: str = ""
    line3: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    location_code: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    text_case: str = ""


class AddressesBody(Shape):
    """Where the sale is made from and to."""

    single_location: AddressBody | None = None
    ship_from: AddressBody | None = None
    ship_to: AddressBody | None = None
    point_of_order_origin: AddressBody | None = None
    point_of_order_acceptance: AddressBody | None = None
    goods_place_or_service_rendered: AddressBody | None = None
    import_: AddressBody | None = Field(default=None, alias="import")
    bill_to: AddressBody | None = None


class TaxOverrideBody(Shape):
    """TaxOverrideModel."""

    type: str = "None"
    tax_amount: Decimal | None = None
    tax_date: str = ""
    reason: str = ""


class ParameterBody(Shape):
    """TransactionParameterModel."""

    name: str = ""
    value: str = ""
    unit: str = ""


# The vendor's own TransactionBuilder sends an object of names and values where the vendor has an array.
Parameters = tuple[ParameterBody, ...] | dict[str, Any]


class LineBody(Shape):
    """number: counted from 1 where the caller gives none."""

    amount: Decimal
    number: str = ""
    quantity: Decimal = Decimal(1)
    tax_code: str = ""
    item_code: str = ""
    description: str = ""
    tax_included: bool = False
    discounted: bool = False
    exemption_code: str = ""
    entity_use_code: str = ""
    customer_usage_type: str = ""
    ref1: str = ""
    ref2: str = ""
    revenue_account: str = ""
    business_identification_no: str = ""
    hs_code: str = ""
    addresses: AddressesBody | None = None
    tax_override: TaxOverrideBody | None = None
    parameters: Parameters = ()


class CreateTransactionBody(Shape):
    """CreateTransactionModel. type: SalesOrder (an estimate) where none is given."""

    date: str
    customer_code: str
    lines: tuple[LineBody, ...] = ()
    type: str = "SalesOrder"
    company_code: str = ""
    code: str = ""
    currency_code: str = "USD"
    commit: bool = False
    addresses: AddressesBody = AddressesBody()
    discount: Decimal = Decimal(0)
    exemption_no: str = ""
    entity_use_code: str = ""
    customer_usage_type: str = ""
    purchase_order_no: str = ""
    reference_code: str = ""
    reporting_location_code: str = ""
    salesperson_code: str = ""
    batch_code: str = ""
    description: str = ""
    email: str = ""
    customer_supplier_name: str = ""
    business_identification_no: str = ""
    is_seller_importer_of_record: bool = False
    exchange_rate: Decimal | None = None
    exchange_rate_effective_date: str = ""
    exchange_rate_currency_code: str = ""
    tax_override: TaxOverrideBody | None = None
    parameters: Parameters = ()


class CreateOrAdjustBody(Shape):
    """CreateOrAdjustTransactionModel: the sale is one level down."""

    create_transaction_model: CreateTransactionBody
    adjustment_reason: str = "Other"
    adjustment_description: str = ""


class AdjustBody(Shape):
    """AdjustTransactionModel."""

    new_transaction: CreateTransactionBody
    adjustment_reason: str
    adjustment_description: str = ""


class CommitBody(Shape):
    """CommitTransactionModel."""

    commit: bool


class VoidBody(Shape):
    """VoidTransactionModel; to void, the code must be DocVoided."""

    code: str


class VerifyBody(Shape):
    """VerifyTransactionModel; what is absent is not compared."""

    verify_transaction_date: str = ""
    verify_total_amount: Decimal | None = None
    verify_total_tax: Decimal | None = None


class LockBody(Shape):
    """LockTransactionModel."""

    is_locked: bool


class ChangeCodeBody(Shape):
    """ChangeTransactionCodeModel."""

    new_code: str = Field(min_length=1)


class SettleBody(Shape):
    """SettleTransactionModel: verify, change code and commit in one go."""

    verify: VerifyBody | None = None
    change_code: ChangeCodeBody | None = None
    commit: CommitBody | None = None


class RefundBody(Shape):
    """RefundTransactionModel."""

    refund_date: str
    refund_transaction_code: str = ""
    refund_type: str = "Full"
    refund_percentage: Decimal | None = None
    refund_lines: tuple[str, ...] = ()
    reference_code: str = ""


class BulkLockBody(Shape):
    """BulkLockTransactionModel."""

    document_ids: tuple[int, ...]
    is_locked: bool


class AddLinesBody(Shape):
    """AddTransactionLineModel."""

    company_code: str
    transaction_code: str
    lines: tuple[LineBody, ...] = ()
    document_type: str = ""
    renumber: bool = False


class RemoveLinesBody(Shape):
    """RemoveTransactionLineModel: lines by number."""

    company_code: str
    transaction_code: str
    lines: tuple[str, ...] = ()
    document_type: str = ""
    renumber: bool = False
