"""Stereo through planes of levels and back: what comes back on which side, and how loud."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from soundgan.audio.metrics import waveform_convergence_db
from soundgan.audio.stft import STFTSettings, stft
from soundgan.codec.build import preset_codec
from soundgan.codec.contract import Codec
from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.codec.stereo import StereoCodec, lean
from soundgan.errors import ArtefactError, AudioError
from soundgan.shapes import ClipSpec

CLIP = ClipSpec(16000, 8192)
STEREO = ClipSpec(16000, 8192, channels=2)


def decaying(pitch: float, seed: int = 0) -> Tensor:
    """A tone and some noise, both dying away, [N]."""
    seconds = torch.arange(CLIP.n_samples) / CLIP.sample_rate
    noise = torch.randn(CLIP.n_samples, generator=torch.Generator().manual_seed(seed))
    tone = torch.sin(2 * math.pi * pitch * seconds)
    return (0.3 * tone * torch.exp(-6 * seconds) + 0.05 * noise * torch.exp(-30 * seconds)).float()


def codec_of(waveforms: Tensor, preset: str = "oneshots") -> StereoCodec:
    """A codec that is fitted to waveforms [B, 2, N]."""
    _, codec = preset_codec(preset, STEREO)
    assert isinstance(codec, StereoCodec)
    codec.fit([waveforms])
    return codec


def copied(waveforms: Tensor) -> Tensor:
    """Waveforms [B, 2, N] after a codec that was fitted to them."""
    codec = codec_of(waveforms)
    return codec.waveforms(codec.encode(waveforms), range(len(waveforms)))


def db(power: Tensor) -> float:
    """Decibels of a power."""
    return 10 * math.log10(max(float(power), 1e-20))


def test_equal_channels_come_back_equal_to_the_last_bit() -> None:
    one = decaying(300.0)
    wide = torch.stack([decaying(500.0, 1), decaying(700.0, 2)])
    back = copied(torch.stack([torch.stack([one, one]), wide]))
    assert torch.equal(back[0, 0], back[0, 1])
    assert not torch.equal(back[1, 0], back[1, 1])


def test_the_mid_is_the_copy_of_the_mono_sum() -> None:
    waveforms = torch.stack(
        [torch.stack([decaying(300.0, 1), decaying(440.0, 2)]) for _ in range(2)]
    )
    _, mono = preset_codec("oneshots", CLIP)
    mid = waveforms.mean(dim=1)
    mono.fit([mid])
    expected = mono.waveforms(mono.encode(mid), range(2))
    torch.testing.assert_close(copied(waveforms).mean(dim=1), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("right", [0.0, 0.25, 0.8])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_sound_comes_back_from_where_it_was(right: float, swapped: bool) -> None:
    one = decaying(300.0)
    channels = torch.stack([one, right * one])
    channels = channels.flip(0) if swapped else channels
    back = copied(channels[None])[0]
    energy = back.square().sum(dim=1)
    expected = channels.square().sum(dim=1)
    for channel in range(2):
        if expected[channel] > 0:
            assert db(energy[channel]) == pytest.approx(db(expected[channel]), abs=0.3)
        else:
            assert db(energy[channel]) < db(expected.sum()) - 25


def test_two_sounds_come_back_left_and_right_of_each_other() -> None:
    low, high = decaying(250.0), decaying(4000.0)
    left, right = copied(torch.stack([low + 0.2 * high, 0.2 * low + high])[None])[0]
    settings = STFTSettings(1024, 256, 1024)
    power = stft(torch.stack([left, right]), settings).abs().square().sum(dim=2)
    beneath = power[:, :96].sum(dim=1)
    above = power[:, 200:].sum(dim=1)
    assert db(beneath[0] / beneath[1]) == pytest.approx(14.0, abs=2.0)
    assert db(above[1] / above[0]) == pytest.approx(14.0, abs=2.0)


def test_unrelated_channels_stay_unrelated_and_as_wide() -> None:
    waveforms = torch.stack(
        [torch.stack([decaying(300.0 + i, i), decaying(900.0 + i, 9 + i)]) for i in range(3)]
    )
    back = copied(waveforms)
    for before, after in zip(waveforms, back, strict=True):
        ratios = [
            db((one[0] - one[1]).square().sum() / (one[0] + one[1]).square().sum())
            for one in (before, after)
        ]
        assert ratios[1] == pytest.approx(ratios[0], abs=0.3)
        for channel in range(2):
            close = waveform_convergence_db(before[channel][None], after[channel][None])
            assert float(close) < -15


def test_opposite_channels_come_back_as_loud_and_opposite() -> None:
    one = decaying(300.0)
    channels = torch.stack([one, -one])
    back = copied(channels[None])[0]
    assert torch.equal(back[0], -back[1])
    assert db(back.square().sum()) == pytest.approx(db(channels.square().sum()), abs=0.3)
    assert float(waveform_convergence_db(one[None], back[:1])) < -15


def test_silence_comes_back_as_silence() -> None:
    silent = torch.zeros(1, 2, CLIP.n_samples)
    codec = codec_of(torch.stack([torch.stack([decaying(300.0), decaying(500.0)])]))
    x = codec.encode(silent)
    assert (x + 1).max() < 1e-6
    assert (codec.waveforms(x, [0]) == 0).all()


def test_no_sound_depends_on_those_beside_it() -> None:
    waveforms = torch.stack(
        [torch.stack([decaying(300.0 + i, i), decaying(500.0, 20 + i)]) for i in range(5)]
    )
    waveforms[2, 1] = -waveforms[2, 0]
    codec = codec_of(waveforms)
    x = codec.encode(waveforms)
    together = codec.waveforms(x, range(5))
    for row in range(5):
        one = slice(row, row + 1)
        assert torch.equal(codec.encode(waveforms[one]), x[one])
        assert torch.equal(codec.waveforms(x[one], [row]), together[one])


@pytest.mark.parametrize("preset", ["oneshots", "tiny"])
def test_fitted_in_batches_or_from_statistics_it_is_the_same(preset: str) -> None:
    waveforms = torch.stack(
        [torch.stack([decaying(300.0 + 9 * i, i), decaying(500.0, 20 + i)]) for i in range(4)]
    )
    whole = codec_of(waveforms, preset)
    _, parts = preset_codec(preset, STEREO)
    parts.fit(torch.split(waveforms, 3))
    _, read = preset_codec(preset, STEREO)
    read.load_statistics(whole.statistics())
    read.outline = whole.outline
    assert parts.outline == whole.outline
    x = whole.encode(waveforms)
    both: list[Codec] = [parts, read]
    for other in both:
        assert torch.equal(other.encode(waveforms), x)
    assert torch.equal(read.waveforms(x, range(4)), whole.waveforms(x, range(4)))


def test_the_peak_of_the_louder_channel_is_that_of_the_recordings() -> None:
    waveforms = torch.stack([torch.stack([decaying(300.0), 0.5 * decaying(500.0, 1)])] * 2)
    waveforms = waveforms * (0.8 / waveforms.abs().amax())
    codec = codec_of(waveforms)
    assert codec.outline is not None
    peak = codec.outline.peak
    assert peak == pytest.approx(0.8, abs=1e-3)
    assert peak is not None
    back = codec.decode(codec.encode(waveforms), range(2))
    torch.testing.assert_close(back.abs().amax(dim=(1, 2)), torch.full((2,), peak))
    assert float(back[0, 1].abs().max()) < 0.7


def test_a_picture_shows_mid_left_and_right_from_top_to_bottom() -> None:
    one = decaying(300.0)
    codec = codec_of(torch.stack([one, 0.2 * one])[None])
    picture = codec.pictures(codec.encode(torch.stack([one, 0.2 * one])[None]))[0]
    lowest, middle, top = picture.split(codec.shape[1])
    assert top.max() > 0.9
    assert middle.max() > 0.9
    assert lowest.mean() < middle.mean() - 0.1


@pytest.mark.parametrize("turn", [0.0, math.pi / 2, math.pi])
def test_a_side_leans_as_the_cosine_of_its_angle_to_the_mid(turn: float) -> None:
    mid = torch.polar(torch.rand(1, 9, 9) + 0.5, 6.0 * torch.rand(1, 9, 9))
    side = 0.3 * mid * torch.polar(torch.tensor(1.0), torch.tensor(turn))
    torch.testing.assert_close(
        lean(mid, side), torch.full((1, 9, 9), math.cos(turn)), rtol=0, atol=1e-5
    )


def test_waveforms_of_one_channel_are_refused_and_so_are_images_of_one_plane() -> None:
    codec = codec_of(torch.stack([decaying(300.0), decaying(400.0)])[None])
    with pytest.raises(AudioError, match=r"^waveforms: expected stereo \[B, 2, 8192\], got"):
        codec.encode(torch.zeros(1, CLIP.n_samples))
    with pytest.raises(AudioError, match=r"^images: expected \[B, 3,"):
        codec.waveforms(torch.zeros(1, 1, *codec.shape[1:]), [0])


def test_statistics_of_a_mono_model_are_refused() -> None:
    codec = codec_of(torch.stack([decaying(300.0), decaying(400.0)])[None])
    _, mono = preset_codec("oneshots", CLIP)
    assert isinstance(mono, SpectrogramCodec)
    with pytest.raises(ArtefactError, match=r"^sides: representation statistics: expected"):
        codec.load_statistics(mono.statistics())
