"""One run from its spec to its result, as a worker process does it."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator, MutableSequence
from dataclasses import replace
from urllib.parse import quote, unquote

from reports.record import ModelResult
from scenarios.evidence.run import Determinism
from scenarios.judging import verdicts_of
from scenarios.lifecycles.hands import HandsError
from scenarios.measure import result_of
from scenarios.profiles.profile import Profile, read_profile
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.world.play import Played, play

# What is played twice, in two processes, to see that the same token gives the same run.
_SMALL_CUSTOMERS, _SMALL_MONTHS = 10, 1

Told = Callable[[float], None]


class RunError(RuntimeError):
    """The harness tripped over a run; the text names the whole chain of causes."""


class Stuck(RunError):
    """Somebody in a story could not do what the story says they do: a bill that was never sent cannot be
    paid."""


def profile_word(name_or_path: str) -> str:
    """A profile as a word for a token: a path keeps its slashes to itself."""
    return quote(name_or_path, safe="")


def company_of(spec: Spec) -> Profile:
    """The profile of a spec; ProfileError if it cannot be read."""
    return read_profile(unquote(spec.profile))


def small(spec: Spec) -> Spec:
    """The run that stands for `spec` where determinism is tried."""
    told = STORIES.get(spec.story)
    if told is not None and told.script is not None:
        return spec  # it is small, and its length is its own
    return replace(
        spec,
        customers=min(spec.customers, _SMALL_CUSTOMERS),
        months=min(spec.months, _SMALL_MONTHS),
    )


def perform(spec: Spec, told: Told | None = None) -> Played:
    """Play a run with its own profile; RunError if the harness trips, Stuck if a person of the story does."""
    try:
        return play(spec, progress=told, profile=company_of(spec))
    except Exception as error:
        for cause in _causes(error):
            if isinstance(cause, HandsError):
                raise Stuck(str(cause)) from error
        raise RunError(f"{spec.token}: {_chain(error)}") from error


def judged_run(spec: Spec, second_hash: str, told: Told | None = None) -> ModelResult:
    """Play, judge and measure. second_hash: what another process made of `small(spec)`."""
    played = perform(spec, told)
    hash_small = played.evidence.determinism.log_hash
    if second_hash and small(spec) != spec:
        hash_small = perform(small(spec)).evidence.determinism.log_hash
    verdicts = verdicts_of(replace(played.evidence, determinism=Determinism(hash_small, second_hash)))
    return result_of(played, verdicts)


def small_hash(spec: Spec) -> str:
    """Hash of the event log of `small(spec)`."""
    return perform(small(spec)).evidence.determinism.log_hash


def hush() -> None:
    """Keep asyncio from telling of every task that a run which failed has left behind."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


# --- inside a worker process ---

_shares: MutableSequence[float] = []


def begin_worker(shares: MutableSequence[float]) -> None:
    """Ctrl-C is the parent's to handle; `shares` is memory that the parent reads."""
    global _shares  # noqa: PLW0603 - a worker process has one parent, told once
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hush()
    _shares = shares


def work(spec: Spec, second_hash: str, slot: int) -> ModelResult:
    """`judged_run` in a worker, telling the share that is done in its slot."""

    def told(share: float) -> None:
        _shares[slot] = share

    result = judged_run(spec, second_hash, told)
    _shares[slot] = 1.0
    return result


def _chain(error: BaseException) -> str:
    said = [f"{type(cause).__name__}: {cause}" for cause in _causes(error)]
    return " ← ".join(" ".join(each.split())[:300] for each in said)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, five at most."""
    cause: BaseException | None = error
    for _ in range(5):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__
