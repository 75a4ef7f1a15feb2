"""What of a deployment comes from the environment: each secret and address, itself or as a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PREFIX = "TIEOUT_"
# Where a process is, and what opens it; the rest of the file is no secret.
_OWN = ("token", "store", "bus", "issuer")
_OUT = "webhooks_out"
# Read as JSON: {"accounts": […], "people": […], "clients": […], "signing": […]}.
_ACCESS, ACCESS_PARTS = "ACCESS", ("accounts", "people", "clients", "signing")


class BadEnvironment(ValueError):
    """A variable or its file cannot be used; its name, what is wrong and the remedy, never its value."""


def overlaid(plain: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The deployment with what the environment says otherwise: TIEOUT_TOKEN, TIEOUT_STORE, TIEOUT_BUS,
    TIEOUT_ISSUER, TIEOUT_ACCESS, TIEOUT_WEBHOOK_<VENDOR>, TIEOUT_WEBHOOKS_OUT, TIEOUT_<VENDOR>_<FIELD of its
    endpoint>; each of them also as <NAME>_FILE, a file that nobody else may read. BadEnvironment."""
    made = json.loads(json.dumps(plain))
    for place, name in _places(made):
        value = said(name, environment)
        if value is not None:
            place(value)
    access = said(PREFIX + _ACCESS, environment)
    if access is not None:
        made |= parsed_access(access, PREFIX + _ACCESS)
    return dict(made)


def said(name: str, environment: Mapping[str, str]) -> str | None:
    """What the environment says under this name, itself or in the file that NAME_FILE names; None for
    nothing."""
    file = environment.get(f"{name}_FILE")
    if file is None:
        return environment.get(name)
    if name in environment:
        raise BadEnvironment(f"{name}, {name}_FILE: both are there; which of them holds? Take one out")
    return own_file(Path(file), f"{name}_FILE")


def own_file(path: Path, where: str) -> str:
    """Its text without the last line's end; BadEnvironment if there is none, or if others may read it."""
    try:
        mode = path.stat().st_mode & 0o077
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise BadEnvironment(f"{where}: {path}: {error}") from None
    if mode:
        raise BadEnvironment(f"{where}: {path}: others may read it, and it holds secrets; chmod 600 it")
    return text.rstrip("\r\n")


def parsed_access(text: str, where: str) -> dict[str, Any]:
    """Who may come in, as JSON; BadEnvironment for anything else."""
    try:
        access = json.loads(text)
    except ValueError:
        raise BadEnvironment(f"{where}: no JSON") from None
    if not isinstance(access, dict) or not access.keys() <= set(ACCESS_PARTS):
        raise BadEnvironment(f"{where}: an object with {', '.join(ACCESS_PARTS)} and nothing else")
    return access


def _places(made: dict[str, Any]) -> list[tuple[Callable[[str], None], str]]:
    """Where a value goes, and the variable that it comes from."""
    found = [(_setter(made, name), PREFIX + name.upper()) for name in _OWN]
    for vendor, fields in made.get("endpoints", {}).items():
        found += [(_setter(fields, field), f"{PREFIX}{vendor}_{field}".upper()) for field in fields]
    webhooks = made.get("secrets", {})
    for vendor in webhooks:
        # That of webhooks out belongs to no vendor.
        name = f"{PREFIX}{vendor}" if vendor == _OUT else f"{PREFIX}WEBHOOK_{vendor}"
        found.append((_changing(webhooks, vendor, name.upper()), name.upper()))
    return found


def _changing(holder: dict[str, Any], name: str, variable: str) -> Callable[[str], None]:
    """A word, or while it is changed a JSON list of two, as in the file."""

    def place(value: str) -> None:
        if not value.startswith("["):
            holder[name] = value
            return
        try:
            given = json.loads(value)
        except ValueError:
            given = None
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise BadEnvironment(f"{variable}: a word, or a JSON list of {{value, until}}")
        holder[name] = given

    return place


def _setter(holder: dict[str, Any], name: str) -> Callable[[str], None]:
    return lambda value: holder.__setitem__(name, value)
