"""One set of mocks a test module; each test begins with fresh sandboxes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scenarios.sandboxes import Sandboxes, sandboxes


@pytest.fixture(scope="module")
def served() -> Iterator[Sandboxes]:
    """All mocks, kept up for the module."""
    with sandboxes(seed="conformance") as running:
        yield running


@pytest.fixture
def lab(served: Sandboxes) -> Sandboxes:
    """The mocks, as fresh as on the first day."""
    served.run(1)
    served.reset()
    return served
