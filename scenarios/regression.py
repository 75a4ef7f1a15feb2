"""Which stories are played before a mapping goes on: those of the flows that it touches."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from core.mappings.shipped import Mappings
from reports.record import ModelResult
from scenarios.mapped import pack_mappings
from scenarios.running import Stuck, begin_worker, judged_run
from scenarios.spec import Spec
from scenarios.stories.index import STORIES

# Every row of every mapping has a customer in it: what is wrong is mostly seen there, and early.
_ROWS = "one_customer_for_every_row"
# Short stories with figures worked out by hand, by the flow that they go through.
STORIES_OF: dict[str, tuple[str, ...]] = {
    "order_to_subscription": (
        _ROWS, "annual_downgrade_with_credit", "quarterly_billing", "early_renewal_with_uplift",
        "suspension_and_resumption", "reverse_charge_vat_customer", "order_taken_back",
    ),
    "finalise_invoice": ("reverse_charge_vat_customer", "quarterly_billing"),
    "finalise_credit_note": ("annual_downgrade_with_credit",),
    "invoice_to_ledger": (_ROWS, "annual_downgrade_with_credit", "card_recovers_on_third_try"),
    "credit_note_to_ledger": (
        "annual_downgrade_with_credit", "credit_by_accounts_receivable", "bad_debt_written_off",
    ),
    "payment_to_cash": (_ROWS, "card_recovers_on_third_try",),
    "payment_failure": (_ROWS, "card_recovers_on_third_try",),
    "refund_to_ledger": (_ROWS, "annual_refunded_in_part",),
    "refund_failure": ("refund_comes_back",),
    "dispute_raised": ("dispute_won",),
    "dispute_to_ledger": ("dispute_lost_in_mid_service", "ach_return_after_close"),
    "dispute_outcome": ("dispute_lost_in_mid_service", "dispute_won"),
    "payout_to_ledger": ("card_recovers_on_third_try",),
    "payout_failure": ("payout_fails_and_is_sent_again",),
    "usage_to_billing": ("usage_told_twice",),
    "transfer_to_cash": ("short_payment",),
    "paid_back_to_ledger": ("overpayment_refunded",),
}  # fmt: skip


# Says that a token gives the same run twice: a matter of the lab, tried elsewhere, and of no mapping.
_OF_THE_LAB = frozenset({"I-48"})


class NoStory(ValueError):
    """A flow that nothing is known of; the text names it and those that there are."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that is broken, or a worked figure that is another; replay: the command that shows it again."""

    law: str
    story: str
    model: str
    says: str
    replay: str

    def __str__(self) -> str:
        return f"{self.law} in {self.story} under {self.model}: {self.says}"


def stories_of(flows: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order of the flows; NoStory for a flow without one."""
    found: dict[str, None] = {}
    for flow in flows:
        if flow not in STORIES_OF:
            raise NoStory(f"flows: {flow!r}: there is no such flow; there are: {', '.join(STORIES_OF)}")
        found |= dict.fromkeys(STORIES_OF[flow])
    return tuple(found)


def specs_of(stories: Iterable[str], models: Sequence[str], maps: Mappings) -> list[Spec]:
    """A run of each story under each model that can play it, with these versions of the mappings."""
    word = pack_mappings(maps)
    told = [STORIES[name] for name in stories]
    return [
        Spec(each.name, model, each.profile, each.customers, each.months, 1, each.faults, mappings=word)
        for each in told
        for model in models
        if each.fits(model)
    ]


def regress(specs: Sequence[Spec], jobs: int | None, told: Callable[[str], None]) -> tuple[Breach, ...]:
    """What does not hold, in the order of the specs; RunError if the harness trips over a run. jobs: how many
    processes, None for one a processor; told: hears a line of each finished run."""
    found: dict[int, Judged] = {}
    for at, judged in _played(specs, min(jobs or os.cpu_count() or 1, len(specs))):
        found[at] = judged
        laws = ", ".join(dict.fromkeys(each.law for each in judged.breaches))
        says = f"broken: {laws}" if laws else judged.says
        told(f"[{len(found)}/{len(specs)}] {specs[at].story}, {specs[at].model}: {says}")
    return tuple(breach for at in sorted(found) for breach in found[at].breaches)


@dataclass(frozen=True, slots=True)
class Judged:
    """A run's breaches; says: what was asked of it, for people."""

    breaches: tuple[Breach, ...]
    says: str = ""


def judge(spec: Spec) -> Judged:
    """Play a run and look. A person of the story who cannot do their part is a breach as well: what was to
    be paid was never asked for."""
    try:
        result = judged_run(spec, "")
    except Stuck as error:
        return Judged((Breach("story", spec.story, spec.model, str(error), f"tieout replay {spec.token}"),))
    says = f"{len(result.laws)} laws and {len(result.expectations)} figures hold"
    return Judged(tuple(breaches(result)), says)


def _played(specs: Sequence[Spec], processes: int) -> Iterator[tuple[int, Judged]]:
    """As they end; in this process if it is only one."""
    if processes == 1:
        for at, spec in enumerate(specs):
            yield at, judge(spec)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, begin_worker, ([],)) as pool:
        under_way = {pool.submit(judge, spec): at for at, spec in enumerate(specs)}
        try:
            for done in as_completed(under_way):
                yield under_way[done], done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def breaches(result: ModelResult) -> list[Breach]:
    """Broken laws, laws left undecided, and figures that are not as worked out."""
    story = result.token.partition("/")[0]
    found = []
    for law in result.laws:
        if law.state != "holds" and law.id not in _OF_THE_LAB:
            says = law.witnesses[0].says if law.witnesses else law.note or law.state
            found.append(Breach(law.id, story, result.model, says, result.replay))
    for each in result.expectations:
        if not each.holds:
            says = f"{each.says}: {each.found}, expected {each.due}"
            found.append(Breach("figure", story, result.model, says, result.replay))
    return found
