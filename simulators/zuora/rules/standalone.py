"""Documents that no subscription stands behind: standalone invoices, credit memos from charges."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from simulators.zuora.rules.accounts import TERM_DAYS
from simulators.zuora.rules.calendar import DAY
from simulators.zuora.rules.catalogue import ONE_TIME, ONLY_ONCE, Plan, PlanCharge, Product, Until
from simulators.zuora.rules.contracts import Charge, Subscription
from simulators.zuora.rules.documents import FROM_CHARGE, CreditMemo, Invoice, Item
from simulators.zuora.rules.invoices import TaxWish, changed, post, tax_item
from simulators.zuora.rules.memos import post as post_memo
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.rating import FLAT_FEE, PER_UNIT, Price
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class LineWish:
    """A line without a subscription. amount: without tax, in minor units; charge: key of the catalogue's."""

    amount: int
    start: date
    end: date | None = None
    name: str = ""
    charge: str = ""
    sku: str = ""
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    comment: str | None = None
    tax_code: str | None = None
    unit: str | None = None
    taxes: tuple[TaxWish, ...] = ()


@dataclass(frozen=True, slots=True)
class StandaloneWish:
    """A document of such lines. number "": let the vendor number it."""

    lines: tuple[LineWish, ...]
    on: date
    number: str = ""
    due: date | None = None
    currency: str = ""
    post: bool = False
    comment: str | None = None
    reason: str | None = None
    auto_pay: bool | None = None
    custom: dict[str, object] = field(default_factory=dict)


def invoice(state: State, account: Account, wish: StandaloneWish) -> Invoice:
    """A standalone invoice, a draft unless it is to be posted."""
    items = lines_of(state, account, wish)
    if wish.number and state.invoices.get(wish.number):
        raise Refused(RULE, f"The invoice number {wish.number} already exists.", "invoiceNumber")
    if sum(item.net + item.tax for item in items) < 0:
        raise Refused(RULE, "The amount of an invoice must not be negative.", "invoiceItems")
    made = Invoice(
        id=state.new_id(),
        seq=state.next_seq(),
        number=wish.number or state.new_number("invoice"),
        account=account,
        on=wish.on,
        target=wish.on,
        due=wish.due or wish.on + timedelta(days=TERM_DAYS[account.payment_term]),
        items={item.id: item for item in items},
        created_at=state.now(),
        auto_pay=wish.auto_pay,
        comments=wish.comment,
        custom=dict(wish.custom),
    )
    changed(state, made, "invoice", "created")
    if wish.post:
        post(state, made)
    return made


def memo(state: State, account: Account, wish: StandaloneWish) -> CreditMemo:
    """A credit memo from charges of the catalogue."""
    if wish.number and state.memos.get(wish.number):
        raise Refused(RULE, f"The credit memo number {wish.number} already exists.", "number")
    if any(line.amount < 0 for line in wish.lines):
        raise Refused(INVALID, "The amounts of a credit memo must not be negative.", "amount")
    items = lines_of(state, account, wish)
    made = CreditMemo(
        id=state.new_id(),
        seq=state.next_seq(),
        number=wish.number or state.new_number("credit_memo"),
        account=account,
        on=wish.on,
        items={item.id: item for item in items},
        created_at=state.now(),
        source=FROM_CHARGE,
        reason=wish.reason,
        comment=wish.comment,
        custom=dict(wish.custom),
    )
    changed(state, made, "credit_memo", "created")
    if wish.post:
        post_memo(state, made)
    return made


def lines_of(state: State, account: Account, wish: StandaloneWish) -> list[Item]:
    """The lines of such a document; Refused where the account cannot have it."""
    if account.status != "Active":
        raise Refused(RULE, f"Account {account.number} is {account.status}.", "accountId")
    if wish.currency and wish.currency != account.currency:
        message = f"Account {account.number} is billed in {account.currency}, not {wish.currency}."
        raise Refused(RULE, message, "currency")
    if not wish.lines:
        raise Refused(MISSING, "At least one item is required.", "invoiceItems")
    sold = _nobody(state, account)
    return [_item(state, account, sold, line) for line in wish.lines]


def _item(state: State, account: Account, sold: Subscription, line: LineWish) -> Item:
    if line.end is not None and line.end < line.start:
        raise Refused(INVALID, "serviceEndDate must not be before serviceStartDate.", "serviceEndDate")
    source = _source(state, account, line)
    charge = Charge(
        id=source.id,
        number="",
        source=source,
        cycle=ONLY_ONCE,
        anchor=line.start,
        day=1,
        segments=(),
        issued=0,
        quantity=line.quantity,
        pricing=Price(),
        trigger="ContractEffective",
        bill_cycle_type="DefaultFromCustomer",
        alignment="AlignToCharge",
        until=Until(),
        arrears=False,
        description=None,
    )
    price = line.price
    if price is None:
        price = Decimal(line.amount) / (100 * line.quantity) if line.quantity else Decimal(0)
    item = Item(
        id=state.new_id(),
        subscription=sold,
        charge=charge,
        start=line.start,
        end=(line.end or line.start) + DAY,
        net=line.amount,
        quantity=line.quantity,
        price=price,
        created_at=state.now(),
        comment=line.comment,
    )
    item.taxes = [tax_item(state, wish) for wish in line.taxes]
    return item


def _source(state: State, account: Account, line: LineWish) -> PlanCharge:
    if line.charge:
        found = state.plan_charges.get(line.charge)
        if found is None:
            raise not_found("product rate plan charge", line.charge)
        return found
    if not line.name:
        message = "'chargeName' is required where no product rate plan charge is named."
        raise Refused(MISSING, message, "chargeName")
    day = line.start
    product = Product("", 0, "", line.name, line.sku, day, day, None, None, state.now())
    plan = Plan("", 0, "", product, "", day, day, None, state.now())
    return PlanCharge(
        id="",
        seq=0,
        number="",
        plan=plan,
        name=line.name,
        kind=ONE_TIME,
        model=PER_UNIT if line.price is not None or line.quantity != 1 else FLAT_FEE,
        cycle=ONLY_ONCE,
        trigger="ContractEffective",
        bill_cycle_type="DefaultFromCustomer",
        alignment="AlignToCharge",
        prices={account.currency: Price()},
        default_quantity=Decimal(1),
        unit=line.unit,
        description=None,
        created_at=state.now(),
        tax_code=line.tax_code,
    )


def _nobody(state: State, account: Account) -> Subscription:
    """What stands where a line's subscription would."""
    day = state.today()
    return Subscription(
        id="",
        original_id="",
        seq=0,
        number="",
        version=0,
        account=account,
        term_type="TERMED",
        start=day,
        term_start=day,
        term_end=None,
        initial_term=(0, "Month"),
        current_term=(0, "Month"),
        renewal_setting="",
        renewal_terms=(),
        auto_renew=False,
        created_at=state.now(),
        orders=(),
    )
