"""Reads files of worked examples; what is wrong is named with file, case, field and remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenarios.commands.wishes import WrongUse

SCHEMA = "finance-oracle/1"


class NotOffered(Exception):
    """The product does not offer the convention or the kind of contract; the text says which."""


@dataclass(frozen=True, slots=True)
class Case:
    """One worked example. wanted: the shape of what is expected, every figure replaced by None; how an
    account is called stays. currency: as the case names it, which may be no ISO code ("CU"), or empty."""

    id: str
    topic: str
    subtopic: str
    convention: str
    rounding: str
    inputs: Mapping[str, Any]
    wanted: Any
    expected: Any
    currency: str = ""


def read_cases(path: Path) -> list[Case]:
    """All cases of a file; WrongUse names what cannot be read."""
    try:
        found = json.loads(path.read_text())
    except OSError as error:
        raise WrongUse(f"file: {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise WrongUse(f"file: {path} is not JSON: {error}") from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        said = found.get("schema") if isinstance(found, dict) else type(found).__name__
        raise WrongUse(f"file: {path}: schema is {said!r}; it must be {SCHEMA!r}")
    rows = found.get("cases")
    if not isinstance(rows, list):
        raise WrongUse(f"file: {path}: cases: {type(rows).__name__} must be a list")
    return [_case(path, number, row, str(found.get("topic", ""))) for number, row in enumerate(rows)]


def _case(path: Path, number: int, row: Any, topic: str) -> Case:
    where = f"file: {path}: cases[{number}]"
    if not isinstance(row, dict):
        raise WrongUse(f"{where}: {type(row).__name__} must be an object")
    for field in ("id", "inputs", "expected"):
        if field not in row:
            raise WrongUse(f"{where}: {field} is missing; a case needs id, inputs and expected")
    if not isinstance(row["inputs"], dict):
        raise WrongUse(f"{where}.inputs: {type(row['inputs']).__name__} must be an object")
    return Case(
        id=str(row["id"]),
        topic=str(row.get("topic") or topic),
        subtopic=str(row.get("subtopic", "")),
        convention=str(row.get("convention", "")),
        rounding=str(row.get("rounding", "")),
        inputs=row["inputs"],
        wanted=_shape(row["expected"]),
        expected=row["expected"],
        currency=str(row.get("currency", "")),
    )


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        # How the source calls an account is a word, not a figure.
        return {key: each if key == "account" else _shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_shape(each) for each in value]
    return None
