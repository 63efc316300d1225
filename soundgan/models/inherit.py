"""Weights of one network in another of the same making that tells other classes apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from soundgan.models.skeleton import shapes_only

Classes = Sequence[str | None]
"""What a network tells apart, in its order; ``None`` is "no label". Empty: it knows no classes."""

Build = Callable[[int | None], nn.Module]
"""A network for so many classes."""

_EMBEDDING = "code.embedding.weight"
"""Vectors of the labels of :class:`soundgan.models.conditioning.LatentCode`."""


@dataclass(frozen=True)
class Misfit:
    """The first tensor by which two networks differ for other reasons than their classes.

    Attributes:
        name: Of the tensor.
        there: Its shape where weights come from; ``None``: it is not there.
        here: Its shape where they go to; ``None``: it is not there.
    """

    name: str
    there: tuple[int, ...] | None
    here: tuple[int, ...] | None


def find_misfit(weights: Mapping[str, Tensor], build: Build, before: Classes) -> Misfit | None:
    """What keeps weights from going into a network of the kind that ``build`` makes.

    Args:
        weights: Of a network that tells ``before`` apart.
        build: Makes the other one.
        before: Classes of the weights.
    """
    expected = _shapes(build, len(before))
    for name in [*expected, *weights]:
        there = tuple(weights[name].shape) if name in weights else None
        if there != expected.get(name):
            return Misfit(name, there, expected.get(name))
    return None


def inherited(
    weights: Mapping[str, Tensor], network: nn.Module, build: Build, before: Classes, after: Classes
) -> dict[str, Tensor]:
    """The weights of a network, as those of one that tells other classes apart.

    A class keeps what its name had. A new one stays as it was drawn: the mean of the others would
    make new classes alike, and vectors of labels move slowly. A new "no label" gets that mean. The
    first classes of a network that knew none change nothing; one that loses all makes what "no
    label", or their mean, was, where the layers that saw the label have a bias to hold it.

    Args:
        weights: Without :func:`find_misfit`.
        network: Where they go; what they say nothing of stays as it is there.
        build: Makes such networks.
        before: Classes of the weights.
        after: Classes of ``network``.

    Returns:
        The state of ``network``.
    """
    two, three = _shapes(build, 2), _shapes(build, 3)
    state = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
    for name, own in state.items():
        if name not in weights:
            continue
        old = weights[name].detach().to(own)
        axis = _differing(two[name], three[name])
        if before and after:
            own.copy_(old if axis is None else _matched(old, own, axis, before, after))
            continue
        axis = _differing(tuple(old.shape), tuple(own.shape))
        if axis is None:
            own.copy_(old)
            continue
        # What belongs to labels comes last.
        shared = min(old.shape[axis], own.shape[axis])
        own.zero_().narrow(axis, 0, shared).copy_(old.narrow(axis, 0, shared))
    if before and not after:
        _keep_label(state, weights, before)
    return state


def _matched(old: Tensor, own: Tensor, axis: int, before: Classes, after: Classes) -> Tensor:
    """Entries along an axis whose last ones are one for each class; new ones are ``own``."""
    shared = old.shape[axis] - len(before)
    rest = old.narrow(axis, 0, shared)
    entries = dict(zip(before, old.narrow(axis, shared, len(before)).unbind(axis), strict=True))
    drawn = dict(zip(after, own.narrow(axis, shared, len(after)).unbind(axis), strict=True))
    drawn[None] = torch.stack([*entries.values()]).mean(dim=0)
    ours = torch.stack([entries.get(label, drawn[label]) for label in after], dim=axis)
    return torch.cat([rest, ours], dim=axis)


def _keep_label(state: dict[str, Tensor], weights: Mapping[str, Tensor], before: Classes) -> None:
    """Add what the label did to the bias of the layers that saw it."""
    share = torch.tensor([float(label is None) for label in before])
    if not share.any():
        share = torch.full((len(before),), 1 / len(before))
    embedding = weights.get(_EMBEDDING)
    vector = share if embedding is None else share.to(embedding) @ embedding
    for name, own in state.items():
        old, bias = weights[name], name.removesuffix("weight") + "bias"
        if old.dim() == 2 and old.shape != own.shape and bias in state:
            state[bias] += (old[:, own.shape[1] :].to(vector) @ vector).to(own)


def _shapes(build: Build, n_classes: int) -> dict[str, tuple[int, ...]]:
    with shapes_only():
        state = build(n_classes or None).state_dict()
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def _differing(one: tuple[int, ...], other: tuple[int, ...]) -> int | None:
    """The first axis along which two shapes differ."""
    pairs = zip(one, other, strict=True)
    return next((axis for axis, (a, b) in enumerate(pairs) if a != b), None)
