"""Sums over bands and shares of bins, against the plain matrix products."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from soundgan.audio import band_products
from soundgan.audio.band_products import BandProducts
from soundgan.audio.mel import MelSettings, filterbank

MEL = filterbank(MelSettings(22050, 900, 128, 0.0, 11025))
LINES = torch.eye(7)
FULL = torch.rand(5, 9, generator=torch.Generator().manual_seed(1))
each_filterbank = pytest.mark.parametrize("weights", [MEL, LINES, FULL], ids=["mel", "eye", "full"])


@pytest.fixture(params=["sparse", "dense"], autouse=True)
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "dense":
        monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: False)
    elif not torch.backends.mkl.is_available():
        pytest.skip("no MKL here, so there are no sparse products")
    operator = band_products._operator(MEL)
    assert (operator.layout == torch.sparse_csr) == (request.param == "sparse")


def levels(*shape: int) -> Tensor:
    """Magnitudes over eight decades."""
    generator = torch.Generator().manual_seed(len(shape))
    return 10.0 ** (-8 * torch.rand(shape, generator=generator))


@each_filterbank
@pytest.mark.parametrize("shape", [(), (1,), (6,), (3, 11), (2, 3, 4)])
def test_products_are_those_of_the_matrix(weights: Tensor, shape: tuple[int, ...]) -> None:
    products = BandProducts(weights)
    bins = levels(*shape, weights.shape[1])
    torch.testing.assert_close(products.bands(bins), bins @ weights.T)
    bands = levels(*shape, weights.shape[0])
    shares = weights / weights.sum(dim=0).clamp(min=1e-30)
    torch.testing.assert_close(products.bins(bands), bands @ shares)


@each_filterbank
def test_a_bin_gets_back_what_all_its_bands_hold(weights: Tensor) -> None:
    reached = weights.sum(dim=0) > 0
    level = BandProducts(weights).bins(torch.full((3, len(weights)), 0.25))
    torch.testing.assert_close(level, 0.25 * reached.float().expand(3, -1))


@each_filterbank
def test_an_item_has_the_same_bits_in_any_company(weights: Tensor) -> None:
    products = BandProducts(weights)
    bins, bands = levels(9, 13, weights.shape[1]), levels(9, 13, weights.shape[0])
    for n in (1, 2, 4, 5):
        for start in range(0, 9, n):
            some = slice(start, start + n)
            assert torch.equal(products.bands(bins[some]), products.bands(bins)[some])
            assert torch.equal(products.bins(bands[some]), products.bins(bands)[some])


def test_the_rim_is_what_lies_beyond_the_centres_of_the_outermost_bands() -> None:
    first, last = int(MEL[0].argmax()), int(MEL[-1].argmax())
    rim = BandProducts(MEL).rim.tolist()
    assert rim
    assert all(place < first or place > last for place in rim)
    # The last triangle falls along a line to nothing: a bin well down it is not seen in full.
    beyond = [place for place in range(MEL.shape[1]) if MEL[-1, place] < 0.85 * MEL[-1].max()]
    assert set(range(last + 1, MEL.shape[1])) & set(beyond) <= set(rim)
    assert not len(BandProducts(LINES).rim)
