from __future__ import annotations

import pytest

from tests.health.games import EVEN, FINE, RICH, Play, play

TROUBLES = [
    ("mode-collapse", {"diversity": 0.19, "latent_sensitivity": 0.15}, {"diversity": 0.51}),
    ("low-diversity", {"diversity": 0.49}, {"diversity": 0.51}),
    ("latent-ignored", {"latent_sensitivity": 0.09}, {"latent_sensitivity": 0.11}),
    ("discriminator-overfits", {"overfit": 0.81}, {"overfit": 0.79}),
    (
        "discriminator-overfits",
        {"train_pair_accuracy": 0.9, "held_out_pair_accuracy": 0.64},
        {"train_pair_accuracy": 0.9, "held_out_pair_accuracy": 0.66},
    ),
    ("memorisation", {"nearest_ratio": 0.69}, {"nearest_ratio": 0.71}),
    ("generator-saturates", {"saturated": 0.81}, {"saturated": 0.79}),
    ("generator-saturates", {"pixel_std": 0.09}, {"pixel_std": 0.11}),
    ("silence", {"silent": 0.51}, {"silent": 0.49}),
    ("single-tone", {"single_tone": 0.61}, {"single_tone": 0.59}),
]


def watched(probe: dict[str, float]) -> Play:
    return play(RICH).on(500).on(1500, EVEN, {**FINE, **probe})


@pytest.mark.parametrize(("name", "ill", "well"), TROUBLES)
def test_a_trouble_is_named_beyond_its_threshold_and_not_before(
    name: str, ill: dict[str, float], well: dict[str, float]
) -> None:
    assert watched(ill).names()[:1] == [name]
    assert watched(well).events == []


@pytest.mark.parametrize(("name", "ill", "well"), TROUBLES)
def test_one_look_is_not_enough(name: str, ill: dict[str, float], well: dict[str, float]) -> None:
    game = play(RICH).on(500).on(250, EVEN, {**FINE, **ill}).on(2000, EVEN, FINE)
    assert game.events == []


def test_real_sounds_that_are_tones_or_silent_make_such_generated_ones_no_trouble() -> None:
    tones = {"single_tone": 1.0, "single_tone_real": 0.9, "silent": 0.6, "silent_real": 0.2}
    assert watched(tones).events == []


@pytest.mark.parametrize("name", ["no-variety", "latent-ignored", "generator-saturates"])
def test_a_generator_without_any_variety_yet_is_given_2000_steps(name: str) -> None:
    low = {
        "no-variety": "diversity",
        "latent-ignored": "latent_sensitivity",
        "generator-saturates": "pixel_std",
    }
    ill = {**FINE, low[name]: 0.05}
    assert play(RICH).on(2249, EVEN, ill).events == []
    assert play(RICH).on(2250, EVEN, ill).names() == [name]


def test_a_generator_whose_sounds_become_more_varied_is_left_alone() -> None:
    game = play(RICH)
    for look in range(16):
        game.on(250, EVEN, {**FINE, "diversity": 0.01 * 1.2**look})
    assert game.events == []


def test_one_cause_is_named_once() -> None:
    """Silence has no variety either."""
    game = watched({"silent": 1.0, "diversity": 0.0, "latent_sensitivity": 0.0, "pixel_std": 0.0})
    assert set(game.names()) == {"silence"}


def test_a_sentence_carries_its_numbers() -> None:
    assert (
        "its sounds lie only 41 % as far from them as validation clips do"
        in watched({"nearest_ratio": 0.41}).events[0].sentence
    )
    assert (
        "generated sounds differ from each other only 8 % as much as real ones do"
        in watched({"diversity": 0.08}).events[0].sentence
    )
