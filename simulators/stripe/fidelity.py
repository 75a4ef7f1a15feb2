"""What the mock of Stripe leaves out, adds, or could not confirm: payments here, billing beside them."""

from __future__ import annotations

from simulators.kit.fidelity import Fidelity
from simulators.stripe.rules.billing.fidelity import NOT_MODELLED, OURS, UNCONFIRMED

_PAYMENTS_NOT_MODELLED = (
    ("Connect: connected accounts, transfers, application fees", "platform flows; Stripe-Account is refused"),
    ("methods other than cards, ACH and SEPA debits, bank transfers", "wallets, vouchers, redirects"),
    ("currency conversion", "exchange rates and fees in the account's own currency; each has a balance"),
    ("Checkout, Payment Links, Terminal, Issuing, Treasury, Identity, Tax", "their objects and events"),
    ("Radar rules and reviews", "only the test cards that are always blocked or warned of"),
    ("files that expire, pages behind links to files", "files are kept until the account is reset"),
    ("v2 endpoints, customer sessions", "what stands on them"),
    ("older shapes of older Stripe-Versions", "a version is checked and echoed, the shape is the newest"),
    (
        "refunds into a customer's cash (the dashboard's), the sweep of cash left for 75 days",
        "cash stays there",
    ),
)

_PAYMENTS_UNCONFIRMED = (
    "that 4111111111111111, which no list of test cards names, is an ordinary one",
    "an unknown id in a parameter answers 400, in the path 404",
    "the steps between webhook attempts; only the three days are published",
    "an endpoint is switched off after nine days without a success; published is: after several days",
    "the status 401 of a publishable key where a secret one is needed",
    "test ids of bank accounts count as verified; accounts given by number need microdeposits",
    "ACH answers after four days, SEPA after five, as in live mode; a sandbox answers within minutes",
    "an ACH debit that comes back is a lost dispute two days after it succeeded",
    "the fee of a bank transfer: half a per cent, at most 5.00; its money waits as long as a card's",
    "an intent confirmed while its customer has too little cash is given all of it at once",
    "a transfer that names an invoice and does not cover it pays nothing else",
    "groups that await a transfer's exact amount are looked for among the twenty oldest payments",
    "every card is good for incremental and extended authorisation, multicapture and 20 % of overcapture",
    "a charge counts as captured with its last capture; its entry is that of the last one",
    "every refund of a transfer asks for the customer's account first",
    "texts of bank failures; the failure codes are documented",
    "evidence is due at the end of the eighth day after the dispute",
    "a won dispute gives its fee back",
    "the amount of a payout's reversal is negative",
    "the customer's balance is kept in one currency",
    "wordings where a comment in the code says so",
)

_PAYMENTS_OURS = (
    "limits are off until the control surface or an option asks for them (disturb rate_limits)",
    "search knows of objects at once until a lag is set (disturb search_lag)",
    "a customer's authentication, the bank's decisions and the order of webhooks on demand (disturb)",
    "debits and transfers that the bank takes back (disturb return_debit, reverse_funding)",
    "a customer who says where a refund is to go (disturb answer_refund)",
    "test mode keeps the long schedule of live webhooks: three days, not a few hours",
    "every account has a key of each kind that never changes, and one that has expired",
)

FIDELITY = Fidelity(
    not_modelled=(*_PAYMENTS_NOT_MODELLED, *NOT_MODELLED),
    unconfirmed=(*_PAYMENTS_UNCONFIRMED, *UNCONFIRMED),
    ours=(*_PAYMENTS_OURS, *OURS),
)
