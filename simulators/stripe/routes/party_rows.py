"""Paths of customers, their payment methods, and what permits to use them."""

from __future__ import annotations

from simulators.kit.table import Route
from simulators.stripe.routes import account, credit, customers, methods
from simulators.stripe.routes.rows import row
from simulators.stripe.wire import params, params_customers, params_methods

_CUSTOMER = "customers/{customer}"
_METHOD = "payment_methods/{payment_method}"
_SETUP = "setup_intents/{intent}"

PARTIES: tuple[Route, ...] = (
    row("GET", "account", "get_account", account.retrieve_account, "The account", "accounts_kyc_basic_read"),
    row("GET", "accounts/{account}", "get_account_by_id", account.retrieve_account, "The account by its id",
        "accounts_kyc_basic_read"),
    row("POST", "customers", "create_customer", customers.create, "Create a customer",
        "customer_write", params_customers.CustomerCreate),
    row("GET", "customers", "list_customers", customers.list_all, "List customers", "customer_read"),
    row("GET", "customers/search", "search_customers", customers.find, "Search customers", "customer_read"),
    row("GET", _CUSTOMER, "get_customer", customers.retrieve, "A customer", "customer_read"),
    row("POST", _CUSTOMER, "update_customer", customers.update, "Change a customer",
        "customer_write", params_customers.CustomerUpdate),
    row("DELETE", _CUSTOMER, "delete_customer", customers.delete, "Delete a customer", "customer_write"),
    row("POST", f"{_CUSTOMER}/balance_transactions", "create_customer_balance_transaction",
        credit.create_credit, "Change a customer's balance", "customer_write",
        params_customers.CreditCreate),
    row("GET", f"{_CUSTOMER}/balance_transactions", "list_customer_balance_transactions",
        credit.list_credit, "Changes of a customer's balance", "customer_read"),
    row("GET", f"{_CUSTOMER}/balance_transactions/{{transaction}}", "get_customer_balance_transaction",
        credit.retrieve_credit, "A change of a customer's balance", "customer_read"),
    row("POST", f"{_CUSTOMER}/balance_transactions/{{transaction}}", "update_customer_balance_transaction",
        credit.update_credit, "Say something else of a change", "customer_write",
        params_customers.CreditUpdate),
    row("POST", f"{_CUSTOMER}/tax_ids", "create_tax_id", customers.create_tax_id, "Add a tax number",
        "customer_write", params_customers.TaxIdCreate),
    row("GET", f"{_CUSTOMER}/tax_ids", "list_tax_ids", customers.list_tax_ids, "A customer's tax numbers",
        "customer_read"),
    row("GET", f"{_CUSTOMER}/tax_ids/{{id}}", "get_tax_id", customers.retrieve_tax_id, "A tax number",
        "customer_read"),
    row("DELETE", f"{_CUSTOMER}/tax_ids/{{id}}", "delete_tax_id", customers.delete_tax_id,
        "Take a tax number away", "customer_write"),
    row("GET", f"{_CUSTOMER}/payment_methods", "list_customer_payment_methods", methods.list_all,
        "A customer's payment methods", "payment_method_read"),
    row("GET", f"{_CUSTOMER}/payment_methods/{{payment_method}}", "get_customer_payment_method",
        methods.retrieve, "One of a customer's payment methods", "payment_method_read"),
    row("POST", "payment_methods", "create_payment_method", methods.create,
        "Create a card, an ACH or a SEPA account", "payment_method_write", params_methods.MethodCreate),
    row("GET", "payment_methods", "list_payment_methods", methods.list_all, "List payment methods",
        "payment_method_read"),
    row("GET", _METHOD, "get_payment_method", methods.retrieve, "A payment method", "payment_method_read"),
    row("POST", _METHOD, "update_payment_method", methods.update, "Change a payment method",
        "payment_method_write", params_methods.MethodUpdate),
    row("POST", f"{_METHOD}/attach", "attach_payment_method", methods.attach,
        "Give a payment method to a customer", "payment_method_write", params_methods.Attach),
    row("POST", f"{_METHOD}/detach", "detach_payment_method", methods.detach,
        "Take a payment method from its customer", "payment_method_write", params.Nothing),
    row("POST", "setup_intents", "create_setup_intent", methods.create_setup, "Create a setup intent",
        "setup_intent_write", params_methods.SetupCreate),
    row("GET", "setup_intents", "list_setup_intents", methods.list_setups, "List setup intents",
        "setup_intent_read"),
    row("GET", _SETUP, "get_setup_intent", methods.retrieve_setup, "A setup intent", "setup_intent_read"),
    row("POST", _SETUP, "update_setup_intent", methods.update_setup, "Change a setup intent",
        "setup_intent_write", params_methods.SetupTexts),
    row("POST", f"{_SETUP}/confirm", "confirm_setup_intent", methods.confirm_setup,
        "Ask the customer's bank", "setup_intent_write", params_methods.SetupConfirm),
    row("POST", f"{_SETUP}/cancel", "cancel_setup_intent", methods.cancel_setup, "Cancel a setup intent",
        "setup_intent_write", params_methods.SetupCancel),
    row("POST", f"{_SETUP}/verify_microdeposits", "verify_setup_intent", methods.verify_setup,
        "Tell which microdeposits have arrived", "setup_intent_write", params_methods.Verify),
    row("GET", "setup_attempts", "list_setup_attempts", methods.list_attempts,
        "Attempts of a setup intent", "setup_intent_read"),
    row("GET", "mandates/{mandate}", "get_mandate", methods.retrieve_mandate, "A mandate", "mandate_read"),
    row("POST", "tokens", "create_token", methods.create_token, "Disguise a card or an account",
        "token_write", params_methods.TokenCreate),
    row("GET", "tokens/{token}", "get_token", methods.retrieve_token, "A token", "token_read"),
)  # fmt: skip
