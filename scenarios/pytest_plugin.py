"""The pytest plugin: a fixture `tieout` with all mocks up, fresh for each test, judged at its end if wished.

ini options: tieout_vendors (names, default all), tieout_seed, tieout_tls, tieout_judge.
Marker: @pytest.mark.tieout(judge=True, laws=["I-04"], at="2026-01-31T00:00:00Z").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from scenarios.sandboxes import Sandboxes


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    parser.addini("tieout_vendors", "mocks to start, all when empty", type="args", default=[])
    parser.addini("tieout_seed", "of the mocks' ids and secrets", default="tieout")
    parser.addini("tieout_tls", "serve over TLS too", type="bool", default=False)
    parser.addini("tieout_judge", "judge the books at the end of each test", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers", "tieout(judge, laws, at): how the `tieout` fixture begins and ends this test"
    )


@pytest.fixture(scope="session")
def tieout_sandboxes(request: pytest.FixtureRequest) -> Iterator[Sandboxes]:
    """The mocks of this session (of this worker, under xdist), on free ports."""
    # Late: a session that never asks for the mocks does not pay for them.
    from scenarios.sandboxes import sandboxes  # noqa: PLC0415

    config = request.config
    names = config.getini("tieout_vendors")
    with sandboxes(*names, seed=config.getini("tieout_seed"), tls=config.getini("tieout_tls")) as up:
        yield up


@pytest.fixture
def tieout(request: pytest.FixtureRequest, tieout_sandboxes: Sandboxes) -> Iterator[Sandboxes]:
    """All mocks as on their first day; where judging is wished, broken laws fail the test at its end."""
    wish = _wish(request)
    tieout_sandboxes.run(1)
    tieout_sandboxes.reset(wish.get("at"))
    yield tieout_sandboxes
    if wish.get("judge", request.config.getini("tieout_judge")):
        tieout_sandboxes.settle()
        broken = tieout_sandboxes.judge(*wish.get("laws", ())).broken
        if broken:
            pytest.fail(told(broken), pytrace=False)


def told(broken: list[Any]) -> str:
    """Broken laws with their witnesses, for a terminal."""
    lines = []
    for verdict in broken:
        lines.append(f"{verdict.law} is broken ({len(verdict.witnesses)} times)")
        lines += [f"  {witness.says}" for witness in verdict.witnesses[:5]]
    return "\n".join(lines)


def _wish(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("tieout")
    wish = dict(marker.kwargs) if marker else {}
    for name in wish:
        if name not in ("judge", "laws", "at"):
            raise pytest.UsageError(f"tieout: {name!r} is unknown; the marker takes judge, laws, at")
    if "laws" in wish:
        wish.setdefault("judge", True)
    return wish
