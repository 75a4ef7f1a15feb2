"""Coupons, promotion codes, and the discounts that come of redeeming them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from simulators.stripe.rules.billing.calendar import step
from simulators.stripe.rules.billing.catalog_records import Coupon, Discount, Metadata, PromotionCode
from simulators.stripe.rules.billing.desk import Desk, changed, clash, taken
from simulators.stripe.rules.currencies import known_currency
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

Wish = Mapping[str, str]


class Coupons:
    """The coupons, codes and discounts of one mode."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.coupons: Shelf[Coupon] = Shelf()
        self.codes: Shelf[PromotionCode] = Shelf()
        self.discounts: Shelf[Discount] = Shelf()

    def coupon(self, id: str, param: str = "coupon", *, path: bool = False) -> Coupon:  # noqa: A002
        """The coupon; Refused with resource_missing."""
        return taken(self.coupons, "coupon", id, param, path=path)

    def code(self, id: str, param: str = "promotion_code", *, path: bool = False) -> PromotionCode:  # noqa: A002
        """The promotion code; Refused with resource_missing."""
        return taken(self.codes, "promotion code", id, param, path=path)

    def create_coupon(self, wish: Mapping[str, Any]) -> Coupon:
        """A new coupon, under an id of one's own if wanted."""
        wish = dict(wish)
        id = wish.pop("id", "")  # noqa: A001
        duration = wish.pop("duration", "once")
        _sound(duration, wish)
        ground = self._desk.ground
        known = self.coupons.get(id) if id else None
        if known is not None and not known.deleted:
            raise Refused("Coupon already exists.", code="resource_already_exists")
        made = Coupon(
            id or ground.numbers.secret("", 8),
            ground.clock.now(),
            ground.live,
            duration,
            metadata=merged(NOTHING, wish.pop("metadata", NOTHING)),
            **wish,
        )
        self.coupons.add(made)
        self._desk.note(made, "created")
        self._desk.emit("coupon.created", made)
        return made

    def update_coupon(self, coupon: Coupon, changes: Mapping[str, Any]) -> Coupon:
        """Its name and metadata, and other currencies."""
        changes = dict(changes)
        if "metadata" in changes:
            changes["metadata"] = merged(coupon.metadata, changes["metadata"])
        previous = changed(coupon, changes)
        if previous:
            self._desk.note(coupon, "updated")
            self._desk.emit("coupon.updated", coupon, previous)
        return coupon

    def delete_coupon(self, coupon: Coupon) -> Coupon:
        """Nobody can redeem it any more; who has it keeps it."""
        self.coupons.unfile(coupon, ())
        self._desk.emit("coupon.deleted", coupon)
        # A copy stays with the discounts that were made of it.
        gone = replace(coupon)
        gone.deleted = True
        self.coupons.swap(gone)
        self._desk.note(coupon, "deleted", "deleted")
        return gone

    def create_code(self, coupon: str, wish: Mapping[str, Any]) -> PromotionCode:
        """A new code; among active ones a text is unique for the customers it is for."""
        wish = dict(wish)
        ground = self._desk.ground
        given = self.coupon(coupon, "promotion[coupon]")
        text = wish.pop("code", "") or ground.numbers.secret("", 8).upper()
        customer = wish.pop("customer", "")
        if customer:
            customer = self._desk.customer(customer).id
        for other in self.codes.under(("code", text.casefold())):
            if other.active and (not other.customer or not customer or other.customer == customer):
                raise clash("An active promotion code with `code: " + text + "` already exists.", "code")
        if not self.valid(given):
            raise clash("The coupon of a promotion code must be valid.", "promotion[coupon]")
        made = PromotionCode(
            ground.numbers.new("promo"),
            ground.clock.now(),
            ground.live,
            given,
            text,
            customer=customer,
            metadata=merged(NOTHING, wish.pop("metadata", NOTHING)),
            **wish,
        )
        self.codes.add(made, ("code", text.casefold()), ("coupon", given.id), ("customer", customer))
        self._desk.note(made, "created")
        self._desk.emit("promotion_code.created", made)
        return made

    def update_code(self, code: PromotionCode, changes: Mapping[str, Any]) -> PromotionCode:
        """Its activity and metadata."""
        changes = dict(changes)
        if "metadata" in changes:
            changes["metadata"] = merged(code.metadata, changes["metadata"])
        if changes.get("active") and not self.valid(code.coupon):
            raise clash("This promotion code cannot be made active: its coupon is no longer valid.", "active")
        previous = changed(code, changes)
        if previous:
            self._desk.note(code, "updated")
            self._desk.emit("promotion_code.updated", code, previous)
        return code

    def valid(self, coupon: Coupon) -> bool:
        """Whether it can still be redeemed."""
        if coupon.deleted or (coupon.redeem_by is not None and coupon.redeem_by <= self._desk.now()):
            return False
        return coupon.max_redemptions is None or coupon.times_redeemed < coupon.max_redemptions

    def redeem(
        self,
        wishes: Sequence[Wish],
        customer: str,
        currency: str = "",
        param: str = "discounts",
        keep: Iterable[Discount] = (),
        **owner: Any,
    ) -> tuple[Discount, ...]:
        """Discounts made of coupons, codes, or ones already had (`keep`); all are looked at first."""
        kept = {d.id: d for d in keep}
        found: list[tuple[Coupon, PromotionCode | None] | Discount] = []
        for i, wish in enumerate(wishes):
            found.append(self._wished(wish, kept, customer, currency, f"{param}[{i}]"))
        return tuple(
            one if isinstance(one, Discount) else self._given(*one, customer, **owner) for one in found
        )

    def _wished(
        self, wish: Wish, kept: Mapping[str, Discount], customer: str, currency: str, param: str
    ) -> tuple[Coupon, PromotionCode | None] | Discount:
        if wish.get("discount"):
            had = kept.get(wish["discount"]) or self.discounts.get(wish["discount"])
            if had is None:
                raise no_such("discount", wish["discount"], f"{param}[discount]")
            return had
        code = None
        if wish.get("promotion_code"):
            code = self.code(wish["promotion_code"], f"{param}[promotion_code]")
            self._usable(code, customer)
            coupon = code.coupon
        else:
            coupon = self.coupon(wish.get("coupon", ""), f"{param}[coupon]")
        if not self.valid(coupon):
            # Wording unconfirmed.
            raise clash(f"Coupon expired: {coupon.id}", f"{param}[coupon]", "coupon_expired")
        if coupon.percent is None and currency and coupon.off_in(currency) is None:
            text = f"The coupon {coupon.id} cannot be applied: its currency does not match {currency}."
            raise clash(text, f"{param}[coupon]")
        return coupon, code

    def _usable(self, code: PromotionCode, customer: str) -> None:
        over = code.expires_at is not None and code.expires_at <= self._desk.now()
        spent = code.max_redemptions is not None and code.times_redeemed >= code.max_redemptions
        if not code.active or over or spent:
            raise clash(f"This promotion code is inactive: {code.id}", "promotion_code")
        if code.customer and code.customer != customer:
            raise clash("This promotion code cannot be redeemed by this customer.", "promotion_code")
        if code.first_time and self._desk.wallet(customer).owner.next_invoice_sequence > 1:
            text = (
                "This promotion code cannot be redeemed because the associated customer has prior"
                " transactions."
            )
            raise clash(text, "promotion_code")

    def _given(self, coupon: Coupon, code: PromotionCode | None, customer: str, **owner: Any) -> Discount:
        now = self._desk.now()
        end = step(now, "month", coupon.months or 0, 1) if coupon.duration == "repeating" else None
        made = Discount(
            self._desk.ground.numbers.new("di"),
            self._desk.ground.clock.now(),
            coupon,
            now,
            end,
            code.id if code else "",
            customer,
            **owner,
        )
        coupon.times_redeemed += 1
        if code is not None:
            code.times_redeemed += 1
        self.discounts.add(made)
        if made.subscription:
            self._desk.emit("customer.discount.created", made)
        return made

    def give_back(self, discounts: Iterable[Discount]) -> None:
        """Nothing came of what they were redeemed for."""
        for discount in discounts:
            discount.deleted = True
            discount.coupon.times_redeemed -= 1
            code = self.codes.get(discount.promotion_code)
            if code is not None:
                code.times_redeemed -= 1


def active(discount: Discount, at: int) -> bool:
    """Whether it still takes something off at that moment."""
    if discount.deleted or (discount.coupon.duration == "once" and discount.used):
        return False
    return discount.end is None or at < discount.end


def _sound(duration: str, wish: dict[str, Any]) -> None:
    percent, amount = wish.get("percent"), wish.get("amount")
    if (percent is None) == (amount is None):
        if percent is None:
            text = "Must provide percent_off or amount_off"
        else:
            text = "You may only specify one of these parameters: amount_off, percent_off."
        raise clash(text)
    if percent is not None and not Decimal(0) < percent <= 100:
        raise clash("Invalid percent_off: must be greater than 0 and at most 100", "percent_off")
    if amount is not None:
        if not wish.get("currency"):
            raise clash("Must provide currency when amount_off is passed", "currency", "parameter_missing")
        wish["currency"] = known_currency(wish["currency"])
    if duration == "repeating" and not wish.get("months"):
        text = "Must provide duration_in_months when duration is repeating"
        raise clash(text, "duration_in_months", "parameter_missing")
    if duration != "repeating" and wish.get("months"):
        raise clash("You can only set duration_in_months when duration is repeating", "duration_in_months")


def named(metadata: Metadata) -> list[tuple[str, str]]:
    """Metadata as words for search."""
    return [(f"metadata.{key}", value) for key, value in metadata.items()]
