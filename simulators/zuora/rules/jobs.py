"""Asynchronous orders, previews and deletions: a job that is Processing, then Completed or Failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PROCESSING, COMPLETED, FAILED = "Processing", "Completed", "Failed"


@dataclass(slots=True)
class Job:
    """work: an order, a preview, or the number of an order to delete; order, preview: what came of it;
    error: why it failed."""

    id: str
    work: Any
    created_at: int
    with_ids: bool = False
    status: str = PROCESSING
    order: str = ""
    preview: Any = None
    error: str | None = None
    category: int = 0
