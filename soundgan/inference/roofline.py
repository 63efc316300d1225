"""The least time a generator can take on a device, whatever the program: the roofline model.

References:
    Williams, Waterman, Patterson, "Roofline: An Insightful Visual Performance Model for Multicore
    Architectures", Communications of the ACM 52, 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from soundgan.inference.model_file import LoadedModel
from soundgan.models.cost import forward_flops
from soundgan.runtime.ceilings import Rates


@dataclass(frozen=True)
class RooflineBound:
    """What a batch of images costs at least.

    Attributes:
        flops: Floating-point operations of the batch, two per multiply-add.
        weight_bytes: Of all weights, which have to be read once.
        seconds: No program that does these operations is faster on this device.
    """

    flops: int
    weight_bytes: int
    seconds: float


def roofline_bound(model: LoadedModel, batch: int, rates: Rates) -> RooflineBound:
    """What ``batch`` images made at once cost at least.

    Arithmetic at the rate of the best matrix product, or the weights read once at the rate of a
    copy, whichever takes longer: the two can overlap, but neither can be left out. Traffic of
    activations is not counted, so that large images with few channels never come near the bound.

    Args:
        model: Whose generator it is.
        batch: Images made together.
        rates: Of the device, at the precision the generator runs in.
    """
    generator = model.generator
    flops = batch * forward_flops(generator)
    weight_bytes = sum(
        tensor.numel() * tensor.element_size()
        for tensor in chain(generator.parameters(), generator.buffers())
    )
    seconds = max(flops / rates.flops_per_s, weight_bytes / rates.bytes_per_s)
    return RooflineBound(flops, weight_bytes, seconds)
