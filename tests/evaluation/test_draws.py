from __future__ import annotations

import pytest
import torch

from soundgan.evaluation.distances import kernel_distance
from soundgan.evaluation.draws import Draws, draw_space, make_draws
from soundgan.evaluation.manifold import manifold_scores


def stream() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_the_sets_of_a_draw_are_disjoint_and_of_the_sizes_asked_for() -> None:
    draws = make_draws(100, 20, 50, stream(), n_draws=7)
    assert draws.reference.shape == (7, 20)
    assert draws.sounds.shape == (7, 50)
    for first, second in zip(draws.reference, draws.sounds, strict=True):
        assert len({*first.tolist(), *second.tolist()}) == 70


def test_of_too_few_clips_both_sets_are_smaller_alike() -> None:
    draws = make_draws(60, 40, 80, stream())
    assert (draws.reference.shape[1], draws.sounds.shape[1]) == (20, 40)


def test_every_draw_has_the_numbers_of_its_sets() -> None:
    features = torch.randn(90, 6, generator=stream(), dtype=torch.float64)
    draws = Draws(torch.arange(40)[None], torch.arange(40, 90)[None])
    space = draw_space(features, features[:40], draws)
    assert float(space.kernel_distance[0]) == pytest.approx(
        kernel_distance(features[:40], features[40:])
    )
    assert space.manifold[0] == manifold_scores(features[:40], features[40:])


def test_real_sounds_have_no_distance_in_the_mean() -> None:
    features = torch.randn(200, 4, generator=stream(), dtype=torch.float64)
    found = draw_space(features, features[:50], make_draws(200, 50, 100, stream())).kernel_distance
    assert abs(float(found.mean())) < float(found.std())
