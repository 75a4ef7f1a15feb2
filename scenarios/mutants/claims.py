"""Bugs in what is made of an answer that never came."""

from __future__ import annotations

from core.canonical.errors import Unavailable, Unclear
from core.canonical.orders import Order
from core.ports.world import Request, Response
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, around, in_port


class TakenForDone(Around):
    """Of Transport."""

    async def send(self, request: Request) -> Response:
        try:
            response: Response = await self.real.send(request)
        except Unclear:
            if request.operation != "post_invoice":
                raise
            return Response(204)
        return response


class TakenForFailed(Around):
    """Of Transport."""

    async def send(self, request: Request) -> Response:
        try:
            response: Response = await self.real.send(request)
        except Unclear as error:
            raise Unavailable(error.detail, system=error.system) from error
        return response


class LeftUnclear(Around):
    """Of Crm."""

    async def activate(self, order: Order, key: str) -> None:
        try:
            await self.real.activate(order, key)
        except Unclear:
            return


CLAIMS = (
    Mutant(
        "timeout_taken_for_success",
        "fire and forget: a time-out of the ledger counts as posted (F02)",
        ("I-21", "I-02"),
        around("transport", TakenForDone),
        faults=met_by(Fault("F02", "netsuite", "post_invoice", rate=0.6)),
    ),
    Mutant(
        "timeout_taken_for_failure",
        "a time-out counts as 'did not happen' (akash-network/console PR 3449, F01)",
        ("I-22",),
        around("transport", TakenForFailed),
        faults=met_by(Fault("F01", "netsuite", rate=0.1)),
    ),
    Mutant(
        "unclear_and_forgotten",
        "the write-back to the CRM is 'best effort': a time-out is swallowed, nobody looks again (F02)",
        ("I-23", "I-18"),
        in_port("crm", LeftUnclear),
        faults=met_by(Fault("F02", "salesforce", "activate", rate=0.9)),
    ),
)
