"""Several augmentations in a row, each only now and then."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from soundgan.augmentations.contract import Augmentation


class Augmenter:
    """Applies each part to each image independently with a given probability.

    A discriminator cannot tell augmented from plain images by their rarity, and the generator
    does not learn to make augmented ones, as long as the probability stays below about 0.8.

    References:
        Karras et al., "Training Generative Adversarial Networks with Limited Data", NeurIPS 2020.
    """

    def __init__(self, parts: Sequence[Augmentation]) -> None:
        self.parts = tuple(parts)

    def __call__(self, images: Tensor, probability: float, stream: torch.Generator) -> Tensor:
        """Images of the same kind, or ``images`` itself at probability 0 and without parts.

        What each part would do to an image is drawn whether it is done or not: a probability that
        rises adds changes and keeps those that were there.

        Args:
            images: [B, C, F, T].
            probability: Of each part for each image, in [0, 1].
            stream: CPU generator; advances by the same amount at every probability above 0.
        """
        if probability == 0:
            return images
        for part in self.parts:
            chosen = torch.rand(len(images), 1, 1, 1, generator=stream) < probability
            # With weights 0 and 1 an exact choice, several times faster than torch.where on CPU.
            images = torch.lerp(images, part(images, stream), chosen.to(images))
        return images
