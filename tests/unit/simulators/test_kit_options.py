"""What a deployment may choose of a mock: named, listed, checked, and gone with the next reset."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from scenarios.commands import wishes
from scenarios.sandboxes import SandboxError, Sandboxes, sandboxes
from simulators.kit.control import Controls
from simulators.kit.ids import Ids
from simulators.kit.mock import Mock, Surroundings
from simulators.kit.table import Call
from simulators.kit.tenant import Ground
from simulators.kit.tenants import Tenants
from simulators.roster import VENDORS

from .salesforce_client import Clock, Outbound


class Read(Mapping[str, int]):
    """Options of which none is chosen, and which of them were asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> int:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=list(VENDORS))
def test_every_number_that_a_mock_reads_is_listed_and_no_other(vendor: Any) -> None:
    read = Read()
    vendor.open(Surroundings(Clock(), Ids("test"), Outbound(), lambda _: None, read))
    assert read.names | set(vendor.options) == set(vendor.options)
    # Some are asked for only where another is chosen; none is listed that no code asks for.
    for name in set(vendor.options) - read.names:
        assert vendor.name == "zuora", name


def _controls() -> tuple[Controls, Mock]:
    ground = Ground({"netsuite": VENDORS["netsuite"]}, Clock(), "test", Outbound(), lambda _: None, {})
    tenants = Tenants(ground)
    mock = tenants.main.mocks["netsuite"]
    return Controls(tenants, tenants.main, mock), mock


def _call(controls: Controls, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    data = b"" if body is None else json.dumps(body).encode()
    reply = asyncio.run(controls.answer(Call(method, f"/_tieout/{path}", body=data)))
    return reply.status, json.loads(reply.body)


def test_a_first_day_with_other_numbers_until_the_next_reset() -> None:
    controls, mock = _controls()
    listed = _call(controls, "GET", "options")[1]
    assert "approvals" in listed["options"]
    assert listed["chosen"] == {}
    assert _call(controls, "POST", "reset", {"options": {"concurrency": 3}})[0] == 200
    assert mock.rules.concurrency == 3
    kept = mock.snapshot()
    _call(controls, "POST", "reset")
    assert mock.rules.concurrency == 15
    mock.restore(kept)
    assert mock.rules.concurrency == 3
    assert _call(controls, "GET", "options")[1]["chosen"] == {"concurrency": 3}


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"options": {"colour": 1}}, "colour"),
        ({"options": {"concurrency": "3"}}, "concurrency"),
        ({"options": {"concurrency": -1}}, "concurrency"),
        ({"options": 3}, "options"),
        ({"all": True, "options": {"concurrency": 3}}, "options"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_and_nothing_is_reset(wish: Any, named: str) -> None:
    controls, mock = _controls()
    before = mock.rules
    status, answer = _call(controls, "POST", "reset", wish)
    assert status == 400
    assert named in answer["error"]
    assert mock.rules is before


def test_from_python() -> None:
    with sandboxes("netsuite", seed="options") as lab:
        lab.open("netsuite", approvals=1)
        assert lab.control("netsuite", "GET", "options")["chosen"] == {"approvals": 1}
        with pytest.raises(SandboxError, match="colour"):
            lab.open("netsuite", colour=1)
        assert isinstance(lab, Sandboxes)


def test_from_the_command_line() -> None:
    chosen = wishes.options(["netsuite.approvals=1", "netsuite.concurrency=2", "zuora.rounding_mode=1"])
    assert chosen == {"netsuite": {"approvals": 1, "concurrency": 2}, "zuora": {"rounding_mode": 1}}
    for wrong in ("approvals=1", "netsuite.approvals", "sap.x=1", "netsuite.colour=1"):
        with pytest.raises(wishes.WrongUse, match="option"):
            wishes.options([wrong])
