"""The representation chosen for a clip and an image, and the sizes it resolves to."""

from __future__ import annotations

import pytest
import torch

from soundgan.audio.stft import STFTSettings
from soundgan.errors import ConfigError
from soundgan.representations import REPRESENTATIONS
from soundgan.representations.automatic import choose, spectrogram_size
from soundgan.representations.levels import LevelOptions, fast_length
from soundgan.representations.log_magnitude import LogMagnitude
from soundgan.representations.log_mel import LogMel, LogMelOptions
from soundgan.shapes import ClipSpec, ImageSpec
from tests.families import make


@pytest.mark.parametrize(
    ("clip", "height", "width", "name"),
    [
        (ClipSpec(8000, 85 * 128), 128, 128, "log_magnitude"),  # windows overlap 3.01 times
        (ClipSpec(8000, 85 * 128 + 1), 128, 128, "log_mel"),
        (ClipSpec(8000, 5120), 128, 64, "log_magnitude"),
        (ClipSpec(16000, 16384), 256, 128, "log_magnitude"),
        (ClipSpec(8000, 5600), 128, 64, "log_mel"),
        (ClipSpec(22050, 22050), 256, 256, "log_magnitude"),
    ],
)
def test_linear_frequency_is_chosen_where_three_windows_overlap(
    clip: ClipSpec, height: int, width: int, name: str
) -> None:
    image = ImageSpec(1, height, width)
    chosen, options = choose(clip, image)
    assert chosen == name
    built = make(REPRESENTATIONS, chosen, clip, image, options=options)
    assert built.stft == STFTSettings(
        options["n_fft"], options["hop_length"], options["win_length"], options["window"]
    )


def test_an_automatic_linear_image_is_the_spectrogram_itself() -> None:
    part = LogMagnitude(LogMagnitude.Options(), ClipSpec(8000, 8192), ImageSpec(1, 128, 128))
    assert part.stft == STFTSettings(256, 64, 256, "hann")
    assert (part.n_rows, part.n_frames) == (128, 128)


def test_a_gaussian_window_comes_with_six_overlapping_windows() -> None:
    part = LogMagnitude(LogMagnitude.Options(), ClipSpec(22050, 22050), ImageSpec(1, 256, 256))
    assert part.stft == STFTSettings(512, 87, 512, "hann")
    part = LogMagnitude(LogMagnitude.Options(), ClipSpec(22050, 21760), ImageSpec(1, 256, 256))
    assert part.stft == STFTSettings(512, 85, 512, "gauss")


def test_an_automatic_mel_has_four_overlapping_windows_and_a_fast_transform() -> None:
    part = LogMel(LogMel.Options(), ClipSpec(8000, 5600), ImageSpec(1, 64, 64))
    assert part.stft == STFTSettings(360, 88, 352, "hann")
    assert (part.n_rows, part.n_frames) == (64, 64)


def test_an_automatic_mel_has_at_least_as_many_bins_as_bands() -> None:
    part = LogMel(LogMel.Options(), ClipSpec(8000, 1000), ImageSpec(1, 128, 128))
    assert part.stft == STFTSettings(256, 8, 256, "gauss")


def test_fast_lengths_have_no_prime_factor_above_five() -> None:
    assert [fast_length(n) for n in (1, 7, 352, 256, 641, 687)] == [2, 8, 360, 256, 648, 720]


def test_the_first_origin_fits_775_frames_of_308_bands_into_256_by_256() -> None:
    clip, image = ClipSpec(22050, 156550), ImageSpec(1, 256, 256)
    options = LogMel.Options(n_mels=308, n_fft=1024, hop_length=202, win_length=1024)
    part = LogMel(options, clip, image)
    assert (part.n_rows, part.n_frames) == (308, 775)
    waveform = 0.5 * torch.sin(2 * torch.pi * 440 * torch.arange(clip.n_samples) / 22050)[None]
    encoded = part.encode(waveform)
    assert encoded.shape == (1, 1, 256, 256)
    magnitude = part.decode(encoded).magnitude
    assert magnitude.shape == (1, 513, 775)
    loudest_hz = float(magnitude[0, :, 100:600].mean(dim=1).argmax()) * 22050 / 1024
    assert loudest_hz == pytest.approx(440, abs=22050 / 1024)


def test_the_second_origin_has_three_equal_channels() -> None:
    part = LogMel(LogMel.Options(), ClipSpec(16000, 16000), ImageSpec(3, 128, 128))
    image = part.encode(torch.linspace(-1, 1, 16000).sin()[None])
    assert image.shape == (1, 3, 128, 128)
    assert torch.equal(image[:, 0], image[:, 2])


@pytest.mark.parametrize(
    ("options", "key"),
    [({"f_max_hz": 4001.0}, "f_max_hz"), ({"f_min_hz": 3000.0, "f_max_hz": 2000.0}, "f_min_hz")],
)
def test_bands_beyond_the_sample_rate_name_their_key(options: dict[str, float], key: str) -> None:
    with pytest.raises(ConfigError, match=rf"^representation\.options\.{key}: "):
        LogMel(LogMelOptions.model_validate(options), ClipSpec(8000, 5600), ImageSpec(1, 64, 64))


@pytest.mark.parametrize(
    ("clip", "sides", "n_fft", "hop_length"),
    [
        (ClipSpec(44100, 44100), (384, 345), 768, 128),
        (ClipSpec(44100, 44100 // 2), (384, 173), 768, 128),
        (ClipSpec(48000, 48000), (432, 334), 864, 144),
        (ClipSpec(22050, 22050), (192, 345), 384, 64),
        (ClipSpec(44100, 3200), (384, 32), 768, 100),  # 32 windows, closer together
    ],
)
def test_an_image_that_follows_the_clip_has_windows_of_17_ms_that_overlap_six_times(
    clip: ClipSpec, sides: tuple[int, int], n_fft: int, hop_length: int
) -> None:
    image, analysis = spectrogram_size(clip, LevelOptions(), 0, 0)
    assert (image.height, image.width) == sides
    assert analysis == {"n_fft": n_fft, "hop_length": hop_length}
    part = LogMagnitude(LogMagnitude.Options.model_validate(analysis), clip, image)
    assert (part.n_rows, part.n_frames) == sides


def test_what_is_decided_of_a_spectrogram_decides_the_rest() -> None:
    clip = ClipSpec(44100, 44100)
    image, analysis = spectrogram_size(clip, LevelOptions(n_fft=512), 0, 0)
    assert (image, analysis["hop_length"]) == (ImageSpec(1, 256, 519), 85)
    image, analysis = spectrogram_size(clip, LevelOptions(), 512, 0)
    assert (image, analysis) == (ImageSpec(1, 512, 258), {"n_fft": 1024, "hop_length": 171})
    image, analysis = spectrogram_size(clip, LevelOptions(), 0, 300)
    assert (image, analysis) == (ImageSpec(1, 384, 300), {"n_fft": 768, "hop_length": 147})


@pytest.mark.parametrize("samples", [1000, 9999, 14337, 44101, 100_003])
def test_an_image_that_follows_the_clip_is_never_resized(samples: int) -> None:
    clip = ClipSpec(44100, samples)
    image, analysis = spectrogram_size(clip, LevelOptions(), 0, 0)
    part = LogMagnitude(LogMagnitude.Options.model_validate(analysis), clip, image)
    assert (part.n_rows, part.n_frames) == (image.height, image.width)
