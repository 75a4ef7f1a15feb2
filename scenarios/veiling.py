"""Outputs without personal data, for readers who may not see it: of everybody in a run, known by value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from core.governance.personal import VEIL, veiled_text
from scenarios.evidence.bank import BankLine
from scenarios.evidence.run import Evidence
from scenarios.lifecycles.people import Company, companies
from scenarios.running import company_of
from scenarios.scripted import places
from scenarios.scripted.script import Script
from scenarios.spec import Spec, read_token
from scenarios.stories.index import STORIES
from scenarios.world.draws import KeyedDraws

T = TypeVar("T")
MASKED = (
    f"Masked: names, addresses and VAT numbers of customers are {VEIL}, of e-mail addresses the domain stays."
)
# Shorter ones (a state's code) are words that stand anywhere and say of nobody who it is.
_LEAST = 4
_WORD = re.compile(r"\w+")


class Veiled:
    """Called with a text it gives it back without these words, what stands before the @ of e-mail addresses,
    and what is quoted of customers. Veiled once more a text stays as it is."""

    def __init__(self, words: Iterable[str]) -> None:
        # The longest first: one may be a part of another.
        known = sorted({word for word in words if len(word) >= _LEAST}, key=lambda word: (-len(word), word))
        # Not as a part of a longer word or number.
        self._known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)") if known else None
        # Books have a million texts, and hardly one with a name in it: most are let by at one look.
        begin = [_WORD.match(word) for word in known]
        self._begin = frozenset(found[0] for found in begin if found)
        self._always = not all(begin)

    def __call__(self, text: str) -> str:
        """The text as it may be shown. Digits alone are a number or an id: a postal code is one among words,
        and an id in its place would no longer be found."""
        if text.isdecimal():
            return text
        text = veiled_text(text)
        if self._known is None or not (self._always or self._begin.intersection(_WORD.findall(text))):
            return text
        return self._known.sub(VEIL, text)

    def whole(self, value: T) -> T:
        """A value with every text in it veiled, those in its dataclasses, tuples, lists and dicts, too."""
        return self._walked(value)  # type: ignore[no-any-return]

    def _walked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self(value) if type(value) is str else value
        if is_dataclass(value) and not isinstance(value, type):
            own = {each.name: self._walked(getattr(value, each.name)) for each in fields(value) if each.init}
            return replace(value, **own)
        if isinstance(value, tuple | list | frozenset):
            return type(value)(self._walked(each) for each in value)
        if isinstance(value, dict):
            return {self._walked(name): self._walked(each) for name, each in value.items()}
        return value


class _Unveiled(Veiled):
    """Everything as it is."""

    def __init__(self) -> None:
        super().__init__(())

    def __call__(self, text: str) -> str:
        return text

    def whole(self, value: T) -> T:
        return value


UNVEILED: Veiled = _Unveiled()


def veil_of(specs: Sequence[Spec]) -> Veiled:
    """For the outputs of these runs."""
    found: set[str] = set()
    for spec in specs:
        told = STORIES.get(spec.story)
        if told is not None and told.script is not None:
            found |= _of_script(told.script)
            continue
        currencies = company_of(spec).currencies
        for customer in companies(spec.customers, currencies, KeyedDraws(spec.seed)):
            found |= _personal(customer)
    return Veiled(found)


def veil_of_script(script: Script) -> Veiled:
    """For the outputs of what is played by it and is no story."""
    return Veiled(_of_script(script))


def masked_evidence(evidence: Evidence) -> Evidence:
    """A run's books without personal data: figures come out of them as before, identities in them hold.
    Masked once more they stay as they are. TokenError or ProfileError, where the run that they name is not
    known any more, and with it who was in it."""
    found = veil_of([read_token(evidence.token)]).whole(evidence)
    lines = tuple(_of_payer(line) for line in found.bank.lines)
    # What the company calls its own subsidiaries may be a customer's town.
    erp = replace(found.erp, entities=evidence.erp.entities)
    return replace(found, token=evidence.token, erp=erp, bank=replace(found.bank, lines=lines))


def _of_payer(line: BankLine) -> BankLine:
    """Of a customer's transfer nobody is shown: whoever sent it may be in no list of ours."""
    return replace(line, counterparty=VEIL, text=VEIL) if line.transfer else line


def _of_script(script: Script) -> set[str]:
    """Of its parties, and the names that people give them in the course of it."""
    renamed = {name for act in script.acts if isinstance(name := getattr(act, "name", None), str)}
    made = [places.company(party, at) for at, party in enumerate(script.parties)]
    # Whoever opens their letters is the accounts payable of each.
    return renamed.union(*[_personal(replace(each, last_name="")) for each in made])


def _personal(customer: Company) -> set[str]:
    """What is told of somebody without personal:read is left out: the key and the country."""
    return {
        customer.name, customer.email, f"{customer.first_name} {customer.last_name}", customer.last_name,
        customer.email.partition("@")[0], customer.street, customer.city, customer.region,
        customer.postal_code, customer.vat_number,
    }  # fmt: skip
