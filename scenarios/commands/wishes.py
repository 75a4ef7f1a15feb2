"""Turns what was typed into specs; what cannot be used is refused in one line with its remedy."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from core.assemble import MODELS
from core.deployment import BadDeployment, read_deployment
from scenarios.faults import read_plan
from scenarios.mutants.catalogue import MUTANTS
from scenarios.profiles.profile import Profile, read_profile
from scenarios.profiles.profile import names as profile_names
from scenarios.running import company_of, profile_word
from scenarios.spec import PRESETS, Spec, pack, read_token
from scenarios.stories.index import STORIES
from scenarios.stories.story import Story
from simulators.roster import VENDORS

_RANGE = re.compile(r"(\d+)-(\d+)")
_OPTION = re.compile(r"(\w+)\.(\w+)=(\d+)")
SEEDS_MAX = 1000
# As in a profile: (lowest, highest).
_BOUNDS = {"customers": (1, 100_000), "months": (1, 60), "seed": (0, 2**63 - 1), "jobs": (1, 1024)}


class WrongUse(ValueError):
    """What was asked for cannot be done: field, value, remedy, on one line."""


def unknown(field: str, value: str, allowed: Iterable[str]) -> WrongUse:
    """The error for a name that is none, with those that come near."""
    names = list(allowed)
    near = get_close_matches(value, names, n=3, cutoff=0.5)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    return WrongUse(f"{field}: {value!r} is unknown; {meant}one of {', '.join(names)}")


def within(field: str, value: int) -> int:
    """The number, if it lies within its bounds."""
    low, high = _BOUNDS[field]
    if not low <= value <= high:
        raise WrongUse(f"{field}: {value} must lie in {low} to {high}")
    return value


def one_of(field: str, value: str, allowed: Iterable[str]) -> str:
    """The name, if it is one."""
    names = list(allowed)
    if value not in names:
        raise unknown(field, value, names)
    return value


def a_file(field: str, path: Path | None) -> Path | None:
    """A file that will be written when all is done: its folder is looked at before anything is begun."""
    if path is not None and (path.is_dir() or not os.access(path.absolute().parent, os.W_OK | os.X_OK)):
        raise WrongUse(f"{field}: {path} cannot be written; name a file in a folder that is there and yours")
    return path


def a_folder(field: str, path: Path | None) -> Path | None:
    """A folder to write into, made here if it is not there."""
    if path is not None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongUse(f"{field}: {path}: {error.strerror}; name a folder that can be made") from None
    return path


def models(text: str) -> tuple[str, ...]:
    """A list such as "direct,hybrid"; "" is all of them. Each once, in the given order."""
    wanted = [part.strip() for part in text.split(",") if part.strip()] or list(MODELS)
    return tuple(dict.fromkeys(one_of("model", name, MODELS) for name in wanted))


def tried_under(text: str, deployment: Path | None) -> tuple[str, ...]:
    """The models under which a mapping is tried, by `promote` and by `prove` alike: those that are named, or
    a deployment's; unsaid, hybrid."""
    if deployment is None:
        return models(text or "hybrid")
    if text:
        raise WrongUse(f"model: {text!r} and a deployment exclude each other; give one of them")
    try:
        return (read_deployment(deployment).model,)
    except BadDeployment as error:
        raise WrongUse(str(error)) from None


def required(text: str | None, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Who must hold every law: "none" is nobody; unsaid, hybrid, or all where hybrid is not played."""
    if text is None:
        return ("hybrid",) if "hybrid" in chosen else chosen
    if text == "none":
        return ()
    found = models(text)
    for name in found:
        if name not in chosen:
            raise WrongUse(f"require: {name!r} is not played; add it to --models ({','.join(chosen)})")
    return found


def seeds(seed: int | None, text: str | None) -> tuple[int, ...]:
    """--seed N, or --seeds A-B or A,B,C."""
    if text is None:
        return (within("seed", 1 if seed is None else seed),)
    if seed is not None:
        raise WrongUse(f"seed: {seed} and seeds {text!r} exclude each other; give one of them")
    match = _RANGE.fullmatch(text)
    if match:
        first, last = int(match[1]), int(match[2])
        if not first <= last < first + SEEDS_MAX:
            raise WrongUse(f"seeds: {text!r} must ascend, over at most {SEEDS_MAX} seeds")
        return tuple(range(first, last + 1))
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() for part in parts):
        raise WrongUse(f"seeds: {text!r} must be of the form 1-5 or 1,2,5")
    return tuple(dict.fromkeys(within("seed", int(part)) for part in parts))


def faults(text: str) -> str:
    """A preset's name, or a plan file packed for a token. PlanError if the file cannot be used."""
    if text in PRESETS:
        return text
    path = Path(text)
    if not path.is_file():
        near = get_close_matches(text, PRESETS, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise WrongUse(
            f"faults: {text!r} is neither a preset nor a file; {meant}presets: {', '.join(PRESETS)}"
        )
    return pack(read_plan(path))


def profile(text: str) -> Profile:
    """One by name or a TOML file. ProfileError if the file cannot be used."""
    if text not in profile_names() and not Path(text).is_file():
        raise unknown("profile", text, (*profile_names(), "a TOML file"))
    return read_profile(text)


def story(name: str) -> Story:
    """One of the written-out stories."""
    return STORIES[one_of("story", name, STORIES)]


def own_length(told: Story, profile_name: str | None, customers: int | None, months: int | None) -> None:
    """A scripted story says itself who its customers are and how long it lasts."""
    for field, value in (("profile", profile_name), ("customers", customers), ("months", months)):
        if value is not None:
            raise WrongUse(
                f"{field}: {value} cannot be given to {told.name}, whose script says it; leave it out"
            )


def spec(
    model: str,
    profile_name: str,
    *,
    customers: int,
    months: int,
    seed: int,
    faults_word: str,
    story_name: str,
) -> Spec:
    """A spec whose every part is known to be usable."""
    return Spec(
        story_name,
        _fitting("model", model, story_name),
        profile_word(profile_name),
        within("customers", customers),
        within("months", months),
        within("seed", seed),
        faults_word,
    )


def told_spec(
    told: Story,
    model: str,
    *,
    seed: int,
    customers: int | None,
    months: int | None,
    faults_word: str | None = None,
    profile_name: str | None = None,
) -> Spec:
    """A run of a story; what is None is the story's own."""
    if told.script is not None:
        own_length(told, profile_name, customers, months)
    company = profile_name or told.profile
    profile(company)
    return spec(
        model,
        company,
        customers=told.customers if customers is None else customers,
        months=told.months if months is None else months,
        seed=seed,
        faults_word=faults(faults_word or told.faults),
        story_name=told.name,
    )


def _fitting(field: str, model: str, story_name: str) -> str:
    """The model, if it is one and can play the story."""
    told = STORIES.get(story_name)
    if one_of(field, model, MODELS) and told is not None and not told.fits(model):
        raise WrongUse(f"{field}: {model!r} cannot play {told.name}; one of {', '.join(told.models)}")
    return model


def token(text: str) -> Spec:
    """The spec of a token; TokenError or WrongUse for what this version does not have."""
    found = read_token(text)
    _fitting("token: model", found.model, found.story)
    company_of(found)
    for field in ("customers", "months"):
        within(field, getattr(found, field))
    if found.mutant:
        one_of("token: mutant", found.mutant, MUTANTS)
    return found


def options(texts: Iterable[str]) -> dict[str, dict[str, int]]:
    """The mocks' numbers by vendor, of texts such as "netsuite.approvals=1"."""
    found: dict[str, dict[str, int]] = {}
    for text in texts:
        match = _OPTION.fullmatch(text)
        if match is None:
            raise WrongUse(f"option: {text!r} must be of the form netsuite.approvals=1")
        vendor = one_of("option", match[1], VENDORS)
        name = one_of(f"option of {vendor}", match[2], VENDORS[vendor].options)
        found.setdefault(vendor, {})[name] = int(match[3])
    return found
