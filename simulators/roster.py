"""Every mock by name; each is imported when it is first asked for, so that one alone starts fast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from simulators.kit.mock import Vendor

_NAMES = ("stripe", "zuora", "salesforce", "netsuite", "avatax")


class Roster(Mapping[str, Vendor]):
    """The vendors in their order."""

    def __getitem__(self, name: str) -> Vendor:
        if name not in _NAMES:
            raise KeyError(name)
        vendor: Vendor = import_module(f"simulators.{name}.routes.table").VENDOR
        return vendor

    def __contains__(self, name: object) -> bool:
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


VENDORS: Mapping[str, Vendor] = Roster()
