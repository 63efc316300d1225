from __future__ import annotations

import json
import math
from typing import Any

import pytest

from soundgan.errors import ArtefactError
from soundgan.health.controls import Controls
from soundgan.health.history import History
from soundgan.health.verdict import verdict
from soundgan.health.watch import Watch
from tests.health.games import EVEN, FINE, PLAIN, RICH, SLOW, WON, Play, play

NAN = {**EVEN, "generator/loss": math.nan, "generator/gradient_norm": math.nan}


def test_remedies_come_in_their_order_one_per_incident() -> None:
    game = play(RICH).on(1100, WON)
    assert [event.remedy for event in game.events] == [
        "augment-more",
        "penalise-more",
        "slow-discriminator",
        "roll-back",
        "skip-discriminator",
    ]
    first = game.events[0]
    assert first.before == Controls()
    assert first.after == Controls(augment_probability=0.2)
    assert game.events[1].after == Controls(augment_probability=0.2, penalty_scale=2.0)
    assert [event.step for event in game.events] == [200, 400, 600, 800, 1000]


def test_without_penalty_and_augmentation_the_discriminator_is_slowed_at_once() -> None:
    assert [event.remedy for event in play(PLAIN).on(700, WON).events] == [
        "slow-discriminator",
        "roll-back",
        "skip-discriminator",
    ]


def test_the_last_remedy_is_to_go_back_and_three_times_at_most() -> None:
    game = play(PLAIN).on(20_000, WON)
    assert len(game.rollbacks) == 3
    assert game.controls.attempt == 3
    assert game.names()[-1] == "discriminator-won"
    assert "nothing is left to try" in game.events[-1].sentence
    assert len(game.events) < 12  # said once, not every few hundred steps


def test_the_discriminators_rate_follows_the_balance_once_it_was_slowed() -> None:
    def answering(controls: Controls) -> dict[str, float]:
        """A discriminator that wins at rates above a tenth, and is lost below a fortieth."""
        rate = controls.discriminator_rate_scale
        pairs = 1.0 if rate > 0.1 else 0.6 if rate < 0.025 else 0.8
        return {**(WON if rate > 0.1 else EVEN), "discriminator/pair_accuracy": pairs}

    game = play(PLAIN).on(3000, answering)
    assert game.names() == ["discriminator-won"]
    assert game.names("recovery") == ["discriminator-won"]
    assert 0.025 < game.controls.discriminator_rate_scale < 0.1
    ended = verdict(game.watch.history, step=3000, steps=3000, remedies=True)
    assert ended.healthy
    assert ended.sentence.startswith("healthy again: the discriminator won from the start to step")
    assert ended.sentence.endswith("and that is over; what was done: a slower discriminator")


def test_the_discriminator_is_never_slower_than_a_twentieth_of_the_generator() -> None:
    assert play(PLAIN).on(20_000, WON).controls.discriminator_rate_scale == 0.05


def test_without_a_checkpoint_there_is_no_way_back() -> None:
    game = play(RICH).on(500)
    game.snapshot = False
    game.on(1000, EVEN, {**FINE, "diversity": 0.0})
    assert game.rollbacks == []
    assert [event.remedy for event in game.events] == ["calm-both"]
    assert game.controls == Controls(None, 2.0, 0.5, 0.5)


def test_a_collapse_goes_back_calmer_and_with_other_random_numbers() -> None:
    game = play(RICH).on(500).on(500, EVEN, {**FINE, "diversity": 0.0})
    assert game.rollbacks == [1000]
    assert game.controls == Controls(None, 2.0, 0.5, 0.5, 0.0, attempt=1)


def test_a_dead_discriminator_is_made_stronger() -> None:
    dead = {**EVEN, "discriminator/pair_accuracy": 0.5}
    game = play(RICH)
    game.controls = Controls(skip_discriminator=0.5, discriminator_rate_scale=0.25)
    game.on(900, dead, {**FINE, "train_pair_accuracy": 0.5})
    assert [event.remedy for event in game.events] == ["strengthen-discriminator", "augment-less"]
    assert game.controls == Controls(augment_probability=0.0, discriminator_rate_scale=0.5)


def test_one_update_that_is_not_finite_is_left_out_and_told() -> None:
    game = play().on(300).on(1, NAN).on(300)
    assert game.names() == []
    assert game.names("skipped") == ["not-finite"]
    assert "generator/loss = nan" in game.events[0].sentence
    assert verdict(game.watch.history, step=601, steps=601, remedies=True).healthy


def test_three_in_a_row_go_back_and_after_three_rollbacks_there_is_no_hope() -> None:
    game = play().on(300).on(2, NAN)
    assert game.rollbacks == []
    game.on(1, NAN)
    assert game.rollbacks == [303]
    game.on(6, NAN)
    assert len(game.rollbacks) == 3
    assert not game.hopeless
    game.on(3, NAN)
    assert game.hopeless


def test_a_gradient_20_times_its_usual_size_is_refused_and_a_smaller_one_is_not() -> None:
    game = play().on(300)
    assert game.watch.limits.discriminator == 20.0
    assert game.watch.limits.generator == 10.0
    assert game.on(1, {**EVEN, "discriminator/gradient_norm": 19.9}).events == []
    assert game.on(1, {**EVEN, "generator/gradient_norm": 10.1}).names("skipped") == [
        "large-gradient"
    ]


LEAPING = {**EVEN, "discriminator/gradient_norm": 1000.0}


@pytest.mark.parametrize("network", ["discriminator", "generator"])
def test_new_sizes_of_gradients_become_the_usual_ones(network: str) -> None:
    name = f"{network}/gradient_norm"
    game = play(SLOW).on(300).on(1000, {**EVEN, name: 1000 * EVEN[name]})
    assert game.names() == []
    assert game.names("skipped") == ["large-gradient", "large-gradient"]
    assert "3 steps in a row" in game.events[1].sentence
    assert game.events[1].sentence.endswith("such ones are applied from now on")
    assert getattr(game.watch.limits, network) >= 10_000 * EVEN[name]
    assert game.controls == Controls()


LEAPT = (
    "the discriminator leaps: a gradient is over 20 times its usual size 3 steps in a row "
    "(discriminator/gradient_norm = 1000); remedy: "
)
STEADIER = "lower the discriminator's learning rate from 0.001 to 0.0001"


def test_a_discriminator_that_leaps_three_times_in_a_row_goes_back_and_on_at_a_tenth() -> None:
    game = play().on(300).on(2, LEAPING)
    assert game.names() == []
    game.on(1, LEAPING).on(1000)
    assert game.names() == ["discriminator-leaps"]
    assert game.rollbacks == [303]
    assert game.events[-1].sentence == (
        f"{LEAPT}go back to a good checkpoint and on from there with other random numbers; "
        f"{STEADIER}"
    )
    assert game.controls == Controls(discriminator_rate_scale=0.1, attempt=1)
    assert not game.watch.history.balancing
    ended = verdict(game.watch.history, step=1303, steps=1303, remedies=True)
    assert ended.healthy
    assert ended.sentence == (
        "healthy again: the discriminator leapt from step 303, and that is over; "
        "what was done: going back to a checkpoint"
    )


def test_a_discriminator_that_leaps_again_goes_back_again_to_the_slowest_rate_there_is() -> None:
    game = play()
    for _ in range(4):
        game.on(300).on(3, LEAPING)
    assert game.rollbacks == [303, 606]
    assert game.controls == Controls(discriminator_rate_scale=0.05, attempt=2)


def test_without_a_checkpoint_it_goes_on_at_a_tenth_where_it_is() -> None:
    game = play().on(300)
    game.snapshot = False
    game.on(3, LEAPING).on(1000)
    assert game.rollbacks == []
    assert game.events[-1].sentence == LEAPT + STEADIER
    assert game.controls == Controls(discriminator_rate_scale=0.1)


def test_a_generator_that_leaps_says_nothing_about_the_discriminator() -> None:
    game = play().on(300).on(3, {**EVEN, "generator/gradient_norm": 1000.0})
    assert game.names("skipped") == ["large-gradient", "large-gradient"]
    assert game.controls == Controls()


def test_a_discriminator_that_was_steadied_and_wins_all_the_same_is_slowed_next() -> None:
    game = play().on(300).on(3, LEAPING).on(500, WON)
    assert [event.remedy for event in game.events if event.event == "incident"][:2] == [
        "roll-back",
        "slow-discriminator",
    ]
    assert game.watch.history.balancing


def test_a_gradient_that_was_nothing_for_a_while_may_come_back() -> None:
    """As under the hinge loss, where a discriminator that has won has none."""
    nothing = {**EVEN, "discriminator/gradient_norm": 0.0}
    assert play().on(1000).on(500, nothing).on(300).events == []


def test_without_remedies_it_only_tells_and_only_once() -> None:
    game = play(RICH, remedies=False).on(6000, WON, {**FINE, "diversity": 0.0})
    assert game.names() == ["discriminator-won", "no-variety"]
    assert "not done: augment what the discriminator sees" in game.events[0].sentence
    assert "not done: double the weight of the gradient penalty" in game.events[1].sentence
    assert game.controls == Controls()
    assert math.isinf(game.watch.limits.generator)
    ended = verdict(game.watch.history, step=6000, steps=6000, remedies=False)
    assert not ended.healthy
    assert "nothing was done, as remedies were switched off" in ended.sentence


def test_without_remedies_a_number_that_is_not_finite_ends_the_game() -> None:
    assert play(remedies=False).on(300).on(1, NAN).hopeless


def difficult(game: Play, first: int, last: int) -> Play:
    """A game with all kinds of trouble, as a function of the step."""
    for step in range(first, last):
        numbers = WON if 300 <= step < 1500 else NAN if step in (200, 1700) else EVEN
        wave = {**numbers, "discriminator/gradient_norm": 1.0 + math.sin(step)}
        ill = 1800 <= step < 2600
        game.on(1, wave, {**FINE, "diversity": 0.1 if ill else 0.9})
    return game


@pytest.mark.parametrize("cut", [150, 201, 650, 1234, 1701, 2300])
def test_a_watch_that_was_put_away_and_taken_up_decides_the_same(cut: int) -> None:
    whole = difficult(play(RICH), 0, 3000)
    before = difficult(play(RICH), 0, cut)
    stored = json.loads(json.dumps([before.watch.history.to_dict(), before.controls.to_dict()]))
    watch = Watch(RICH, History.from_dict(stored[0]))
    after = Play(watch, Controls.from_dict(stored[1]), cut, list(before.events))
    difficult(after, cut, 3000)
    assert after.events == whole.events
    assert len(whole.events) >= 6
    assert after.controls == whole.controls
    assert after.watch.history.to_dict() == whole.watch.history.to_dict()


def test_a_rewound_watch_knows_the_past_and_remembers_its_remedies() -> None:
    game = play(RICH).on(500)
    past = History.from_dict(game.watch.history.to_dict())
    game.on(500, EVEN, {**FINE, "diversity": 0.0})
    assert game.rollbacks == [1000]
    game.watch.rewind(500, past)
    assert game.watch.history.signals.step == 500
    assert game.watch.history.troubles["mode-collapse"].count == 1
    assert game.watch.history.sound
    game.step = 500
    game.on(900, EVEN, {**FINE, "diversity": 0.0})
    assert game.rollbacks == [1000]  # the remedy is given time
    game.on(700, EVEN, {**FINE, "diversity": 0.0})
    assert game.events[-1].remedy == "calm-both"


def test_a_checkpoint_is_sound_only_without_a_trouble_that_spoils_it() -> None:
    assert play(RICH).on(600).watch.history.sound
    assert not play(RICH).on(600, WON).watch.history.sound
    assert not play(RICH).on(600).on(1, NAN).watch.history.sound
    assert play(RICH).on(1500, EVEN, {**FINE, "nearest_ratio": 0.1}).watch.history.sound


HOSTILE: list[tuple[str, Any]] = [
    ("signals", None),
    ("signals", {}),
    ("troubles", {"discriminator-won": {"count": -1}}),
    ("troubles", {"no-such-trouble": {}}),
    ("troubles", {"discriminator-won": {"rung": 10**9}}),
    ("strikes", "1"),
    ("balancing", 1),
    ("probe", {"diversity": math.nan}),
    ("probe", {"diversity": 10**400}),
    ("rollbacks", [[1, 2]]),
    ("rollbacks", [{"at": -1, "to": 0}]),
]


@pytest.mark.parametrize(("key", "value"), HOSTILE)
def test_a_history_that_no_watch_can_have_is_refused(key: str, value: Any) -> None:
    document = play().on(10).watch.history.to_dict() | {key: value}
    with pytest.raises(ArtefactError, match=r"^health"):
        History.from_dict(document)


def test_a_window_longer_than_any_of_this_program_is_refused() -> None:
    document = play().on(10).watch.history.to_dict()
    document["signals"]["windows"]["generator/gradient_norm"] = [1.0] * 201
    with pytest.raises(ArtefactError, match=r"health.signals.windows"):
        History.from_dict(document)
