"""What every registered representation keeps, whatever its options."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from soundgan.audio.stft import stft
from soundgan.errors import ArtefactError, AudioError, ConfigError, NothingUsableError
from soundgan.representations import REPRESENTATIONS
from soundgan.representations.contract import Representation
from soundgan.shapes import ClipSpec, ImageSpec
from tests.families import make

CLIP = ClipSpec(8000, 4000)
IMAGE = ImageSpec(1, 64, 64)


def build(
    name: str, image: ImageSpec = IMAGE, clip: ClipSpec = CLIP, **options: Any
) -> Representation:
    return make(REPRESENTATIONS, name, clip, image, options=options)


@pytest.fixture
def sounds() -> torch.Tensor:
    """Four decaying chords with a little noise, then silence: [4, 4000]."""
    rng = np.random.default_rng(3)
    t = np.arange(4000) / 8000
    chords = [
        sum(np.sin(2 * np.pi * f * t + p) for f, p in rng.uniform(100, 3000, (3, 2)))
        * np.exp(-8 * t)
        + 0.01 * rng.standard_normal(4000)
        for _ in range(4)
    ]
    waveforms = np.stack([c / np.abs(c).max() for c in chords])
    waveforms[:, 3000:] = 0
    return torch.from_numpy(waveforms.astype(np.float32))


every = pytest.mark.parametrize("name", REPRESENTATIONS.names())
normalisations = pytest.mark.parametrize("normalisation", ["global", "per_bin"])


@every
@normalisations
@pytest.mark.parametrize("channels", [1, 3])
def test_images_have_the_declared_shape_and_fill_the_range(
    name: str, normalisation: str, channels: int, sounds: torch.Tensor
) -> None:
    part = build(name, ImageSpec(channels, 64, 64), normalisation=normalisation)
    part.fit([sounds])
    image = part.encode(sounds)
    assert image.shape == (4, channels, 64, 64)
    assert image.dtype == torch.float32
    assert image.is_contiguous()
    assert float(image.min()) == pytest.approx(-1, abs=1e-4)
    assert float(image.max()) == pytest.approx(1, abs=1e-4)
    assert (image == image[:, :1]).all()


@every
@normalisations
def test_decode_returns_nearly_the_magnitude_that_was_encoded(
    name: str, normalisation: str, sounds: torch.Tensor
) -> None:
    part = build(name, normalisation=normalisation)
    part.fit([sounds])
    magnitude = part.decode(part.encode(sounds)).magnitude
    original = stft(sounds, part.stft, n_frames=magnitude.shape[-1]).abs()
    assert magnitude.shape == original.shape
    assert magnitude.min() >= 0
    limit = {"log_magnitude": -100, "log_mel": -8}[name]
    error = (magnitude - original)[:, :-1]  # no representation keeps half the sample rate
    assert 20 * torch.log10(error.norm() / original.norm()) < limit


@every
def test_three_channels_decode_to_their_average(name: str, sounds: torch.Tensor) -> None:
    one, three = build(name), build(name, ImageSpec(3, 64, 64))
    image = one.encode(sounds)[:, 0]
    spread = torch.stack([image * 0.5, image * 0.75, image], dim=1)
    shown, alone = three.decode(spread), one.decode(image[:, None] * 0.75)
    torch.testing.assert_close(shown.magnitude, alone.magnitude)


@every
def test_a_level_is_absolute_so_half_the_amplitude_is_six_decibels_less(
    name: str, sounds: torch.Tensor
) -> None:
    part = build(name, floor_db=-120.0)
    loud, soft = part.encode(sounds), part.encode(sounds / 2)
    difference = (loud - soft)[:, :, :, :40] * 60
    assert float(difference.median()) == pytest.approx(6.02, abs=0.05)


@every
@normalisations
def test_silence_is_minus_one_and_comes_back_as_silence(
    name: str, normalisation: str, sounds: torch.Tensor
) -> None:
    part = build(name, normalisation=normalisation)
    part.fit([sounds])
    silence = torch.zeros(1, 4000)
    image = part.encode(silence)
    if normalisation == "global":
        assert (image == -1).all()
    assert (image == image[:, :, :, :1]).all()
    assert part.decode(image).magnitude.abs().max() == 0


@every
@normalisations
def test_a_corpus_of_silence_still_gives_a_usable_mapping(name: str, normalisation: str) -> None:
    part = build(name, normalisation=normalisation)
    part.fit([torch.zeros(2, 4000)])
    image = part.encode(torch.linspace(-1, 1, 4000).sin()[None])
    assert torch.isfinite(image).all()
    assert torch.isfinite(part.decode(image).magnitude).all()
    assert (part.statistics()["half_range_db"] > 0).all()


@every
def test_images_beyond_the_range_decode_as_its_ends(name: str, sounds: torch.Tensor) -> None:
    part = build(name)
    image = 3 * part.encode(sounds)
    assert torch.equal(part.decode(image).magnitude, part.decode(image.clamp(-1, 1)).magnitude)


@every
@pytest.mark.parametrize(
    ("clip", "image"),
    [
        (ClipSpec(8000, 5600), ImageSpec(1, 128, 64)),
        (ClipSpec(44100, 22050), ImageSpec(1, 32, 128)),
        (ClipSpec(8000, 10), ImageSpec(1, 16, 16)),
        (ClipSpec(8000, 1), ImageSpec(1, 4, 4)),
        (ClipSpec(16000, 1000), ImageSpec(1, 256, 64)),
    ],
)
def test_any_clip_fits_any_image(name: str, clip: ClipSpec, image: ImageSpec) -> None:
    part = build(name, image, clip)
    waveform = torch.linspace(-1, 1, clip.n_samples)[None]
    encoded = part.encode(waveform)
    assert encoded.shape == (1, *image.shape)
    assert part.decode(encoded).magnitude.shape == (1, part.stft.n_bins, image.width)


@every
def test_an_item_decodes_to_the_same_bits_in_any_batch(name: str, sounds: torch.Tensor) -> None:
    part = build(name, ImageSpec(1, 60, 50))
    image = part.encode(sounds)
    together = part.decode(image).magnitude
    for i in range(4):
        assert torch.equal(part.decode(image[i : i + 1]).magnitude[0], together[i])


def test_a_linear_image_of_one_row_more_holds_half_the_sample_rate_too(
    sounds: torch.Tensor,
) -> None:
    clicks = torch.zeros_like(sounds)
    clicks[:, 2000] = 1.0  # as loud there as anywhere
    kept = []
    for height in (64, 65):
        part = build("log_magnitude", ImageSpec(1, height, 64), n_fft=128)
        part.fit([clicks])
        kept.append(float(part.decode(part.encode(clicks)).magnitude[:, -1].max()))
    assert kept[0] == 0.0
    assert kept[1] == pytest.approx(float(stft(clicks, part.stft)[:, -1].abs().max()), rel=1e-3)


@every
def test_no_images_decode_to_no_magnitudes(name: str) -> None:
    part = build(name)
    magnitude = part.decode(torch.zeros(0, 1, 64, 64)).magnitude
    assert magnitude.shape == (0, part.stft.n_bins, 64)


@every
@normalisations
def test_fitting_in_batches_equals_fitting_at_once(
    name: str, normalisation: str, sounds: torch.Tensor
) -> None:
    whole = build(name, normalisation=normalisation)
    pieces = build(name, normalisation=normalisation)
    whole.fit([sounds])
    pieces.fit(iter(sounds.split(1)))
    for key, tensor in whole.statistics().items():
        torch.testing.assert_close(pieces.statistics()[key], tensor)


@every
def test_statistics_of_another_copy_give_the_same_images(name: str, sounds: torch.Tensor) -> None:
    fitted = build(name, normalisation="per_bin")
    fitted.fit([sounds])
    loaded = build(name, normalisation="per_bin")
    assert not torch.equal(fitted.encode(sounds), loaded.encode(sounds))
    loaded.load_statistics(fitted.statistics())
    assert torch.equal(fitted.encode(sounds), loaded.encode(sounds))


@every
def test_per_bin_gives_rows_of_equal_spread(name: str, sounds: torch.Tensor) -> None:
    bright = torch.diff(sounds, n=2, append=torch.zeros(4, 2))
    spreads = {}
    for normalisation in ("global", "per_bin"):
        part = build(name, normalisation=normalisation)
        part.fit([bright])
        rows = part.encode(bright).std(dim=(0, 1, 3))
        spreads[normalisation] = float(rows.max() / rows.min())
    assert spreads["per_bin"] == pytest.approx(1.0, abs=0.05)
    assert spreads["global"] > 1.2


@every
def test_resolved_options_rebuild_the_same_part(name: str, sounds: torch.Tensor) -> None:
    automatic = build(name)
    explicit = build(name, **automatic.options.model_dump())
    assert explicit.stft == automatic.stft
    assert torch.equal(explicit.encode(sounds), automatic.encode(sounds))


@every
def test_an_image_of_another_size_still_sounds_alike(name: str, sounds: torch.Tensor) -> None:
    part = build(name, n_fft=256, hop_length=40, win_length=256)
    magnitude = part.decode(part.encode(sounds)).magnitude
    original = stft(sounds, part.stft).abs()
    assert magnitude.shape == original.shape == (4, 129, 100)
    assert 20 * torch.log10((magnitude - original).norm() / original.norm()) < -4


@every
@pytest.mark.parametrize(
    ("statistics", "message"),
    [
        ({}, "expected"),
        ({"centre_db": torch.zeros(64), "half_range_db": torch.ones(63)}, "half_range_db"),
        ({"centre_db": torch.zeros(64), "half_range_db": torch.zeros(64)}, "not positive"),
        ({"centre_db": torch.full((64,), torch.nan), "half_range_db": torch.ones(64)}, "finite"),
        ({"centre_db": torch.zeros(64).double(), "half_range_db": torch.ones(64)}, "float32"),
    ],
)
def test_foreign_statistics_are_refused(
    name: str, statistics: dict[str, torch.Tensor], message: str
) -> None:
    with pytest.raises(ArtefactError, match=message):
        build(name).load_statistics(statistics)


@every
def test_wrong_input_is_refused(name: str) -> None:
    part = build(name)
    with pytest.raises(AudioError, match="4000"):
        part.encode(torch.zeros(1, 3999))
    with pytest.raises(AudioError, match="expected"):
        part.decode(torch.zeros(1, 1, 64, 63))
    with pytest.raises(AudioError, match="not finite"):
        part.decode(torch.full((1, 1, 64, 64), torch.nan))
    with pytest.raises(NothingUsableError):
        part.fit([])


@every
@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"n_fft": 127}, "n_fft"),
        ({"n_fft": 128, "win_length": 256}, "win_length"),
        ({"n_fft": 128, "hop_length": 128}, "hop_length"),
    ],
)
def test_impossible_options_name_their_key(name: str, options: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError, match=rf"^representation\.options\.{key}: "):
        build(name, **options)


@every
def test_an_image_of_two_channels_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"^image\.channels: must be 1 or 3, got 2"):
        build(name, ImageSpec(2, 64, 64))
