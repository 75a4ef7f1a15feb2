"""Work that is done later: orders, previews and deletions, and settlements, each as a job."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(slots=True)
class Settlement:
    """A payment, an application or a write-off that is carried out later: Pending, Processed or Error.

    operation, kind, on: what is done, to what sort of object, and its id; memo: the credit memo that a
    write-off made, by id and number."""

    id: str
    operation: str
    kind: str
    on: str
    status: str = "Pending"
    error: str | None = None
    memo: Mapping[str, str] | None = None
