"""The same sound, whatever silence is around it."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.audio.envelope import Envelope, EnvelopeBuilder, Extent, find_extent
from tests.sounds import RATE, silence, tone


def envelope(waveform: np.ndarray) -> Envelope:
    builder = EnvelopeBuilder(RATE)
    for block in np.array_split(waveform.astype(np.float32), 3):
        builder.add(block)
    return builder.finish()


def sound_of(waveform: np.ndarray) -> tuple[Envelope, Extent, np.ndarray]:
    """Envelope, span, and the samples of the span at rest."""
    heard = envelope(waveform)
    sound = find_extent(heard, RATE, trim_db=40)
    piece = waveform[sound.start : sound.end].astype(np.float32)
    heard.resting.remove(piece, sound.start, heard.hop_length)
    return heard, sound, piece


def drum(dc: float) -> np.ndarray:
    """A hit that begins and ends at ``dc``, with a whole number of waves."""
    time = np.arange(2000) / RATE
    return 0.5 * np.sin(2 * np.pi * 100 * time) * np.exp(-20 * time) + dc


def dither(count: int) -> np.ndarray:
    return np.round(np.random.default_rng(5).triangular(-2, 0, 2, count)) / 32768


def plain(count: int) -> np.ndarray:
    return np.zeros(count)


@pytest.mark.parametrize("pad", [plain, dither])
@pytest.mark.parametrize("around", [(4000, 8000), (4013, 7), (3, 4011), (0, 777), (777, 0)])
@pytest.mark.parametrize("dc", [0.0, 0.004, -0.05, 0.3])
def test_a_sound_with_silence_around_it_is_the_sound_alone(
    pad: object, around: tuple[int, int], dc: float
) -> None:
    assert callable(pad)
    before, behind = (pad(count) for count in around)
    tight, tight_sound, alone = sound_of(drum(dc))
    padded, sound, piece = sound_of(np.concatenate([before, drum(dc), behind]))
    assert padded.mean == pytest.approx(tight.mean, abs=1e-6)
    assert sound.rms_db == pytest.approx(tight_sound.rms_db, abs=0.1)
    # A hop at each end, and the margins that silence leaves room for.
    assert len(alone) - 40 <= len(piece) <= len(alone) + 40 + 80 + 40
    lead = around[0] - sound.start
    assert np.abs(piece[: max(0, lead)]).max(initial=0) < 2e-3
    inside = piece[max(0, lead) :][: 2000 + min(0, lead)]
    expected = drum(0.0)[max(0, -lead) :][: len(inside)] + dc - tight.mean
    # The first sample of the drum may itself be digital silence.
    np.testing.assert_allclose(inside[1:], expected[1:], atol=1e-4)


@pytest.mark.parametrize("level", [-0.05, 0.0, 0.1])
def test_noisy_silence_at_another_level_is_no_sound(level: float) -> None:
    noise = np.random.default_rng(6).normal(level, 5e-4, 9000)
    heard, sound, _ = sound_of(np.concatenate([noise[:4010], drum(0.03), noise[4010:]]))
    assert heard.mean == pytest.approx(0.03, abs=2e-3)
    assert 4010 - 80 <= sound.start <= 4010
    assert sound.end <= 4010 + 2000 + 120


def test_a_step_between_two_silences_is_no_sound() -> None:
    quiet = 0.1 + np.random.default_rng(7).normal(0, 1e-4, 6000)
    waveform = np.concatenate([silence(0.5), quiet[:3000], drum(0.1), quiet[3000:], silence(0.3)])
    heard, sound, _ = sound_of(waveform)
    assert heard.mean == pytest.approx(0.1, abs=1e-3)
    assert 7000 - 80 <= sound.start <= 7000


@pytest.mark.parametrize("around", [(0, 0), (0, 4000), (4000, 0), (4011, 4017)])
def test_a_constant_is_no_sound_whatever_is_around_it(around: tuple[int, int]) -> None:
    before, behind = (np.zeros(count) for count in around)
    _, sound, _ = sound_of(np.concatenate([before, np.full(4000, 0.4), behind]))
    assert (sound.start, sound.end, sound.loudest_db) == (0, 0, -120.0)


def test_without_silence_the_mean_is_that_of_the_waveform(rng: np.random.Generator) -> None:
    waveform = rng.normal(0.3, 0.1, 8123).astype(np.float32)
    assert envelope(waveform).mean == pytest.approx(waveform.astype(np.float64).mean(), abs=1e-12)


def test_a_square_wave_keeps_its_first_plateau() -> None:
    square = 0.5 * np.sign(np.sin(2 * np.pi * 25 * (np.arange(3840) + 0.5) / RATE))
    _, sound, piece = sound_of(square)
    assert (sound.start, sound.end) == (0, 3840)
    np.testing.assert_allclose(piece, square, atol=1e-6)


def test_a_click_in_silence_is_not_its_own_constant() -> None:
    click = np.zeros(2000)
    click[1000:1012] = 0.8
    heard, _, piece = sound_of(click)
    assert heard.mean == 0.0
    assert piece.max() == pytest.approx(0.8)


def test_a_quiet_room_around_a_lopsided_sound_stays_as_it_is(rng: np.random.Generator) -> None:
    room = rng.normal(0, 2e-4, 16_000)
    lopsided = np.maximum(tone(0.25), 0.0) * 0.02
    waveform = np.concatenate([room[:8000], lopsided + tone(0.25, hertz=90), room[8000:]])
    heard, _, _ = sound_of(waveform)
    assert heard.mean == pytest.approx(waveform.mean(), abs=1e-5)
    assert not heard.resting.steps
