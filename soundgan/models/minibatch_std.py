"""How much the images of a group differ, as one more feature map."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class MinibatchStd(nn.Module):
    """Appends to features [B, D, H, W] one map with the mean standard deviation inside a group.

    A group is ``size`` consecutive images; what is left over at the end makes a smaller one. A
    discriminator sees by it that generated images are too much alike.

    References:
        Karras et al., "Progressive Growing of GANs", ICLR 2018, section 3.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, features: Tensor) -> Tensor:
        """Features [B, D + 1, H, W]; the new map is constant within an image and a group."""
        groups = torch.split(features, self.size)
        spread = torch.cat([_spread(group).expand(len(group)) for group in groups])
        extra = spread[:, None, None, None].expand(-1, 1, *features.shape[2:])
        return torch.cat([features, extra], dim=1)


def _spread(group: Tensor) -> Tensor:
    group = group.float()  # differences of sixteen-bit numbers are mostly rounding
    # In two passes: var's one pass is ten times slower across images. The epsilon keeps the slope
    # of the root finite where all images agree.
    variance = (group - group.mean(dim=0)).square().mean(dim=0)
    return (variance + 1e-8).sqrt().mean()
