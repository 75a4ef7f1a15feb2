"""What a caller asks to be taxed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from simulators.avatax.rules.places import Address

Role = tuple[str, Address]
# (name, value, unit)
Parameter = tuple[str, str, str]

# In the order of their numbers.
KINDS = (
    "SalesOrder",
    "SalesInvoice",
    "PurchaseOrder",
    "PurchaseInvoice",
    "ReturnOrder",
    "ReturnInvoice",
    "InventoryTransferOrder",
    "InventoryTransferInvoice",
    "ReverseChargeOrder",
    "ReverseChargeInvoice",
    "CustomsInvoice",
    "CustomsOrder",
    "InventoryTransferOutboundInvoice",
    "InventoryTransferOutboundOrder",
)
# Orders are estimates and leave no record (vendor's documentation of CreateTransaction).
ESTIMATES = frozenset(kind for kind in KINDS if kind.endswith("Order"))
PURCHASES = frozenset({"PurchaseOrder", "PurchaseInvoice", "ReverseChargeOrder", "ReverseChargeInvoice"})
TRANSFERS = frozenset(kind for kind in KINDS if kind.startswith("InventoryTransfer"))

TAX_AMOUNT, EXEMPTION, TAX_DATE = "TaxAmount", "Exemption", "TaxDate"


@dataclass(frozen=True, slots=True)
class TaxOverride:
    """kind: TaxAmount (amount, in minor units), TaxDate (date) or Exemption, which is to be ignored."""

    kind: str
    amount: int | None = None
    date: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SaleLine:
    """amount: minor units, before a discount; addresses: the line's own, if it has any."""

    number: str
    amount: int
    quantity: Decimal
    tax_code: str = ""
    item_code: str = ""
    description: str = ""
    tax_included: bool = False
    discounted: bool = False
    exemption_code: str = ""
    entity_use_code: str = ""
    ref1: str = ""
    ref2: str = ""
    revenue_account: str = ""
    business_id: str = ""
    hs_code: str = ""
    addresses: tuple[Role, ...] = ()
    override: TaxOverride | None = None
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Sale:
    """date: YYYY-MM-DD; code: "" lets the vendor choose one; discount: minor units, over the lines that are
    discounted; exchange: (rate, date, currency) as far as the caller gave them."""

    kind: str
    company_code: str
    code: str
    date: str
    customer_code: str
    currency: str
    commit: bool
    addresses: tuple[Role, ...]
    lines: tuple[SaleLine, ...]
    discount: int = 0
    exemption_no: str = ""
    entity_use_code: str = ""
    purchase_order_no: str = ""
    reference_code: str = ""
    salesperson_code: str = ""
    description: str = ""
    email: str = ""
    location_code: str = ""
    batch_code: str = ""
    business_id: str = ""
    supplier_name: str = ""
    is_seller_importer: bool = False
    exchange: tuple[Decimal | None, str, str] = (None, "", "")
    override: TaxOverride | None = None
    parameters: tuple[Parameter, ...] = ()

    @property
    def tax_date(self) -> str:
        """The date whose rules count."""
        wish = self.override
        return wish.date if wish is not None and wish.kind == TAX_DATE else self.date

    def roles(self, line: SaleLine) -> dict[str, Address]:
        """The addresses that count for a line; its own single location stands for both ends."""
        own = dict(line.addresses)
        if "singleLocation" in own:
            return own
        return {**dict(self.addresses), **own}


def end_of(roles: dict[str, Address], role: str) -> Address | None:
    """The address of one end of a sale."""
    return roles.get(role) or roles.get("singleLocation")
