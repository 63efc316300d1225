"""Closeness of spectra against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from soundgan.audio.metrics import spectral_convergence_db, waveform_convergence_db
from tests.transforms import log_spectral_distance_db


def test_spectral_convergence_of_a_known_error() -> None:
    reference = torch.tensor([[[3.0, 0.0], [0.0, 4.0]], [[1.0, 1.0], [1.0, 1.0]]])
    estimate = torch.tensor([[[3.0, 0.0], [0.5, 4.0]], [[0.0, 0.0], [0.0, 0.0]]])
    assert spectral_convergence_db(reference, estimate).tolist() == pytest.approx([-20.0, 0.0])


def test_equal_spectra_reach_the_limit_of_the_measure() -> None:
    spectrum = torch.rand(2, 5, 7)
    assert spectral_convergence_db(spectrum, spectrum).tolist() == [-140.0, -140.0]
    assert log_spectral_distance_db(spectrum, spectrum).tolist() == [0.0, 0.0]


def test_silence_equals_silence_and_nothing_else() -> None:
    silence, sound = torch.zeros(3, 4), torch.ones(3, 4)
    assert spectral_convergence_db(silence, silence) == -140.0
    assert spectral_convergence_db(silence, sound) == torch.inf
    assert spectral_convergence_db(sound, silence) == 0.0
    assert log_spectral_distance_db(silence, silence) == 0.0


def test_a_tenth_of_the_magnitude_is_twenty_decibels_away() -> None:
    reference = torch.rand(9, 6) + 0.5
    assert float(log_spectral_distance_db(reference, reference / 10)) == pytest.approx(20, rel=1e-5)


def test_distance_is_rooted_per_frame_and_then_averaged() -> None:
    reference = torch.ones(4, 2)
    estimate = reference.clone()
    estimate[0, 0] = 0.1  # one bin of four, 20 dB: sqrt(400 / 4) = 10 in this frame, 0 in the other
    assert float(log_spectral_distance_db(reference, estimate)) == pytest.approx(5.0)


def test_what_lies_below_the_floor_counts_as_the_floor() -> None:
    reference = torch.tensor([[1.0], [1e-4]])
    quieter = torch.tensor([[1.0], [1e-9]])
    assert float(log_spectral_distance_db(reference, quieter)) == pytest.approx(0.0, abs=1e-4)
    deeper = log_spectral_distance_db(reference, quieter, floor_db=-100.0)
    assert float(deeper) == pytest.approx(20 / 2**0.5, rel=1e-4)


def test_waveforms_are_compared_without_their_phase(rng: np.random.Generator) -> None:
    t = torch.arange(8000) / 8000
    tone = torch.sin(2 * torch.pi * 500 * t)[None]
    turned = torch.cos(2 * torch.pi * 500 * t)[None]
    noise = torch.from_numpy(rng.standard_normal((1, 8000)).astype(np.float32))
    same, other = (waveform_convergence_db(tone, one) for one in (turned, noise))
    assert same.shape == (1,)
    assert same < -20
    assert other > -1
