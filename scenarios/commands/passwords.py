"""`tieout hash-password`: what of a password stands in a deployment's file."""

from __future__ import annotations

import getpass
import sys

import typer

from core.governance.accounts import BadAccount
from core.governance.people import hashed
from core.process import fresh_salt
from scenarios.commands.wishes import WrongUse


def hash_password_command() -> None:
    """Asks for a password, or reads one line where the input is no terminal, and prints its salted scrypt
    hash."""
    given = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    try:
        typer.echo(hashed(given, fresh_salt()))
    except BadAccount as error:
        raise WrongUse(str(error)) from None
