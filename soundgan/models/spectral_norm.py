"""Weights divided by their largest singular value."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional
from torch.nn.utils import parametrize

Layer = TypeVar("Layer", bound=nn.Module)

EPSILON = 1e-12
"""Keeps a weight of zeros finite."""

WARM_UP = 15
"""Power iterations before the first use."""


def spectral(layer: Layer, *, enabled: bool = True) -> Layer:
    """Divide the layer's weight by its largest singular value, one power iteration per forward.

    The iteration's vectors are buffers: they are saved with the weights, and a resumed run goes
    on with the same ones. Initialise the weight first, or the vectors belong to another matrix.

    References:
        Miyato et al., "Spectral Normalization for GANs", ICLR 2018.
    """
    if enabled:
        norm = SpectralNorm(layer.get_parameter("weight"))
        parametrize.register_parametrization(layer, "weight", norm)
    return layer


class SpectralNorm(nn.Module):
    """What divides a weight [out, in, ...], seen as a matrix with one row per output.

    The same as ``torch.nn.utils.parametrizations.spectral_norm``, in a few operations on weights
    in place of some twenty: that one copies weights that are laid out channels last, and leaves
    the derivative to the chain rule.
    """

    _u: Tensor
    _v: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        rows = _rows(weight.detach())
        self.register_buffer("_u", functional.normalize(torch.randn(rows.shape[0]), dim=0))
        self.register_buffer("_v", functional.normalize(torch.randn(rows.shape[1]), dim=0))
        for _ in range(WARM_UP):
            self._iterate(rows)

    def forward(self, weight: Tensor) -> Tensor:
        """The weight, of spectral norm about 1."""
        rows = _rows(weight.detach())
        with _exactly(weight):
            sigma = self._iterate(rows) if self.training else self._u @ (rows @ self._v)
        # A forward changes the vectors in place, and a second one may come before the backward.
        divided: Tensor = _Divided.apply(  # type: ignore[no-untyped-call]
            weight, sigma, self._u.clone(), self._v.clone()
        )
        return divided

    @torch.no_grad()
    def _iterate(self, rows: Tensor) -> Tensor:
        """Bring the vectors nearer to the leading ones; returns the singular value."""
        functional.normalize(self._u @ rows, dim=0, eps=EPSILON, out=self._v)
        stretched = rows @ self._v
        sigma: Tensor = torch.linalg.vector_norm(stretched).clamp_(min=EPSILON)
        torch.div(stretched, sigma, out=self._u)
        return sigma


class _Divided(torch.autograd.Function):
    """A weight over its singular value, which changes by the outer product of its vectors."""

    @staticmethod
    def forward(ctx: Any, weight: Tensor, sigma: Tensor, u: Tensor, v: Tensor) -> Tensor:
        divided = weight / sigma
        ctx.save_for_backward(divided, sigma, u, v)
        return divided

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None, None]:
        divided, sigma, u, v = ctx.saved_tensors
        rows = _rows(gradient)
        along = rows.flatten() @ _rows(divided).flatten()
        across = torch.addr(rows, along * u, v, alpha=-1.0).div_(sigma)
        return _as_weight(across, divided.shape), None, None, None


def _exactly(weight: Tensor) -> AbstractContextManager[object]:
    """Without autocast: the norm of a rounded weight would be another one every time."""
    device = weight.device.type
    if not torch.amp.autocast_mode.is_autocast_available(device):  # where there are only shapes
        return nullcontext()
    return torch.autocast(device, enabled=False)


def _rows(weight: Tensor) -> Tensor:
    """The matrix [out, in * ...] with inputs innermost: no copy if they lie so in memory."""
    return weight.permute(0, *range(2, weight.dim()), 1).flatten(1) if weight.dim() > 2 else weight


def _as_weight(rows: Tensor, shape: torch.Size) -> Tensor:
    if len(shape) <= 2:
        return rows
    out, c_in, *kernel = shape
    return rows.view(out, *kernel, c_in).movedim(-1, 1)
