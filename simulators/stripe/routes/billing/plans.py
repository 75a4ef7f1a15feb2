"""Plans over HTTP: recurring prices in their older form."""

from __future__ import annotations

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import drawn, page, taken
from simulators.stripe.routes.billing.catalog import tiers_of, unit
from simulators.stripe.rules.billing.catalog_records import Charged, Price, Recurring
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.wire.billing.catalog import plan
from simulators.stripe.wire.billing.older_params import PlanCreate, PlanList, PlanUpdate
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.params import Nothing


async def create(mode: Mode, call: Call) -> Reply:
    form = taken(PlanCreate, call, "plan")
    catalog = mode.billing.catalog
    if not form.product:
        raise Invalid("Missing required param: product.", "parameter_missing", "product")
    if form.id and catalog.prices.get(form.id) is not None:
        raise Refused("Plan already exists.", code="resource_already_exists")
    if form.meter:
        mode.billing.meters.take(form.meter, "meter")
    wish = {
        **form.given(
            "currency", "interval", "interval_count", "amount", "amount_decimal", "meter", "product", "tiers",
            "transform_usage", "trial_period_days", "usage_type",
        ),
        "id": form.id or mode.billing.desk.ground.numbers.new("plan"),
        "charged": Charged(unit(form.amount, form.amount_decimal, "amount"), tiers_of(form.tiers)),
        "recurring": Recurring(
            form.interval, form.interval_count, form.usage_type, form.meter, form.trial_period_days
        ),
    }  # fmt: skip
    if form.transform_usage is not None:
        wish |= {"divide_by": form.transform_usage.divide_by, "round": form.transform_usage.round}
    if isinstance(form.product, str):
        product = catalog.product(form.product)
    else:
        product = catalog.create_product(
            str(form.product.get("name", "")), id=str(form.product.get("id", ""))
        )
    return drawn(mode, plan(catalog.create_price(product, form.currency, wish)), form.expand)


async def retrieve(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "plan")
    return drawn(mode, plan(mode.billing.plans.take(call.params["plan"])), form.expand)


async def update(mode: Mode, call: Call) -> Reply:
    form = taken(PlanUpdate, call, "plan")
    found = mode.billing.plans.take(call.params["plan"])
    return drawn(mode, plan(mode.billing.catalog.update_price(found, form.given())), form.expand)


async def delete(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "plan")
    gone = mode.billing.plans.delete(mode.billing.plans.take(call.params["plan"]))
    return drawn(mode, {"id": gone.id, "object": "plan", "deleted": True})


async def list_all(mode: Mode, call: Call) -> Reply:
    form = taken(PlanList, call, "plan", many=True)
    key = ("product", form.product) if form.product else ()

    def keep(p: Price) -> bool:
        return p.recurring is not None and form.active in (None, p.active)

    return page(mode, mode.billing.catalog.prices, form, call, "plan", key, keep, draw=plan_of)


def plan_of(record: Price, _now: int) -> dict[str, object]:
    """A price as a plan."""
    return plan(record)
