"""What may be granted: a scope a resource and verb, and which one each operation of the API asks for."""

from __future__ import annotations

from collections.abc import Iterable

# Read and decided by their owners; the resource is the first word of its path.
RESOURCES = (
    "customers", "orders", "invoices", "credit-notes", "subscriptions", "payments", "refunds", "payouts",
    "disputes", "journals", "receivables", "webhook-endpoints", "items",
)  # fmt: skip
# Verbs that are not read only: exceptions are decided about, jobs are run.
EXCEPTIONS_READ, EXCEPTIONS_DECIDE = "exceptions:read", "exceptions:decide"
OPERATIONS_READ, JOBS_RUN, METRICS_READ = "operations:read", "jobs:run", "metrics:read"
# Lets into no operation; without it personal data is veiled in all that others let read.
PERSONAL_READ = "personal:read"
# What a token is worth, and taking back another's.
TOKENS_READ, TOKENS_REVOKE = "tokens:read", "tokens:revoke"
SCOPES = frozenset(
    {EXCEPTIONS_READ, EXCEPTIONS_DECIDE, OPERATIONS_READ, JOBS_RUN, METRICS_READ, PERSONAL_READ}
    | {TOKENS_READ, TOKENS_REVOKE}
    | {f"{resource}:read" for resource in RESOURCES}
    | {f"{resource}:write" for resource in RESOURCES}
)
# What leads further than its own path's first word.
_PATHS = {
    ("POST", "/v1/exceptions"): EXCEPTIONS_DECIDE,
    ("POST", "/v1/operations/redrive"): EXCEPTIONS_DECIDE,
    ("POST", "/v1/operations/jobs"): JOBS_RUN,
    ("POST", "/v1/jobs"): JOBS_RUN,
    ("GET", "/v1/jobs"): OPERATIONS_READ,
    ("GET", "/v1/exceptions"): EXCEPTIONS_READ,
    ("GET", "/v1/operations/parked"): EXCEPTIONS_READ,
    ("GET", "/v1/operations"): OPERATIONS_READ,
    ("GET", "/v1/conflicts"): OPERATIONS_READ,
    ("GET", "/v1/ownership"): OPERATIONS_READ,
    ("GET", "/v1/mappings"): OPERATIONS_READ,
    ("GET", "/metrics"): METRICS_READ,
    ("POST", "/oauth/introspect"): TOKENS_READ,
    ("POST", "/oauth/revoke"): TOKENS_REVOKE,
}
_READS = ("GET", "HEAD")


def scope_of(method: str, path: str) -> str:
    """The scope that an operation asks for; "" for one that nobody has thought about, which nobody may use
    who does not hold every scope."""
    verb = "GET" if method in _READS else method
    for (asked, prefix), scope in _PATHS.items():
        if verb == asked and (path == prefix or path.startswith(f"{prefix}/")):
            return scope
    version, _, rest = path.removeprefix("/").partition("/")
    resource = rest.partition("/")[0]
    if version == "v1" and resource in RESOURCES:
        return f"{resource}:{'read' if verb == 'GET' else 'write'}"
    return ""


def granted(asked: str, held: Iterable[str]) -> bool:
    """Whether these scopes let an operation be used."""
    return asked in held if asked else set(held) >= SCOPES
