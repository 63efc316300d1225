from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.interpolate import RegularGridInterpolator

from soundgan.codec.level_curve import MOST, TENSOR, LevelCurve
from soundgan.errors import ArtefactError
from soundgan.inference.model_file import load_model, save_model
from soundgan.inference.synthesis import synthesise
from soundgan.runtime.tensors import load_tensors, save_tensors


def images(*shape: int) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(5)) * 2 - 1


def test_no_correction_changes_nothing_but_what_lies_outside_the_range() -> None:
    curve = LevelCurve(torch.zeros(4, 8, 65), 32, 16)
    picture = images(3, 1, 32, 16) * 1.2
    assert torch.equal(curve(picture), picture.clamp(-1, 1))


def test_between_levels_and_between_the_middles_of_bands_it_is_linear() -> None:
    # Two bands of four rows, levels -1, 0 and 1.
    curve = LevelCurve(torch.tensor([[[0.0, 0.1, 0.2], [0.0, -0.1, 0.0]]]), 8, 1)
    picture = torch.full((1, 1, 8, 1), -0.5)
    # Half way from -1 to 0: 0.05 in the lower band, -0.05 in the upper one. The bands' middles
    # are 1.5 and 5.5; the row 2 is an eighth of the way from one to the other, row 3 three.
    shift = [0.05, 0.05, 0.0375, 0.0125, -0.0125, -0.0375, -0.05, -0.05]
    torch.testing.assert_close(curve(picture).flatten(), torch.tensor(shift) - 0.5)
    # Full scale is not exceeded; half way from 0 to 1 the lower band adds 0.15.
    assert float(curve(torch.ones(1, 1, 8, 1))[0, 0, 0, 0]) == 1.0
    torch.testing.assert_close(float(curve(torch.full((1, 1, 8, 1), 0.5))[0, 0, 0, 0]), 0.65)


def test_between_the_middles_of_sections_of_time_it_is_linear() -> None:
    # Three sections of two columns: middles at 0.5, 2.5 and 4.5.
    correction = torch.zeros(3, 1, 2)
    correction[:, 0, 1] = torch.tensor([0.08, 0.0, -0.24])
    curve = LevelCurve(correction, 2, 6)
    shift = torch.tensor([0.08, 0.06, 0.02, -0.06, -0.18, -0.24])
    picture = torch.zeros(1, 1, 2, 6)  # half way from silence: half of it
    torch.testing.assert_close(curve(picture), (shift / 2).expand(1, 1, 2, 6))


def test_every_pixel_is_interpolated_in_time_frequency_and_level() -> None:
    correction = images(3, 4, 9) * MOST
    height, width = 10, 7
    picture = images(1, 1, height, width)
    corrected = LevelCurve(correction, height, width)(picture)[0, 0]
    axes = [
        (np.arange(parts) + 0.5) * size / parts - 0.5 for parts, size in ((3, width), (4, height))
    ]
    surface = RegularGridInterpolator((*axes, np.linspace(-1, 1, 9)), correction.double().numpy())
    for row in range(height):
        for column in range(width):
            level = float(picture[0, 0, row, column])
            inside = [np.clip(p, a[0], a[-1]) for p, a in zip((column, row), axes, strict=True)]
            expected = np.clip(level + surface((*inside, level)).item(), -1, 1)
            assert abs(float(corrected[row, column]) - expected) < 1e-6


def test_silence_stays_silence() -> None:
    correction = torch.full((3, 4, 9), 0.2)
    correction[..., 0] = 0.0
    assert (LevelCurve(correction, 16, 8)(torch.full((2, 3, 16, 8), -1.0)) == -1.0).all()


def test_a_table_without_times_is_the_same_at_all_times() -> None:
    correction = images(2, 5) * MOST
    curve = LevelCurve.read({TENSOR: correction}, 16, 8)
    assert torch.equal(curve.correction, correction[None])


def test_there_are_at_most_as_many_parts_as_rows_and_columns() -> None:
    LevelCurve.read({TENSOR: torch.zeros(8, 16, 5)}, 16, 8)
    for sections, bands in ((9, 16), (8, 17)):
        with pytest.raises(ArtefactError, match=r"of \[[89], 1[67], 5\]"):
            LevelCurve.read({TENSOR: torch.zeros(sections, bands, 5)}, 16, 8)


def test_an_image_is_corrected_alike_alone_and_among_others() -> None:
    curve = LevelCurve(images(5, 8, 65) * MOST, 30, 13)
    batch = images(7, 1, 30, 13)
    corrected = curve(batch)
    for row in range(len(batch)):
        assert torch.equal(curve(batch[row : row + 1])[0], corrected[row])


def with_levels(source: Path, target: Path, correction: torch.Tensor) -> Path:
    model = load_model(source)
    state, statistics = model.generator.state_dict(), model.codec.statistics()
    picture = model.description.config.representation
    curve = LevelCurve(correction, picture.height, picture.width)
    save_model(target, model.description, state, statistics, levels=curve)
    return target


def test_a_model_keeps_its_curve_and_sounds_by_it(model_path: Path, tmp_path: Path) -> None:
    correction = torch.full((3, 2, 5), -0.1)
    correction[..., 0] = 0.0
    path = with_levels(model_path, tmp_path / "model.safetensors", correction)
    model, plain = load_model(path), load_model(model_path)
    assert model.codec.levels is not None
    assert torch.equal(model.codec.levels.correction, correction)
    assert plain.codec.levels is None
    for corrected, other in zip(
        synthesise(model, range(2)), synthesise(plain, range(2)), strict=True
    ):
        # The picture is the one that was turned into sound, which is quieter, as it was told.
        assert torch.equal(corrected.image, model.codec.levels(other.image[None])[0])
        sound = model.codec.waveforms(corrected.image[None], [corrected.seed])[0]
        assert torch.equal(corrected.waveform, sound / sound.abs().max().clamp(1.0))
        assert corrected.waveform.square().mean() < 0.9 * other.waveform.square().mean()


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"other": torch.zeros(2, 5)}, r"levels: expected \['correction'\], got \['other'\]"),
        (
            {TENSOR: torch.zeros(5)},
            r"expected float32 \[sections, bands, levels\], got .* of \[5\]",
        ),
        ({TENSOR: torch.zeros(1, 2, 1)}, r"got torch.float32 of \[1, 2, 1\]"),
        ({TENSOR: torch.zeros(1, 0, 5)}, r"got torch.float32 of \[1, 0, 5\]"),
        ({TENSOR: torch.zeros(0, 2, 5)}, r"got torch.float32 of \[0, 2, 5\]"),
        ({TENSOR: torch.zeros(1, 33, 5)}, r"got torch.float32 of \[1, 33, 5\]"),
        ({TENSOR: torch.zeros(33, 1, 5)}, r"got torch.float32 of \[33, 1, 5\]"),
        ({TENSOR: torch.zeros(2, 5, dtype=torch.float64)}, "got torch.float64"),
        ({TENSOR: torch.full((1, 2, 5), 0.3)}, "beyond 0.25, or not finite"),
        ({TENSOR: torch.full((2, 5), torch.nan)}, "beyond 0.25, or not finite"),
    ],
)
def test_a_curve_that_is_not_one_is_refused(
    tensors: dict[str, torch.Tensor], message: str, model_path: Path, tmp_path: Path
) -> None:
    kept, document, _ = load_tensors(model_path)
    path = tmp_path / "model.safetensors"
    save_tensors(
        path, kept | {f"levels.{name}": value for name, value in tensors.items()}, document
    )
    with pytest.raises(ArtefactError, match=message):
        load_model(path)
