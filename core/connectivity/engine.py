"""The durable engine that sagas and consumers share: one worker over the task table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.connectivity.model import Parts
from core.ports.durable import Task
from core.reliability.retry import Policy
from core.reliability.worker import Handler, Worker
from core.settings import Settings


def make_worker(
    parts: Parts,
    handlers: Mapping[str, Handler],
    owners: Mapping[str, str],
    ranks: Mapping[str, int],
    emitted: Callable[[], None] = lambda: None,
) -> Worker:
    """A worker with the deployment's retry policy and concurrency."""
    desk, settings = parts.desk, parts.settings
    return Worker(
        parts.store,
        desk.clock,
        parts.draws,
        desk.watch,
        durable_policy(parts.settings),
        handlers,
        owners,
        settings.workers,
        emitted,
        parts.claims,
        parts.announces.wake,
        ranks,
    )


def durable_policy(settings: Settings) -> Policy:
    """Retry that survives a crash, over days."""
    return Policy(
        settings.durable_attempts, settings.durable_first_seconds, 2.5, settings.durable_longest_seconds
    )


def webhook_policy(settings: Settings) -> Policy:
    """How often one delivery to somebody outside is tried."""
    hooks = settings.webhooks
    return Policy(hooks.attempts, hooks.first_seconds, 2.5, hooks.longest_seconds)


def in_words(tasks: list[Task]) -> list[str]:
    """Unfinished tasks as lines."""
    return [f"{task.queue} {task.label or task.key}: {task.error or 'waiting'}" for task in tasks]
