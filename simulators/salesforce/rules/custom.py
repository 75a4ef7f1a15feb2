"""The objects of the CPQ package, and the org's own mirror of billing invoices."""

from __future__ import annotations

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
from simulators.salesforce.rules.standard import computed

QUOTE = entity(
    "SBQQ__Quote__c", "a0Q",
    auto_number("Name", "Q-{:05d}"), external_id("External_Id__c"),
    reference("SBQQ__Opportunity2__c", "Opportunity", "SBQQ__Quotes2__r"),
    reference("SBQQ__Account__c", "Account", "SBQQ__Quotes__r"),
    flag("SBQQ__Primary__c"),
    pick("SBQQ__Status__c", "Draft", "In Review", "Approved", "Presented", "Accepted", "Rejected",
         default="Draft", indexed=True),
    pick("SBQQ__Type__c", "Quote", "Amendment", "Renewal", default="Quote"),
    day("SBQQ__StartDate__c"), day("SBQQ__EndDate__c"), number("SBQQ__SubscriptionTerm__c"),
    reference("SBQQ__PriceBook__c", "Pricebook2", "SBQQ__Quotes__r", on_delete="restrict"),
    pick("SBQQ__OrderBy__c", "Quote", "Quote Line Group", "Product", "Default", loose=True),
    reference("SBQQ__PrimaryContact__c", "Contact", "SBQQ__Quotes__r"), day("SBQQ__ExpirationDate__c"),
    reference("SBQQ__OriginalQuote__c", "SBQQ__Quote__c", "SBQQ__Clones__r"),
    reference("SBQQ__MasterContract__c", "Contract", "SBQQ__AmendmentQuotes__r"),
    pick("SBQQ__PaymentTerms__c", "Net 30", "Net 60", "Net 90", loose=True),
    pick("SBQQ__BillingFrequency__c", loose=True), Field("SBQQ__Notes__c", "textarea", 32000),
    number("SBQQ__CustomerDiscount__c", 2, kind="percent"), number("SBQQ__LineItemCount__c", kind="int"),
    flag("SBQQ__Ordered__c"), money("SBQQ__NetAmount__c", calculated=True),
    money("SBQQ__CustomerAmount__c", calculated=True),
    label="Quote", kind="quote", key="External_Id__c", state="SBQQ__Status__c",
    amount="SBQQ__NetAmount__c", story=("Name", "SBQQ__Opportunity2__c", "SBQQ__Account__c"), feed=True,
)  # fmt: skip

QUOTE_LINE = entity(
    "SBQQ__QuoteLine__c", "a0L",
    auto_number("Name", "QL-{:07d}"),
    reference("SBQQ__Quote__c", "SBQQ__Quote__c", "SBQQ__LineItems__r", required=True, on_delete="cascade",
              updateable=False),
    reference("SBQQ__Product__c", "Product2", "SBQQ__QuoteLines__r", on_delete="restrict"),
    # A formula of the package over the product: it is read, never written.
    computed(text("SBQQ__ProductCode__c", indexed=True)),
    number("SBQQ__Quantity__c", 2), number("SBQQ__PriorQuantity__c", 2),
    money("SBQQ__NetPrice__c"), money("SBQQ__NetTotal__c", calculated=True),
    money("SBQQ__ListPrice__c"), money("SBQQ__CustomerPrice__c"), number("SBQQ__Discount__c", 2,
                                                                          kind="percent"),
    day("SBQQ__StartDate__c"), day("SBQQ__EndDate__c"), number("SBQQ__SubscriptionTerm__c"),
    pick("SBQQ__SubscriptionPricing__c", "Fixed Price", "Percent Of Total"),
    pick("SBQQ__ChargeType__c", loose=True), text("SBQQ__Description__c"), external_id("External_Id__c"),
    reference("SBQQ__PricebookEntryId__c", "PricebookEntry", ""),
    reference("SBQQ__UpgradedSubscription__c", "SBQQ__Subscription__c", "SBQQ__UpgradeLines__r"),
    flag("SBQQ__Existing__c"), day("Delivered_On__c"),
    pick("SBQQ__BillingFrequency__c", loose=True), number("SBQQ__Number__c"),
    reference("SBQQ__Group__c", "SBQQ__QuoteLineGroup__c", "SBQQ__LineItems__r"),
    label="Quote Line", kind="quote_line", amount="SBQQ__NetTotal__c",
    story=("Name", "SBQQ__Quote__c", "SBQQ__ProductCode__c"),
)  # fmt: skip

QUOTE_GROUP = entity(
    "SBQQ__QuoteLineGroup__c", "a0G",
    text("Name", 80, required=True),
    reference("SBQQ__Quote__c", "SBQQ__Quote__c", "SBQQ__LineItemGroups__r", required=True,
              on_delete="cascade", updateable=False),
    reference("SBQQ__Account__c", "Account", "SBQQ__QuoteLineGroups__r"),
    number("SBQQ__Number__c"), Field("SBQQ__Description__c", "textarea", 32000), flag("SBQQ__Optional__c"),
    day("SBQQ__StartDate__c"), day("SBQQ__EndDate__c"), number("SBQQ__SubscriptionTerm__c"),
    money("SBQQ__NetTotal__c", calculated=True), money("SBQQ__CustomerTotal__c", calculated=True),
    label="Quote Line Group", amount="SBQQ__NetTotal__c", story=("Name", "SBQQ__Quote__c"),
)  # fmt: skip

PRODUCT_OPTION = entity(
    "SBQQ__ProductOption__c", "a0O",
    auto_number("Name", "PO-{:06d}"),
    reference("SBQQ__ConfiguredSKU__c", "Product2", "SBQQ__Options__r", required=True, on_delete="cascade",
              updateable=False),
    reference("SBQQ__OptionalSKU__c", "Product2", "SBQQ__OptionalProducts__r", on_delete="restrict"),
    number("SBQQ__Number__c"), number("SBQQ__Quantity__c", 2), flag("SBQQ__Bundled__c"),
    flag("SBQQ__Required__c"), flag("SBQQ__Selected__c"), money("SBQQ__UnitPrice__c"),
    number("SBQQ__Discount__c", 2, kind="percent"),
    pick("SBQQ__Type__c", "Component", "Related Product", "Accessory"),
    label="Product Option", story=("Name", "SBQQ__ConfiguredSKU__c"),
)  # fmt: skip

SUBSCRIPTION = entity(
    "SBQQ__Subscription__c", "a0S",
    auto_number("Name", "SUB-{:07d}"), external_id("External_Id__c"),
    reference("SBQQ__Account__c", "Account", "SBQQ__Subscriptions__r"),
    reference("SBQQ__Contract__c", "Contract", "SBQQ__Subscriptions__r", on_delete="cascade"),
    reference("SBQQ__Product__c", "Product2", "SBQQ__Subscriptions__r", on_delete="restrict"),
    reference("SBQQ__QuoteLine__c", "SBQQ__QuoteLine__c", "SBQQ__Subscriptions__r"),
    reference("SBQQ__OrderProduct__c", "OrderItem", "SBQQ__Subscriptions__r"),
    computed(text("SBQQ__ProductName__c")), number("SBQQ__Quantity__c", 2),
    number("SBQQ__RenewalQuantity__c", 2), money("SBQQ__NetPrice__c"), money("SBQQ__ListPrice__c"),
    money("SBQQ__CustomerPrice__c"), money("SBQQ__RegularPrice__c"),
    day("SBQQ__SubscriptionStartDate__c"), day("SBQQ__SubscriptionEndDate__c"), day("SBQQ__StartDate__c"),
    day("SBQQ__EndDate__c"), day("SBQQ__TerminatedDate__c"),
    pick("SBQQ__BillingFrequency__c", loose=True), pick("SBQQ__ChargeType__c", loose=True),
    pick("SBQQ__SubscriptionPricing__c", "Fixed Price", "Percent Of Total"),
    number("SBQQ__Number__c"),
    label="Subscription", kind="crm_subscription", key="External_Id__c", amount="SBQQ__NetPrice__c",
    story=("Name", "SBQQ__Contract__c", "SBQQ__Account__c"),
)  # fmt: skip

INVOICE = entity(
    "Invoice__c", "a0I",
    auto_number("Name", "I-{:05d}"), external_id("Invoice_Number__c"),
    reference("Account__c", "Account", "Invoices__r", on_delete="restrict"),
    pick("Status__c", "Posted", "Paid", "Refunded", "Payment Failed", indexed=True),
    money("Total__c"), money("Balance__c"), Field("Source_Version__c", "textarea", 4000),
    label="Invoice", kind="crm_invoice", key="Invoice_Number__c", state="Status__c", amount="Total__c",
    story=("Account__c",),
)  # fmt: skip

CUSTOM: tuple[Entity, ...] = (QUOTE, QUOTE_GROUP, QUOTE_LINE, PRODUCT_OPTION, SUBSCRIPTION, INVOICE)
