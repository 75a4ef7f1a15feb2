"""Objects as the object query shows them, with what is expanded inside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from simulators.zuora.rules.fields_all import OBJECTS, WITH_CUSTOM, customs, field_of, is_custom, proper
from simulators.zuora.rules.query import linked
from simulators.zuora.rules.query_links import LINKS, Link
from simulators.zuora.rules.refusal import INVALID, Refused
from simulators.zuora.rules.state import State

LEVELS = 3


@dataclass(slots=True)
class Picture:
    """What is shown of an object. fields: of itself, empty: all; inside: what is expanded, by its name."""

    name: str
    fields: set[str] = field(default_factory=set)
    inside: dict[str, tuple[Link, Picture]] = field(default_factory=dict)


def picture(name: str, fields: Iterable[str], expands: Iterable[str]) -> Picture:
    """From `fields[]` and `expand[]`; Refused for what the object does not have. Dots lead inside."""
    whole = Picture(name)
    for text in expands:
        here = whole
        steps = text.strip().split(".")
        if len(steps) > LEVELS:
            raise Refused(INVALID, f"At most {LEVELS} levels can be expanded: '{text}'.", "expand[]")
        for step in steps:
            here = _into(here, step)
    for text in fields:
        here, path = whole, text.strip().split(".")
        for step in path[:-1]:
            own = _link(here.name, step)
            if own is None or own not in here.inside:
                raise Refused(INVALID, f"'{text}' belongs to nothing that is expanded.", "fields[]")
            here = here.inside[own][1]
        if field_of(here.name, path[-1]) is None:
            raise Refused(INVALID, f"{here.name} has no field '{path[-1]}'.", "fields[]")
        here.fields.add(proper(here.name, path[-1]))
    return whole


def _link(name: str, text: str) -> str | None:
    lower = text.lower()
    return next((known for known in LINKS.get(name, {}) if known.lower() == lower), None)


def _into(here: Picture, step: str) -> Picture:
    own = _link(here.name, step)
    if own is None:
        raise Refused(INVALID, f"'{step}' cannot be expanded here.", "expand[]")
    if own not in here.inside:
        link = LINKS[here.name][own]
        here.inside[own] = (link, Picture(link.kind))
    return here.inside[own][1]


def shown(state: State, item: Any, wanted: Picture, most: int) -> dict[str, Any]:
    """An object with what is expanded; expanded lists have at most `most` entries."""
    found = row(wanted.name, item, wanted.fields)
    for member, (link, inside) in wanted.inside.items():
        others = linked(state, wanted.name, item, link)
        if link.many:
            found[member] = [shown(state, each, inside, most) for each in others[:most]]
        else:
            found[member] = shown(state, others[-1], inside, most) if others else None
    return found


def row(name: str, item: Any, wanted: set[str]) -> dict[str, Any]:
    """An object by itself; custom fields beside the others."""
    vocabulary = OBJECTS[name]
    if not wanted:
        found = {field: each.shown(item) for field, each in vocabulary.items()}
        return found | dict(customs(item)) if name in WITH_CUSTOM else found
    found = {field: vocabulary[field].shown(item) for field in vocabulary if field in wanted}
    return found | {field: customs(item).get(field) for field in sorted(wanted) if is_custom(field)}
