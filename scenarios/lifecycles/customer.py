"""One customer's life as SimPy processes: signs, changes, renews, pays or fails to, leaves."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, timedelta
from typing import Any

from simpy.events import Event

from scenarios.lifecycles.calendar import DAY_US, Calendar, add_months
from scenarios.lifecycles.complaints import Complaints
from scenarios.lifecycles.contract import Contract
from scenarios.lifecycles.hands import Hands
from scenarios.lifecycles.issuer import Issuer
from scenarios.lifecycles.payer import InvoicePayer
from scenarios.lifecycles.people import Company
from scenarios.lifecycles.sales import Deal, Sales
from scenarios.lifecycles.transferrer import PayIn, Transferrer
from scenarios.lifecycles.usage import Record, event_of, uses
from scenarios.lifecycles.wallet import BAD_CARD, GOOD_CARD, Wallet
from scenarios.profiles.profile import Profile
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop

Life = Generator[Event, Any, None]

# Renewals are decided so many days before the term ends; nothing else is changed from then on.
_DECIDE_DAYS = 10
# A customer whose card never recovers is cancelled after the dunning calendar has run out.
_DUNNING_ENDS = 25


class Customer:
    """`counts` collects what happened, by kind, for the report."""

    def __init__(
        self,
        loop: SimLoop,
        calendar: Calendar,
        draws: KeyedDraws,
        profile: Profile,
        company: Company,
        sales: Sales,
        hands: Hands,
        issuer: Issuer,
        go_live: date,
        last_day: date,
        counts: dict[str, int],
        record: Record,
        pay_in: PayIn,
    ) -> None:
        self._loop, self._calendar, self._draws, self._profile = loop, calendar, draws, profile
        self._company, self._sales = company, sales
        self._wallet = Wallet(hands, company.email)
        self._issuer, self._hands, self._pay_in = issuer, hands, pay_in
        self._complaints = Complaints(loop, calendar, draws, profile, issuer)
        self._go_live, self._last_day, self._counts = go_live, last_day, counts
        self._contract = Contract(company, profile, draws)
        self._record = record
        self._by_card = draws.uniform("card", company.index) < profile.card_share

    def life(self) -> Life:
        """From the first signature to the end of the run or of the contract."""
        i, draws = self._company.index, self._draws
        days = (self._last_day - self._go_live).days
        brought_over = draws.uniform("base", i) < self._profile.base_share
        first = min(20.0, days / 2)
        share = draws.uniform("sign", i)
        offset = share * first if brought_over else first + share * max(days - first - 10, 0.5)
        yield self._days(offset)
        deal = self._contract.sign(self._calendar.today(), brought_over=brought_over)
        yield self._loop.act(self._sales.create_account(self._company, "Card" if self._by_card else "Net 30"))
        yield self._win(deal)
        self._loop.process(self._card() if self._by_card else self._on_invoice())
        if self._contract.bundled and self._profile.service is not None:
            self._loop.process(self._delivery(deal.key, self._profile.service.sku))
        if self._contract.meter is not None:
            self._loop.process(self._uses())
        if self._by_card:
            complaints = self._complaints.life(i, self._wallet, self._last_day, self._counts)
            self._loop.process(complaints)
        yield from self._years()

    def _on_invoice(self) -> Life:
        """By the link, or by a transfer of its own."""
        loop, calendar, draws, profile = self._loop, self._calendar, self._draws, self._profile
        i, last_day, counts = self._company.index, self._last_day, self._counts
        if draws.uniform("by transfer", i) < profile.transfer_share:
            sender = Transferrer(loop, calendar, draws, profile, self._company, self._hands, self._pay_in)
            return sender.life(last_day, counts)
        return InvoicePayer(loop, calendar, draws, profile, self._wallet, self._issuer).life(
            i, last_day, counts
        )

    # --- use ---

    def _uses(self) -> Life:
        """Month by month; a customer who has left uses nothing more."""
        month = 0
        while self._contract.active:
            month += 1
            for use in uses(self._contract, self._draws, self._profile, month):
                yield self._until(use.told, "use", month, use.number)
                if not self._contract.active:
                    return
                for event in event_of(self._contract, month, use):
                    self._record(event)
                    self._counts["usage"] = self._counts.get("usage", 0) + 1
                    yield self._after(3_600_000_000)

    # --- what is delivered once ---

    def _delivery(self, deal: str, sku: str) -> Life:
        """Accepted some weeks after the start of service; one who has left accepts nothing more."""
        profile, i = self._profile, self._company.index
        days = round(self._draws.lognormal(profile.deliver_median, profile.deliver_p95, "delivery", i))
        yield self._until(self._contract.start + timedelta(days=max(days, 1)), "delivery")
        if self._contract.active:
            self._counts["delivery"] = self._counts.get("delivery", 0) + 1
            yield self._loop.act(self._sales.deliver(deal, sku, self._calendar.today()))

    # --- the contract ---

    def _years(self) -> Life:
        contract, draws, i = self._contract, self._draws, self._company.index
        month = 0
        while contract.active:
            month += 1
            change_on = add_months(contract.start, month - 1) + timedelta(
                draws.integer(8, 24, "on", i, month)
            )
            if contract.end is not None and change_on > contract.end - timedelta(days=_DECIDE_DAYS + 3):
                going_on = yield from self._decide(month)
                if not going_on:
                    return
                continue
            yield self._until(change_on, "change", month)
            if contract.active:
                yield from self._change(month)

    def _decide(self, month: int) -> Generator[Event, Any, bool]:
        contract = self._contract
        assert contract.end is not None
        yield self._until(contract.end - timedelta(days=_DECIDE_DAYS), "decide", month)
        if not contract.active:
            return False
        if self._draws.uniform("renew", self._company.index, month) < self._profile.renewed:
            yield self._win(contract.renew())
            return True
        contract.active = False
        self._counts["non_renewal"] = self._counts.get("non_renewal", 0) + 1
        yield self._loop.act(self._sales.lose(self._company, contract.lapse(), self._calendar.today()))
        return False

    def _change(self, month: int) -> Life:
        profile, contract, today = self._profile, self._contract, self._calendar.today()
        rates = {
            name: float(getattr(profile, name))
            for name in ("upgrade", "downgrade", "add_on", "co_term", "quantity_change", "cancel", "refund")
        }
        rates["nothing"] = max(0.0, 1 - sum(rates.values()))
        what = self._draws.weighted(rates, "what", self._company.index, month)
        deal: Deal | None = None
        if what == "upgrade":
            deal = contract.change_plan(today, 1)
        elif what == "downgrade":
            deal = contract.change_plan(today, -1)
        elif what == "add_on":
            deal = contract.add(today, 1.0)
        elif what == "co_term":
            deal = contract.add(today, 0.4)
        elif what == "quantity_change":
            deal = contract.resize(today)
        elif what == "cancel":
            notice = self._draws.integer(0, 3, "notice", self._company.index, month)
            deal = contract.cancel(today + timedelta(days=notice))
        elif what == "refund":
            yield from self._refund(month)
        if deal is not None:
            self._counts[what] = self._counts.get(what, 0) + 1
            yield self._win(deal)

    def _refund(self, month: int) -> Life:
        share = self._draws.choice((25, 50, 100), "refund share", self._company.index, month)
        before = (self._calendar.now() - 6 * DAY_US) // 1_000_000
        done = yield self._loop.act(self._wallet.ask_back(share, before))
        if done:
            self._counts["refund"] = self._counts.get("refund", 0) + 1
            if self._calendar.today() + timedelta(days=_DECIDE_DAYS) < self._last_day:
                refund = self._complaints.refund(self._company.index, month, self._wallet, self._counts)
                self._loop.process(refund)

    def _win(self, deal: Deal) -> Event:
        self._counts[deal.kind] = self._counts.get(deal.kind, 0) + 1
        return self._loop.act(self._sales.win(self._company, deal, self._calendar.today()))

    # --- the money ---

    def _card(self) -> Life:
        """Put a card on file, lose it now and then, mend it or not."""
        i, draws = self._company.index, self._draws
        yield self._days(0.1 + draws.uniform("attach", i))
        for _ in range(30):
            done = yield self._loop.act(self._wallet.put_on_file(GOOD_CARD))
            if done:
                break
            yield self._days(1)
        month = 0
        while self._contract.active:
            month += self._contract.months
            due = add_months(self._contract.start, month)
            yield self._until(due - timedelta(days=1), "card", month)
            if not self._contract.active:
                return
            if draws.uniform("card fails", i, month) < self._profile.failed_card:
                yield from self._lose_card(month)

    def _lose_card(self, month: int) -> Life:
        i, draws = self._company.index, self._draws
        self._counts["card_lost"] = self._counts.get("card_lost", 0) + 1
        yield self._loop.act(self._wallet.put_on_file(BAD_CARD))
        if draws.uniform("recovers", i, month) < self._profile.recovered:
            # 90 % of those who recover do so within ten days.
            yield self._days(1 + min(draws.exponential(4.0, "recovery", i, month), 20))
            yield self._loop.act(self._wallet.put_on_file(GOOD_CARD))
            self._counts["card_mended"] = self._counts.get("card_mended", 0) + 1
            return
        yield self._days(_DUNNING_ENDS)
        end = self._contract.end
        today = self._calendar.today()
        if self._contract.active and (end is None or today < end - timedelta(days=_DECIDE_DAYS + 3)):
            self._counts["involuntary_churn"] = self._counts.get("involuntary_churn", 0) + 1
            yield self._win(self._contract.cancel(today))

    # --- time ---

    def _days(self, days: float) -> Event:
        return self._after(max(int(days * DAY_US), 1))

    def _until(self, day: date, *key: object) -> Event:
        hour = 8 + 10 * self._draws.uniform("hour", self._company.index, *key)
        return self._after(max(self._calendar.until(day, hour), 1))

    def _after(self, wait: int) -> Event:
        # Business ends with the last day: what would come later never comes.
        left = self._calendar.until(self._last_day + timedelta(days=1), 0)
        return self._loop.env.timeout(wait) if wait < left else self._loop.env.event()
