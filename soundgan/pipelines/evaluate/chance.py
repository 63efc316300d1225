"""How far real sounds are from other real sounds, at the counts of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.evaluation.draws import Draws, draw_space, make_draws
from soundgan.evaluation.ripples import line_db
from soundgan.evaluation.view import VIEWS
from soundgan.pipelines.evaluate.looks import Looks, joined
from soundgan.pipelines.evaluate.numbers import number_of, significant
from soundgan.pipelines.evaluate.request import MEASURE_SEED
from soundgan.pipelines.evaluate.rows import Ruler, compared
from soundgan.runtime.seeding import torch_stream

LIMIT = 0.95
"""Of the draws that lie within the limit."""

MANIFOLD = ("precision", "recall", "density", "coverage")


@dataclass(frozen=True)
class Chance:
    """What one number is for real sounds against other real sounds.

    Attributes:
        usual: The mean of the draws.
        limit: What 19 of 20 draws stay within, on the worse side.
    """

    usual: float
    limit: float


def chances_of(ruler: Ruler, n_sounds: int, *, labelled: bool) -> dict[str, Chance]:
    """What chance makes of each number that can be drawn, by its key.

    Training and reference clips are mixed and divided again, forty times, into two sets of the
    sizes at hand; of fewer clips, into smaller sets, which chance sets farther apart.

    Args:
        ruler: Both splits.
        n_sounds: How many sounds are measured.
        labelled: Whether they all have a class.
    """
    sides = ruler.train, ruler.clips
    n_real = sum(map(len, sides))
    stream = torch_stream(MEASURE_SEED, "evaluate", "draws")
    draws = make_draws(n_real, len(ruler.clips), n_sounds, stream)
    found: dict[str, list[float]] = {}
    if min(draws.reference.shape[1], draws.sounds.shape[1]) < 2:
        return {}
    for view in VIEWS:
        features = torch.cat([side.features[view.name] for side in sides])
        space = draw_space(features, ruler.clips.features[view.name], draws)
        found[f"{view.name}.kernel_distance"] = space.kernel_distance.tolist()
        for name in MANIFOLD:
            found[f"{view.name}.{name}"] = [getattr(scores, name) for scores in space.manifold]
    looks = joined([side.looks for side in sides])
    labels = np.concatenate([side.labels for side in sides])
    if not labelled:
        labels = np.full_like(labels, -1)
    _draw_quantities(ruler, looks, labels, draws, found)
    for axis, ripples in looks.ripples.items():
        found[f"ripples.{axis}"] = [line_db(ripples[a], ripples[b]) for a, b in _pairs(draws)]
    return {key: _chance(key, values) for key, values in found.items()}


def chance_document(chances: dict[str, Chance]) -> dict[str, Any]:
    """Chances as the report states them, six digits a number."""
    return {
        key: {"usual": significant(chance.usual), "limit": significant(chance.limit)}
        for key, chance in chances.items()
    }


def _draw_quantities(
    ruler: Ruler,
    looks: Looks,
    labels: NDArray[np.int64],
    draws: Draws,
    found: dict[str, list[float]],
) -> None:
    for first, second in _pairs(draws):
        sides = [(looks.rows(rows), labels[rows.numpy()]) for rows in (first, second)]
        for key, numbers in compared(ruler.spreads, sides[0], sides[1]).items():
            found.setdefault(f"quantities.{key}", []).append(numbers.gap.distance)


def _pairs(draws: Draws) -> list[tuple[Tensor, Tensor]]:
    return list(zip(draws.reference, draws.sounds, strict=True))


def _chance(key: str, values: list[float]) -> Chance:
    share = 1.0 - LIMIT if number_of(key).better == "high" else LIMIT
    return Chance(float(np.mean(values)), float(np.quantile(values, share)))
