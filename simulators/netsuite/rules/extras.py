"""Fields without a rule of their own: kept as given, references made sure of."""

from __future__ import annotations

from typing import Any

from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.dimensions import CLASSIFICATIONS
from simulators.netsuite.rules.fields.catalogue import known
from simulators.netsuite.rules.records import Extra
from simulators.netsuite.rules.refusal import invalid_value


def kept(
    company: Company,
    kind: str,
    before: Extra,
    wish: Extra,
    replace: frozenset[str] = frozenset(),
    path: str = "",
) -> Extra:
    """The fields after the request; None takes one away. kind: as in the catalogue of fields."""
    found = dict(before)
    for name, value in wish.items():
        field = known(kind, name)
        if value is None:
            found.pop(name, None)
        elif field is not None and field.sort == "reference":
            chosen = _reference(company, kind, name, field.to, value, path)
            if field.to in CLASSIFICATIONS and chosen != before.get(name):
                _in_use(company, field.to, chosen, path + name)
            found[name] = chosen
        elif isinstance(value, dict) and isinstance(value.get("items"), list):
            old: Any = found.get(name, {"items": []})
            items = [] if name in replace else list(old["items"])
            found[name] = {"items": items + list(value["items"])}
        elif field is not None and field.sort == "subrecord" and isinstance(value, dict):
            old = found.get(name, {})
            found[name] = {**old, **value}
        else:
            found[name] = value
    return found


def _reference(company: Company, kind: str, name: str, to: str, value: Any, path: str) -> object:
    target = kind if name == "parent" and not to else to
    if target in ITEM_KINDS:
        return {"id": company.refer(value, path + name, *company.items)}
    if target not in company.shelves:
        return {key: text for key, text in value.items() if text is not None}
    return {"id": company.refer(value, path + name, target)}


def _in_use(company: Company, kind: str, chosen: Any, field: str) -> None:
    """A classification that is inactive stays where it is and is taken by nobody new."""
    row: Any = company.shelves[kind].get(str(chosen["id"]))
    if row is None or row.inactive:
        raise invalid_value(field, chosen["id"])


ITEM_KINDS = frozenset({"discountItem", "item"})
