"""Request bodies that are not records."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class QueryBody(BaseModel):
    """SuiteQL."""

    model_config = ConfigDict(extra="forbid", strict=True)
    q: str
