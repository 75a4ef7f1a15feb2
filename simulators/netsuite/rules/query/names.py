"""What BUILTIN.DF shows: the name behind an id."""

from __future__ import annotations

from simulators.kit.clock import day
from simulators.netsuite.rules import keys
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.kinds import TRANSACTIONS
from simulators.netsuite.rules.query.cells import moment
from simulators.netsuite.rules.query.relative import relative
from simulators.netsuite.rules.query.standing import APPROVALS

_TYPES = {each.code: each.title for each in TRANSACTIONS.values()}


class Names:
    """Looks names up in the company as it is now."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def now(self) -> str:
        """SYSDATE."""
        return moment(self._company.clock.now())

    def relative(self, span: str | None, which: str | None) -> str | None:
        """BUILTIN.RELATIVE_RANGES of today."""
        if span is None or which is None:
            return None
        return relative(day(self._company.clock.now()), span, which).isoformat()

    def shown(self, kind: str, value: object) -> str | None:
        """The name of a record; a value that names none is shown as it is."""
        if value is None:
            return None
        key, company = str(value), self._company
        if kind == "approval":
            return APPROVALS.get(key, key)
        if kind == "user":
            return keys.USER if key == keys.USER_ID else key
        if kind == "type":
            return _TYPES.get(key, key)
        if kind == "entity":
            who = company.customers.get(key)
            if who is not None:
                return f"{who.entity_id} {who.name}"
            rows = (company.plain[each].get(key) for each in ("vendor", "employee", "contact"))
            return next((row.name for row in rows if row), key)
        if kind == "item":
            item = company.item(key)
            return item.name if item else key
        if kind == "transaction":
            row = company.transaction(key)
            return f"{TRANSACTIONS[row.kind].title} #{row.number}" if row else key
        if kind == "account":
            account = company.accounts.get(key)
            return f"{account.number} {account.name}".strip() if account else key
        shelf = company.shelves.get(kind)
        found = shelf.get(key) if shelf is not None else None
        return str(found.name) if found is not None else key
