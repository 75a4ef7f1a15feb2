"""The bank's statements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BankAccount:
    """One of the company's, in one currency. balance: after the last line, minor units."""

    id: str
    currency: str
    balance: int


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of the statement. on: the bank day on which it was booked; amount: minor units, a credit
    positive; balance: of the account after it, so the last one of a day is its closing balance;
    counterparty and text: as the bank prints them; trace: the sender's id of what it sent; transfer: the
    bank's own id of a customer's money, in or out."""

    id: str
    account: str
    currency: str
    on: str
    value_on: str
    amount: int
    balance: int
    counterparty: str
    text: str
    trace: str
    transfer: str = ""


@dataclass(frozen=True, slots=True)
class BankBooks:
    """The company's bank; name is "" where none stands. Lines are in the order in which they were booked."""

    name: str = ""
    accounts: tuple[BankAccount, ...] = ()
    lines: tuple[BankLine, ...] = ()
