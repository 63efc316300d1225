from __future__ import annotations

import math

import pytest
import torch

from soundgan.audio.outline import (
    Outline,
    at_peak,
    gentle_outline,
    limits,
    measure_outline,
    wider_where,
)

RATE = 8000
STEPS = (1, 2, 4, 5, 8, 11, 16, 22, 32)
"""Powers of the root of two, rounded down, as far as 5 ms of 8 kHz, 40 samples, reach."""


def ramp(n: int = 400) -> torch.Tensor:
    """Rises by a hundredth a sample to its peak at sample 100, and falls to 0 at the end."""
    t = torch.arange(n, dtype=torch.float32)
    return torch.minimum(t / 100, (n - 1 - t) / (n - 101)).clamp(min=0)[None]


def test_one_sound_is_measured_exactly() -> None:
    outline = measure_outline([ramp() * 0.5], RATE)
    assert outline is not None
    # The largest of the first n samples of the ramp is the last of them, (n - 1) / 100.
    assert outline.start == pytest.approx([(step - 1) / 100 for step in STEPS], abs=2e-4)
    assert outline.end == pytest.approx([(step - 1) / 299 for step in STEPS], abs=2e-4)
    assert outline.peak == pytest.approx(0.5)


def test_a_measured_sound_is_left_as_it_is_by_its_own_limits() -> None:
    for seed in range(20):
        noise = torch.randn(1, 300, generator=torch.Generator().manual_seed(seed))
        sound = noise * torch.exp(-torch.arange(300) / 60)
        held = sound.clone()
        limits(measure_outline([sound], RATE), 300)[-1].hold(held)
        assert torch.equal(held, sound)


def test_nineteen_of_twenty_sounds_keep_to_the_limits_and_the_loudest_does_not_count() -> None:
    sounds = torch.zeros(20, 100)
    sounds[:, 50] = 1.0
    sounds[:, 0] = torch.arange(20) / 100
    outline = measure_outline([sounds[:7], sounds[7:]], RATE)
    assert outline is not None
    assert outline.start[0] == pytest.approx(0.19, abs=0.0101)
    sounds[19, 0] = 0.9
    again = measure_outline([sounds], RATE)
    assert again is not None
    # 0.95 of the way along 20 values is between the nineteenth and the twentieth.
    assert again.start[0] == pytest.approx(0.9, abs=1e-3)
    more = torch.cat([sounds[:19], sounds[:19], sounds])
    assert measure_outline([more], RATE).start[0] < 0.2  # type: ignore[union-attr]


def test_three_of_four_sounds_keep_to_the_quiet_limits() -> None:
    sounds = torch.zeros(20, 100)
    sounds[:, 50] = 1.0
    sounds[:15, 0], sounds[15:, 0] = 0.02, 0.5
    sounds[:15, -1], sounds[15:, -1] = 0.01, 0.3
    outline = measure_outline([sounds], RATE)
    assert outline is not None
    # 0.75 of the way along 20 values lies between the fifteenth and the sixteenth.
    assert (outline.start[0], outline.quiet_start[0]) == (0.5, 0.5)
    outline = measure_outline([torch.cat([sounds, sounds[:1]])], RATE)
    assert outline is not None
    assert outline.start[0] == 0.5
    assert outline.quiet_start[0] == pytest.approx(0.02, abs=1e-4)
    assert outline.end[0] == pytest.approx(0.3, abs=1e-3)
    assert outline.quiet_end[0] == pytest.approx(0.01, abs=1e-3)


def test_half_of_the_sounds_keep_to_the_quietest_limits() -> None:
    sounds = torch.zeros(21, 100)
    sounds[:, 50] = 1.0
    sounds[:, 0], sounds[:, -1] = torch.arange(21) / 50, torch.arange(21) / 25
    outline = measure_outline([sounds], RATE)
    assert outline is not None
    # The middle one of 21.
    assert outline.quietest_start[0] == pytest.approx(10 / 50, abs=1e-4)
    assert outline.quietest_end[0] == pytest.approx(10 / 25, abs=1e-4)


def test_one_sound_has_no_quieter_limits_than_its_own() -> None:
    outline = measure_outline([ramp()], RATE)
    assert outline is not None
    assert outline.quiet_start == outline.quiet_end == []
    assert outline.quietest_start == outline.quietest_end == []
    assert len(limits(outline, 400)) == 1


def test_there_are_as_many_limits_as_an_outline_holds_the_narrowest_first() -> None:
    three = Outline(start=[0.5], quiet_start=[0.2, 0.3], quietest_start=[0.1], end=[0.0])
    starts = [part.start.tolist() for part in limits(three, 40)]
    free = starts[0][1]
    assert free > 1
    assert starts == [pytest.approx(row) for row in ([0.1, free], [0.2, 0.3], [0.5, free])]
    older = three.model_copy(update={"quietest_start": []})
    assert [part.start.tolist() for part in limits(older, 40)] == starts[1:]
    assert len(limits(None, 40)) == 1


def test_only_sounds_that_press_against_the_quiet_limits_get_wider_ones() -> None:
    quiet, wide = limits(Outline(start=[0.5], quiet_start=[0.1, 0.1]), 40)
    sounds = torch.ones(3, 40)
    # To be held at 0.1, a first sample x moves by x - 0.1; the norm of the rest is about 6.2.
    sounds[:, :2] = torch.tensor([[0.05, 0.1], [0.12, 0.1], [0.9, 0.3]])
    pressed = quiet.pressing(sounds)
    assert pressed.tolist() == [False, False, True]
    assert torch.equal(sounds[2, :2], torch.tensor([0.9, 0.3])), "asking changes nothing"
    wider_where(pressed, wide, quiet).hold(sounds)
    expected = torch.tensor([[0.05, 0.1], [0.1, 0.1], [0.5, 0.3]])
    torch.testing.assert_close(sounds[:, :2], expected)


def test_the_quietest_limits_are_left_less_easily_than_the_quiet_ones() -> None:
    outline = Outline(start=[0.5], quiet_start=[0.1], quietest_start=[0.1])
    quietest, quiet, _ = limits(outline, 40)
    sounds = torch.ones(3, 40)
    sounds[:, 0] = 0.1 + 6.25 * torch.tensor([0.003, 0.007, 0.015])  # by shares of about the norm
    assert quietest.pressing(sounds).tolist() == [False, False, True]
    assert quiet.pressing(sounds).tolist() == [False, True, True]


def test_how_sounds_are_batched_does_not_matter() -> None:
    sounds = torch.randn(9, 200, generator=torch.Generator().manual_seed(1))
    together = measure_outline([sounds], RATE)
    assert together == measure_outline(sounds.split(2), RATE)
    assert together == measure_outline([sounds.flip(0) * -1], RATE)


def test_a_level_in_common_is_noted_and_others_are_not() -> None:
    sounds = ramp().repeat(40, 1)
    for peaks, common in (
        (torch.full((40,), 0.8913), 0.8913),
        (torch.linspace(0.88, 0.9, 40), 0.89),
        (torch.linspace(0.1, 0.9, 40), None),
        (torch.full((40,), 1e-4), None),
    ):
        outline = measure_outline([sounds * peaks[:, None]], RATE)
        assert outline is not None
        assert outline.peak == (None if common is None else pytest.approx(common, abs=2e-3))
    assert measure_outline([ramp()], RATE, with_peak=False).peak is None  # type: ignore[union-attr]


def test_silence_has_no_outline_and_does_not_count_among_sounds() -> None:
    assert measure_outline([], RATE) is None
    assert measure_outline([torch.zeros(3, 100)], RATE) is None
    with_silence = torch.cat([torch.zeros(30, 400), ramp()])
    assert measure_outline([with_silence], RATE) == measure_outline([ramp()], RATE)


def test_samples_beyond_a_limit_are_brought_to_it_and_no_others_are_touched() -> None:
    outline = Outline(start=[0.1, 0.2, 1.0], end=[0.0, 0.5])
    sound = torch.tensor([[0.9, -0.9, 0.05, 2.0, -1.0, 0.3, 0.8, 0.4, 1.2, 0.7]])
    held = sound.clone()
    limits(outline, 10)[-1].hold(held)
    # The peak is 2, so 0.2 and 0.4 at the start, and 1 and 0 at the end.
    expected = torch.tensor([[0.2, -0.4, 0.05, 2.0, -1.0, 0.3, 0.8, 0.4, 1.0, 0.0]])
    torch.testing.assert_close(held, expected)


def test_limits_follow_the_peak_of_each_sound_alone() -> None:
    outline = Outline(start=[0.25], end=[])
    sounds = torch.ones(2, 16)
    sounds[1] *= 8
    limits(outline, 16)[-1].hold(sounds)
    assert sounds[:, 0].tolist() == [0.25, 2.0]
    assert sounds[:, 1:].amax(dim=1).tolist() == [1.0, 8.0]


def test_waveforms_that_stop_early_are_held_where_they_would_end() -> None:
    sounds = torch.ones(1, 14)  # the last two of sixteen samples are silent
    limits(Outline(end=[0.1, 0.2, 0.3, 0.4]), 16)[-1].hold(sounds)
    assert sounds[0, 11:].tolist() == pytest.approx([1.0, 0.3, 0.3])


@pytest.mark.parametrize("n_samples", [1, 2, 3, 7])
def test_a_sound_of_a_few_samples_keeps_most_of_them(n_samples: int) -> None:
    held = torch.ones(1, n_samples)
    limits(Outline(start=[0.0] * 12, end=[0.0] * 12), n_samples)[-1].hold(held)
    assert int(held.sum()) >= math.ceil(n_samples / 2)


def test_without_an_outline_only_what_clips_is_turned_down() -> None:
    sounds = torch.tensor([[0.5, -0.1], [2.0, -4.0], [0.0, 0.0]])
    assert at_peak(sounds, None).tolist() == [[0.5, pytest.approx(-0.1)], [0.5, -1.0], [0.0, 0.0]]
    assert torch.equal(at_peak(sounds, Outline()), at_peak(sounds, None))


def test_a_peak_in_common_is_given_to_every_sound_but_silence() -> None:
    sounds = torch.tensor([[0.5, -0.1], [2.0, -4.0], [0.002, 0.0], [0.0, 0.0]])
    loud = at_peak(sounds, Outline(peak=0.8))
    assert loud.abs().amax(dim=1).tolist() == pytest.approx([0.8, 0.8, 0.002, 0.0])
    assert loud[0, 1] == pytest.approx(-0.16)


@pytest.mark.parametrize("rate", [1000, 8000, 44_100, 192_000])
def test_a_gentle_outline_begins_at_nothing_and_is_over_after_half_a_millisecond(rate: int) -> None:
    sounds = torch.ones(1, rate)
    limits(gentle_outline(rate), rate)[-1].hold(sounds)
    assert sounds[0, 0] == sounds[0, -1] == 0.0
    n = math.ceil(0.0005 * rate) + 1
    assert bool((sounds[0, n:-n] == 1.0).all())
    assert bool((sounds[0, :n].diff() >= 0).all())
