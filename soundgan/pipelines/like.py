"""More sounds like some that were kept, and unlike some that were dropped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import torch

from soundgan.addresses.address import Address, Share
from soundgan.errors import UsageError
from soundgan.inference.code_file import CodeNumbers, write_code
from soundgan.inference.latents import draw_latents
from soundgan.inference.points import Point, moved, point_of
from soundgan.pipelines.addressed import Plan
from soundgan.pipelines.sources import Sources

_NOTHING = 1e-6
"""Shorter differences have no direction."""


def like(n_kept: int, count: int, seed: int, strength: float) -> Plan:
    """``count`` sounds moved from seeds towards the first ``n_kept`` and away from the others.

    The direction is the difference between the mean codes of both. Classes are those of the kept
    sounds, in turn.

    Args:
        n_kept: How many of the named sounds were kept; the others were dropped.
        count: How many new ones.
        seed: Of the first; each next has the next seed.
        strength: 0 leaves the sounds of the seeds as they are, 1 gives one code for all of them.
    """

    def plan(sources: Sources) -> Sources:
        model = sources.model
        points = [point_of(model, address, sources.codes) for address in sources.addresses]
        kept, dropped = points[:n_kept], points[n_kept:]
        away = torch.stack([point.code for point in kept]).double().mean(dim=0)
        if dropped:
            away = away - torch.stack([point.code for point in dropped]).double().mean(dim=0)
        length = float(away.square().sum().sqrt())
        if length < _NOTHING:
            raise UsageError("kept and dropped sounds are the same; there is nothing to go by")
        size = len(away)
        goal = (away * (math.sqrt(size) / length)).float()
        codes = dict(sources.codes)
        addresses = []
        for number in range(count):
            drawn = draw_latents([seed + number], model.generator.latent_dim)[0, :size]
            code = moved(drawn, goal, strength)
            numbers = CodeNumbers(model.sha256, tuple(code.tolist()), seed + number)
            write_code(numbers)
            codes[numbers.hash] = numbers
            classes = _classes(kept[number % n_kept], model.description.labels)
            addresses.append(Address(numbers.source, classes))
        return replace(sources, addresses=tuple(addresses), codes=codes)

    return plan


def _classes(point: Point, labels: Sequence[str]) -> tuple[Share, ...] | None:
    """The classes of a sound, as an address says them."""
    if point.shares is None:
        return None
    if point.label is not None:
        return (Share(labels[point.label]),) if point.label < len(labels) else ()
    return tuple(
        Share(labels[number], round(share, 6))
        for number, share in point.shares.items()
        if number < len(labels)
    )
