"""Payment methods: kept with an account, verified at a gateway, scrubbed, closed, made the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.kit.clock import day
from simulators.zuora.rules.gateway import Gateway
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.proving import Token
from simulators.zuora.rules.refusal import DEPENDENT, INVALID, MISSING, RULE, Refused, not_found
from simulators.zuora.rules.state import State

CARD, CARD_TOKEN, ACH = "CreditCard", "CreditCardReferenceTransaction", "ACH"
BANK_TYPES = ("ACH", "SEPA", "Bacs", "Becs", "Becsnz", "PAD", "Autogiro", "Betalingsservice", "BankTransfer")
PAYPAL_TYPES = ("PayPalEC", "PayPalNativeEC", "PayPalCP", "PayPalAdaptive")
TYPES = (CARD, CARD_TOKEN, *BANK_TYPES, *PAYPAL_TYPES)
ACTIVE, CLOSED, SCRUBBED = "Active", "Closed", "Scrubbed"
BRANDS = {"3": "AmericanExpress", "4": "Visa", "5": "MasterCard", "6": "Discover"}


@dataclass(slots=True)
class Method:
    """A payment method. details: what its kind shows, by the wire's names; token: what the gateway knows
    it by; number, security code and bank account are never kept in full."""

    id: str
    seq: int
    number: str
    account: Account | None
    type: str
    token: Token
    created_at: int
    details: dict[str, object] = field(default_factory=dict)
    status: str = ACTIVE
    gateway: str = ""
    updated_at: int = 0
    failures: int = 0
    failures_max: int | None = None
    retry_hours: int | None = None
    default_retry: bool = True
    processed: int = 0
    errors: int = 0
    last_outcome: str | None = None
    last_at: int = 0
    last_failed_at: int = 0

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of it refers to."""
        return self.account.refs if self.account else ()


@dataclass(frozen=True, slots=True)
class MethodWish:
    """What a caller gives. card, bank: secrets that are not kept; token, second: the gateway's own names."""

    type: str
    account: Account | None
    details: Mapping[str, object] = field(default_factory=dict)
    card: str = ""
    code: str = ""
    token: str = ""
    second: str = ""
    month: int | None = None
    year: int | None = None
    gateway: str = ""
    default: bool = False
    skip: bool = False
    number: str = ""


def find(state: State, key: str) -> Method:
    """By id; Refused if there is none."""
    found = state.methods.get(key)
    if found is None or not isinstance(found, Method):
        raise not_found("payment method", key)
    return found


def of_account(state: State, account: Account) -> list[Method]:
    """The account's methods in order; those that are closed are among them."""
    found = state.methods.where("accountId", account.id).values()
    return sorted((each for each in found if isinstance(each, Method)), key=lambda each: each.seq)


def default_of(state: State, account: Account) -> Method | None:
    """The account's default method, if it has one."""
    found = state.methods.get(account.default_method) if account.default_method else None
    return found if isinstance(found, Method) else None


async def create(state: State, gateway: Gateway, wish: MethodWish) -> Method:
    """A new method; a card or a token is tried at the gateway first unless the caller waives it."""
    _check(state, wish)
    if wish.number and state.methods.get(wish.number):
        raise Refused(RULE, f"The payment method number {wish.number} already exists.", "paymentMethodNumber")
    name = gateway.named(wish.gateway or (wish.account.gateway if wish.account else ""))
    details = dict(wish.details)
    token = Token(wish.token, wish.second)
    if wish.type in (CARD, CARD_TOKEN):
        seen = await gateway.register(
            name, token, wish.card, wish.month, wish.year, wish.code, skip=wish.skip
        )
        if not seen.approved:
            raise Refused(RULE, f"Transaction declined.{seen.code} - {seen.message}", "tokenId")
        token, details = seen.token, {**seen.details, **details}
    method = Method(
        id=state.new_id(),
        seq=state.next_seq(),
        number=wish.number or state.new_number("method"),
        account=wish.account,
        type=wish.type,
        token=token,
        created_at=state.now(),
        details=details,
        gateway=name,
    )
    state.methods.put(method, state.now())
    state.history.note("payment_method", method.id, "created", method.status, refs=method.refs)
    if wish.default and wish.account is not None:
        make_default(state, wish.account, method)
    return method


def _check(state: State, wish: MethodWish) -> None:
    if wish.type not in TYPES:
        raise Refused(INVALID, f"The payment method type '{wish.type}' is invalid.", "type")
    if wish.default and wish.account is None:
        raise Refused(MISSING, "'accountKey' is required to make the method the default.", "accountKey")
    if wish.type == CARD_TOKEN and not wish.token:
        raise Refused(MISSING, "'tokenId' is required.", "tokenId")
    if wish.type == CARD:
        if not wish.card:
            raise Refused(MISSING, "'cardNumber' is required.", "cardNumber")
        if not (wish.card.isdigit() and 12 <= len(wish.card) <= 19 and luhn(wish.card)):
            raise Refused(INVALID, "The credit card number is invalid.", "cardNumber")
        if wish.month is None or wish.year is None:
            name = "expirationMonth" if wish.month is None else "expirationYear"
            raise Refused(MISSING, f"'{name}' is required.", name)
    if wish.month is not None and not 1 <= wish.month <= 12:
        raise Refused(INVALID, "The expiration month must be between 1 and 12.", "expirationMonth")
    if wish.month is not None and wish.year is not None:
        today = day(state.now())
        if (wish.year, wish.month) < (today.year, today.month):
            raise Refused(INVALID, "The credit card is expired.", "expirationYear")


def luhn(number: str) -> bool:
    """Whether the check digit is right."""
    total = 0
    for place, char in enumerate(reversed(number)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def make_default(state: State, account: Account, method: Method) -> None:
    """Let the account pay by this method; it must be active and the account's own."""
    if method.status != ACTIVE:
        raise Refused(RULE, f"The payment method {method.id} is not active.", "defaultPaymentMethodId")
    if method.account is None:
        method.account = account
        state.methods.put(method, state.now())
    if method.account is not account:
        message = f"The payment method {method.id} belongs to another account."
        raise Refused(RULE, message, "defaultPaymentMethodId")
    account.default_method = method.id
    state.accounts.put(account, state.now())


def scrub(state: State, method: Method) -> None:
    """Make what is personal unreadable; the method can pay no more."""
    _undefault(state, method)
    for name in ("cardNumber", "bankAccountNumber", "bankAccountName", "accountHolderInfo", "email"):
        if name in method.details:
            method.details[name] = None
    method.token, method.status = Token(), SCRUBBED
    _changed(state, method, "scrubbed")


def delete(state: State, method: Method) -> None:
    """Forget a method; not while it is the default of an account that pays by itself."""
    account = method.account
    if account is not None and account.default_method == method.id:
        raise Refused(DEPENDENT, "The default payment method of an account cannot be deleted.", "id")
    forget(state, method)


def forget(state: State, method: Method) -> None:
    """It is not there any more."""
    state.methods.drop(method)
    state.history.note("payment_method", method.id, "deleted", refs=method.refs)


def _undefault(state: State, method: Method) -> None:
    account = method.account
    if account is not None and account.default_method == method.id:
        if account.auto_pay:
            message = "The default payment method of an account with autoPay cannot be scrubbed."
            raise Refused(RULE, message, "id")
        account.default_method = ""
        state.accounts.put(account, state.now())


def change(state: State, method: Method, details: Mapping[str, object], account: Account | None) -> None:
    """Overwrite what is given of a method that is active."""
    if method.status != ACTIVE:
        raise Refused(RULE, f"The payment method {method.id} is {method.status}.", "id")
    if account is not None:
        if method.account is not None and method.account is not account:
            raise Refused(RULE, "A payment method cannot move to another account.", "accountKey")
        method.account = account
    method.details.update(details)
    _changed(state, method, "updated")


def used(state: State, method: Method, *, approved: bool) -> None:
    """Note an outcome at the gateway."""
    method.last_at = state.now()
    method.last_outcome = "Approved" if approved else "Declined"
    if approved:
        method.processed, method.failures = method.processed + 1, 0
    else:
        method.errors, method.failures = method.errors + 1, method.failures + 1
        method.last_failed_at = state.now()
    state.methods.put(method, state.now())


def _changed(state: State, method: Method, event: str) -> None:
    state.methods.put(method, state.now())
    state.history.note("payment_method", method.id, event, method.status, refs=method.refs)
