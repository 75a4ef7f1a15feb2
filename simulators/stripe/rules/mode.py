"""Test mode or live mode: a whole account of its own, sharing nothing with the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from simulators.kit.clock import DAY, HOUR, SECOND
from simulators.kit.history import History
from simulators.kit.idempotency import Keys
from simulators.kit.mock import Surroundings
from simulators.kit.ratelimit import Window
from simulators.kit.webhooks import no_longer_than
from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.bent import BentClock
from simulators.stripe.rules.billing.billing import Billing
from simulators.stripe.rules.billing.desk import Desk
from simulators.stripe.rules.cash import Cash
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.confirmations import Confirmations
from simulators.stripe.rules.credit import Credit
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.direct import DirectCharges
from simulators.stripe.rules.disputes import Disputes
from simulators.stripe.rules.errands import Errands
from simulators.stripe.rules.events import RETRY_PAUSES, Events, Shape
from simulators.stripe.rules.files import Files
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intents import Intents
from simulators.stripe.rules.mandates import Mandates
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.numbers import Numbers
from simulators.stripe.rules.options import Options
from simulators.stripe.rules.payouts import Payouts
from simulators.stripe.rules.records import Customer
from simulators.stripe.rules.refunds import Refunds
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.returns import Returns
from simulators.stripe.rules.setups import Setups
from simulators.stripe.rules.shelf import Kept
from simulators.stripe.rules.tax_ids import TaxIds
from simulators.stripe.rules.tokens import Tokens

_HALF_DAY = DAY // 2


class Mode:
    """All that one mode remembers. `shape` and `dumps` draw events as the wire shows them."""

    def __init__(
        self,
        surroundings: Surroundings,
        clock: BentClock,
        options: Options,
        history: History,
        numbers: Numbers,
        live: bool,
        shape: Shape,
        dumps: Callable[[object], bytes],
        account_id: str = "",
    ) -> None:
        own = BentClock(clock)
        lived = BentClock(own)
        self.clock, self.live = lived, live
        self.account_id, self.opened_at = account_id, clock.now()
        self.search_lag = options.search_lag_us
        self.keys = Keys(clock, options.idempotency_ttl_hours * HOUR)
        self.window = Window(clock, options.rate_per_second, SECOND)
        self.searches = Window(clock, options.search_rate_per_second, SECOND)
        self.events = Events(
            lived, numbers, history, surroundings.outbound, surroundings.agenda, live, shape, dumps, clock,
            no_longer_than(options.webhook_pause_seconds, RETRY_PAUSES),
        )  # fmt: skip
        self.errands = Errands(clock, surroundings.agenda)
        ground = Ground(lived, numbers, history, self.events, options, self.errands, live)
        self.ground = ground
        # Money moves in the mock's own time, also when a test clock's customer pays.
        till = replace(ground, clock=own)
        self.customers = Customers(ground)
        self.credit, self.tax_ids = Credit(ground), TaxIds(ground)
        self.tokens, self.files = Tokens(ground), Files(ground)
        self.methods = Methods(ground, self.customers, self.tokens)
        self.confirmations = Confirmations(ground, self.methods)
        self.mandates = Mandates(ground)
        self.balance = Balance(till)
        self.charges = Charges(ground, self.balance)
        self.disputes = Disputes(ground, self.charges, self.balance)
        self.cash = Cash(ground)
        self.intents = Intents(
            ground,
            self.customers,
            self.methods,
            self.charges,
            self.disputes,
            self.mandates,
            self.cash,
            self.balance,
        )
        self.setups = Setups(ground, self.customers, self.methods, self.mandates)
        self.direct = DirectCharges(self.customers, self.methods, self.charges, self.disputes)
        self.returns = Returns(ground, self.customers, self.cash)
        self.refunds = Refunds(ground, self.intents, self.charges, self.balance, self.disputes, self.returns)
        self.payouts = Payouts(till, self.balance)
        desk = Desk(
            ground, lived, self.customers, self.methods, self.intents, self.refunds, self.credit, self.setups
        )
        self.billing = Billing(desk, own, surroundings.agenda)
        self.next_tick = (clock.now() // _HALF_DAY + 1) * _HALF_DAY

    def delete_customer(self, customer: Customer) -> Customer:
        """A deleted customer loses its subscriptions and its cards; one that has cash cannot be deleted."""
        if self.cash.known(customer.id):
            # The wording is unconfirmed; that it is refused is documented with the cash balance.
            raise Refused("You cannot delete a customer with a cash balance, even if the balance is 0.")
        self.billing.lose(customer)
        self.methods.detach_all(customer)
        return self.customers.delete(customer)

    def next_due(self) -> int:
        """Microsecond of whatever comes first: noon, midnight, or something of billing."""
        due = self.billing.next_due()
        return due if due and due < self.next_tick else self.next_tick

    def catch_up(self) -> None:
        """Do what noon, midnight and billing would have done since the last look."""
        while (first := self.next_due()) <= self.clock.now():
            if first < self.next_tick:
                self.billing.run(first)
                continue
            at, self.next_tick = self.next_tick, self.next_tick + _HALF_DAY
            if at % DAY == 0:
                self.refunds.settle(at)
                if self.balance.ripen():
                    self.events.emit("balance.available", self.balance)
            self.payouts.tick(at)

    def searchable(self, record: Kept) -> bool:
        """Whether search has indexed the record yet (F35)."""
        return record.created_at + self.search_lag <= self.clock.now()
