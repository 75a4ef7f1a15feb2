"""Who asks, what of, and what may be asked: the dependencies that every resource shares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from core.api.v1.problems import Fault, Wrong
from core.assemble import Core
from core.governance.scopes import PERSONAL_READ

_BEARER = HTTPBearer(auto_error=False, scheme_name="bearer")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, by the name that decisions are recorded under, and what was granted to it."""

    name: str
    scopes: frozenset[str] = frozenset()


# Raises HTTPException 401 or 403 for whom it does not let in.
Identify = Callable[[Request], Awaitable[Caller]]


async def caller(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
) -> Caller:
    """Who is calling, as the application's `identify` says."""
    identify: Identify = request.app.state.identify
    who = await identify(request)
    request.state.personal = PERSONAL_READ in who.scopes
    return who


async def core_of(request: Request) -> Core:
    """The core that this application is of."""
    core: Core = request.app.state.core
    return core


Asker = Annotated[Caller, Depends(caller)]
TheCore = Annotated[Core, Depends(core_of)]


async def only_known(request: Request) -> None:
    """A query parameter that the operation does not have, or has twice, is refused, not overlooked."""
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    seen: set[str] = set()
    faults = []
    for name, value in request.query_params.multi_items():
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            faults.append(_fault(name, value, f"no such parameter; there are: {there}", sorted(known)))
        elif name in seen:
            faults.append(_fault(name, value, "given twice"))
        seen.add(name)
    if faults:
        first = faults[0]
        raise Wrong(422, "invalid", f"{first.field}: {first.value!r}: {first.reason}", faults=faults)


def _fault(name: str, value: str, reason: str, allowed: Sequence[str] = ()) -> Fault:
    return Fault(where="query", field=name[:100], value=value[:200], reason=reason, allowed=list(allowed))


class Page(BaseModel):
    """What every page has beside its items. next: the cursor of the page after it, None on the last."""

    next: str | None
