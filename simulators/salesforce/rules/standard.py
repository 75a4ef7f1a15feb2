"""The standard objects of people and companies, field by field."""

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
    merged_into,
    money,
    number,
    pick,
    record_type,
    reference,
    text,
)

INDUSTRIES = (
    "Agriculture", "Apparel", "Banking", "Biotechnology", "Chemicals", "Communications", "Construction",
    "Consulting", "Education", "Electronics", "Energy", "Engineering", "Entertainment", "Environmental",
    "Finance", "Food & Beverage", "Government", "Healthcare", "Hospitality", "Insurance", "Machinery",
    "Manufacturing", "Media", "Not For Profit", "Recreation", "Retail", "Shipping", "Technology",
    "Telecommunications", "Transportation", "Utilities", "Other",
)  # fmt: skip
SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")
_RATINGS = ("Hot", "Warm", "Cold")


def computed(field: Field) -> Field:
    """The same field, written by the org alone."""
    return replace(field, createable=False, updateable=False)


def address(way: str) -> tuple[Field, ...]:
    """The five columns of an address, and what shows them together."""
    parts = ("street", "city", "state", "postalCode", "country")
    return (
        computed(
            Field(f"{way}Address", "address", parts=tuple((p, f"{way}{p[0].upper()}{p[1:]}") for p in parts))
        ),
        Field(f"{way}Street", "textarea"), text(f"{way}City", 40), text(f"{way}State", 80),
        text(f"{way}PostalCode", 20), text(f"{way}Country", 80),
    )  # fmt: skip


USER = entity(
    "User", "005",
    text("Username", 80), text("Name", 121), text("FirstName", 40), text("LastName", 80),
    text("Alias", 8), Field("Email", "email", 128), flag("IsActive"), text("Title", 80),
    text("TimeZoneSidKey", 40), text("LocaleSidKey", 40), text("LanguageLocaleKey", 40), text("UserType", 40),
    reference("ProfileId", "Profile", "Users"),
    writable=False,
)  # fmt: skip

ORGANIZATION = entity(
    "Organization", "00D",
    text("Name", 80), flag("IsSandbox"), text("OrganizationType", 40), text("InstanceName", 5),
    text("NamespacePrefix", 15), text("LanguageLocaleKey", 40), text("DefaultLocaleSidKey", 40),
    text("TimeZoneSidKey", 40), text("Country", 80), number("FiscalYearStartMonth", kind="int"),
    Field("TrialExpirationDate", "datetime"), text("PrimaryContact", 80),
    writable=False, plural="Organizations",
)  # fmt: skip

RECORD_TYPE = entity(
    "RecordType", "012",
    text("Name", 80, required=True), text("DeveloperName", 80, required=True, indexed=True),
    text("SobjectType", 40, required=True, indexed=True), flag("IsActive"), text("Description"),
    text("NamespacePrefix", 15),
    label="Record Type",
)  # fmt: skip

ACCOUNT = entity(
    "Account", "001",
    text("Name", required=True, indexed=True),
    external_id("External_Id__c"),
    pick("Type", "Prospect", "Customer - Direct", "Customer - Channel", "Channel Partner / Reseller",
         "Installation Partner", "Technology Partner", "Other", loose=True, caption="Account Type"),
    pick("Industry", *INDUSTRIES, loose=True),
    text("AccountNumber", 40), Field("Description", "textarea", 32000),
    Field("Phone", "phone", 40), Field("Fax", "phone", 40), Field("Website", "url"),
    number("NumberOfEmployees", kind="int"), money("AnnualRevenue"),
    pick("Rating", *_RATINGS, loose=True), pick("Ownership", "Public", "Private", "Subsidiary", "Other",
                                                loose=True),
    pick("AccountSource", *SOURCES, loose=True), text("Site", 80), text("Sic", 20), text("TickerSymbol", 20),
    reference("ParentId", "Account", "ChildAccounts"),
    *address("Billing"), *address("Shipping"),
    record_type(), merged_into("Account"),
    Field("Email__c", "email", 80), text("Payment_Terms__c", 80),
    external_id("Stripe_Customer__c", unique=False), text("Billing_Status__c", 80),
    text("VAT_Number__c", 40),
    text("Legal_Entity__c", 40),
    text("Segment__c", 40),
    kind="account", key="External_Id__c", state="Billing_Status__c", story=("Stripe_Customer__c",), feed=True,
)  # fmt: skip

CONTACT = entity(
    "Contact", "003",
    text("LastName", 80, required=True), text("FirstName", 40), computed(text("Name", 121)),
    pick("Salutation", "Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.", loose=True),
    external_id("External_Id__c"),
    reference("AccountId", "Account", "Contacts", on_delete="cascade"),
    Field("Email", "email", 80, indexed=True), Field("Phone", "phone", 40), Field("MobilePhone", "phone", 40),
    Field("Fax", "phone", 40), text("Title", 128), text("Department", 80), day("Birthdate"),
    Field("Description", "textarea", 32000), pick("LeadSource", *SOURCES, loose=True),
    reference("ReportsToId", "Contact", "DirectReports"), *address("Mailing"),
    flag("HasOptedOutOfEmail"), flag("DoNotCall"), record_type(), merged_into("Contact"),
    key="External_Id__c", story=("AccountId",),
)  # fmt: skip

LEAD = entity(
    "Lead", "00Q",
    text("LastName", 80, required=True), text("FirstName", 40), computed(text("Name", 121)),
    text("Company", required=True), text("Title", 128), Field("Email", "email", 80, indexed=True),
    Field("Phone", "phone", 40), Field("MobilePhone", "phone", 40), Field("Website", "url"),
    external_id("External_Id__c"),
    pick("Status", "Open - Not Contacted", "Working - Contacted", "Closed - Converted",
         "Closed - Not Converted", default="Open - Not Contacted", loose=True),
    pick("LeadSource", *SOURCES, loose=True), pick("Industry", *INDUSTRIES, loose=True),
    pick("Rating", *_RATINGS, loose=True), number("NumberOfEmployees", kind="int"), money("AnnualRevenue"),
    *address(""), Field("Description", "textarea", 32000), flag("IsConverted", calculated=True),
    record_type(), merged_into("Lead"),
    key="External_Id__c", state="Status",
)  # fmt: skip

CASE = entity(
    "Case", "500",
    auto_number("CaseNumber", "{:08d}"), text("Subject"), Field("Description", "textarea", 32000),
    pick("Status", "New", "Working", "Escalated", "Closed", default="New", loose=True),
    pick("Priority", "High", "Medium", "Low", default="Medium", loose=True),
    pick("Origin", "Phone", "Email", "Web", loose=True), pick("Type", loose=True), pick("Reason", loose=True),
    reference("AccountId", "Account", "Cases"), reference("ContactId", "Contact", "Cases"),
    reference("ParentId", "Case", "Cases"), flag("IsClosed", calculated=True),
    computed(Field("ClosedDate", "datetime")), external_id("External_Id__c"), record_type(),
    key="External_Id__c", state="Status", story=("CaseNumber", "AccountId"),
)  # fmt: skip

_WHAT = ("Opportunity", "Contract", "Order", "Quote", "Case", "Product2", "SBQQ__Quote__c", "Invoice__c")

TASK = entity(
    "Task", "00T",
    text("Subject"), day("ActivityDate"), Field("Description", "textarea", 32000),
    pick("Status", "Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred",
         default="Not Started", loose=True),
    pick("Priority", "High", "Normal", "Low", default="Normal", loose=True),
    reference("WhatId", "Account", "Tasks", also=_WHAT),
    reference("WhoId", "Contact", "Tasks", also=("Lead",)),
    flag("IsClosed", calculated=True),
    state="Status",
)  # fmt: skip

EVENT = entity(
    "Event", "00U",
    text("Subject"), Field("StartDateTime", "datetime"), Field("EndDateTime", "datetime"),
    number("DurationInMinutes", kind="int"), day("ActivityDate"), flag("IsAllDayEvent"),
    text("Location"), Field("Description", "textarea", 32000),
    reference("WhatId", "Account", "Events", also=_WHAT),
    reference("WhoId", "Contact", "Events", also=("Lead",)),
)  # fmt: skip

STANDARD: tuple[Entity, ...] = (
    USER, ORGANIZATION, RECORD_TYPE, ACCOUNT, CONTACT, LEAD, CASE, TASK, EVENT,
)  # fmt: skip
