"""Which flow of the business the tasks of a queue belong to, whoever links the steps."""

from __future__ import annotations

from core.connectivity.choreography import BILL_RUNS
from core.connectivity.flows import FLOWS, Flow
from core.connectivity.reactions import REACTIONS, Reaction
from core.connectivity.saga import BILL_RUN

# Every queue that a model may have: flows, consumers, and the bill runs that start others.
QUEUES = frozenset({*FLOWS, *(each.consumer for each in REACTIONS), BILL_RUN, BILL_RUNS})


def flow_queues() -> dict[str, tuple[str, ...]]:
    """By name of a flow: its sagas' queue and those of the consumers that do its steps. A consumer that works
    for several flows counts for the first whose fact it hears, else for the first that has its act."""
    queues = {name: [name] for name in FLOWS}
    for reaction in REACTIONS:
        queues[_flow_of(reaction).name].append(reaction.consumer)
    return {name: tuple(found) for name, found in queues.items()}


def _flow_of(reaction: Reaction) -> Flow:
    first = reaction.acts[0].__name__
    heard = [flow for flow in FLOWS.values() if flow.topic in reaction.topics]
    acting = [flow for flow in FLOWS.values() if first in {step.name for step in flow.steps}]
    return (heard or acting)[0]
