"""API keys: what each of them may do, and until when it is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What a browser may ask for, with a publishable key.
_PUBLIC = frozenset({"create_token", "create_payment_method", "get_token"})
_WITH_SECRET = frozenset(
    {
        "get_payment_intent",
        "confirm_payment_intent",
        "verify_payment_intent",
        "get_setup_intent",
        "confirm_setup_intent",
        "verify_setup_intent",
    }
)
LEVELS = ("none", "read", "write")


@dataclass(slots=True)
class ApiKey:
    """kind: secret, restricted or publishable; permissions: of a restricted key, "read" or "write" by
    resource, "*" for every resource not named."""

    text: str
    live: bool
    kind: str = "secret"
    permissions: Mapping[str, str] | None = None
    expired: bool = False

    def may(self, scope: str) -> bool:
        """Whether it has a permission such as "rak_charge_read"; writing includes reading."""
        if self.kind == "secret":
            return True
        resource, _, level = scope.removeprefix("rak_").rpartition("_")
        allowed = self.permissions or {}
        held = allowed.get(resource, allowed.get("*", "none"))
        return LEVELS.index(held) >= LEVELS.index(level)

    @property
    def masked(self) -> str:
        """As it is shown to whoever used it."""
        head = "_".join(self.text.split("_")[:2]) + "_" if self.text.count("_") > 1 else self.text[:8]
        return f"{head}{'*' * max(len(self.text) - len(head) - 4, 4)}{self.text[-4:]}"


def public(operation: str, client_secret: str) -> bool:
    """Whether a publishable key will do: for some operations together with the object's secret."""
    return operation in _PUBLIC or (operation in _WITH_SECRET and bool(client_secret))


def fresh_keys() -> dict[str, ApiKey]:
    """The keys of a fresh account."""
    keys = (
        ApiKey("sk_test_tieout", live=False),
        ApiKey("rk_test_tieout_readonly", live=False, kind="restricted", permissions={"*": "read"}),
        ApiKey("sk_live_tieout", live=True),
        ApiKey("pk_test_tieout", live=False, kind="publishable"),
        ApiKey("sk_test_tieout_expired", live=False, expired=True),
    )
    return {key.text: key for key in keys}
