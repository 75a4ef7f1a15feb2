"""Cases of the topic fx."""

from __future__ import annotations

from typing import Any

from scenarios.oracle.case import Case, NotOffered


def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    raise NotOffered(f"{case.subtopic}: not built yet")
