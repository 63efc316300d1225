"""Random changes of images that the discriminator sees; one change per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundgan.registry import Registry

if TYPE_CHECKING:
    from soundgan.augmentations.contract import Augmentation

AUGMENTATIONS: Registry[type[Augmentation]] = Registry(
    "augmentation",
    {
        "time_shift": "soundgan.augmentations.time_shift:TimeShift",
        "gain": "soundgan.augmentations.gain:Gain",
        "tilt": "soundgan.augmentations.tilt:Tilt",
        "frequency_mask": "soundgan.augmentations.frequency_mask:FrequencyMask",
        "time_mask": "soundgan.augmentations.time_mask:TimeMask",
        "noise": "soundgan.augmentations.noise:Noise",
    },
)
