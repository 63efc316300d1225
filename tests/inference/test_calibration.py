from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from soundgan.codec.level_curve import MOST
from soundgan.inference.calibration import calibrated_levels


def pictures(n: int, seed: int, *, spread: float = 0.25) -> Tensor:
    """Images of normal levels, with a third of silence."""
    stream = torch.Generator().manual_seed(seed)
    levels = torch.randn(n, 1, 16, 32, generator=stream) * spread
    quiet = torch.rand(n, 1, 16, 32, generator=stream) < 1 / 3
    return torch.where(quiet, -1.0, levels).clamp(-1, 1)


def duller(images: Tensor) -> Tensor:
    """Peaks lower and valleys fuller; silence stays."""
    return torch.where(images > -0.98, images * 0.8 + 0.05, images)


def moments(images: Tensor) -> tuple[float, float]:
    loud = images[images > -0.98]
    return float(loud.mean()), float(loud.std())


def test_a_generator_that_draws_real_levels_is_hardly_corrected() -> None:
    curve = calibrated_levels(pictures(1600, 1), pictures(1600, 2), lambda images: images)
    assert curve is not None
    made = pictures(100, 3)
    # Each of 64 parts has 8,500 loud pixels: quantiles are known to a few thousandths.
    assert float((curve(made) - made).abs().mean()) < 0.005


def test_what_the_way_to_sound_does_to_levels_is_made_up_for() -> None:
    real = pictures(200, 1)
    curve = calibrated_levels(real, pictures(200, 2), duller)
    assert curve is not None
    others = pictures(200, 4)
    (mean, spread), wanted = moments(duller(others)), moments(real)
    assert abs(mean - wanted[0]) > 0.04
    assert spread < 0.85 * wanted[1]
    mean, spread = moments(duller(curve(others)))
    assert abs(mean - wanted[0]) < 0.01
    assert abs(spread / wanted[1] - 1) < 0.05
    assert (curve(others)[others == -1] == -1).all()


def test_so_is_what_it_does_at_one_time_or_one_frequency_only() -> None:
    def later_duller(images: Tensor) -> Tensor:
        heard = images.clone()
        heard[..., 8:, 24:] = duller(images[..., 8:, 24:])
        return heard

    curve = calibrated_levels(pictures(400, 1), pictures(400, 2), later_duller)
    assert curve is not None
    others = pictures(100, 4)
    corrected = curve(others)
    (mean, spread), wanted = moments(later_duller(corrected)[..., 10:, 26:]), moments(others)
    assert abs(mean - wanted[0]) < 0.01
    assert abs(spread / wanted[1] - 1) < 0.05
    for elsewhere in (corrected - others)[..., :6, :], (corrected - others)[..., :22]:
        assert float(elsewhere.abs().mean()) < 0.01


def moved(real: Tensor, made: Tensor, heard: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor]:
    """Levels from -1 to 1, and where the curve takes them."""
    curve = calibrated_levels(real, made, heard)
    assert curve is not None
    levels = torch.linspace(-1, 1, 401)[:, None, None, None].expand(401, 1, 16, 32)
    return levels, curve(levels)


def test_louder_levels_stay_louder() -> None:
    # What lies between the steps of such a road is heard too low and lifted, above the next step.
    _, after = moved(pictures(50, 1), pictures(50, 2), lambda images: (images * 3).floor() / 3)
    assert (after.diff(dim=0) >= -1e-6).all()


def test_no_level_moves_far() -> None:
    before, after = moved(pictures(50, 1, spread=0.1) + 0.9, pictures(50, 2), duller)
    assert MOST - 1e-3 < float((after - before).abs().max()) <= MOST + 1e-6


def test_silence_stays_where_recordings_have_none_and_where_the_generator_draws_none() -> None:
    quiet, loud = pictures(50, 1), pictures(50, 2).clamp(min=-0.5)
    before, after = moved(loud, quiet, duller)
    assert (after[0] == -1).all()
    assert float((after - before)[before < -0.96].abs().max()) < 0.05
    _, after = moved(loud + 0.2, loud, duller)
    assert (after[0] == -1).all()


def test_pictures_and_sounds_that_are_not_finite_have_no_curve() -> None:
    real, made = pictures(8, 1), pictures(8, 2)
    assert calibrated_levels(real, made * torch.nan, duller) is None
    assert calibrated_levels(real, made, lambda images: images * torch.nan) is None
