"""Zero-centred gradient penalties R1 and R2: the discriminator is flat where clips are."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def squared_slope(discriminator: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Mean over clips, x [B, *shape], of |dD/dx|^2, summed over all values; differentiable in D.

    Zero exactly where D does not depend on x. At real clips it is the penalty R1, at
    generated ones R2.

    References:
        Mescheder, Geiger, Nowozin, "Which Training Methods for GANs do actually Converge?",
        ICML 2018, eq. 9 (with weight gamma / 2).
    """
    x = x.detach().requires_grad_()
    # The mean of a clip's patch logits is its logit, as in the loss itself.
    logits = discriminator(x).mean(dim=1)
    (slope,) = torch.autograd.grad(logits.sum(), x, create_graph=True)
    return slope.flatten(1).square().sum(dim=1).mean()
