"""Transposed convolution by whichever of three ways is quickest; they differ by rounding only."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

FEW_ROWS = 64
"""Pixels of a batch up to which one matrix product beats oneDNN's convolution: eight times at 4 x 4
pixels and 1024 channels, nothing at 16 x 16."""

FEW_CHANNELS = 4
"""Channels of a result that oneDNN is slow for: it fills vectors of sixteen."""

LARGE_BYTES = 16 << 20
"""A kernel that no cache holds. Few pixels times it is quickest where it is read once, in order:
MKL's product copies it first, which takes longer than multiplying does."""


class TransposedConv(nn.ConvTranspose2d):
    """``nn.ConvTranspose2d``, quicker where its shape allows.

    From 1 x 1 pixel it is a matrix product and nothing else. Kernel 4, stride 2, padding 1 is a
    product and the sum of overlapping 4 x 4 patches, which is taken on the CPU for few pixels
    (there is no gradient then) and for few channels. Weights in channels-last order are used as
    they lie, and so is a large kernel that lies as a table (:meth:`table`).
    """

    def table(self) -> Tensor | None:
        """A large kernel as the same numbers in the order [k, k, C', C]; ``None`` for others."""
        large = self.weight.numel() * self.weight.element_size() >= LARGE_BYTES
        if not (large and self._doubles() and self.weight.device.type == "cpu"):
            return None
        return self.weight.data.permute(2, 3, 1, 0).contiguous().permute(3, 2, 0, 1)

    def forward(self, hidden: Tensor, output_size: list[int] | None = None) -> Tensor:
        """[B, C', H', W'] for [B, C, H, W]."""
        if hidden.shape[2:] == (1, 1) and self.stride == (1, 1) and self.padding == (0, 0):
            return self._from_one_pixel(hidden)
        if hidden.device.type == "cpu" and self._doubles() and not torch.is_autocast_enabled("cpu"):
            n_rows = hidden.numel() // hidden.shape[1]
            if not torch.is_grad_enabled():
                few = n_rows <= FEW_ROWS or self.out_channels <= FEW_CHANNELS
                if few or _is_table(self.weight):
                    return _doubled(hidden, self.weight, self.bias)
            elif self.out_channels <= FEW_CHANNELS:
                doubled: Tensor = _Doubled.apply(hidden, self.weight, self.bias)  # type: ignore[no-untyped-call]
                return doubled
        return super().forward(hidden, output_size)

    def _doubles(self) -> bool:
        return (self.kernel_size, self.stride, self.padding) == ((4, 4), (2, 2), (1, 1))

    def _from_one_pixel(self, hidden: Tensor) -> Tensor:
        patches = (hidden.flatten(1) @ _rows(self.weight)).view(
            len(hidden), *self.kernel_size, self.out_channels
        )
        if self.bias is not None:
            patches = patches + self.bias
        return patches.permute(0, 3, 1, 2)


class _Doubled(torch.autograd.Function):
    """The product forwards; backwards it is a strided convolution, which oneDNN is quick at."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(hidden, weight)
        ctx.bias_sizes = None if bias is None else list(bias.shape)
        return _doubled(hidden, weight, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        hidden, weight = ctx.saved_tensors
        needed = [*ctx.needs_input_grad[:2], ctx.bias_sizes is not None]
        two, one, none = [2, 2], [1, 1], [0, 0]
        slopes: tuple[Tensor | None, ...] = torch.ops.aten.convolution_backward(
            gradient, hidden, weight, ctx.bias_sizes, two, one, one, True, none, 1, needed
        )
        return slopes


def _doubled(hidden: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """A 4 x 4 patch for every pixel, at every second row and column, less the outermost ring.

    A patch is four 2 x 2 blocks, and a block of the result is the sum of one block each of the
    four patches around it.
    """
    n, _, height, width = hidden.shape
    channels = weight.shape[1]
    rows = hidden.permute(0, 2, 3, 1).reshape(n * height * width, -1)
    patches = _product(rows, weight).view(n, height, width, 2, 2, 2, 2, channels)
    canvas = hidden.new_zeros(n, height + 1, 2, width + 1, 2, channels)
    if bias is not None:
        canvas += bias
    for down in (0, 1):
        for right in (0, 1):
            blocks = patches[:, :, :, down, :, right].permute(0, 1, 3, 2, 4, 5)
            canvas[:, down : down + height, :, right : right + width] += blocks
    whole = canvas.view(n, 2 * height + 2, 2 * width + 2, channels)
    inside = whole[:, 1:-1, 1:-1].permute(0, 3, 1, 2)
    return inside.contiguous(memory_format=torch.channels_last)


def _product(rows: Tensor, weight: Tensor) -> Tensor:
    """[R, k k C'] of [R, C] and a weight."""
    onednn = _onednn_linear() if _is_table(weight) and not torch.is_grad_enabled() else None
    if onednn is None:
        return rows @ _rows(weight)
    product: Tensor = onednn(rows, _rows(weight).t(), None, "none", [], "")
    return product


def _is_table(weight: Tensor) -> bool:
    """Whether a kernel lies as :meth:`TransposedConv.table` gives it."""
    channels_in, channels_out, _, wide = weight.shape
    wanted = (1, channels_in, wide * channels_out * channels_in, channels_out * channels_in)
    return channels_in > 1 and weight.dtype == torch.float32 and weight.stride() == wanted


@cache
def _onednn_linear() -> Any:
    """The product of oneDNN that takes weights as they lie, where this torch has it."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return None
    return getattr(torch.ops.mkldnn, "_linear_pointwise", None)


def _rows(weight: Tensor) -> Tensor:
    """[C, k k C'] of a weight [C, C', k, k]; a view where it lies channels-last."""
    return weight.permute(0, 2, 3, 1).reshape(len(weight), -1)
