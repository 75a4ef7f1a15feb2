"""The core's figures as Prometheus has them: base units, `_total` for what only grows."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.process_collector import ProcessCollector

from core.observing.standing import Deployed, of_deployment, of_limits
from core.reliability.ratelimit import Limiter

CONTENT_TYPE = CONTENT_TYPE_LATEST
# A vendor's quick answer to its time-out, seconds.
_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_CALLS = "Calls to vendors by what the core claims of them: ok, fail (it did not happen), info (unknown)."
_OPERATORS, _SPANS = "operators.", "spans."


class Metrics:
    """Implements core.ports.meter.Meter over a registry of its own; each process of a deployment has one.

    What the store knows is of the whole deployment: only the API process shows it (`text`).
    """

    def __init__(self, process: str) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._told: list[tuple[str, str, tuple[str, ...], str]] = []
        self._limiters: list[Limiter] = []
        self._process = self._gauge("tieout_process_info", "Which process this is.", "name")
        self._process.labels(process).set(1)
        self._mappings = self._gauge(
            "tieout_mapping_info",
            "Which version of a mapping this process runs on.",
            "name",
            "version",
            "digest",
        )
        name, says = "tieout_vendor_call_duration_seconds", _CALLS
        labels = ("system", "operation", "claim")
        self._told.append((name, "histogram", labels, says))
        self._calls = Histogram(name, says, labels, buckets=_BUCKETS, registry=registry)
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

    def limiter(self, made: Limiter) -> None:
        """One more to look at."""
        self._limiters.append(made)

    def text(self, seen: Deployed | None = None) -> bytes:
        """In Prometheus' text format. seen: of the whole deployment, where this process tells it."""
        own = generate_latest(self._registry)
        own += generate_latest(of_limits([each.standing() for each in self._limiters]))
        return own if seen is None else own + generate_latest(of_deployment(seen))

    def told(self) -> list[tuple[str, str, tuple[str, ...], str]]:
        """(name as it is exposed, type, labels, what it says) of everything that is told by each process."""
        return sorted(self._told)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        self._told.append((name, "gauge", labels, says))
        return Gauge(name, says, labels, registry=self._registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        self._told.append((f"{name}_total", "counter", labels, says))
        return Counter(name, says, labels, registry=self._registry)
