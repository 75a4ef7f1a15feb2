"""Tables of a profile that are settings of the core: legal entities, dimensions, conventions of the books."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.finance.ledger.conventions import BookPolicy
from core.finance.ledger.dimensions import Carried
from core.settings import Collections, Dimensions, LegalEntities

# Departments that every fresh ledger has; what a profile does not say otherwise.
CLASSIFIED = Dimensions(
    carries=frozenset(Carried),
    departments={"SUPPORT24": "Services", "CALLS": "Services"},
    otherwise="Sales",
    overhead="Finance",
)


class ProfileError(ValueError):
    """A profile that cannot be used."""


def legal_entities(path: Path, text: str, value: dict[str, Any]) -> LegalEntities:
    """ProfileError names what is wrong; none: one set of books."""
    where = f"{path}:{line_of(text, 'legal_entities', '')}: legal_entities"
    try:
        found = LegalEntities.model_validate(value.get("legal_entities", {}))
    except ValidationError as error:
        first = error.errors()[0]
        raise ProfileError(f"{where}.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    known = {entity.key for entity in found.entities}
    for table, keys in (("countries", found.countries), ("cashiers", found.cashiers)):
        for name, key in keys.items():
            if key not in known:
                raise ProfileError(f"{where}.{table}.{name}: {key!r} is none of the entities {sorted(known)}")
    return found


def dimensions(path: Path, text: str, value: dict[str, Any]) -> Dimensions:
    """ProfileError names what is wrong; without a table the departments of every fresh ledger."""
    if "dimensions" not in value:
        return CLASSIFIED
    where = f"{path}:{line_of(text, 'dimensions', '')}: dimensions"
    try:
        return Dimensions.model_validate(value["dimensions"])
    except ValidationError as error:
        first = error.errors()[0]
        raise ProfileError(f"{where}.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def books(path: Path, text: str, value: dict[str, Any]) -> BookPolicy | None:
    """ProfileError names field, value and what is allowed; None without a table: the usual conventions."""
    if "books" not in value:
        return None
    unknown = sorted(set(value["books"]) - {field.name for field in fields(BookPolicy)})
    where = f"{path}:{line_of(text, 'books', unknown[0] if unknown else '')}: books"
    if unknown:
        known = ", ".join(field.name for field in fields(BookPolicy))
        raise ProfileError(f"{where}.{unknown[0]}: unknown; allowed: {known}")
    try:
        return TypeAdapter(BookPolicy).validate_python(value["books"])
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        where = f"{path}:{line_of(text, 'books', name)}: books"
        raise ProfileError(f"{where}.{name}: {first['input']!r}: {first['msg']}") from None


def line_of(text: str, table: str, key: str) -> int:
    """The line of a key in its table; the table's own line where the key is missing."""
    current, at = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            current = stripped.strip("[]").strip()
            if current == table:
                at = number
        elif current == table and key and stripped.split("=")[0].strip() == key:
            return number
    return at


def segments(path: Path, text: str, value: dict[str, Any]) -> dict[str, Collections]:
    """How each segment of the customers is collected; none are named: all alike."""
    where = f"{path}:{line_of(text, 'segments', '')}: segments"
    try:
        return {name: Collections.model_validate(each) for name, each in value.get("segments", {}).items()}
    except ValidationError as error:
        first = error.errors()[0]
        raise ProfileError(f"{where}.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
