"""When Griffin-Lim stops, and what rounds do from a good start."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from soundgan.audio.metrics import spectral_convergence_db
from soundgan.audio.stft import STFTSettings, stft
from soundgan.inversion import griffin_lim
from soundgan.inversion.griffin_lim import GriffinLim
from soundgan.inversion.rounds import Frames, Part, griffin_lim_rounds

SETTINGS = STFTSettings(256, 64, 256)
N = 3000


def invert(magnitude: Tensor, **options: float) -> Tensor:
    part = GriffinLim(GriffinLim.Options(**options))  # type: ignore[arg-type]
    return part(magnitude, SETTINGS, n_samples=N, seeds=range(len(magnitude)))


@pytest.fixture
def magnitude() -> Tensor:
    """A tone, settled soon, and noise, which never is."""
    noise = torch.randn(N, generator=torch.Generator().manual_seed(1))
    tone = torch.sin(2 * torch.pi * 500 * torch.arange(N) / 8000)
    return stft(torch.stack([tone, noise]), SETTINGS).abs()


def rounds_taken(monkeypatch: pytest.MonkeyPatch, magnitude: Tensor, **options: float) -> int:
    taken = 0

    def counting(*arguments: object):  # type: ignore[no-untyped-def]
        nonlocal taken
        for result in griffin_lim_rounds(*arguments):  # type: ignore[arg-type]
            taken += 1
            yield result

    monkeypatch.setattr(griffin_lim, "griffin_lim_rounds", counting)
    invert(magnitude, **options)
    return taken


def test_a_sound_stops_at_the_first_check_that_finds_too_little_gained(
    monkeypatch: pytest.MonkeyPatch, magnitude: Tensor
) -> None:
    taken = rounds_taken(monkeypatch, magnitude[1:], iterations=5000, stop_below_db=2.0)
    assert taken % 32 == 0
    before, last, end = (
        float(
            spectral_convergence_db(
                magnitude[1:], stft(invert(magnitude[1:], iterations=n - 1), SETTINGS).abs()
            )
        )
        for n in (taken - 64, taken - 32, taken)
    )
    assert before - last > 2.0
    assert last - end < 2.0
    assert torch.equal(
        invert(magnitude[1:], iterations=5000, stop_below_db=2.0),
        invert(magnitude[1:], iterations=taken),
    )


def test_silence_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    silence = torch.zeros(1, SETTINGS.n_bins, 40)
    assert rounds_taken(monkeypatch, silence, iterations=5000, stop_below_db=0.5) == 64


def test_no_more_iterations_are_taken_than_asked_for(
    monkeypatch: pytest.MonkeyPatch, magnitude: Tensor
) -> None:
    assert rounds_taken(monkeypatch, magnitude[:1], iterations=20, stop_below_db=20.0) == 20


def test_a_sound_stops_where_it_would_alone(magnitude: Tensor) -> None:
    together = invert(magnitude, iterations=400, stop_below_db=1.0)
    part = GriffinLim(GriffinLim.Options(iterations=400, stop_below_db=1.0))
    alone = part(magnitude[1:], SETTINGS, n_samples=N, seeds=[1])
    assert torch.equal(together[1:], alone)


def test_a_consistent_spectrum_is_where_rounds_end(magnitude: Tensor) -> None:
    noise = torch.randn(1, N, generator=torch.Generator().manual_seed(1))
    spectrum = stft(noise, SETTINGS).transpose(1, 2).contiguous()
    frames = Frames(SETTINGS, spectrum.shape[1], N)
    torch.testing.assert_close(frames.consistent(spectrum), spectrum, rtol=0, atol=1e-4)
    torch.testing.assert_close(frames.waveform(spectrum), noise, rtol=0, atol=1e-5)
    rounds = griffin_lim_rounds(Part(spectrum.abs(), frames, [0]), spectrum, 0.99)
    for _ in range(3):
        after, consistent = next(rounds)
    error = (after - spectrum).norm() / spectrum.norm()
    assert 20 * math.log10(error) < -80
    assert 20 * math.log10((consistent - spectrum).norm() / spectrum.norm()) < -80
