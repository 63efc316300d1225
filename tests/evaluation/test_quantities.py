from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from soundgan.errors import AudioError
from soundgan.evaluation import quantities as q
from soundgan.evaluation.envelope import end_of, envelope_of, onset_of

RATE = 44_100


def noise(n_samples: int, *, n_channels: int = 1, seed: int = 0) -> Tensor:
    stream = torch.Generator().manual_seed(seed)
    return 0.2 * torch.randn(1, n_channels, n_samples, generator=stream)


def decaying(seconds_per_60_db: float, *, lead: int = 1000) -> Tensor:
    """Noise that begins at once and falls evenly."""
    t = torch.arange(RATE) / RATE
    burst = noise(RATE) * 10 ** (-3 * t / seconds_per_60_db)
    return torch.cat([torch.zeros(1, 1, lead), burst], dim=2)


def measured(waveforms: Tensor, quantity: q.Quantity) -> float:
    kinds = q.quantities_of(RATE, waveforms.shape[1])
    return float(q.measure(waveforms, RATE)[0, kinds.index(quantity)])


def test_power_is_the_mean_of_a_millisecond_and_of_the_channels() -> None:
    waveform = torch.zeros(1, 2, 200)
    waveform[0, 0, 100] = 1.0
    envelope = envelope_of(waveform, 8000)  # 8 samples
    assert envelope.max() == pytest.approx(1 / 16)
    assert (envelope > 0).sum() == 8
    assert (int(onset_of(envelope, -20.0)), int(end_of(envelope, -20.0))) == (97, 105)


@pytest.mark.parametrize("ms", [3.0, 10.0, 30.0])
def test_a_linear_rise_takes_four_tenths_of_itself(ms: float) -> None:
    """From a tenth to a half of the amplitude."""
    n = round(ms * RATE / 1000)
    waveform = torch.sin(2 * torch.pi * 6000 * torch.arange(RATE) / RATE)[None, None]
    waveform[..., :n] *= torch.linspace(0, 1, n)
    assert measured(waveform, q.ATTACK) == pytest.approx(0.4 * ms, abs=0.4)


def test_a_sound_that_is_there_at_once_rises_by_nearly_forty_decibels() -> None:
    assert measured(decaying(0.5), q.ATTACK) < 0.4
    assert measured(decaying(0.5), q.RISE) == pytest.approx(38.0, abs=2.0)


def test_a_slow_rise_is_less_steep_than_a_fast_one() -> None:
    found = []
    for ms in (1, 3, 10, 30):
        waveform, n = decaying(0.5), ms * RATE // 1000
        waveform[..., 1000 : 1000 + n] *= torch.linspace(0, 1, n)
        found.append(measured(waveform, q.RISE))
    assert found == sorted(found, reverse=True)
    assert found[0] - found[1] > 3.0


def test_the_crest_of_a_sine_is_three_decibels_and_that_of_a_square_none() -> None:
    sine = torch.sin(2 * torch.pi * 441 * torch.arange(RATE) / RATE)[None, None]
    assert measured(sine, q.CREST) == pytest.approx(3.01, abs=0.01)
    assert measured(sine.sign() + (sine == 0), q.CREST) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("t60", [0.15, 0.5, 1.2])
def test_decay_is_a_third_of_the_time_in_which_power_falls_by_sixty_decibels(t60: float) -> None:
    assert measured(decaying(t60), q.DECAY) == pytest.approx(1000 * t60 / 3, rel=0.1)


def test_length_is_two_thirds_of_it() -> None:
    assert measured(decaying(0.6), q.LENGTH) == pytest.approx(400.0, rel=0.1)


def test_sound_that_dies_away_ends_quietly_and_a_click_loudly() -> None:
    waveform = decaying(0.5)
    assert measured(waveform, q.END) < -30.0
    for place in (-1, 40_000):  # at the end of the clip, or with silence behind it
        clicked = waveform.clone()
        clicked[..., place] = 0.25 * waveform.abs().max()
        assert measured(clicked, q.END) == pytest.approx(20 * math.log10(0.25), abs=0.1)


def test_a_tail_that_is_cut_ends_loudly_and_is_shorter() -> None:
    waveform = decaying(0.6)
    cut = waveform.clone()
    cut[..., 1000 + round(0.3 * RATE) :] = 0.0
    assert measured(cut, q.END) > measured(waveform, q.END) + 6.0
    assert measured(cut, q.LENGTH) == pytest.approx(300.0, abs=2.0)


def test_a_tone_is_as_bright_as_it_is_high() -> None:
    for hertz in (500.0, 5000.0, 15_000.0):
        tone = torch.sin(2 * torch.pi * hertz * torch.arange(RATE) / RATE)[None, None]
        assert measured(tone, q.BRIGHTNESS) == pytest.approx(hertz, rel=0.15)


def test_what_is_cut_off_at_12_khz_ends_there() -> None:
    spectrum = torch.fft.rfft(noise(RATE))
    spectrum[..., 12_000:] = 0.0  # bins of 1 Hz
    dull = torch.fft.irfft(spectrum) * torch.hann_window(RATE)  # begins and ends in silence
    assert measured(dull, q.EDGE) == pytest.approx(12_000.0, rel=0.02)
    assert measured(noise(RATE), q.EDGE) > 22_000.0


def test_of_white_noise_as_much_lies_above_8_khz_as_the_band_says() -> None:
    share = (RATE / 2 - 8000) / (RATE / 2)
    assert measured(noise(RATE), q.HIGHS) == pytest.approx(10 * math.log10(share), abs=0.2)
    tone = torch.sin(2 * torch.pi * 441 * torch.arange(RATE) / RATE)[None, None]
    assert measured(tone, q.HIGHS) < -50.0


def test_there_are_no_highs_at_16_khz_and_no_width_in_mono() -> None:
    assert q.HIGHS not in q.quantities_of(16_000, 2)
    assert q.HIGHS in q.quantities_of(16_001, 1)
    assert {q.WIDTH, q.CORRELATION}.isdisjoint(q.quantities_of(RATE, 1))
    assert q.quantities_of(RATE, 2) == q.QUANTITIES


def test_width_and_correlation_of_known_images() -> None:
    one, other = noise(RATE), noise(RATE, seed=1)
    other *= one.norm() / other.norm()
    images = {
        "mono": (one, one, -60.0, 1.0),
        "apart": (one, other, 0.0, 0.0),
        "opposite": (one, -one, 60.0, -1.0),
        "one side": (one, 0 * one, 0.0, 0.0),
    }
    for name, (left, right, width, correlation) in images.items():
        waveform = torch.cat([left, right], dim=1)
        assert measured(waveform, q.WIDTH) == pytest.approx(width, abs=0.2), name
        assert measured(waveform, q.CORRELATION) == pytest.approx(correlation, abs=0.02), name


def test_loudness_changes_nothing() -> None:
    waveform = decaying(0.4)
    torch.testing.assert_close(
        q.measure(waveform, RATE), q.measure(0.01 * waveform, RATE), rtol=1e-3, atol=1e-3
    )


def test_opposite_channels_do_not_cancel() -> None:
    mono = decaying(0.4)
    stereo = q.measure(torch.cat([mono, -mono], dim=1), RATE)[0, : len(q.quantities_of(RATE, 1))]
    torch.testing.assert_close(stereo, q.measure(mono, RATE)[0])


def test_a_silent_clip_has_no_quantities_and_takes_none_from_others() -> None:
    both = q.measure(torch.cat([torch.zeros(1, 1, 8000), noise(8000)]), RATE)
    assert both[0].isnan().all()
    assert not both[1].isnan().any()


def test_refusals() -> None:
    with pytest.raises(AudioError, match=r"expected clips \[B, C, N\], got \[2, 64\]"):
        q.measure(torch.zeros(2, 64), RATE)
    with pytest.raises(AudioError, match="not finite"):
        q.measure(torch.full((1, 1, 64), np.inf), RATE)
