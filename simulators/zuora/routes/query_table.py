"""The rows of queries and callouts."""

from __future__ import annotations

from simulators.kit.table import Route
from simulators.zuora.routes import acting, notices, querying

QUERY_TABLE: tuple[Route, ...] = (*querying.TABLE, *acting.TABLE, *notices.TABLE)
