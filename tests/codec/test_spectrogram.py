"""Sounds as images of a spectrogram: there and back, and what is known beside the images."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from soundgan.audio.metrics import waveform_convergence_db
from soundgan.audio.outline import at_peak, measure_outline
from soundgan.codec import spectrogram
from soundgan.codec.level_curve import LevelCurve
from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.errors import AudioError, NothingUsableError
from soundgan.inversion import INVERSIONS
from soundgan.representations import REPRESENTATIONS
from soundgan.shapes import ClipSpec, ImageSpec
from tests.families import make

CLIP = ClipSpec(8000, 4096)
IMAGE = ImageSpec(1, 128, 128)


def build(
    name: str = "log_magnitude", *, image: ImageSpec = IMAGE, inversion: str = "auto"
) -> SpectrogramCodec:
    return SpectrogramCodec(make(REPRESENTATIONS, name, CLIP, image), make(INVERSIONS, inversion))


def tones(n: int = 4) -> Tensor:
    """Decaying tones that rise within 2 ms, all with a peak of 0.5."""
    seconds = torch.arange(CLIP.n_samples) / CLIP.sample_rate
    pitch = 200.0 * 1.3 ** torch.arange(n)[:, None]
    sounds = torch.sin(2 * math.pi * pitch * seconds) * torch.exp(-9 * seconds)
    sounds = sounds * (seconds / 0.002).clamp(max=1.0)
    return 0.5 * sounds / sounds.abs().amax(dim=1, keepdim=True)


@pytest.fixture(params=["log_magnitude", "log_mel"])
def codec(request: pytest.FixtureRequest) -> SpectrogramCodec:
    built = build(request.param)
    built.fit([tones()])
    return built


def test_what_is_decoded_is_near_what_was_encoded(codec: SpectrogramCodec) -> None:
    copies = codec.decode(codec.encode(tones()), range(4))
    worst = waveform_convergence_db(tones(), copies).max()
    assert float(worst) < -12.0


@pytest.mark.parametrize("channels", [1, 3])
def test_x_has_the_declared_shape_and_stays_in_range(channels: int) -> None:
    codec = build(image=ImageSpec(channels, 64, 32))
    codec.fit([tones()])
    x = codec.encode(tones())
    assert x.shape == (4, *codec.shape) == (4, channels, 64, 32)
    assert float(x.abs().max()) <= 1.0
    assert codec.decode(x, range(4)).shape == (4, CLIP.n_samples)


def test_nothing_to_hear_is_the_value_of_silence_and_back(codec: SpectrogramCodec) -> None:
    x = codec.encode(torch.zeros(2, CLIP.n_samples))
    assert torch.equal(x, torch.full_like(x, codec.silence))
    assert float(codec.decode(x, [0, 1]).abs().max()) == 0.0
    assert torch.equal(codec.pictures(x), torch.full((2, *codec.shape[1:]), -1.0))


def test_no_item_depends_on_its_batch(codec: SpectrogramCodec) -> None:
    sounds = tones(5)
    x, seeds = codec.encode(sounds), [3, 1, 4, 1, 5]
    together = codec.decode(x, seeds)
    for row in range(5):
        assert torch.equal(codec.encode(sounds[row : row + 1])[0], x[row])
        assert torch.equal(codec.decode(x[row : row + 1], [seeds[row]])[0], together[row])


def test_only_the_seed_decides_what_is_random() -> None:
    codec = build(inversion="griffin_lim")
    codec.fit([tones()])
    x = codec.encode(tones(1)).repeat(3, 1, 1, 1)
    one, other, again = codec.decode(x, [7, 8, 7])
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_a_decoded_sound_has_the_peak_of_the_recordings_and_keeps_to_their_ends(
    codec: SpectrogramCodec,
) -> None:
    x = codec.encode(0.3 * tones())
    assert codec.outline is not None
    shown, sounds = codec.waveforms(x, range(4)), codec.decode(x, range(4))
    assert torch.equal(sounds, at_peak(shown, codec.outline))
    assert float(shown.abs().max()) < 0.3
    torch.testing.assert_close(sounds.abs().amax(dim=1), torch.full((4,), 0.5), atol=1e-3, rtol=0)
    assert float(sounds[:, 0].abs().max()) <= codec.outline.start[0]


def test_fitting_goes_through_the_batches_once_and_measures_the_outline_too() -> None:
    codec, sounds = build(), tones(6)
    codec.fit(part for part in sounds.split(2))
    assert codec.outline == measure_outline([sounds], CLIP.sample_rate)
    alone = build().representation
    alone.fit([sounds])
    for name, values in alone.statistics().items():
        assert torch.equal(codec.statistics()[name], values)
    with pytest.raises(NothingUsableError):
        codec.fit([])


def test_of_many_clips_an_even_sample_gives_the_outline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spectrogram, "MOST_FOR_OUTLINE", 3)
    codec, sounds = build(), tones(7)
    codec.fit(sounds.split(4))
    assert codec.outline == measure_outline([sounds[::3]], CLIP.sample_rate)


def test_statistics_make_another_codec_see_the_same(codec: SpectrogramCodec) -> None:
    other = SpectrogramCodec(
        type(codec.representation)(
            codec.representation.options,
            CLIP,
            IMAGE,  # type: ignore[call-arg]
        ),
        codec.inversion,
    )
    other.load_statistics(codec.statistics())
    assert torch.equal(other.encode(tones()), codec.encode(tones()))


def test_images_are_decoded_to_rows_once(monkeypatch: pytest.MonkeyPatch) -> None:
    codec = build("log_mel")
    codec.fit([tones()])
    x = codec.encode(tones())
    rows_of, calls = type(codec.representation)._rows_of, []  # type: ignore[attr-defined]

    def counted(self: object, image: Tensor) -> Tensor:
        calls.append(1)
        rows: Tensor = rows_of(self, image)
        return rows

    monkeypatch.setattr(type(codec.representation), "_rows_of", counted)
    codec.decode(x, range(4))
    assert len(calls) == 4


def test_a_correction_is_for_what_a_generator_draws_alone(codec: SpectrogramCodec) -> None:
    correction = torch.full((1, 1, 3), 0.1)
    correction[..., 0] = 0.0
    curve = LevelCurve(correction, *codec.shape[1:])
    corrected, x = codec.with_levels(curve), codec.encode(tones())
    assert torch.equal(corrected.corrected(x), curve(x))
    assert torch.equal(codec.corrected(x), x)
    assert torch.equal(corrected.encode(tones()), x)
    assert torch.equal(corrected.decode(x, range(4)), codec.decode(x, range(4)))


def test_what_is_no_x_is_refused(codec: SpectrogramCodec) -> None:
    with pytest.raises(AudioError, match="expected"):
        codec.decode(torch.zeros(1, 1, 128, 127), [0])
    with pytest.raises(AudioError, match="not finite"):
        codec.decode(torch.full((1, *codec.shape), torch.nan), [0])
    with pytest.raises(AudioError, match="expected"):
        codec.encode(torch.zeros(1, 100))
