from __future__ import annotations

import pytest

from soundgan.config.load import load_config
from soundgan.config.presets import preset_names
from soundgan.pipelines.outlook import milestones, outlook

FAST = load_config("fast").config


def test_what_is_still_to_come_is_told_with_step_and_time() -> None:
    assert outlook(FAST, 41, 0.1) == (
        "first shapes at about step 125, in 8 s",
        "good sounds at about step 2,000, in 3 min 16 s",
        "the end at step 40,000, in 1 h 07 min",
    )
    assert outlook(FAST, 125, None) == (
        "good sounds at about step 2,000",
        "the end at step 40,000",
    )


def test_nothing_is_to_come_at_the_end() -> None:
    assert outlook(FAST, 40_000, 0.1) == ()


def test_what_a_run_will_not_reach_is_not_promised() -> None:
    short = load_config("fast", ["training.steps=2000"]).config
    assert [what for what, _ in milestones(short, 0)] == ["first shapes", "the end"]


def test_larger_batches_need_fewer_steps() -> None:
    large = load_config("fast", ["training.batch_size=32"]).config
    assert milestones(large, 0)[0] == ("first shapes", 32)


@pytest.mark.parametrize("name", preset_names())
def test_the_end_of_every_preset_is_known(name: str) -> None:
    config = load_config(name).config
    assert milestones(config, 0)[-1] == ("the end", config.training.steps)
