"""The standard objects of selling, field by field."""

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
    record_type,
    reference,
    text,
)
from simulators.salesforce.rules.standard import SOURCES, address, computed

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
FORECASTS = ("Omitted", "Pipeline", "Best Case", "Commit", "Closed")

PRODUCT = entity(
    "Product2", "01t",
    text("Name", required=True, indexed=True), text("ProductCode", indexed=True),
    external_id("External_Id__c"),
    Field("Description", "textarea", 4000), pick("Family", "None", loose=True), flag("IsActive"),
    text("StockKeepingUnit", 180), pick("QuantityUnitOfMeasure", loose=True), Field("DisplayUrl", "url"),
    record_type(),
    pick("SBQQ__SubscriptionPricing__c", "Fixed Price", "Percent Of Total"),
    number("SBQQ__SubscriptionTerm__c"),
    pick("SBQQ__SubscriptionType__c", "Renewable", "One-time", "Evergreen", "Renewable/Evergreen"),
    pick("SBQQ__ChargeType__c", "One-Time", "Recurring", "Usage"),
    pick("SBQQ__BillingFrequency__c", "Monthly", "Quarterly", "Semiannual", "Annual", "Invoice Plan"),
    label="Product", key="External_Id__c", story=("ProductCode",),
)  # fmt: skip

PRICEBOOK = entity(
    "Pricebook2", "01s",
    text("Name", required=True, indexed=True), flag("IsActive"), flag("IsStandard", calculated=True),
    text("Description"), external_id("External_Id__c"),
    label="Price Book", story=("Name",),
)  # fmt: skip

PRICEBOOK_ENTRY = entity(
    "PricebookEntry", "01u",
    reference("Pricebook2Id", "Pricebook2", "PricebookEntries", required=True, on_delete="cascade",
              updateable=False),
    reference("Product2Id", "Product2", "PricebookEntries", required=True, on_delete="cascade",
              updateable=False),
    money("UnitPrice", required=True), flag("IsActive"), flag("UseStandardPrice"),
    computed(text("Name")), computed(text("ProductCode", indexed=True)),
    label="Price Book Entry", plural="Price Book Entries", amount="UnitPrice",
    story=("Product2Id", "Pricebook2Id"),
)  # fmt: skip

OPPORTUNITY = entity(
    "Opportunity", "006",
    text("Name", 120, required=True, indexed=True), external_id("External_Id__c"),
    reference("AccountId", "Account", "Opportunities", on_delete="cascade"),
    pick("StageName", *STAGES, required=True, indexed=True, caption="Stage"), day("CloseDate", required=True),
    money("Amount"), number("Probability", kind="percent"), computed(money("ExpectedRevenue")),
    number("TotalOpportunityQuantity", 2),
    # The vendor's own types, and those that the lab's sales department uses.
    pick("Type", "New Business", "Amendment", "Renewal", "Cancellation", "Suspension", "Resumption",
         "New Customer",
         "Existing Customer - Upgrade", "Existing Customer - Replacement", "Existing Customer - Downgrade",
         indexed=True, loose=True, caption="Opportunity Type"),
    pick("LeadSource", *SOURCES, loose=True), reference("ContractId", "Contract", "Opportunities"),
    Field("Description", "textarea", 32000), text("NextStep"),
    flag("IsClosed", calculated=True), flag("IsWon", calculated=True),
    computed(pick("ForecastCategory", "Omitted", "Pipeline", "BestCase", "Forecast", "Closed")),
    pick("ForecastCategoryName", *FORECASTS),
    flag("HasOpportunityLineItem", calculated=True),
    computed(number("FiscalYear", kind="int")), computed(number("FiscalQuarter", kind="int")),
    reference("Pricebook2Id", "Pricebook2", "Opportunities", on_delete="restrict"),
    reference("SyncedQuoteId", "Quote", "SyncedOpportunities"), record_type(),
    text("Original_Opportunity__c", indexed=True),
    day("Service_Start__c"), day("Service_End__c"),
    external_id("Subscription_Number__c", unique=False), text("Billing_Status__c", 80, indexed=True),
    Field("Source_Version__c", "textarea", 4000),
    reference("SBQQ__PrimaryQuote__c", "SBQQ__Quote__c", "SBQQ__PrimaryOpportunities__r"),
    flag("SBQQ__Ordered__c"), flag("SBQQ__Contracted__c"), flag("SBQQ__Renewal__c"),
    reference("SBQQ__QuotePricebookId__c", "Pricebook2", ""),
    reference("SBQQ__AmendedContract__c", "Contract", "SBQQ__AmendmentOpportunities__r"),
    reference("SBQQ__RenewedContract__c", "Contract", "SBQQ__RenewalOpportunities__r"),
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
    computed(money("ListPrice")), computed(money("Subtotal")), number("Discount", 2, kind="percent"),
    day("ServiceDate"), text("Description"), computed(text("Name", 376)), number("SortOrder", kind="int"),
    computed(text("ProductCode")), external_id("External_Id__c"),
    label="Opportunity Product", amount="TotalPrice", story=("OpportunityId", "Product2Id"),
)  # fmt: skip

OPPORTUNITY_ROLE = entity(
    "OpportunityContactRole", "00K",
    reference("OpportunityId", "Opportunity", "OpportunityContactRoles", required=True, on_delete="cascade",
              updateable=False),
    reference("ContactId", "Contact", "OpportunityContactRoles", required=True, on_delete="cascade"),
    pick("Role", "Business User", "Decision Maker", "Economic Buyer", "Economic Decision Maker", "Evaluator",
         "Executive Sponsor", "Influencer", "Technical Buyer", "Other", loose=True),
    flag("IsPrimary"),
    label="Opportunity Contact Role", story=("OpportunityId", "ContactId"),
)  # fmt: skip

QUOTE = entity(
    "Quote", "0Q0",
    auto_number("QuoteNumber", "{:08d}"), text("Name", required=True), external_id("External_Id__c"),
    reference("OpportunityId", "Opportunity", "Quotes", required=True, on_delete="cascade", updateable=False),
    computed(reference("AccountId", "Account", "Quotes")), reference("ContactId", "Contact", "Quotes"),
    reference("ContractId", "Contract", "Quotes"),
    reference("Pricebook2Id", "Pricebook2", "Quotes", on_delete="restrict"),
    pick("Status", "Draft", "Needs Review", "In Review", "Approved", "Rejected", "Presented", "Accepted",
         "Denied", default="Draft", loose=True),
    day("ExpirationDate"), Field("Description", "textarea", 32000), money("Tax"), money("ShippingHandling"),
    money("Subtotal", calculated=True), money("TotalPrice", calculated=True),
    money("GrandTotal", calculated=True), computed(number("Discount", 2, kind="percent")),
    computed(number("LineItemCount", kind="int")), flag("IsSyncing", calculated=True),
    *address("Billing"), *address("Shipping"), record_type(),
    state="Status", amount="GrandTotal", story=("QuoteNumber", "OpportunityId"),
)  # fmt: skip

QUOTE_LINE = entity(
    "QuoteLineItem", "0QL",
    auto_number("LineNumber", "{:08d}"),
    reference("QuoteId", "Quote", "QuoteLineItems", required=True, on_delete="cascade", updateable=False),
    reference("PricebookEntryId", "PricebookEntry", "QuoteLineItems", required=True, on_delete="restrict",
              updateable=False),
    replace(reference("Product2Id", "Product2", "QuoteLineItems", on_delete="restrict"), updateable=False),
    number("Quantity", 2, required=True), money("UnitPrice", required=True),
    number("Discount", 2, kind="percent"), computed(money("ListPrice")), computed(money("Subtotal")),
    money("TotalPrice", calculated=True), day("ServiceDate"), text("Description"),
    number("SortOrder", kind="int"),
    computed(reference("OpportunityLineItemId", "OpportunityLineItem", "QuoteLineItems")),
    label="Quote Line Item", amount="TotalPrice", story=("QuoteId", "Product2Id"),
)  # fmt: skip

ORDER = entity(
    "Order", "801",
    auto_number("OrderNumber", "{:08d}"), text("Name", 80), external_id("External_Id__c"),
    reference("AccountId", "Account", "Orders", required=True, on_delete="restrict"),
    reference("OpportunityId", "Opportunity", "Orders"),
    reference("ContractId", "Contract", "Orders"), reference("QuoteId", "Quote", "Orders"),
    reference("Pricebook2Id", "Pricebook2", "Orders", on_delete="restrict"),
    reference("OriginalOrderId", "Order", "ReductionOrders"),
    reference("BillToContactId", "Contact", "BillToOrders"),
    reference("SBQQ__Quote__c", "SBQQ__Quote__c", "SBQQ__Orders__r"),
    day("EffectiveDate", required=True), day("EndDate"), text("Description"),
    pick("Status", "Draft", "Activated", required=True, indexed=True),
    computed(pick("StatusCode", "Draft", "Activated")), pick("Type", loose=True), text("PoNumber", 80),
    flag("IsReductionOrder"), *address("Billing"), *address("Shipping"), record_type(),
    money("TotalAmount", calculated=True), computed(Field("ActivatedDate", "datetime")),
    computed(reference("ActivatedById", "User", "")),
    flag("SBQQ__Contracted__c"),
    pick("SBQQ__ContractingMethod__c", "By Subscription End Date", "Single Contract",
         default="By Subscription End Date"),
    money("SBQQ__TaxAmount__c"), pick("SBQQ__PriceCalcStatus__c", "Not Needed", "Queued", "Completed"),
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
    computed(number("AvailableQuantity", 2)),
    day("ServiceDate"), day("EndDate"), text("Description"),
    reference("QuoteLineItemId", "QuoteLineItem", "OrderItems"),
    reference("SBQQ__QuoteLine__c", "SBQQ__QuoteLine__c", "SBQQ__OrderProducts__r"),
    reference("SBQQ__Subscription__c", "SBQQ__Subscription__c", "SBQQ__OrderProducts__r"),
    reference("SBQQ__Contract__c", "Contract", "SBQQ__OrderProducts__r"),
    flag("SBQQ__Contracted__c"), flag("SBQQ__Activated__c"),
    pick("SBQQ__Status__c", "Draft", "Activated", default="Draft"),
    pick("SBQQ__BillingFrequency__c", loose=True), pick("SBQQ__ChargeType__c", loose=True),
    label="Order Product", amount="TotalPrice", story=("OrderItemNumber", "OrderId", "Product2Id"),
)  # fmt: skip

CONTRACT = entity(
    "Contract", "800",
    auto_number("ContractNumber", "{:08d}"), text("Name", 80), external_id("External_Id__c"),
    reference("AccountId", "Account", "Contracts", required=True, on_delete="restrict"),
    reference("Pricebook2Id", "Pricebook2", "Contracts", on_delete="restrict"),
    pick("Status", "Draft", "In Approval Process", "Activated", default="Draft", indexed=True),
    computed(pick("StatusCode", "Draft", "InApproval", "Activated")),
    day("StartDate"), computed(day("EndDate")), number("ContractTerm", kind="int"),
    computed(Field("ActivatedDate", "datetime")), computed(reference("ActivatedById", "User", "")),
    day("CustomerSignedDate"), day("CompanySignedDate"), Field("Description", "textarea", 32000),
    Field("SpecialTerms", "textarea", 4000), pick("OwnerExpirationNotice", "15", "30", "45", "60", "90",
                                                  "120", loose=True),
    *address("Billing"), *address("Shipping"), record_type(),
    reference("SBQQ__Opportunity__c", "Opportunity", "SBQQ__Contracts__r"),
    reference("SBQQ__Quote__c", "SBQQ__Quote__c", "SBQQ__Contracts__r"),
    reference("SBQQ__Order__c", "Order", "SBQQ__Contracts__r"),
    flag("SBQQ__RenewalForecast__c"), flag("SBQQ__RenewalQuoted__c"), number("SBQQ__RenewalTerm__c"),
    reference("SBQQ__RenewalOpportunity__c", "Opportunity", "SBQQ__RenewedContracts__r"),
    state="Status", story=("ContractNumber", "AccountId"),
)  # fmt: skip

COMMERCE: tuple[Entity, ...] = (
    PRODUCT, PRICEBOOK, PRICEBOOK_ENTRY, OPPORTUNITY, OPPORTUNITY_LINE, OPPORTUNITY_ROLE, QUOTE, QUOTE_LINE,
    ORDER, ORDER_ITEM, CONTRACT,
)  # fmt: skip
