"""The standard objects in use, field by field."""

from __future__ import annotations

from dataclasses import replace

from simulators.salesforce.rules.schema import (
    Entity,
    Field,
    auto_number,
    day,
    entity,
    external_id,
    flag,
    money,
    number,
    pick,
    reference,
    text,
)

# Stage -> (probability in percent, closed, won); the stages of a fresh org.
STAGES = {
    "Prospecting": (10, False, False),
    "Qualification": (10, False, False),
    "Needs Analysis": (20, False, False),
    "Value Proposition": (50, False, False),
    "Id. Decision Makers": (60, False, False),
    "Perception Analysis": (70, False, False),
    "Proposal/Price Quote": (75, False, False),
    "Negotiation/Review": (90, False, False),
    "Closed Won": (100, True, True),
    "Closed Lost": (0, True, False),
}


def computed(field: Field) -> Field:
    """The same field, written by the org alone."""
    return replace(field, createable=False, updateable=False)


USER = entity(
    "User", "005",
    text("Username", 80), text("Name", 121), Field("Email", "email", 128), flag("IsActive"),
    writable=False,
)  # fmt: skip

ACCOUNT = entity(
    "Account", "001",
    text("Name", required=True, indexed=True),
    external_id("External_Id__c"),
    pick("Type"), pick("Industry"), text("AccountNumber", 40), Field("Description", "textarea", 32000),
    Field("Phone", "phone", 40), Field("Website", "url"), number("NumberOfEmployees", kind="int"),
    Field("BillingStreet", "textarea"), text("BillingCity", 40), text("BillingState", 80),
    text("BillingPostalCode", 20), text("BillingCountry", 80),
    Field("Email__c", "email", 80), text("Payment_Terms__c", 80),
    external_id("Stripe_Customer__c", unique=False), text("Billing_Status__c", 80),
    kind="account", key="External_Id__c", state="Billing_Status__c", story=("Stripe_Customer__c",), feed=True,
)  # fmt: skip

CONTACT = entity(
    "Contact", "003",
    text("LastName", 80, required=True), text("FirstName", 40), computed(text("Name", 121)),
    external_id("External_Id__c"),
    reference("AccountId", "Account", "Contacts", on_delete="cascade"),
    Field("Email", "email", 80), Field("Phone", "phone", 40), text("Title", 128),
    key="External_Id__c", story=("AccountId",),
)  # fmt: skip

PRODUCT = entity(
    "Product2", "01t",
    text("Name", required=True), text("ProductCode", indexed=True), external_id("External_Id__c"),
    Field("Description", "textarea", 4000), pick("Family"), flag("IsActive"),
    text("StockKeepingUnit", 180),
    key="External_Id__c", story=("ProductCode",),
)  # fmt: skip

PRICEBOOK = entity(
    "Pricebook2", "01s",
    text("Name", required=True), flag("IsActive"), flag("IsStandard", calculated=True), text("Description"),
    story=("Name",),
)  # fmt: skip

PRICEBOOK_ENTRY = entity(
    "PricebookEntry", "01u",
    reference("Pricebook2Id", "Pricebook2", "PricebookEntries", required=True, on_delete="cascade",
              updateable=False),
    reference("Product2Id", "Product2", "PricebookEntries", required=True, on_delete="cascade",
              updateable=False),
    money("UnitPrice", required=True), flag("IsActive"), flag("UseStandardPrice"),
    computed(text("Name")), computed(text("ProductCode")),
    amount="UnitPrice", story=("Product2Id", "Pricebook2Id"),
)  # fmt: skip

OPPORTUNITY = entity(
    "Opportunity", "006",
    text("Name", 120, required=True, indexed=True), external_id("External_Id__c"),
    reference("AccountId", "Account", "Opportunities", on_delete="cascade"),
    pick("StageName", *STAGES, required=True, indexed=True), day("CloseDate", required=True),
    money("Amount"), number("Probability", kind="percent"),
    pick("Type", "New Business", "Amendment", "Renewal", "Cancellation", indexed=True),
    Field("Description", "textarea", 32000), text("NextStep"),
    flag("IsClosed", calculated=True), flag("IsWon", calculated=True),
    flag("HasOpportunityLineItem", calculated=True),
    reference("Pricebook2Id", "Pricebook2", "Opportunities", on_delete="restrict"),
    text("Original_Opportunity__c", indexed=True),
    day("Service_Start__c"), day("Service_End__c"),
    external_id("Subscription_Number__c", unique=False), text("Billing_Status__c", 80, indexed=True),
    reference("SBQQ__PrimaryQuote__c", "SBQQ__Quote__c", "SBQQ__PrimaryOpportunities__r"),
    flag("SBQQ__Ordered__c"), flag("SBQQ__Contracted__c"),
    kind="opportunity", key="External_Id__c", state="StageName", amount="Amount", feed=True,
    story=("AccountId", "Original_Opportunity__c", "Subscription_Number__c"),
)  # fmt: skip

OPPORTUNITY_LINE = entity(
    "OpportunityLineItem", "00k",
    reference("OpportunityId", "Opportunity", "OpportunityLineItems", required=True, on_delete="cascade",
              updateable=False),
    reference("PricebookEntryId", "PricebookEntry", "OpportunityLineItems", on_delete="restrict",
              updateable=False),
    reference("Product2Id", "Product2", "OpportunityLineItems", on_delete="restrict", updateable=False),
    number("Quantity", 2, required=True), money("UnitPrice"), money("TotalPrice"),
    computed(money("ListPrice")), day("ServiceDate"), text("Description"), computed(text("Name", 376)),
    computed(text("ProductCode")),
    amount="TotalPrice", story=("OpportunityId", "Product2Id"),
)  # fmt: skip

ORDER = entity(
    "Order", "801",
    auto_number("OrderNumber", "{:08d}"), text("Name", 80),
    reference("AccountId", "Account", "Orders", required=True, on_delete="restrict"),
    reference("OpportunityId", "Opportunity", "Orders"),
    reference("ContractId", "Contract", "Orders"),
    reference("Pricebook2Id", "Pricebook2", "Orders", on_delete="restrict"),
    reference("SBQQ__Quote__c", "SBQQ__Quote__c", "SBQQ__Orders__r"),
    day("EffectiveDate", required=True), day("EndDate"),
    pick("Status", "Draft", "Activated", required=True, indexed=True),
    computed(pick("StatusCode", "Draft", "Activated")), pick("Type"), text("PoNumber", 80),
    money("TotalAmount", calculated=True), computed(Field("ActivatedDate", "datetime")),
    flag("SBQQ__Contracted__c"),
    kind="order", state="Status", amount="TotalAmount", feed=True,
    story=("OrderNumber", "AccountId", "OpportunityId", "SBQQ__Quote__c"),
)  # fmt: skip

ORDER_ITEM = entity(
    "OrderItem", "802",
    auto_number("OrderItemNumber", "{:010d}"),
    reference("OrderId", "Order", "OrderItems", required=True, on_delete="cascade", updateable=False),
    reference("PricebookEntryId", "PricebookEntry", "OrderItems", required=True, on_delete="restrict",
              updateable=False),
    reference("Product2Id", "Product2", "OrderItems", on_delete="restrict", updateable=False),
    number("Quantity", 2, required=True), money("UnitPrice", required=True),
    money("ListPrice", calculated=True), money("TotalPrice", calculated=True),
    day("ServiceDate"), day("EndDate"), text("Description"),
    reference("SBQQ__QuoteLine__c", "SBQQ__QuoteLine__c", "SBQQ__OrderProducts__r"),
    amount="TotalPrice", story=("OrderItemNumber", "OrderId", "Product2Id"),
)  # fmt: skip

CONTRACT = entity(
    "Contract", "800",
    auto_number("ContractNumber", "{:08d}"), text("Name", 80),
    reference("AccountId", "Account", "Contracts", required=True, on_delete="restrict"),
    pick("Status", "Draft", "In Approval Process", "Activated", default="Draft", indexed=True),
    computed(pick("StatusCode", "Draft", "InApproval", "Activated")),
    day("StartDate"), computed(day("EndDate")), number("ContractTerm", kind="int"),
    computed(Field("ActivatedDate", "datetime")),
    state="Status", story=("ContractNumber", "AccountId"),
)  # fmt: skip

STANDARD: tuple[Entity, ...] = (
    USER, ACCOUNT, CONTACT, PRODUCT, PRICEBOOK, PRICEBOOK_ENTRY, OPPORTUNITY, OPPORTUNITY_LINE, ORDER,
    ORDER_ITEM, CONTRACT,
)  # fmt: skip
