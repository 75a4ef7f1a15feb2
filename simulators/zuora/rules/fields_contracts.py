"""Fields of subscriptions, their plans and charges, orders and their actions, and usage."""

from __future__ import annotations

from typing import Any

from simulators.kit.money import major
from simulators.zuora.rules.catalogue import RECURRING, USAGE, period_name
from simulators.zuora.rules.contracts import Charge, Segment
from simulators.zuora.rules.fields import (
    Field,
    Vocabulary,
    always,
    common,
    day,
    flag,
    moment,
    number,
    text,
)
from simulators.zuora.rules.fields_worth import monthly, nine, segment_mrr, segment_value
from simulators.zuora.rules.rating import DISCOUNTS, FLAT_FEE, OVERAGE, PERCENT_OFF


def _renewal(place: int) -> Field:
    kind = number if place == 0 else text
    return kind(lambda s: s.renewal_terms[0][place] if s.renewal_terms else None)


SUBSCRIPTION: Vocabulary = {
    **common(),
    "name": text("number"),
    "accountId": text("account.id"),
    "invoiceOwnerId": text("owner.id"),
    "creatorAccountId": text("account.id"),
    "originalId": text("original_id"),
    "status": text("status"),
    "version": number("version"),
    "revision": text(lambda s: f"{s.version}.0"),
    "isLatestVersion": flag("latest"),
    "currency": text("account.currency"),
    "termType": text("term_type"),
    "autoRenew": flag("auto_renew"),
    "initialTerm": number(lambda s: s.initial_term[0]),
    "initialTermPeriodType": text(lambda s: s.initial_term[1]),
    "currentTerm": number(lambda s: s.current_term[0]),
    "currentTermPeriodType": text(lambda s: s.current_term[1]),
    "renewalSetting": text("renewal_setting"),
    "renewalTerm": _renewal(0),
    "renewalTermPeriodType": _renewal(1),
    "contractEffectiveDate": day("start"),
    "serviceActivationDate": day("activated"),
    "contractAcceptanceDate": day("accepted"),
    "subscriptionStartDate": day("start"),
    "subscriptionEndDate": day("end"),
    "termStartDate": day("term_start"),
    "termEndDate": day("term_end"),
    "cancelledDate": day("cancelled_on"),
    "cancelReason": text("cancel_reason"),
    "lastBookingDate": day("start"),
    "originalCreatedDate": moment("created_at"),
    "cMRR": number(monthly),
    "isInvoiceSeparate": flag(lambda s: bool(s.extra.get("invoiceSeparately", False))),
    "paymentTerm": text(lambda s: s.extra.get("paymentTerm")),
    "invoiceGroupNumber": text(lambda s: s.extra.get("invoiceGroupNumber")),
    "notes": text("notes"),
}

# up: the subscription.
RATE_PLAN: Vocabulary = {
    **common(),
    "name": text("it.source.name"),
    "productId": text("it.source.product.id"),
    "productRatePlanId": text("it.source.id"),
    "subscriptionId": text("up.id"),
    "subscriptionOwnerId": text("up.account.id"),
    "invoiceOwnerId": text("up.owner.id"),
    "amendmentType": text(lambda r: {"Add": "NewProduct", "Remove": "RemoveProduct"}.get(r.it.last_change)),
    "originalRatePlanId": text(lambda r: r.it.original_id or r.it.id),
    "subscriptionRatePlanNumber": text("it.number"),
    "reverted": always(False),
}


def _charge(row: Any) -> Charge:
    found: Charge = row.up.it
    return found


def _quantity(row: Any) -> Any:
    source = _charge(row).source
    bare = source.model in (*DISCOUNTS, FLAT_FEE) or source.kind == USAGE
    return None if bare or row.it is None else row.it.quantity


def _worth(row: Any) -> Any:
    segment: Segment | None = row.it
    return nine(segment_mrr(segment, _charge(row), row.currency)) if segment else None


def _total(row: Any) -> Any:
    segment: Segment | None = row.it
    return major(segment_value(segment, _charge(row), row.currency), row.currency) if segment else None


def _timing(row: Any) -> str | None:
    if _charge(row).source.kind != RECURRING:
        return None
    return "IN_ARREARS" if _charge(row).arrears else "IN_ADVANCE"


def _specific(row: Any) -> int | None:
    cycle = _charge(row).cycle
    return cycle.count if (period_name(cycle) or "").startswith("Specific") else None


# up: the charge in its plan in its subscription; it: a segment, None while none is; more: what is billed.
RATE_PLAN_CHARGE: Vocabulary = {
    **common(),
    "chargeNumber": text("up.it.number"),
    "name": text("up.it.source.name"),
    "description": text("up.it.description"),
    "ratePlanId": text("up.up.it.id"),
    "subscriptionId": text("up.up.up.id"),
    "subscriptionOwnerId": text("up.up.up.account.id"),
    "invoiceOwnerId": text("up.up.up.owner.id"),
    "productRatePlanChargeId": text("up.it.source.id"),
    "originalId": text("up.it.id"),
    "chargeType": text("up.it.source.kind"),
    "chargeModel": text("up.it.source.model"),
    "billingPeriod": text(lambda r: period_name(_charge(r).cycle)),
    "specificBillingPeriod": number(_specific),
    "billingPeriodAlignment": text("up.it.alignment"),
    "billingTiming": text(_timing),
    "billCycleType": text("up.it.bill_cycle_type"),
    "billCycleDay": number(lambda r: _charge(r).day or None),
    "chargedThroughDate": day("more"),
    "processedThroughDate": day("more"),
    "effectiveStartDate": day(lambda r: r.it.start if r.it else None),
    "effectiveEndDate": day(lambda r: r.it.end if r.it else None),
    "segment": number(lambda r: r.it.number if r.it else None),
    "isLastSegment": flag(lambda r: r.it == _charge(r).last),
    "version": number("up.it.issued"),
    "quantity": number(_quantity),
    "uOM": text("up.it.source.unit"),
    "mRR": number(_worth),
    "tCV": number(_total),
    "endDateCondition": text(lambda r: _charge(r).until.condition),
    "upToPeriods": number(lambda r: _charge(r).until.count or None),
    "specificEndDate": day("up.it.until.on"),
    "triggerEvent": text("up.it.trigger"),
    "triggerDate": day("up.it.begun_on"),
    "taxable": flag(lambda r: _charge(r).source.tax_code is not None),
    "taxCodeName": text("up.it.source.tax_code"),
    "ratingGroup": text(
        lambda r: _charge(r).source.rating_group if _charge(r).source.kind == USAGE else None
    ),
    "discountLevel": text(lambda r: d.level if (d := _charge(r).source.discount) else None),
    "listPriceBase": text("up.it.source.base_name"),
    "isProcessed": flag(lambda r: r.more is not None),
    "isPrepaid": flag(lambda r: _charge(r).source.prepaid is not None),
}


def _tiered(row: Any) -> bool:
    return row.it is not None


def _model(row: Any) -> str:
    return _charge(row.up).source.model


def _price(row: Any) -> Any:
    if _tiered(row):
        return row.it.price
    return None if _model(row) in (*DISCOUNTS, OVERAGE) else row.more[1].amount


# up: the row of the charge's segment; it: a tier, None where there is one price; more: its place, and
# the whole price.
RATE_PLAN_CHARGE_TIER: Vocabulary = {
    **common(),
    "ratePlanChargeId": text("up.id"),
    "currency": text("currency"),
    "tier": number(lambda r: r.more[0]),
    "startingUnit": number(lambda r: r.it.start if _tiered(r) else None),
    "endingUnit": number(lambda r: r.it.end if _tiered(r) else None),
    "price": number(_price),
    "priceFormat": text(
        lambda r: ("Flat Fee" if r.it.flat else "Per Unit") if _tiered(r) else None,
    ),
    "includedUnits": number(lambda r: r.more[1].included if _model(r) == OVERAGE else None),
    "overagePrice": number(lambda r: r.more[1].amount if _model(r) == OVERAGE else None),
    "discountPercentage": number(lambda r: r.more[1].amount if _model(r) == PERCENT_OFF else None),
    "discountAmount": number(
        lambda r: r.more[1].amount if _model(r) in DISCOUNTS and _model(r) != PERCENT_OFF else None
    ),
}

ORDER: Vocabulary = {
    **common(),
    "orderNumber": text("number"),
    "accountId": text("account.id"),
    "orderDate": day("on"),
    "status": text("status"),
    "state": text("status"),
    "category": text("category"),
    "description": text("description"),
    "cancelReason": text("cancel_reason"),
    "createdByMigration": always(False),
    "isScheduled": flag(lambda o: o.wish is not None and o.wish.when is not None),
    "scheduledDate": day(lambda o: o.wish.when if o.wish else None),
}


def _action(row: Any) -> Any:
    return row.it[1]


def _trigger(name: str) -> Field:
    return day(lambda r: _action(r).dates.get(name))


def _sent(name: str, *members: str) -> Field:
    def read(row: Any) -> Any:
        for member in members:
            part = _action(row).sent.get(member)
            if isinstance(part, dict) and part.get(name) is not None:
                return str(part[name])
        return None

    return text(read)


# up: the order; it: (id, action); more: what the order did to the subscription, and the action's place.
ORDER_ACTION: Vocabulary = {
    **common(),
    "type": text(lambda r: _action(r).type),
    "sequence": number(lambda r: r.more[1]),
    "orderId": text("up.id"),
    "subscriptionId": text(lambda r: r.more[2]),
    "subscriptionNumber": text(lambda r: r.more[0].number),
    "changeReason": text(lambda r: _action(r).reason),
    "contractEffectiveDate": _trigger("ContractEffective"),
    "serviceActivationDate": _trigger("ServiceActivation"),
    "customerAcceptanceDate": _trigger("CustomerAcceptance"),
    "cancellationPolicy": _sent("cancellationPolicy", "cancelSubscription"),
    "cancellationEffectiveDate": _sent("cancellationEffectiveDate", "cancelSubscription"),
    "effectivePolicy": _sent("effectivePolicy", "changePlan"),
    "subType": _sent("subType", "changePlan"),
}

USAGE_RECORD: Vocabulary = {
    **common(),
    "accountId": text("account.id"),
    "accountNumber": text("account.number"),
    "subscriptionNumber": text(lambda u: u.subscription or None),
    "chargeNumber": text(lambda u: u.charge or None),
    "quantity": number("quantity"),
    "rbeStatus": text("status"),
    "sourceType": text("source"),
    "startDateTime": text("begins"),
    "endDateTime": text("ends"),
    "submissionDateTime": moment("created_at"),
    "uOM": text("unit"),
    "description": text("description"),
    "fileName": text(lambda u: u.upload or None),
}
