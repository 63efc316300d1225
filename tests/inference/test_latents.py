"""What is drawn from a seed."""

from __future__ import annotations

import pytest
import torch

from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.runtime.seeding import torch_stream


def test_a_row_follows_from_its_seed_alone() -> None:
    rows, labels = draw_latents([5, 6, 7], 32), draw_labels([5, 6, 7], 9)
    assert torch.equal(rows[1:], draw_latents([6, 7], 32))
    assert torch.equal(labels[1:], draw_labels([6, 7], 9))
    assert not torch.equal(rows[0], rows[1])


def test_latents_are_standard_normal_and_scaled_by_the_truncation() -> None:
    rows = draw_latents(range(1000), 20)
    assert rows.mean().item() == pytest.approx(0.0, abs=0.03)  # 4 standard errors
    assert rows.std().item() == pytest.approx(1.0, abs=0.02)
    assert torch.equal(draw_latents(range(4), 20, truncation=0.5), 0.5 * rows[:4])


def test_every_class_is_drawn_as_often_as_another() -> None:
    counts = torch.bincount(draw_labels(range(3000), 3))
    assert len(counts) == 3
    assert (counts - 1000).abs().max() < 4 * 26  # 4 standard errors


def test_the_label_of_a_seed_comes_from_a_stream_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names: list[str] = []

    def noted(seed: int, name: str) -> torch.Generator:
        names.append(name)
        return torch_stream(seed, name)

    monkeypatch.setattr("soundgan.inference.latents.torch_stream", noted)
    draw_latents([1], 4)
    draw_labels([1], 4)
    assert len(set(names)) == 2
