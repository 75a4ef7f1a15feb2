"""The core's figures as Prometheus has them: base units, `_total` for what only grows."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.process_collector import ProcessCollector

from core.observing.slo import Burn
from core.ports.census import Census

CONTENT_TYPE = CONTENT_TYPE_LATEST
# A vendor's quick answer to its time-out, seconds.
_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_OPERATORS, _SPANS = "operators.", "spans."


class Metrics:
    """Implements core.ports.meter.Meter over a registry of its own; each process of a deployment has one.

    What the store knows is of the whole deployment: only the API process shows it (`stands`, `burns`), or a
    sum over the processes would count it several times.
    """

    def __init__(self, process: str) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._process = Gauge("tieout_process_info", "Which process this is.", ["name"], registry=registry)
        self._process.labels(process).set(1)
        self._mappings = Gauge(
            "tieout_mapping_info",
            "Which version of a mapping this process runs on.",
            ["name", "version", "digest"],
            registry=registry,
        )
        self._calls = Histogram(
            "tieout_vendor_call_duration_seconds",
            "Calls to vendors by what the core claims of them: ok, fail (it did not happen), info (unknown).",
            ["system", "operation", "claim"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._again = self._counter(
            "tieout_vendor_call_retries", "Calls that were not the first attempt.", "system", "operation"
        )
        self._events = self._counter("tieout_events", "Events that came in.", "channel", "outcome")
        self._alerts = self._counter("tieout_alerts", "What a person should see.", "severity")
        self._retries = self._counter("tieout_task_retries", "Tasks put off to be tried again.")
        self._fenced = self._counter("tieout_fenced_claims", "Claims that another worker had taken over.")
        self._decisions = self._counter("tieout_operator_decisions", "Decisions of operators.", "decision")
        self._spans = self._counter("tieout_spans", "Spans for the collector.", "outcome")
        self._notes = self._counter("tieout_notes", "Other things the core counts, by name.", "name")

    def mapped(self, versions: Sequence[tuple[str, int, str]]) -> None:
        """Name, version and digest of each mapping."""
        for name, version, digest in versions:
            self._mappings.labels(name, str(version), digest[:12]).set(1)

    def called(self, system: str, operation: str, claim: str, *, again: bool, took_us: int) -> None:
        """One observation, in seconds."""
        self._calls.labels(system, operation, claim).observe(took_us / 1_000_000)
        if again:
            self._again.labels(system, operation).inc()

    def received(self, channel: str, outcome: str) -> None:
        """By channel and outcome."""
        self._events.labels(channel, outcome).inc()

    def alerted(self, severity: str) -> None:
        """By severity."""
        self._alerts.labels(severity).inc()

    def counted(self, name: str, by: int) -> None:
        """What has a metric of its own goes there, all else by its name."""
        if name == "retried":
            self._retries.inc(by)
        elif name == "fenced":
            self._fenced.inc(by)
        elif name.startswith(_OPERATORS):
            self._decisions.labels(name.removeprefix(_OPERATORS)).inc(by)
        elif name.startswith(_SPANS):
            self._spans.labels(name.removeprefix(_SPANS)).inc(by)
        else:
            self._notes.labels(name).inc(by)

    def text(self, census: Census | None = None, now: int = 0, burns: tuple[Burn, ...] = ()) -> bytes:
        """In Prometheus' text format. census: of the store at `now` (microseconds); burns: by flow."""
        own = generate_latest(self._registry)
        return own if census is None else own + generate_latest(_of_deployment(census, now, burns))

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self._registry)


def _of_deployment(census: Census, now: int, burns: tuple[Burn, ...]) -> CollectorRegistry:
    """Made anew each time: a queue that has emptied is not shown with its last figure for ever."""
    registry = CollectorRegistry()
    tasks = Gauge("tieout_tasks", "Tasks that have not ended.", ["queue", "state"], registry=registry)
    for each in census.standings:
        tasks.labels(each.queue, each.state).set(each.count)
    oldest = Gauge(
        "tieout_oldest_due_task_age_seconds", "How long the oldest due task has waited.", registry=registry
    )
    oldest.set(census.overdue_us(now) / 1_000_000)
    backlog = Gauge("tieout_outbox_messages", "Messages that have not gone out.", registry=registry)
    backlog.set(census.unpublished)
    rate = Gauge(
        "tieout_slo_burn_rate",
        "How many times faster than allowed a flow misses its objective.",
        ["flow", "window"],
        registry=registry,
    )
    for burn in burns:
        for window, value in burn.rates:
            rate.labels(burn.flow, window).set(float(value))
    return registry
