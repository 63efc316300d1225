from __future__ import annotations

from dataclasses import replace

import pytest

from tests.health.games import EVEN, FINE, GUESS, PLAIN, RICH, WON, play


def test_an_even_game_is_not_disturbed() -> None:
    game = play(RICH).on(5000)
    assert game.events == []
    assert game.controls.to_dict() == play(RICH).controls.to_dict()


def test_a_discriminator_that_has_won_is_named_with_its_numbers() -> None:
    game = play().on(399, WON)
    assert game.names() == ["discriminator-won"]
    event = game.events[0]
    assert event.step == 200
    assert event.numbers["discriminator_loss"] == pytest.approx(0.003)
    assert (
        "the discriminator has won: it tells real from generated in 100 % of pairs and its loss is "
        "0.003 where guessing gives 1.39, so the generator gets no direction"
    ) in event.sentence


@pytest.mark.parametrize(
    ("pairs", "loss_share", "named"),
    [
        (0.99, 0.2, True),  # right and sure for long
        (0.97, 0.2, False),  # wrong now and then
        (0.99, 0.3, False),  # right, but not sure: its slope still shows the way
    ],
)
def test_a_discriminator_that_is_ahead_has_won_only_when_right_and_sure(
    pairs: float, loss_share: float, named: bool
) -> None:
    ahead = {
        **EVEN,
        "discriminator/pair_accuracy": pairs,
        "discriminator/loss": loss_share * GUESS,
    }
    assert play().on(490, ahead).names() == []
    assert (play().on(510, ahead).names() == ["discriminator-won"]) == named


def test_a_penalised_discriminator_may_be_surer() -> None:
    ahead = {**EVEN, "discriminator/pair_accuracy": 1.0}
    guess = RICH.guess_loss
    assert play(RICH).on(3000, {**ahead, "discriminator/loss": 0.05 * guess}).events == []
    assert play(RICH).on(710, {**ahead, "discriminator/loss": 0.03 * guess}).names() != []


def test_a_critic_without_a_scale_never_wins() -> None:
    critic = replace(PLAIN, guess_loss=0.0)
    assert play(critic).on(3000, {**WON, "discriminator/loss": -9.0}).names() == []


@pytest.mark.parametrize(
    ("pairs", "spread", "steps", "named"),
    [
        (0.5, 0.5, 490, False),
        (0.5, 0.5, 510, True),
        (0.53, 0.5, 2000, False),
        (0.55, 9e-4, 199, False),
        (0.55, 9e-4, 201, True),
        (0.55, 2e-3, 2000, False),
        (0.65, 9e-4, 2000, False),
    ],
)
def test_a_discriminator_is_dead_when_it_guesses_or_has_one_opinion(
    pairs: float, spread: float, steps: int, named: bool
) -> None:
    numbers = {
        **EVEN,
        "discriminator/pair_accuracy": pairs,
        "discriminator/logit_std": spread,
    }
    probe = {**FINE, "train_pair_accuracy": 0.55}
    game = play().on(steps, numbers, probe)
    assert (game.names()[:1] == ["discriminator-dead"]) == named


def test_a_discriminator_that_knows_the_average_generator_is_alive() -> None:
    outwitted = {**EVEN, "discriminator/pair_accuracy": 0.45}
    assert play().on(3000, outwitted, {**FINE, "train_pair_accuracy": 0.75}).events == []


@pytest.mark.parametrize(
    "numbers",
    [
        {"discriminator/real_logit": 90.0, "discriminator/fake_logit": -11.0},
        {"discriminator/logit_std": 101.0},
        {"discriminator/penalty": 101.0},
    ],
)
def test_logits_and_penalties_beyond_all_measure_are_an_explosion(
    numbers: dict[str, float],
) -> None:
    usual = {**EVEN, "discriminator/penalty": 1.0}
    game = play(RICH).on(400, usual).on(15, {**usual, **numbers})
    assert game.names() == ["explosion"]


def test_logits_that_drift_together_are_no_explosion() -> None:
    drifted = {**EVEN, "discriminator/real_logit": 501.0, "discriminator/fake_logit": 500.0}
    assert play(RICH).on(1000, drifted).events == []


def test_a_penalty_that_grew_from_nothing_is_no_explosion() -> None:
    small = {**EVEN, "discriminator/penalty": 1e-6}
    assert play(RICH).on(400, small).on(100, {**small, "discriminator/penalty": 1.0}).events == []


def test_numbers_left_out_between_two_looks_count_as_time() -> None:
    seldom, always = play(), play().on(320, WON)
    for step in range(20, 340, 20):
        seldom.step = step - 1
        seldom.on(1, WON)
    assert seldom.names() == always.names() == ["discriminator-won"]
