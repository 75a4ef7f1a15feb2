"""Whatever is asked for in whatever order: lives stay legal, and the books stay whole."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulators.kit.clock import DAY
from simulators.stripe.rules import charges, disputes, intent_life, payouts, refunds, setups
from tests.unit.simulators.stripe_client import Sandbox

ONLINE = {"customer_acceptance": {"type": "online", "online": {"ip_address": "127.0.0.1", "user_agent": "x"}}}
CARDS = st.sampled_from(
    [
        "pm_card_visa", "pm_card_chargeDeclined", "pm_card_createDispute", "pm_card_createDisputeInquiry",
        "pm_card_authenticationRequired", "pm_card_threeDSecureRequiredChargeDeclined", "pm_card_refundFail",
        "pm_card_pendingRefund", "pm_card_bypassPending", "pm_usBankAccount_success",
        "pm_usBankAccount_insufficientFunds", "pm_usBankAccount_dispute",
    ]
)  # fmt: skip
MAY = {
    "payment_intent": intent_life.MAY,
    "charge": charges.MAY,
    "refund": refunds.MAY,
    "dispute": disputes.MAY,
    "payout": payouts.MAY,
    "setup_intent": setups.MAY,
}


class Lives(RuleBasedStateMachine):
    """A caller without a plan, and days that go by."""

    def __init__(self) -> None:
        super().__init__()
        self.box = Sandbox()
        self.checked = 0
        self.states: dict[tuple[str, str], str] = {}

    def post(self, path: str, form: object = None) -> Any:
        answer = self.box.post(f"/v1/{path}", form)
        assert answer.status in (200, 400, 402), answer.json
        return answer.json

    def pick(self, path: str, index: int) -> str:
        rows = self.box.get(f"/v1/{path}", {"limit": 100}).json["data"]
        return str(rows[index % len(rows)]["id"]) if rows else "none"

    @rule(card=CARDS, manual=st.booleans(), confirm=st.booleans(), amount=st.integers(50, 100_000))
    def pay(self, card: str, manual: bool, confirm: bool, amount: int) -> None:
        wish: dict[str, Any] = {"amount": amount, "currency": "usd", "payment_method": card}
        if manual and card.startswith("pm_card"):
            wish["capture_method"] = "manual"
        if confirm:
            wish |= {"confirm": True, "mandate_data": ONLINE}
        self.post("payment_intents", wish)

    @rule(card=CARDS, at=st.integers(0, 99))
    def confirm(self, card: str, at: int) -> None:
        wish = {"payment_method": card, "mandate_data": ONLINE}
        self.post(f"payment_intents/{self.pick('payment_intents', at)}/confirm", wish) if self.any() else None

    @rule(at=st.integers(0, 99), passed=st.booleans())
    def authenticate(self, at: int, passed: bool) -> None:
        intents = self.box.rules.test.intents
        for intent in list(intents.shelf)[at:]:
            if intent.status == "requires_action" and intent.pending == "authenticate":
                intents.authenticate(intent, passed)
                return

    @rule(at=st.integers(0, 99), act=st.sampled_from(["capture", "cancel"]))
    def end(self, at: int, act: str) -> None:
        if self.any():
            self.post(f"payment_intents/{self.pick('payment_intents', at)}/{act}")

    @rule(at=st.integers(0, 99), amount=st.integers(1, 60_000))
    def refund(self, at: int, amount: int) -> None:
        if self.any():
            self.post("refunds", {"payment_intent": self.pick("payment_intents", at), "amount": amount})

    @rule(
        at=st.integers(0, 99),
        said=st.sampled_from(["winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "so"]),
    )
    def answer(self, at: int, said: str) -> None:
        if self.box.get("/v1/disputes").json["data"]:
            path = f"disputes/{self.pick('disputes', at)}"
            self.post(path, {"evidence": {"uncategorized_text": said}})

    @rule(at=st.integers(0, 99))
    def give_in(self, at: int) -> None:
        if self.box.get("/v1/disputes").json["data"]:
            self.post(f"disputes/{self.pick('disputes', at)}/close")

    @rule(card=CARDS)
    def set_up(self, card: str) -> None:
        self.post("setup_intents", {"payment_method": card, "confirm": True, "mandate_data": ONLINE})

    @rule(amount=st.integers(1, 50_000))
    def pay_out(self, amount: int) -> None:
        self.post("payouts", {"amount": amount, "currency": "usd"})

    @rule(days=st.integers(1, 4))
    def wait(self, days: int) -> None:
        agenda, target = self.box.mock.agenda, self.box.clock.moment + days * DAY

        while (due := agenda.next_due()) is not None and due <= target:
            self.box.clock.moment = max(due, self.box.clock.moment)
            self.box.loop.run_until_complete(agenda.run_next())
        self.box.clock.moment = target
        self.box.get("/v1/balance")

    def any(self) -> bool:
        return bool(list(self.box.rules.test.intents.shelf))

    @invariant()
    def lives_are_legal(self) -> None:
        changes = self.box.rules.history.changes
        for change in changes[self.checked :]:
            may = MAY.get(change.kind)
            if may is None:
                continue
            assert change.state in may, change
            before = self.states.get((change.kind, change.id))
            assert before in (None, change.state) or change.state in may[before], (before, change)
            self.states[change.kind, change.id] = change.state
        self.checked = len(changes)

    @invariant()
    def the_books_are_whole(self) -> None:
        mode = self.box.rules.test
        total = sum(entry.net for entry in mode.balance.shelf)
        shown = sum(available + pending for _, available, pending in mode.balance.amounts())
        assert shown == total
        for charge in mode.charges.shelf:
            assert 0 <= charge.refunded <= charge.amount
            assert charge.captured_amount <= charge.amount
            assert bool(charge.entry) == (charge.captured and charge.status == "succeeded")
        for intent in mode.intents.shelf:
            assert (intent.status == "succeeded") == (intent.received > 0)
            assert (intent.capturable > 0) == (intent.status == "requires_capture")
        for payout in mode.payouts.shelf:
            if payout.automatic:
                entries = mode.balance.shelf.under(("payout", payout.id))
                assert sum(e.net for e in entries) == 0, payout


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
