"""Phase from magnitude: tones, chirps and clicks, and the heap written down plainly."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
import torch
from torch import Tensor

from soundgan.audio.stft import WINDOWS, STFTSettings, stft
from soundgan.inversion.phase_gradient import SHAPE_FACTORS, integrated_phase, phase_slopes
from tests.transforms import istft

RATE, N = 8000, 4000
GAUSS = STFTSettings(512, 64, 512, "gauss")
ANALYSES = (
    STFTSettings(256, 64, 256),
    STFTSettings(512, 64, 512),
    GAUSS,
    STFTSettings(360, 44, 352, "gauss"),
    STFTSettings(300, 40, 251, "gauss"),
)
each_analysis = pytest.mark.parametrize("settings", ANALYSES)


def frames_of(waveform: Tensor, settings: STFTSettings) -> Tensor:
    """Complex spectrum [T, n_bins] of one waveform, its loudest point of size 1."""
    spectrum = stft(waveform, settings).T
    return spectrum / spectrum.abs().max()


def phase_of(spectrum: Tensor, settings: STFTSettings, seed: int = 0) -> Tensor:
    size = spectrum.abs().contiguous()
    return integrated_phase(size[None], settings, [seed], tolerance_db=-120.0)[0]


def wrapped(angle: Tensor) -> Tensor:
    """Radians in [-pi, pi]."""
    return torch.atan2(angle.sin(), angle.cos())


def test_every_window_has_a_shape_factor() -> None:
    assert set(SHAPE_FACTORS) == set(WINDOWS)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_shape_factor_is_the_width_of_the_gaussian_nearest_to_the_window(window: str) -> None:
    n = 2000
    t = (np.arange(n) - n / 2) / n
    shape = {"hann": np.cos(np.pi * t) ** 2, "gauss": np.exp(-np.pi * t**2 / 0.17054704)}[window]
    factors = np.linspace(0.1, 0.5, 4001)
    wide = (np.arange(4 * n) - 2 * n) / n
    padded = np.pad(shape / np.linalg.norm(shape), (3 * n // 2, 3 * n // 2))
    gaussians = np.exp(-np.pi * wide**2 / factors[:, None])
    gaussians /= np.linalg.norm(gaussians, axis=1, keepdims=True)
    nearest = factors[np.argmax(gaussians @ padded)]
    assert SHAPE_FACTORS[window] == pytest.approx(nearest, rel=0.05)


@each_analysis
@pytest.mark.parametrize("hz", [440.0, 1003.7, 2500.0])
def test_a_tone_advances_by_its_frequency_times_the_hop(settings: STFTSettings, hz: float) -> None:
    tone = torch.sin(2 * torch.pi * hz * torch.arange(N) / RATE)
    phase = phase_of(frames_of(tone, settings), settings)
    peak = round(hz / RATE * settings.n_fft)
    inner = phase[10:-10, peak]
    error = wrapped(inner.diff() - 2 * math.pi * hz * settings.hop_length / RATE)
    # Radians a frame; a bin off would be 2 pi hop / n_fft, 0.8 to 1.6.
    assert error.abs().max() < 0.03


@each_analysis
def test_a_click_keeps_its_place(settings: STFTSettings) -> None:
    click = torch.zeros(N)
    click[1777] = 1.0
    spectrum = frames_of(click, settings)
    rebuilt = istft(torch.polar(spectrum.abs(), phase_of(spectrum, settings)).T, settings, N)
    place = int(rebuilt.abs().argmax())
    assert abs(place - 1777) <= 4
    energy = rebuilt.square()
    assert energy[1777 - 32 : 1777 + 32].sum() > 0.9 * energy.sum()


@each_analysis
def test_slopes_are_those_of_a_chirps_true_phase(settings: STFTSettings) -> None:
    t = torch.arange(N, dtype=torch.float64) / RATE
    chirp = torch.cos(2 * torch.pi * (600 * t + 2000 * t**2)).float()
    spectrum = frames_of(chirp, settings)
    over_time, over_frequency = phase_slopes(
        np.log(spectrum.abs().clamp(min=1e-6).numpy()), settings
    )
    loud = spectrum.abs() > 0.3
    loud[:8], loud[-8:] = False, False
    angle = spectrum.angle().double()
    later = loud[1:] & loud[:-1]
    steps = torch.from_numpy(over_time[1:] + over_time[:-1]) / 2
    assert wrapped(angle.diff(dim=0) - steps)[later].abs().max() < 0.2
    higher = loud[:, 1:] & loud[:, :-1]
    steps = torch.from_numpy(over_frequency[:, 1:] + over_frequency[:, :-1]) / 2
    assert wrapped(angle.diff(dim=1) - steps)[higher].abs().max() < 0.2


def test_first_and_last_frames_slope_as_the_sound_begins_and_ends() -> None:
    """Levels that rise and fall on a parabola have known slopes everywhere."""
    settings = STFTSettings(512, 64, 512, "gauss")
    frame = np.arange(12.0)
    log = np.repeat((3 + 1.5 * frame - 0.1 * frame**2)[:, None], settings.n_bins, axis=1)
    ratio = settings.hop_length * settings.n_fft / (SHAPE_FACTORS["gauss"] * 512**2)
    _, over_frequency = phase_slopes(log, settings)
    wanted = -(1.5 - 0.2 * frame) / ratio - 2 * math.pi * 256 / 512
    assert over_frequency == pytest.approx(np.broadcast_to(wanted[:, None], log.shape))


def test_sounds_integrated_together_have_the_phase_they_have_alone() -> None:
    generator = torch.Generator().manual_seed(2)
    sizes = torch.rand(3, 20, GAUSS.n_bins, generator=generator)
    sizes[1, 5:9] = 0.0
    together = integrated_phase(sizes, GAUSS, [4, 5, 6], tolerance_db=-60.0)
    for size, seed, phase in zip(sizes, (4, 5, 6), together, strict=True):
        assert torch.equal(
            integrated_phase(size[None], GAUSS, [seed], tolerance_db=-60.0)[0], phase
        )


def heap_phase(size: np.ndarray, settings: STFTSettings) -> np.ndarray:
    """Integration as published: grow from the loudest point, always at the loudest border."""
    over_time, over_frequency = phase_slopes(np.log(np.maximum(size, 1e-6)), settings)
    phase = np.zeros(size.shape)
    todo = size > 1e-6
    while todo.any():
        begin = np.unravel_index(np.argmax(np.where(todo, size, -1)), size.shape)
        todo[begin] = False
        heap = [(-size[begin], int(begin[0]), int(begin[1]))]
        while heap:
            _, i, j = heapq.heappop(heap)
            for k, m, slope in (
                (i + 1, j, over_time),
                (i - 1, j, over_time),
                (i, j + 1, over_frequency),
                (i, j - 1, over_frequency),
            ):
                if 0 <= k < size.shape[0] and 0 <= m < size.shape[1] and todo[k, m]:
                    step = (slope[i, j] + slope[k, m]) / 2
                    phase[k, m] = phase[i, j] + (step if k > i or m > j else -step)
                    todo[k, m] = False
                    heapq.heappush(heap, (-size[k, m], k, m))
    return phase


def test_the_forest_comes_as_close_as_the_heap() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(N) / RATE
    ours: list[float] = []
    heaps: list[float] = []
    for _ in range(4):
        partials = (
            rng.uniform(0.1, 1) * np.sin(2 * np.pi * f * t) for f in rng.uniform(100, 3500, 5)
        )
        sound = sum(partials) * np.exp(-6 * t) + 0.01 * rng.standard_normal(N)
        spectrum = frames_of(torch.from_numpy(sound.astype(np.float32)), GAUSS)
        size = spectrum.abs()
        for phases, result in (
            (phase_of(spectrum, GAUSS), ours),
            (torch.from_numpy(heap_phase(size.numpy(), GAUSS)).float(), heaps),
        ):
            rebuilt = istft(torch.polar(size, phases).T, GAUSS, N)
            again = stft(rebuilt, GAUSS).T.abs()
            result.append(20 * math.log10((again - size).norm() / size.norm()))
    assert np.mean(ours) < np.mean(heaps) + 0.5
    assert np.mean(ours) < -20


def test_quiet_points_get_the_phase_of_the_seed_alone() -> None:
    size = torch.full((30, GAUSS.n_bins), 1e-5)
    size[10:20, 100:120] = 1.0
    one, other, louder = (
        integrated_phase(size[None] * factor, GAUSS, [seed], tolerance_db=-60.0)[0]
        for seed, factor in ((1, 1.0), (2, 1.0), (1, 1.5))
    )
    quiet = size < 0.1
    assert torch.equal(one[quiet], louder[quiet])
    assert (one[quiet] != other[quiet]).float().mean() > 0.99
    assert one[quiet].sin().mean().abs() < 0.05  # the whole circle, evenly
    assert one[quiet].std() == pytest.approx(2 * math.pi / math.sqrt(12), rel=0.05)
    # Within an island a seed turns everything by the same angle.
    turned = wrapped(one - other)[~quiet]
    assert wrapped(turned - turned[0]).abs().max() < 1e-3


@pytest.mark.parametrize("shape", [(1, GAUSS.n_bins), (2, GAUSS.n_bins), (3, GAUSS.n_bins)])
@pytest.mark.parametrize("level", [0.0, 1e-38, 1e-6, 1.0])
def test_few_frames_of_any_level_have_a_phase(shape: tuple[int, int], level: float) -> None:
    phase = integrated_phase(torch.full((1, *shape), level), GAUSS, [5], tolerance_db=-120.0)[0]
    assert phase.shape == shape
    assert phase.dtype == torch.float32
    assert ((phase >= 0) & (phase <= 2 * math.pi)).all()
