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
    scripts = sorted((int(path.name[:4]), path) for path in (_FOLDER / dialect).glob("*.sql"))
    known = scripts[-1][0]
    if version > known:
        raise TooNew(f"store: its schema is version {version}, this code knows {known}; use a newer Tieout")
    # By the number in the name: what is added later must not move the others.
    return [(number, path.read_text()) for number, path in scripts if number > version]
