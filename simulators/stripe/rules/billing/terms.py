"""The terms of a subscription beside its items and periods: how it is paid, labelled, paused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.billing.catalog_records import Metadata
from simulators.stripe.rules.billing.contract_records import Subscription
from simulators.stripe.rules.billing.coupons import Coupons
from simulators.stripe.rules.billing.desk import Desk, cancel_timer, changed, clash, differences
from simulators.stripe.rules.billing.subscriptions import Subscriptions
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.records import merged
from simulators.stripe.rules.refusals import no_such
from simulators.stripe.rules.search import file_words, unfile_words

Wish = Mapping[str, Any]
_PLAIN = (
    "collection_method",
    "days_until_due",
    "description",
    "invoice_settings",
    "missing_method",
    "payment_settings",
    "pending_interval",
)


class Terms:
    """Changes the terms of the subscriptions of one mode."""

    def __init__(self, desk: Desk, subscriptions: Subscriptions, rates: TaxRates, coupons: Coupons) -> None:
        self._desk, self._subs, self._rates, self._coupons = desk, subscriptions, rates, coupons
        self._cycles = subscriptions.cycles

    def change(self, sub: Subscription, wish: Wish) -> dict[str, Any]:
        """Everything but items and periods; gives back what it was."""
        previous: dict[str, Any] = {}
        days = wish.get("days_until_due", sub.days_until_due)
        if wish.get("collection_method") == "send_invoice" and days is None:
            text = "You must set `days_until_due` when `collection_method` is `send_invoice`."
            raise clash(text, "days_until_due", "parameter_missing")
        fields = {name: wish[name] for name in _PLAIN if name in wish}
        if "default_payment_method" in wish:
            fields["default_payment_method"] = self._method(sub, wish["default_payment_method"])
        if "default_tax_rates" in wish:
            rates = wish["default_tax_rates"]
            fields["default_tax_rates"] = self._rates.several(rates, "default_tax_rates")
        if "discounts" in wish:
            fields["discounts"] = self._coupons.redeem(
                wish["discounts"] or (), sub.customer, sub.currency, keep=sub.discounts, subscription=sub.id
            )
        if "metadata" in wish:
            self._label(sub, merged(sub.metadata, wish["metadata"]), previous)
        fields |= {name: wish[name] for name in ("comment", "feedback") if name in wish}
        if "pause" in wish:
            self._pause(sub, wish["pause"], previous)
        known = changed(sub, fields)
        for name in known.keys() & {"collection_method", "days_until_due", "description"}:
            previous[name] = known[name]
        if "default_payment_method" in known:
            previous["default_payment_method"] = known["default_payment_method"] or None
        if "discounts" in known:
            previous["discounts"] = [d.id for d in known["discounts"]]
        if known and not previous:
            previous["metadata"] = sub.metadata
        return previous

    def _label(self, sub: Subscription, metadata: Metadata, previous: dict[str, Any]) -> None:
        if metadata == sub.metadata:
            return
        previous["metadata"] = differences(sub.metadata, metadata)
        shelf = self._subs.shelf
        unfile_words(shelf, sub, [(f"metadata.{k}", v) for k, v in sub.metadata.items()])
        sub.metadata = metadata
        file_words(shelf, sub, [(f"metadata.{k}", v) for k, v in sub.metadata.items()])

    def _pause(
        self, sub: Subscription, pause: tuple[str, int | None] | None, previous: dict[str, Any]
    ) -> None:
        """Collect for now, or no more; resumes_at: begin again by itself."""
        if sub.pause == pause:
            return
        was = sub.pause
        previous["pause_collection"] = {"behavior": was[0], "resumes_at": was[1]} if was else None
        cancel_timer(sub.timers, "unpause")
        sub.pause = pause
        if pause is not None and pause[1] is not None:
            if pause[1] <= self._desk.now():
                raise clash("resumes_at must be in the future.", "pause_collection[resumes_at]")
            due = self._desk.later(sub.customer, pause[1], self._cycles.unpause, sub)
            sub.timers["unpause"] = due

    def _method(self, sub: Subscription, id: str | None) -> str:  # noqa: A002
        if not id:
            return ""
        method = self._desk.methods.shelf.get(id)
        if method is None or method.customer != sub.customer:
            raise no_such("PaymentMethod", id, "default_payment_method")
        return method.id
