"""What can be made to happen inside: as the company's administrators would do it."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.kit.acts import Act, act
from simulators.kit.asked import Wish, text, texts
from simulators.netsuite.rules.periods import set_closed
from simulators.netsuite.rules.sandbox import Sandbox


def _expire_tokens(sandbox: Sandbox, _: Wish) -> None:
    """Every OAuth 2.0 token issued so far is worthless from now on."""
    sandbox.company.signin.revoke_all()


def _revoke_tba(sandbox: Sandbox, _: Wish) -> None:
    """The token of token-based authentication is revoked."""
    sandbox.company.signin.tba.revoked = True


def _permissions(sandbox: Sandbox, wish: Wish) -> None:
    """{"deny": [record types]}: what the integration's role may not touch; [] lets it do all again."""
    sandbox.denied = set(texts(wish, "deny", least=0))


def _close_period(sandbox: Sandbox, wish: Wish) -> None:
    """{"name": "2026-01"}: the month is closed."""
    set_closed(sandbox.company, text(wish, "name"), closed=True)


def _reopen_period(sandbox: Sandbox, wish: Wish) -> None:
    """{"name": "2026-01"}: the month is open again."""
    set_closed(sandbox.company, text(wish, "name"), closed=False)


ACTS: Mapping[str, Act] = {
    "expire_tokens": act(_expire_tokens),
    "revoke_tba": act(_revoke_tba),
    "permissions": act(_permissions, "deny"),
    "close_period": act(_close_period, "name"),
    "reopen_period": act(_reopen_period, "name"),
}
