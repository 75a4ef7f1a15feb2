"""The books of a run: of a story or a token that is played, or out of a file that --keep wrote."""

from __future__ import annotations

import json
from pathlib import Path

from scenarios.commands import wishes
from scenarios.commands.wishes import WrongUse
from scenarios.evidence.reading import from_json
from scenarios.evidence.run import Evidence
from scenarios.running import perform
from scenarios.spec import Spec
from scenarios.veiling import masked_evidence


def evidence_of(
    what: str, model: str, seed: int, customers: int | None, months: int | None, *, mask: bool = False
) -> Evidence:
    """Plays a story or a token, or reads the file; WrongUse says what is wrong with it. mask: without
    personal data from here on, so that there is none in anything that is worked out of it."""
    path = Path(what)
    if path.suffix == ".json" or path.is_file():
        found = _kept(path)
    else:
        found = perform(spec_of(what, model, seed, customers, months)).evidence
    return masked_evidence(found) if mask else found


def spec_of(what: str, model: str, seed: int, customers: int | None, months: int | None) -> Spec:
    """The run that a token or a story with these wishes stands for; WrongUse says what is wrong with it."""
    if "/" in what:
        return wishes.token(what)
    return wishes.told_spec(wishes.story(what), model, seed=seed, customers=customers, months=months)


def _kept(path: Path) -> Evidence:
    try:
        found: Evidence = from_json(Evidence, json.loads(path.read_text()))
    except OSError as error:
        raise WrongUse(f"file: {path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError) as error:
        raise WrongUse(f"file: {path} holds no books of a run ({error}); write one with --keep") from None
    return found
