"""The night's reconciliation: every control over what changed, and a flow for every gap."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from core.canonical.errors import CoreError
from core.close.once import for_one_look
from core.ports.desk import Desk
from core.ports.durable import Store
from core.ports.memory import Said
from core.reconcile.cash import (
    disputes_booked,
    payments_applied,
    payouts_booked,
    refund_failures_booked,
    refunds_booked,
)
from core.reconcile.drafts import drafts_finalised
from core.reconcile.finding import Control, Finding
from core.reconcile.mirrors import mirrors_agree
from core.reconcile.orders import won_quotes_placed
from core.reconcile.owners import OwnershipLook
from core.reconcile.registers import credit_notes_in_ledger, invoices_in_ledger
from core.reconcile.transfers import transfers_applied
from core.reconcile.usage import usage_metered
from core.reliability.ratelimit import BACKGROUND

CONTROLS: tuple[Control, ...] = (
    Control("won quotes placed", "CRM", "billing", ("C01", "C03"), won_quotes_placed),
    Control("usage metered", "product", "billing", ("C04",), usage_metered),
    Control("drafts finalised", "billing", "billing", ("C06",), drafts_finalised),
    Control("invoice register", "billing", "ledger", ("C10",), invoices_in_ledger),
    Control("credit register", "billing", "ledger", ("C10",), credit_notes_in_ledger),
    Control("cash application", "processor", "ledger", ("C13", "C14"), payments_applied),
    Control("refunds", "processor", "ledger", ("C20",), refunds_booked),
    Control("failed refunds", "processor", "ledger", ("C20",), refund_failures_booked),
    Control("disputes", "processor", "ledger", ("C21",), disputes_booked),
    Control("payouts", "processor", "ledger", ("C14",), payouts_booked),
    Control("receipts to bank", "bank", "ledger", ("C18",), transfers_applied),
    # What sales is shown is no book: the month-end close does not know it.
    Control("invoice mirror", "billing", "CRM", (), mirrors_agree, "sales operations"),
)

# Runs the flow of a finding; False if it is under way already.
Mend = Callable[[Finding], Awaitable[bool]]


class Reconciliation:
    """`days`: how far back a cycle looks at least; further if earlier cycles did not end well. owners: looks
    after the controls, at the lists that these have read."""

    def __init__(
        self, desk: Desk, store: Store, days: int, mend: Mend, owners: OwnershipLook | None = None
    ) -> None:
        self._desk, self._store, self._days, self._mend = desk, store, days, mend
        self._owners = owners
        self.cycles: list[int] = []

    async def cycle(self) -> None:
        """All controls once. A control that cannot be run leaves the mark where it was."""
        # Whatever a night looks through waits for what is done by day.
        BACKGROUND.set(True)
        began = self._desk.clock.now()
        mark = await self._store.watermark("reconciliation")
        back = began - self._days * 86_400_000_000
        since = datetime.fromtimestamp(min(back, mark or back) / 1_000_000, UTC)
        held = {(t.queue, t.key) for t in await self._store.parked() if t.error.startswith("refused")}
        repairs, complete = 0, True
        # The controls look at the same lists: each is read once a night, and all controls see the same.
        desk, told = for_one_look(self._desk), []
        for control in CONTROLS:
            try:
                findings = await control.run(desk, since)
            except CoreError as error:
                complete = False
                self._desk.watch.alert("medium", control.title, f"not run: {error.detail}")
                told.append(_told(control, error.detail, 0, 0))
                continue
            mended = 0
            for finding in findings:
                mended += await self._treat(control, finding, held)
            repairs += mended
            told.append(_told(control, "", len(findings), mended))
        if self._owners is not None:
            await self._owners.run(desk, since)
        with suppress(CoreError):  # only for people to see
            await self._store.say(Said("reconciliation", self._desk.clock.now(), json.dumps(told)))
        if complete:
            # One cycle's overlap: what was under way when this one looked is looked at again.
            await self._store.move_watermark("reconciliation", began - 86_400_000_000)
            self.cycles.append(repairs)

    async def _treat(self, control: Control, finding: Finding, held: set[tuple[str, str]]) -> int:
        self._desk.watch.count(f"finding.{control.name}")
        if (finding.flow, finding.subject) in held:
            return 0  # a person was asked; repeating changes nothing
        if not finding.flow:
            text = f"{control.left} and {control.right} differ by {finding.amount}"
            self._desk.watch.alert("high", finding.number, f"{control.title}: {text}; ask {control.owner}")
            return 0
        mended = await self._mend(finding)
        self._desk.watch.count("repairs", int(mended))
        return int(mended)


def _told(control: Control, error: str, findings: int, mended: int) -> dict[str, object]:
    return {
        "control": control.title,
        "between": [control.left, control.right],
        "owner": control.owner,
        "error": error,
        "findings": findings,
        "mended": mended,
    }
