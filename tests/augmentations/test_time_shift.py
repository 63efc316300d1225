from __future__ import annotations

import torch

from soundgan.augmentations.time_shift import TimeShift, TimeShiftOptions


def shift(row: list[float], n_images: int = 200, **options: float) -> list[list[float]]:
    images = torch.tensor(row)[None, None, None, :].expand(n_images, 1, 1, len(row))
    part = TimeShift(TimeShiftOptions(**options))
    shifted: list[list[float]] = part(images, torch.Generator().manual_seed(3))[:, 0, 0].tolist()
    return shifted


def test_fills_what_becomes_free_with_floor() -> None:
    made = {tuple(row) for row in shift([0.0, 0.25, 0.5, 0.75], max_earlier=0.5, max_later=0.25)}
    assert made == {
        (0.5, 0.75, -1.0, -1.0),
        (0.25, 0.5, 0.75, -1.0),
        (0.0, 0.25, 0.5, 0.75),
        (-1.0, 0.0, 0.25, 0.5),
    }


def test_never_cuts_an_attack_that_it_must_keep() -> None:
    made = shift([0.5] + [-1.0] * 15, max_earlier=0.0, max_later=0.5)
    onsets = [row.index(0.5) for row in made]
    assert (min(onsets), max(onsets)) == (0, 8)


def test_shifts_by_up_to_6_percent_each_way_with_equal_chances() -> None:
    onsets = torch.tensor(
        [row.index(0.5) for row in shift([-1.0] * 50 + [0.5] + [-1.0] * 49, 6500)]
    )
    values, counts = onsets.unique(return_counts=True)
    assert values.tolist() == list(range(44, 57))
    # 500 expected for each of 13 shifts, with a standard deviation of 21.5.
    assert counts.min() > 400
    assert counts.max() < 600


def test_shifts_all_rows_and_channels_of_an_image_together() -> None:
    images = torch.full((20, 3, 4, 32), -1.0)
    images[..., 16] = 0.5
    part = TimeShift(TimeShiftOptions())
    onsets = part(images, torch.Generator().manual_seed(1)).argmax(dim=3).flatten(1)
    assert (onsets == onsets[:, :1]).all()
    assert len(onsets[:, 0].unique()) > 1
