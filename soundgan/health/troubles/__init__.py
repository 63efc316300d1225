"""What can go wrong in a game; one trouble per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundgan.registry import Registry

if TYPE_CHECKING:
    from soundgan.health.troubles.contract import Trouble

_HERE = "soundgan.health.troubles"

TROUBLES: Registry[type[Trouble]] = Registry(
    "trouble",
    {
        "not-finite": f"{_HERE}.not_finite:NotFinite",
        "discriminator-leaps": f"{_HERE}.discriminator_leaps:DiscriminatorLeaps",
        "explosion": f"{_HERE}.explosion:Explosion",
        "discriminator-won": f"{_HERE}.discriminator_won:DiscriminatorWon",
        "discriminator-dead": f"{_HERE}.discriminator_dead:DiscriminatorDead",
        "silence": f"{_HERE}.silence:Silence",
        "single-tone": f"{_HERE}.single_tone:SingleTone",
        "mode-collapse": f"{_HERE}.mode_collapse:ModeCollapse",
        "no-variety": f"{_HERE}.no_variety:NoVariety",
        "latent-ignored": f"{_HERE}.latent_ignored:LatentIgnored",
        "generator-saturates": f"{_HERE}.generator_saturates:GeneratorSaturates",
        "low-diversity": f"{_HERE}.low_diversity:LowDiversity",
        "discriminator-overfits": f"{_HERE}.discriminator_overfits:DiscriminatorOverfits",
        "memorisation": f"{_HERE}.memorisation:Memorisation",
    },
)
"""In the order in which they are asked for: of one family, the most telling first."""
