"""Acts on products and rate plans: add, change, remove, find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from simulators.zuora.rules.catalogue import Plan, Product
from simulators.zuora.rules.refusal import DEPENDENT, DUPLICATE, INVALID, Refused, not_found
from simulators.zuora.rules.state import State


def find_product(state: State, key: str) -> Product:
    """By id or number, or by SKU; Refused if there is none."""
    found = state.products.get(key) or next((p for p in state.products if p.sku == key), None)
    if found is None:
        raise not_found("product", key)
    return found


def find_plan(state: State, key: str) -> Plan:
    """By id or number; Refused if there is none."""
    found = state.plans.get(key)
    if found is None:
        raise not_found("product rate plan", key)
    return found


def add_product(
    state: State,
    name: str,
    sku: str,
    start: date,
    end: date,
    *,
    number: str = "",
    description: str | None = None,
    category: str | None = None,
    custom: Mapping[str, object] | None = None,
) -> Product:
    """A new product; its SKU and number must be free."""
    if end < start:
        raise Refused(INVALID, "EffectiveEndDate must not be before EffectiveStartDate.", "EffectiveEndDate")
    number = number or state.new_number("product")
    if state.products.get(number):
        raise Refused(DUPLICATE, f"The product number {number} already exists.", "ProductNumber")
    sku = sku or f"SKU-{state.ids.count('number/sku'):08d}"
    if any(product.sku == sku for product in state.products):
        raise Refused(DUPLICATE, f"The SKU {sku} already exists.", "SKU")
    product = Product(
        id=state.new_id(),
        seq=state.next_seq(),
        number=number,
        name=name,
        sku=sku,
        start=start,
        end=end,
        description=description,
        category=category,
        created_at=state.now(),
        custom=dict(custom or {}),
    )
    state.products.put(product, state.now())
    state.history.note("product", product.id, "created", refs=(product.number, product.sku))
    return product


def add_plan(
    state: State,
    product_id: str,
    name: str,
    start: date | None = None,
    end: date | None = None,
    *,
    number: str = "",
    description: str | None = None,
    custom: Mapping[str, object] | None = None,
    extra: Mapping[str, object] | None = None,
) -> Plan:
    """A new rate plan of a product."""
    product = state.products.get(product_id)
    if product is None:
        raise Refused(INVALID, f"The product id {product_id} is invalid.", "ProductId")
    number = number or state.new_number("plan")
    if state.plans.get(number):
        raise Refused(DUPLICATE, f"The rate plan number {number} already exists.", "ProductRatePlanNumber")
    plan = Plan(
        id=state.new_id(),
        seq=state.next_seq(),
        number=number,
        product=product,
        name=name,
        start=start or product.start,
        end=end or product.end,
        description=description,
        created_at=state.now(),
        custom=dict(custom or {}),
        extra=dict(extra or {}),
    )
    if plan.end < plan.start:
        raise Refused(INVALID, "EffectiveEndDate must not be before EffectiveStartDate.", "EffectiveEndDate")
    product.plans.append(plan)
    state.plans.put(plan, state.now())
    state.history.note("product_rate_plan", plan.id, "created", refs=(plan.number, product.sku))
    return plan


def change_product(state: State, product: Product, given: Mapping[str, object]) -> None:
    """Overwrite the attributes of these names; all of it or nothing."""
    start, end = given.get("start", product.start), given.get("end", product.end)
    if isinstance(start, date) and isinstance(end, date) and end < start:
        raise Refused(INVALID, "EffectiveEndDate must not be before EffectiveStartDate.", "EffectiveEndDate")
    sku, number = given.get("sku"), given.get("number")
    if sku and any(other.sku == sku and other is not product for other in state.products):
        raise Refused(DUPLICATE, f"The SKU {sku} already exists.", "SKU")
    if number and state.products.get(str(number)) not in (None, product):
        raise Refused(DUPLICATE, f"The product number {number} already exists.", "ProductNumber")
    _apply(product, given)
    state.products.put(product, state.now())
    state.history.note("product", product.id, "updated", refs=(product.number, product.sku))


def change_plan(state: State, plan: Plan, given: Mapping[str, object]) -> None:
    """Overwrite the attributes of these names; all of it or nothing."""
    start, end = given.get("start", plan.start), given.get("end", plan.end)
    if isinstance(start, date) and isinstance(end, date) and end < start:
        raise Refused(INVALID, "EffectiveEndDate must not be before EffectiveStartDate.", "EffectiveEndDate")
    number = given.get("number")
    if number and state.plans.get(str(number)) not in (None, plan):
        raise Refused(DUPLICATE, f"The rate plan number {number} already exists.", "ProductRatePlanNumber")
    _apply(plan, given)
    state.plans.put(plan, state.now())
    state.history.note("product_rate_plan", plan.id, "updated", refs=(plan.number, plan.product.sku))


def _apply(item: Product | Plan, given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if name in ("custom", "extra") and isinstance(value, Mapping):
            getattr(item, name).update(value)
        else:
            setattr(item, name, value)


def remove_product(state: State, product: Product) -> None:
    """Delete a product with its plans; refused while a subscription has one of them."""
    for plan in product.plans:
        _unused(state, plan)
    for plan in list(product.plans):
        remove_plan(state, plan)
    state.products.drop(product)
    state.history.note("product", product.id, "deleted", refs=(product.number, product.sku))


def remove_plan(state: State, plan: Plan) -> None:
    """Delete a rate plan with its charges; refused while a subscription has it."""
    _unused(state, plan)
    for charge in plan.charges:
        state.plan_charges.drop(charge)
    plan.product.plans.remove(plan)
    state.plans.drop(plan)
    state.history.note("product_rate_plan", plan.id, "deleted", refs=(plan.number, plan.product.sku))


def _unused(state: State, plan: Plan) -> None:
    if any(used.source is plan for sold in state.versions.values() for used in sold.plans):
        message = f"Rate plan {plan.number} is used by a subscription and cannot be deleted."
        raise Refused(DEPENDENT, message, "Id")
