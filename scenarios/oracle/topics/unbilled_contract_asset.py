"""Cases of the topic unbilled_contract_asset: deliveries and bills, usage, services billed later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.revenue_reading import only_wanted
from scenarios.oracle.topics.unbilled_lines import delivered_and_billed, is_line
from scenarios.oracle.topics.unbilled_periods import by_period, is_balance, netted, told_by_period
from scenarios.oracle.topics.unbilled_services import billings, invoiced_lines, later_invoice
from scenarios.oracle.topics.unbilled_usage import is_usage, usage


def answer(case: Case) -> Any:
    """By the vocabulary of the inputs."""
    inputs = case.inputs
    lines = {name: value for name, value in inputs.items() if isinstance(value, Mapping) and is_line(value)}
    if lines:
        return {name: _line(case, lines, name) for name in case.wanted}
    if is_line(inputs):
        return delivered_and_billed(case, inputs, case.wanted)
    if is_usage(inputs):
        return only_wanted(case, usage(case))
    listed = inputs.get("lines", inputs.get("items"))
    if isinstance(listed, list) and listed and all(map(is_balance, listed)):
        return only_wanted(case, netted(case, listed))
    if isinstance(listed, list) and not told_by_period(listed):
        return only_wanted(case, invoiced_lines(case))
    rows = next(
        (value for value in inputs.values() if isinstance(value, list) and told_by_period(value)), None
    )
    if rows:
        return only_wanted(case, by_period(case, rows))
    if any(key in inputs for key in ("billing", "billings", "billed", "invoices")):
        return only_wanted(case, billings(case))
    if "service" in inputs:
        return only_wanted(case, later_invoice(case))
    raise NotOffered(f"{', '.join(sorted(inputs))}: nothing delivered, used or billed is described by these")


def _line(case: Case, lines: Mapping[str, Mapping[str, Any]], name: str) -> Any:
    if name not in lines:
        raise NotOffered(f"{name}: no line of that name is given")
    return delivered_and_billed(case, lines[name], case.wanted[name])
