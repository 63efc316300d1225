from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from torch import Tensor

from soundgan.errors import UsageError
from soundgan.evaluation.patches import PatchFeatures


def images(n: int, size: tuple[int, int] = (64, 64), *, seed: int = 0) -> Tensor:
    """Smooth random pictures in [-1, 1]."""
    stream = torch.Generator().manual_seed(seed)
    coarse = torch.randn(n, 1, 9, 9, generator=stream)
    fine = torch.nn.functional.interpolate(coarse, size, mode="bilinear")[:, 0]
    return (fine + 0.1 * torch.randn(n, *size, generator=stream)).tanh()


def statistics(pictures: Tensor) -> NDArray[np.float64]:
    """Mean and deviation of each 4 x 4 patch, by loops."""
    rows = []
    for picture in pictures.double().numpy():
        patches = [picture[f : f + 4, t : t + 4] for f in range(0, 64, 4) for t in range(0, 64, 4)]
        rows.append([p.mean() for p in patches] + [p.std() for p in patches])
    return np.array(rows)


def test_features_are_the_whitened_principal_components_of_patch_statistics() -> None:
    train, others = images(300), images(20, seed=1)
    extractor = PatchFeatures.fit(train)
    pca = PCA(n_components=37, whiten=True, svd_solver="full").fit(statistics(train))
    expected = pca.transform(statistics(others))
    features = extractor.features(others).numpy()
    signs = np.sign((expected * features).sum(axis=0))
    np.testing.assert_allclose(features, expected * signs, rtol=1e-3, atol=1e-3)


def test_fitted_features_have_mean_zero_and_no_correlation() -> None:
    train = images(600)
    features = PatchFeatures.fit(train).features(train)
    assert features.dtype == torch.float64
    torch.testing.assert_close(features.mean(dim=0), torch.zeros(64).double())
    torch.testing.assert_close(features.T.cov(), torch.eye(64).double(), rtol=0, atol=1e-3)


@pytest.mark.parametrize(("n_images", "n_features"), [(2, 1), (60, 7), (600, 64)])
def test_few_images_give_few_features(n_images: int, n_features: int) -> None:
    train = images(n_images)
    assert PatchFeatures.fit(train).features(train).shape == (n_images, n_features)


def test_directions_without_variance_are_left_out() -> None:
    flat = torch.linspace(-1, 1, 80)[:, None, None].expand(-1, 64, 64)
    features = PatchFeatures.fit(flat).features(flat)
    assert features.shape == (80, 1)
    assert features.var() == pytest.approx(1.0, abs=1e-3)


def test_a_picture_of_half_the_size_is_seen_as_its_pixels_doubled() -> None:
    small = images(40, (32, 32))
    large = small.repeat_interleave(2, dim=1).repeat_interleave(2, dim=2)
    extractor = PatchFeatures.fit(large)
    torch.testing.assert_close(extractor.features(small), extractor.features(large))


@pytest.mark.parametrize("size", [(128, 64), (64, 128), (100, 81), (16, 16)])
def test_every_size_of_image_has_features(size: tuple[int, int]) -> None:
    train = images(40, size)
    assert torch.isfinite(PatchFeatures.fit(train).features(train)).all()


def test_the_hash_names_the_fitted_images() -> None:
    train = images(40)
    changed = train.clone()
    changed[7, 30, 30] += 0.01
    first = PatchFeatures.fit(train)
    assert len(first.hash) == 64
    assert first.hash == PatchFeatures.fit(train.clone()).hash
    assert first.hash != PatchFeatures.fit(changed).hash


@pytest.mark.parametrize(
    ("train", "message"),
    [
        (torch.zeros(4, 64), r"expected \[N, F, T\], got \[4, 64\]"),
        (torch.zeros(0, 64, 64), r"expected \[N, F, T\], got \[0, 64, 64\]"),
        (torch.zeros(1, 64, 64), "needs at least 2 to fit features, got 1"),
        (torch.zeros(9, 64, 64), "all alike"),
        (torch.full((9, 64, 64), float("nan")), "not finite"),
    ],
)
def test_refusals(train: Tensor, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        PatchFeatures.fit(train)
