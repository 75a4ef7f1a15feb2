"""The trade's names of models and systems, for the eye; an unknown key is shown as it is."""

from __future__ import annotations

MODELS = {
    "direct": "Direct API",
    "orchestrated": "Middleware orchestration",
    "event_driven": "Event-driven",
    "batch": "Batch and file",
    "hybrid": "Hybrid",
}
SYSTEMS = {
    "salesforce": "Salesforce",
    "zuora": "Zuora",
    "avatax": "Avalara",
    "avalara": "Avalara",
    "stripe": "Stripe",
    "netsuite": "NetSuite",
    "dynamics365": "Dynamics 365",
    "s4hana": "SAP S/4HANA",
    "fusion": "Oracle Fusion",
}
ACRONYMS = ("erp", "crm", "ar", "gl", "psp")


def model_name(model: str) -> str:
    return MODELS.get(model, model)


def system_name(system: str) -> str:
    return SYSTEMS.get(system, system)


def flow_name(flow: str) -> str:
    """event_to_erp → Event to ERP."""
    words = [word.upper() if word in ACRONYMS else word for word in flow.split("_")]
    said = " ".join(words)
    return said[:1].upper() + said[1:]
