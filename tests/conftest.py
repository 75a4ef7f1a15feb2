"""What holds for every test: how long an example takes on a busy machine proves nothing."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("tieout", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tieout")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Every play begins by collecting garbage; what was imported to collect the tests is none, and looking
    through it some thousand times would be a minute of the suite."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
