"""What a classifier's probabilities say about sounds that were asked for by class."""

from __future__ import annotations

import torch
from torch import Tensor

from soundgan.errors import UsageError


def class_accuracy(probabilities: Tensor, labels: Tensor) -> float:
    """Share of sounds whose likeliest class is the one they were asked for.

    Args:
        probabilities: [N, n_classes], N >= 1.
        labels: The classes asked for, int64 [N].

    Raises:
        UsageError: Shapes do not fit, or no sounds.
    """
    return float(_right(probabilities, labels).double().mean())


def class_accuracies(probabilities: Tensor, labels: Tensor) -> dict[int, float]:
    """The accuracy of each class that was asked for, by class.

    Args:
        probabilities: [N, n_classes], N >= 1.
        labels: The classes asked for, int64 [N].

    Raises:
        UsageError: Shapes do not fit, or no sounds.
    """
    right = _right(probabilities, labels).double()
    return {label: float(right[labels == label].mean()) for label in sorted(set(labels.tolist()))}


def inception_score(probabilities: Tensor) -> float:
    """How surely each sound is of one class, and how evenly all classes occur.

    ``exp(mean KL(p || mean p))``: from 1 (every sound is equally unclear, or all are of one class)
    to n_classes. It says nothing about variety within a class, and a memorised training set
    scores best of all. Comparable for one classifier only.

    Args:
        probabilities: [N, n_classes], N >= 1.

    Raises:
        UsageError: Not [N, n_classes], or no sounds.

    References:
        Salimans et al., "Improved Techniques for Training GANs", NeurIPS 2016, section 4.
    """
    _check(probabilities)
    p = probabilities.double()
    mean = p.mean(dim=0)
    # xlogy is 0 where p is, also where the mean is.
    divergence = (torch.xlogy(p, p) - torch.xlogy(p, mean)).sum(dim=1)
    return float(divergence.mean().exp())


def _right(probabilities: Tensor, labels: Tensor) -> Tensor:
    """Whether the likeliest class is the label, [N]."""
    _check(probabilities)
    if labels.shape != probabilities.shape[:1]:
        raise UsageError(
            f"labels: {list(labels.shape)} for {len(probabilities)} sounds; give one each"
        )
    return probabilities.argmax(dim=1) == labels


def _check(probabilities: Tensor) -> None:
    if probabilities.ndim != 2:
        raise UsageError(f"probabilities: expected [N, n_classes], got {list(probabilities.shape)}")
    if len(probabilities) == 0:
        raise UsageError("probabilities: no sounds; give at least one")
