"""Adversarial losses and their gradient penalties; one loss per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundgan.registry import Registry

if TYPE_CHECKING:
    from soundgan.losses.contract import AdversarialLoss

LOSSES: Registry[type[AdversarialLoss]] = Registry(
    "loss",
    {
        "relativistic": "soundgan.losses.relativistic:Relativistic",
        "wasserstein": "soundgan.losses.wasserstein:Wasserstein",
        "non_saturating": "soundgan.losses.non_saturating:NonSaturating",
        "hinge": "soundgan.losses.hinge:Hinge",
        "least_squares": "soundgan.losses.least_squares:LeastSquares",
    },
)
