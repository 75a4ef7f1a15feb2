"""Numbered migrations, forward only: which are still to be applied, and a schema that is too new refused."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "migrations"


class TooNew(RuntimeError):
    """The schema was made by a later version of the core; nothing was changed."""


def pending(dialect: str, version: int) -> list[tuple[int, str]]:
    """(number, script) after `version`, in order; TooNew if the schema is ahead of this code.

    dialect: "sqlite" or "postgres".
    """
    scripts = sorted((_FOLDER / dialect).glob("*.sql"))
    if version > len(scripts):
        raise TooNew(
            f"store: its schema is version {version}, this code knows {len(scripts)}; use a newer Tieout"
        )
    return [(number, script.read_text()) for number, script in enumerate(scripts[version:], version + 1)]
