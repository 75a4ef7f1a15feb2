"""Notices to customers: at most once per key. The sending itself is a log line, not yet a mail vendor."""

from __future__ import annotations

import logging

from core.canonical.parties import Account
from core.ports.durable import Store
from core.ports.world import Watch

_log = logging.getLogger(__name__)


class Notices:
    """Implements core.ports.desk.Notifier; the store remembers what was told."""

    def __init__(self, store: Store, watch: Watch) -> None:
        self._store, self._watch = store, watch

    async def tell(self, account: Account, subject: str, text: str, key: str) -> None:
        if await self._store.once(f"notice/{key}"):
            self._watch.count("notices")
            _log.info("notice to %s: %s: %s", account.key, subject, text)
