"""Acts on contacts: the people of an account; its bill-to and sold-to are two of them."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.zuora.rules.parties import Account, Contact
from simulators.zuora.rules.refusal import DEPENDENT, Refused, not_found
from simulators.zuora.rules.state import State

_PERSONAL = (
    "firstName",
    "lastName",
    "nickname",
    "address1",
    "address2",
    "personalEmail",
    "workEmail",
    "homePhone",
    "mobilePhone",
    "otherPhone",
    "workPhone",
    "fax",
)


def find(state: State, key: str) -> Contact:
    """By id; Refused if there is none."""
    found = state.contacts.get(key)
    if found is None:
        raise not_found("contact", key)
    return found


def create(
    state: State, account: Account, fields: Mapping[str, str | None], *, bill_to: bool, sold_to: bool
) -> Contact:
    """A new contact, which may become the account's bill-to or sold-to at once."""
    key = state.new_id()
    made = Contact(key, state.next_seq(), key, account, {**fields, "id": key}, state.now())
    state.contacts.put(made, state.now())
    state.history.note("contact", made.id, "created", refs=account.refs)
    if bill_to:
        account.bill_to = made.fields
    if sold_to:
        account.sold_to = made.fields
    state.accounts.put(account, state.now())
    return made


def change(state: State, contact: Contact, fields: Mapping[str, str | None]) -> None:
    """Overwrite what is given."""
    contact.fields.update(fields)
    state.contacts.put(contact, state.now())
    state.history.note("contact", contact.id, "updated", refs=contact.account.refs)


def in_use(contact: Contact) -> bool:
    """Whether it is its account's bill-to or sold-to."""
    return contact.id in (contact.account.bill_to.get("id"), contact.account.sold_to.get("id"))


def delete(state: State, contact: Contact) -> None:
    """Forget a contact that no document is addressed to."""
    if in_use(contact):
        message = "The contact is the bill-to or sold-to contact of its account and cannot be deleted."
        raise Refused(DEPENDENT, message, "contactId")
    state.contacts.drop(contact)
    state.history.note("contact", contact.id, "deleted", refs=contact.account.refs)


def scrub(state: State, contact: Contact) -> None:
    """Make what is personal unreadable."""
    change(state, contact, {name: "Scrubbed" for name in _PERSONAL if contact.fields.get(name)})


def transfer(state: State, contact: Contact, account: Account) -> None:
    """Move a contact that nobody needs to another account."""
    if in_use(contact):
        message = "The contact is the bill-to or sold-to contact of its account and cannot be transferred."
        raise Refused(DEPENDENT, message, "contactId")
    contact.account = account
    change(state, contact, {})
