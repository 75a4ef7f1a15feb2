"""What this mock leaves out, adds, or could not confirm."""

from __future__ import annotations

from simulators.kit.fidelity import Fidelity

FIDELITY = Fidelity(
    not_modelled=(
        ("users, profiles, sharing and field-level security: there is one administrator",
         "INSUFFICIENT_ACCESS, CANNOT_… refusals, rows and fields that a user cannot see"),
        ("row locks of its own: no call ever waits, so two writes never overlap (lock_rows arms one)",
         "lock contention under real concurrency"),
        ("Apex triggers, flows, assignment rules, approval processes; fuzzy matching of duplicate rules",
         "what an org's own automation changes or refuses (APPROVAL…); duplicates are equal in all fields"),
        ("the Pub/Sub API (gRPC), platform events, PushTopics; OVERFLOW change events",
         "clients of these interfaces; recovery from gaps"),
        ("the metadata SOAP interface, deployments, Apex classes and tests", "deployment pipelines"),
        ("Bulk API 1.0 with XML or ZIP content, PK chunking",
         "clients that use these"),
        ("a person's name as a structure, where an address lies, geolocation, files, attachments",
         "code that reads them"),
        ("dated exchange rates, territory, forecasting, person accounts, lead conversion", "these features"),
        ("CPQ price rules, bundles, discount schedules, proration: only list price less discount",
         "prices that CPQ would calculate; assets for what is not subscribed to"),
        ("a concurrent-request limit and the limits of one transaction (SOQL rows, CPU)",
         "REQUEST_LIMIT_EXCEEDED for concurrent long calls"),
        ("expiry of the recycle bin after 15 days; emptied by hand only", "UNDELETE refused by age"),
        ("aliases of relationships in FROM, geolocation, WITH DATA CATEGORY in SOQL", "such queries"),
    ),
    unconfirmed=(
        "code and text when a composite call has no or too many parts, or a reference twice",
        "that a batchSize outside 200..2000 is brought in",
        "INVALIDJOBSTATE and its texts when a bulk job is in the wrong state",
        "the texts with which CPQ refuses to order or contract a quote",
        "body of 412 after If-Unmodified-Since",
        "the code when an activated order's products are changed",
        "the error of a subscription to a channel that does not exist",
        "the code when a merge names too many records",
        "the code when a quote of another opportunity is to be synced",
    ),
    ours=(
        "change events relayed over HTTP with an HMAC signature (EventRelayConfig with a plain URL)",
        "the EventRelayConfig's State RUN at once, its EventTypes and its secret",
        "an approval without a person: /services/oauth2/authorize answers with a code at once",
        "a standing refresh token, a fixed key for JWT assertions, a fixed security token",
        "custom objects through the Tooling API",
        "fields, objects, rules (duplicate rules too), merges and locks by the control surface",
        "custom fields of the lab (External_Id__c, Stripe_Customer__c, …) and the object Invoice__c",
    ),
)  # fmt: skip
