"""Subscriptions: begun on someone's wish; how they go on is in `alterations` and `cycles`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from simulators.stripe.rules.billing.beginnings import fitting, trial_of
from simulators.stripe.rules.billing.calendar import anchored, boundary_after, boundary_until, step
from simulators.stripe.rules.billing.closing import Closing
from simulators.stripe.rules.billing.contract_records import Item, Subscription
from simulators.stripe.rules.billing.coupons import Coupons
from simulators.stripe.rules.billing.cycles import LAPSE, Cycles
from simulators.stripe.rules.billing.desk import Desk, clash, taken
from simulators.stripe.rules.billing.endings import set_ending
from simulators.stripe.rules.billing.paper_records import Invoice
from simulators.stripe.rules.billing.planning import Planned
from simulators.stripe.rules.billing.subscription_life import file_prices, keys
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.billing.wallets import Wallets
from simulators.stripe.rules.billing.wishes import Wishes
from simulators.stripe.rules.currencies import chargeable
from simulators.stripe.rules.records import NOTHING, Intent, merged
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.search import file_words
from simulators.stripe.rules.shelf import Shelf

_NO_METHOD = (
    "This customer has no attached payment source or default payment method. Please consider adding a default"
    " payment method. For more information, visit"
    " https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority."
)


class Subscriptions:
    """The subscriptions of one mode."""

    def __init__(
        self,
        desk: Desk,
        wishes: Wishes,
        rates: TaxRates,
        coupons: Coupons,
        wallets: Wallets,
        cycles: Cycles,
        closing: Closing,
    ) -> None:
        self._desk, self.wishes, self._rates, self._coupons = desk, wishes, rates, coupons
        self._wallets, self.cycles, self._closing = wallets, cycles, closing
        self.shelf = cycles.shelf
        self.items: Shelf[Item] = Shelf()

    def take(self, id: str, param: str = "subscription", *, path: bool = False) -> Subscription:  # noqa: A002
        """The subscription; Refused with resource_missing."""
        return taken(self.shelf, "subscription", id, param, path=path)

    def create(self, customer: str, wish: Mapping[str, Any]) -> Subscription:
        """A new subscription, its first invoice made and, unless told otherwise, tried to be paid."""
        wish = dict(wish)
        behavior = wish.pop("payment_behavior", "allow_incomplete")
        off_session = wish.pop("off_session", False)
        extra = wish.pop("add_invoice_items", ())
        sub, plan = self.planned(customer, wish)
        sub.discounts = self._coupons.redeem(
            wish.get("discounts") or (), customer, sub.currency, subscription=sub.id
        )
        for planned in plan:
            if planned.wished_discounts:
                planned.discounts = self._coupons.redeem(
                    planned.wished_discounts, customer, sub.currency, "items",
                    subscription=sub.id, subscription_item=planned.id,
                )  # fmt: skip
        try:
            self._wallets.settle_currency(customer, sub.currency)
            invoice = self.first_invoice(sub, plan)
            intent = self._in_advance(sub, invoice, behavior, off_session) if not extra else None
        except Refused:
            self._coupons.give_back((*sub.discounts, *(d for p in plan for d in p.discounts or ())))
            raise
        for planned in plan:
            self.admit(sub, planned)
        self.shelf.add(sub, *keys(sub))
        file_prices(self.shelf, sub, [])
        file_words(self.shelf, sub, [(f"metadata.{k}", v) for k, v in sub.metadata.items()])
        self._desk.note(sub, "created", sub.status, customer)
        self._desk.emit("customer.subscription.created", sub)
        for one in extra:
            self.cycles.bills.items.create(customer, {**one, "subscription": sub.id}, sub.currency)
        self.cycles.bills.gather(invoice, sub)
        self._bill(sub, invoice, behavior, off_session, intent)
        self._ask_for_card(sub)
        self.cycles.wait(sub)
        return sub

    def _ask_for_card(self, sub: Subscription) -> None:
        """A setup intent for a card that nothing is to be paid with yet."""
        charged = sub.collection_method == "charge_automatically"
        if charged and sub.status in ("active", "trialing") and not self.cycles.has_method(sub):
            made = self._desk.setups.create(customer=sub.customer, usage="off_session")
            sub.setup_intent = made.id

    def _bill(
        self, sub: Subscription, invoice: Invoice, behavior: str, off_session: bool, intent: Intent | None
    ) -> None:
        """Make the first invoice real; charged ones at once, sent ones after their hour."""
        if not invoice.lines:
            return
        self.cycles.bills.enter(invoice, sub)
        if sub.collection_method == "send_invoice":
            return
        lapse = self._desk.now() + LAPSE
        if sub.status == "incomplete":
            sub.timers["lapse"] = self._desk.later(sub.customer, lapse, self.cycles.lapse, sub)
        self._closing.close(invoice, intent)
        if invoice.status == "open" and behavior != "default_incomplete":
            method = self._closing.collection.method(invoice)
            assert method is not None
            try:
                self._closing.collection.attempt(invoice, method, off_session)
            except Refused:
                # The subscription stays incomplete; the failure is in its invoice.
                return

    def planned(self, customer: str, wish: Mapping[str, Any]) -> tuple[Subscription, list[Planned]]:
        """The subscription that would begin; nothing is written down."""
        desk, ground, now = self._desk, self._desk.ground, self._desk.now()
        fitting(wish)
        plan = self.wishes.first(wish.get("items") or ())
        currency = str(wish.get("currency") or self._currency(customer, plan))
        start = wish.get("backdate_start_date") or now
        if start > now:
            raise clash("`backdate_start_date` must be in the past.", "backdate_start_date")
        trial = trial_of(wish, plan, now)
        sub = Subscription(
            ground.numbers.new("sub"),
            ground.clock.now(),
            ground.live,
            customer,
            currency,
            "trialing" if trial else "incomplete",
            start,
            trial or now,
            collection_method=wish.get("collection_method", "charge_automatically"),
            days_until_due=wish.get("days_until_due"),
            default_tax_rates=self._rates.several(wish.get("default_tax_rates"), "default_tax_rates"),
            description=wish.get("description"),
            metadata=merged(NOTHING, wish.get("metadata", NOTHING)),
            trial=(now, trial) if trial else None,
            missing_method=wish.get("missing_method", "create_invoice"),
            billing_mode=wish.get("billing_mode", "flexible"),
            invoice_settings=wish.get("invoice_settings") or {},
            payment_settings=wish.get("payment_settings") or {},
            pending_interval=wish.get("pending_interval"),
            test_clock=desk.clock_id(customer),
        )
        sub.default_payment_method = self._own_method(customer, wish.get("default_payment_method"))
        self._periods(sub, plan, wish, now)
        if sub.collection_method == "send_invoice" and not trial:
            sub.status = "active"
        self._endings(sub, plan, wish, now)
        return sub, plan

    def _periods(self, sub: Subscription, plan: list[Planned], wish: Mapping[str, Any], now: int) -> None:
        """The first period of each item: a whole one, a part of one, or the trial."""
        anchor = wish.get("billing_cycle_anchor")
        config = wish.get("billing_cycle_anchor_config")
        if config:
            sub.anchor_config = config
            anchor = anchored(
                now, config["day_of_month"], config.get("month"), config.get("hour"), config.get("minute"),
                config.get("second"),
            )  # fmt: skip
        free = wish.get("proration_behavior") == "none"
        begin = sub.start if sub.start < now else now
        for planned in plan:
            recurring = planned.price.recurring
            assert recurring is not None
            planned.id = self._desk.ground.numbers.short("si")
            span = (recurring.interval, recurring.interval_count)
            if sub.trial:
                planned.period = sub.trial
                continue
            if anchor is None:
                anchor = begin
            if anchor > step(now, *span, 1):
                text = (
                    "billing_cycle_anchor cannot be later than next natural billing date"
                    f" ({step(now, *span, 1)}) for plan"
                )
                raise clash(text, "billing_cycle_anchor")
            end = boundary_after(anchor, *span, now)
            whole = end - boundary_until(anchor, *span, end - 1)
            planned.period = (now if anchor != begin else boundary_until(anchor, *span, now), end)
            planned.share = Fraction(end - begin, whole)
            if planned.share != 1 and free:
                planned.share = Fraction(0)
        if not sub.trial:
            sub.anchor = anchor if anchor is not None else now
        elif anchor is not None:
            if anchor < sub.trial[1]:
                raise clash("billing_cycle_anchor must be after trial_end.", "billing_cycle_anchor")
            sub.anchor = anchor

    def first_invoice(self, sub: Subscription, plan: list[Planned]) -> Invoice:
        """The draft that begins it; metered prices are billed afterwards."""
        bills = self.cycles.bills
        invoice = bills.draft(sub, "subscription_create")
        for planned in plan:
            if sub.trial:
                bills.trial(invoice, sub, planned, planned.period)
            elif planned.metered:
                # A line of nothing, so that the first invoice tells of the price.
                bills.usage(invoice, sub, planned, (planned.period[0], planned.period[0]))
            elif planned.share or planned.period[0]:
                bills.recurring(invoice, sub, planned, planned.period)
        bills.invoices.reckon(invoice)
        return invoice

    def admit(self, sub: Subscription, planned: Planned) -> Item:
        """The planned item, made real."""
        ground = self._desk.ground
        item = Item(
            planned.id or ground.numbers.short("si"),
            ground.clock.now(),
            sub.id,
            planned.price,
            planned.quantity,
            planned.period,
            planned.discounts or (),
            planned.tax_rates,
            planned.metadata,
            usage_from=self._desk.now(),
        )
        planned.item = item
        sub.items.append(item)
        self.items.add(item, ("subscription", sub.id))
        return item

    def _in_advance(
        self, sub: Subscription, invoice: Invoice, behavior: str, off_session: bool
    ) -> Intent | None:
        """Refused when there must be a card and is none, or a payment that must succeed does not."""
        if sub.collection_method == "send_invoice":
            return None
        due = self._closing.due(invoice)
        if not due:
            return None
        chargeable(due, sub.currency)
        if behavior == "default_incomplete":
            return None
        method = self._desk.methods.shelf.get(sub.default_payment_method)
        method = method or self._closing.collection.method(invoice)
        if method is None:
            raise Refused(_NO_METHOD, code="resource_missing")
        if behavior != "error_if_incomplete":
            return None
        return self._closing.collection.certain(invoice, due, method, off_session)

    def _currency(self, customer: str, plan: list[Planned]) -> str:
        wallet = self._desk.wallet(customer)
        first = plan[0].price
        return wallet.currency if wallet.currency and first.charged_in(wallet.currency) else first.currency

    def _own_method(self, customer: str, id: str | None) -> str:  # noqa: A002
        if not id:
            return ""
        method = self._desk.methods.shelf.get(id)
        if method is None or method.customer != customer:
            text = (
                f"The customer does not have a payment method with the ID {id}. The payment method must be"
                " attached to the customer."
            )
            raise Refused(text, code="resource_missing", param="default_payment_method")
        return method.id

    def _endings(self, sub: Subscription, plan: list[Planned], wish: Mapping[str, Any], now: int) -> None:
        ends = [p.period[1] for p in plan]
        set_ending(sub, wish, min(ends), max(ends), now)
