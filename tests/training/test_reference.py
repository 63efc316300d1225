"""What everybody measures by is fitted once."""

from __future__ import annotations

import pytest
import torch

from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.errors import UsageError
from soundgan.evaluation.patches import PatchFeatures
from soundgan.training.probe import Probe
from soundgan.training.reference import Reference
from soundgan.training.selection import Selection


def test_features_are_fitted_once_for_all_who_measure(
    codec: SpectrogramCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit, fitted = PatchFeatures.fit, []

    def counted(pictures: torch.Tensor) -> PatchFeatures:
        fitted.append(len(pictures))
        return fit(pictures)

    monkeypatch.setattr(PatchFeatures, "fit", counted)
    x = torch.rand(40, *codec.shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
    reference = Reference(codec, x)
    Selection(reference, x[:10], None, n_sounds=4, seed=0)
    Probe(reference, x[:8], None, latent_dim=3, seed=0)
    assert fitted == [40]


def test_features_of_the_reference_itself_are_centred(codec: SpectrogramCodec) -> None:
    x = torch.rand(40, *codec.shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
    features = Reference(codec, x).features_of(x)
    torch.testing.assert_close(features.mean(0), torch.zeros_like(features[0]), atol=1e-9, rtol=0)


def test_clips_that_are_all_alike_are_nothing_to_measure_by(codec: SpectrogramCodec) -> None:
    reference = Reference(codec, torch.zeros(8, *codec.shape))
    for _ in range(2):
        with pytest.raises(UsageError, match="alike"):
            reference.features_of(reference.x)
