"""A run that is over leaves nothing in memory: thousands of them are played in one process."""

from __future__ import annotations

import gc

import pytest

from core.assemble import MODELS
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.world.build import World
from scenarios.world.play import play


@pytest.mark.parametrize("model", MODELS)
def test_no_world_outlives_its_run(model: str) -> None:
    story = STORIES["dispute_won"]
    play(Spec(story.name, model, story.profile, 1, story.months, 1, "none"), repeat=False)
    gc.collect()
    assert [each for each in gc.get_objects() if type(each) is World] == []
