"""Handlers of definitions that are nothing but lists of words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from simulators.avatax.routes.definitions import table
from simulators.avatax.rules.catalogue import (
    FILING_FREQUENCIES,
    PARAMETERS,
    SECURITY_ROLES,
    TAX_SUB_TYPES,
    TAX_TYPE_GROUPS,
    UNITS,
)
from simulators.avatax.rules.states import STATES
from simulators.kit.table import Call


def _tax_type_groups(_: Call) -> Iterable[dict[str, Any]]:
    for i, (group, description, subscription) in enumerate(TAX_TYPE_GROUPS, 1):
        yield {
            "id": i,
            "taxTypeGroup": group,
            "description": description,
            "subscriptionDescription": subscription,
        }


def _nexus_groups(_: Call) -> Iterable[dict[str, Any]]:
    for i, (group, description, subscription) in enumerate(TAX_TYPE_GROUPS, 1):
        yield {
            "id": i,
            "nexusTaxTypeGroupId": "SalesAndUse" if group == "SalesAndUse" else "VAT",
            "description": description,
            "subscriptionDescription": subscription,
        }


def _tax_sub_types(_: Call) -> Iterable[dict[str, Any]]:
    for i, (code, description, group) in enumerate(TAX_SUB_TYPES, 1):
        yield {"id": i, "taxSubType": code, "description": description, "taxTypeGroup": group}


def _parameters(_: Call) -> Iterable[dict[str, Any]]:
    for i, (name, category, kind, of, description) in enumerate(PARAMETERS, 1):
        yield {
            "id": i,
            "category": category,
            "name": name,
            "dataType": kind,
            "attributeType": of,
            "label": name,
            "helpText": description,
        }


def _units(_: Call) -> Iterable[dict[str, Any]]:
    for i, (code, name, measure) in enumerate(UNITS, 1):
        yield {
            "id": i,
            "code": code,
            "shortDesc": name,
            "description": name,
            "measurementTypeCode": measure,
        }


def _authorities(_: Call) -> Iterable[dict[str, Any]]:
    for i, state in enumerate(STATES.values(), 1):
        yield {"id": i, "name": f"{state.levy.name} DEPARTMENT OF REVENUE", "taxAuthorityTypeId": 45}


def _authority_types(_: Call) -> Iterable[dict[str, Any]]:
    yield {"id": 45, "description": "Sales and use tax", "taxAuthorityGroup": "SalesAndUse"}


def _filing_frequencies(_: Call) -> Iterable[dict[str, Any]]:
    for i, name in FILING_FREQUENCIES:
        yield {"id": i, "description": name}


def _security_roles(_: Call) -> Iterable[dict[str, Any]]:
    for i, name in SECURITY_ROLES:
        yield {"id": i, "description": name}


tax_type_groups, nexus_groups, tax_sub_types = (
    table(_tax_type_groups),
    table(_nexus_groups),
    table(_tax_sub_types),
)
parameters, units, security_roles = table(_parameters), table(_units), table(_security_roles)
authorities, authority_types = table(_authorities), table(_authority_types)
filing_frequencies = table(_filing_frequencies)
