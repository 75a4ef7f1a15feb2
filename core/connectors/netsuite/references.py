"""Internal ids behind the codes that people use: accounts by number, currencies by ISO code."""

from __future__ import annotations

from collections.abc import Iterable

from core.canonical.errors import Missing
from core.connectors.netsuite import wire
from core.connectors.netsuite.api import Api
from core.connectors.netsuite.judge import SYSTEM


class References:
    """Read once and kept; an unknown code is looked for once more, since it may be new."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._accounts: dict[str, str] = {}
        self._currencies: dict[str, str] = {}
        self._departments: dict[str, str] = {}
        self._codes: dict[str, str] = {}

    async def account(self, number: str) -> str:
        """Internal id of an account of the chart."""
        return (await self.accounts([number]))[number]

    async def accounts(self, numbers: Iterable[str]) -> dict[str, str]:
        """Internal ids by number."""
        wanted = list(dict.fromkeys(numbers))
        if any(number not in self._accounts for number in wanted):
            self._accounts = await self._read("list_accounts", wire.ACCOUNTS)
        return {number: _known(self._accounts, number, "account") for number in wanted}

    async def departments(self, names: Iterable[str]) -> dict[str, str]:
        """Internal ids by name."""
        wanted = list(names)
        if any(name not in self._departments for name in wanted):
            self._departments = await self._read("list_departments", wire.DEPARTMENTS)
        return {name: _known(self._departments, name, "department") for name in wanted}

    async def currency(self, code: str) -> str:
        """Internal id of a currency."""
        if code not in self._currencies:
            await self._read_currencies()
        return _known(self._currencies, code, "currency")

    async def code(self, currency: str) -> str:
        """ISO code of a currency's internal id."""
        if currency not in self._codes:
            await self._read_currencies()
        return _known(self._codes, currency, "currency id")

    async def codes(self) -> dict[str, str]:
        """ISO codes by internal id."""
        if not self._codes:
            await self._read_currencies()
        return self._codes

    async def _read_currencies(self) -> None:
        self._currencies = await self._read("list_currencies", wire.CURRENCIES)
        self._codes = {id_: code for code, id_ in self._currencies.items()}

    async def _read(self, operation: str, text: str) -> dict[str, str]:
        rows = await self._api.query(operation, "all", text)
        return {str(row["name"]): str(row["id"]) for row in rows if row.get("name")}


def _known(ids: dict[str, str], name: str, what: str) -> str:
    try:
        return ids[name]
    except KeyError:
        raise Missing(f"{what} {name}: NetSuite has none", system=SYSTEM) from None
