from __future__ import annotations

from dataclasses import replace

import pytest

from soundgan.health.controls import Controls
from soundgan.health.remedies import (
    AugmentLess,
    AugmentMore,
    CalmBoth,
    PenaliseMore,
    Remedy,
    RollBack,
    RollBackCalmly,
    RollBackSteadily,
    SkipDiscriminator,
    SlowDiscriminator,
    SteadyDiscriminator,
    StrengthenDiscriminator,
    choose,
)
from tests.health.games import PLAIN, RICH

START = Controls()


@pytest.mark.parametrize(
    ("remedy", "before", "after"),
    [
        (AugmentMore(), START, Controls(augment_probability=0.2)),
        (AugmentMore(), Controls(augment_probability=0.75), Controls(augment_probability=0.8)),
        (AugmentMore(), Controls(augment_probability=0.8), None),
        (AugmentLess(), Controls(augment_probability=0.5), Controls(augment_probability=0.4)),
        (AugmentLess(), Controls(augment_probability=0.0), None),
        (PenaliseMore(), START, Controls(penalty_scale=2.0)),
        (PenaliseMore(), Controls(penalty_scale=16.0), None),
        (SlowDiscriminator(), START, Controls(discriminator_rate_scale=0.5)),
        # From a quarter on the rate follows the balance.
        (SlowDiscriminator(), Controls(discriminator_rate_scale=0.2), None),
        # A tenth of the generator's rate, which the discriminator has too.
        (SteadyDiscriminator(), START, Controls(discriminator_rate_scale=0.1)),
        (SteadyDiscriminator(), Controls(discriminator_rate_scale=0.05), None),
        (SkipDiscriminator(), START, Controls(skip_discriminator=0.5)),
        (SkipDiscriminator(), Controls(skip_discriminator=0.5), Controls(skip_discriminator=0.75)),
        (SkipDiscriminator(), Controls(skip_discriminator=0.75), None),
        (
            StrengthenDiscriminator(),
            Controls(skip_discriminator=0.5, discriminator_rate_scale=4.0),
            Controls(discriminator_rate_scale=4.0),
        ),
        (StrengthenDiscriminator(), Controls(discriminator_rate_scale=4.0), None),
        (
            CalmBoth(),
            START,
            Controls(penalty_scale=2.0, generator_rate_scale=0.5, discriminator_rate_scale=0.5),
        ),
        (RollBack(), START, Controls(attempt=1)),
        (RollBack(), Controls(attempt=3), None),
        (
            RollBackCalmly(),
            START,
            Controls(
                attempt=1, penalty_scale=2.0, generator_rate_scale=0.5, discriminator_rate_scale=0.5
            ),
        ),
        (RollBackSteadily(), START, Controls(attempt=1, discriminator_rate_scale=0.1)),
        (RollBackSteadily(), Controls(discriminator_rate_scale=0.05), None),
    ],
)
def test_what_a_remedy_changes(remedy: Remedy, before: Controls, after: Controls | None) -> None:
    change = remedy.change(before, RICH)
    assert (None if change is None else change.controls) == after
    assert change is None or change.remedy is remedy


@pytest.mark.parametrize("remedy", [AugmentMore(), AugmentLess(), PenaliseMore()])
def test_what_the_config_has_not_is_no_remedy(remedy: Remedy) -> None:
    assert remedy.change(Controls(augment_probability=0.5), PLAIN) is None


def test_a_way_back_that_changes_nothing_else_says_nothing_else() -> None:
    calm = Controls(penalty_scale=16.0, generator_rate_scale=0.125, discriminator_rate_scale=0.05)
    back, calmly = RollBack().change(calm, RICH), RollBackCalmly().change(calm, RICH)
    assert back is not None
    assert calmly is not None
    assert back.words == calmly.words
    assert back.controls == calmly.controls == replace(calm, attempt=1)


def test_a_ladder_goes_round_past_what_is_used_up_or_needs_a_checkpoint() -> None:
    ladder = (RollBack(), PenaliseMore(), AugmentMore())

    def chosen(rung: int, controls: Controls, *, there: bool) -> tuple[str | None, int]:
        change, after = choose(ladder, rung, controls, RICH, can_roll_back=lambda: there)
        return (None if change is None else change.remedy.name), after

    assert chosen(0, START, there=True) == ("roll-back", 1)
    assert chosen(0, START, there=False) == ("penalise-more", 2)
    assert chosen(2, Controls(augment_probability=0.8), there=True) == ("roll-back", 1)
    used_up = Controls(augment_probability=0.8, penalty_scale=16.0, attempt=3)
    assert chosen(1, used_up, there=True) == (None, 1)
