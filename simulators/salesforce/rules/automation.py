"""Which object has which automation."""

from __future__ import annotations

from simulators.salesforce.rules import ordering, proposing, quoting, selling
from simulators.salesforce.rules.records import Hooks

HOOKS: dict[str, Hooks] = {
    "Account": selling.ACCOUNT_HOOKS,
    "Contact": selling.CONTACT_HOOKS,
    "Lead": selling.CONTACT_HOOKS,
    "Case": selling.CASE_HOOKS,
    "Task": selling.TASK_HOOKS,
    "PricebookEntry": selling.ENTRY_HOOKS,
    "Opportunity": selling.OPPORTUNITY_HOOKS,
    "OpportunityLineItem": selling.LINE_HOOKS,
    "Quote": proposing.QUOTE_HOOKS,
    "QuoteLineItem": proposing.LINE_HOOKS,
    "SBQQ__Quote__c": quoting.QUOTE_HOOKS,
    "SBQQ__QuoteLine__c": quoting.LINE_HOOKS,
    "Order": ordering.ORDER_HOOKS,
    "OrderItem": ordering.ITEM_HOOKS,
    "Contract": ordering.CONTRACT_HOOKS,
}
