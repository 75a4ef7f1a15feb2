"""Fields without a rule of their own, as they are shown."""

from __future__ import annotations

from simulators.netsuite.rules.fields.catalogue import known
from simulators.netsuite.rules.records import Extra
from simulators.netsuite.wire.references import References
from simulators.netsuite.wire.shapes import Shown, links


def extras(
    refs: References, kind: str, path: str, custom: Extra, *, full: bool = True, simple: bool = False
) -> Shown:
    """path: of the record, with a slash; full: sublists and subrecords with what is in them."""
    found: Shown = {}
    for name, value in custom.items():
        field = known(kind, name)
        sort = field.sort if field else "any"
        if sort == "reference" and field is not None:
            to = kind if name == "parent" and not field.to else field.to
            found[name] = refs.of_field("item" if to == "discountItem" else to, value)
        elif sort == "choice" and isinstance(value, dict):
            identifier = value.get("id", value.get("refName"))
            found[name] = (
                identifier if simple else {"id": identifier, "refName": value.get("refName", identifier)}
            )
        elif isinstance(value, dict) and (sort == "subrecord" or isinstance(value.get("items"), list)):
            here = links(f"{path}{name}")
            lines = value.get("items")
            if not full:
                found[name] = {"links": here}
            elif isinstance(lines, list):
                found[name] = {
                    "links": here, "count": len(lines), "hasMore": False, "items": lines, "offset": 0,
                    "totalResults": len(lines),
                }  # fmt: skip
            else:
                found[name] = {"links": here, **value}
        else:
            found[name] = value
    return found
