"""Paths of the account's money and of what is told to others."""

from __future__ import annotations

from simulators.kit.table import Route
from simulators.stripe.routes import events, files, funds
from simulators.stripe.routes.rows import row
from simulators.stripe.wire import params, params_funds

MONEY: tuple[Route, ...] = (
    row("GET", "balance", "get_balance", funds.retrieve_balance, "The balance", "balance_read"),
    row("GET", "balance_transactions", "list_balance_transactions", funds.list_entries,
        "List balance transactions", "balance_transaction_source_read"),
    row("GET", "balance_transactions/{id}", "get_balance_transaction", funds.retrieve_entry,
        "A balance transaction", "balance_transaction_source_read"),
    row("POST", "payouts", "create_payout", funds.create_payout, "Pay out by hand", "payout_write",
        params_funds.PayoutCreate),
    row("GET", "payouts", "list_payouts", funds.list_payouts, "List payouts", "payout_read"),
    row("GET", "payouts/{payout}", "get_payout", funds.retrieve_payout, "A payout", "payout_read"),
    row("POST", "payouts/{payout}", "update_payout", funds.update_payout, "Change a payout's metadata",
        "payout_write", params.MetadataOnly),
    row("POST", "payouts/{payout}/cancel", "cancel_payout", funds.cancel_payout, "Take a payout back",
        "payout_write", params.Nothing),
    row("POST", "payouts/{payout}/reverse", "reverse_payout", funds.reverse_payout,
        "Fetch a payout back from the bank", "payout_write", params.MetadataOnly),
    row("POST", "files", "create_file", files.create_file, "Send a file up (multipart/form-data)",
        "file_write"),
    row("GET", "files", "list_files", files.list_files, "List files", "file_read"),
    row("POST", "file_links", "create_file_link", files.create_link, "Let others see a file", "file_write",
        params_funds.LinkCreate),
    row("GET", "file_links", "list_file_links", files.list_links, "List links to files", "file_read"),
    row("GET", "file_links/{link}", "get_file_link", files.retrieve_link, "A link to a file", "file_read"),
    row("POST", "file_links/{link}", "update_file_link", files.update_link, "Change a link, or end it",
        "file_write", params_funds.LinkUpdate),
    row("GET", "files/{file}", "get_file", files.retrieve_file, "A file", "file_read"),
    row("GET", "files/{file}/contents", "read_file", files.read_file, "What is in a file", "file_read"),
    row("GET", "events", "list_events", events.list_events, "List events", "event_read"),
    row("GET", "events/{id}", "get_event", events.retrieve_event, "An event", "event_read"),
    row("POST", "webhook_endpoints", "create_webhook_endpoint", events.create_endpoint,
        "Subscribe to events", "webhook_write", params_funds.EndpointCreate),
    row("GET", "webhook_endpoints", "list_webhook_endpoints", events.list_endpoints, "List endpoints",
        "webhook_read"),
    row("GET", "webhook_endpoints/{webhook_endpoint}", "get_webhook_endpoint", events.retrieve_endpoint,
        "An endpoint", "webhook_read"),
    row("POST", "webhook_endpoints/{webhook_endpoint}", "update_webhook_endpoint", events.update_endpoint,
        "Change an endpoint", "webhook_write", params_funds.EndpointUpdate),
    row("DELETE", "webhook_endpoints/{webhook_endpoint}", "delete_webhook_endpoint", events.delete_endpoint,
        "Delete an endpoint", "webhook_write"),
)  # fmt: skip
