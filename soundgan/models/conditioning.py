"""How class labels enter a network: joined to the latent, or projected onto features."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from soundgan.models.spectral_norm import spectral


def require_labels(labels: Tensor | None) -> Tensor:
    """The labels of a conditional network, which cannot do without.

    Raises:
        ValueError: There are none.
    """
    if labels is None:
        raise ValueError("a conditional network needs labels")
    return labels


class LatentCode(nn.Module):
    """Joins labels to the latent: [B, Z] and int64 [B] to [B, D].

    A label becomes a learned vector of ``label_dim`` entries, or with ``label_dim = 0`` a one-hot
    vector; shares of classes, float [B, classes], mix these vectors. Without classes the code is
    the latent itself.

    Attributes:
        dim: D, the length of the joined code.
    """

    def __init__(self, latent_dim: int, n_classes: int | None, label_dim: int) -> None:
        super().__init__()
        self.n_classes = n_classes
        embedded = n_classes is not None and label_dim > 0
        self.embedding = nn.Embedding(n_classes or 0, label_dim) if embedded else None
        self.dim = latent_dim + (label_dim if embedded else n_classes or 0)

    def forward(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """The code [B, D]; labels are ignored by an unconditional network."""
        if self.n_classes is None:
            return z
        labels = require_labels(labels)
        if labels.is_floating_point():
            vector = labels if self.embedding is None else labels @ self.embedding.weight
        elif self.embedding is None:
            vector = functional.one_hot(labels, self.n_classes).to(z.dtype)
        else:
            vector = self.embedding(labels)
        return torch.cat([z, vector], dim=1)


class LabelProjection(nn.Module):
    """How well features [B, D] agree with labels [B]: inner products with learned vectors, [B, 1].

    References:
        Miyato, Koyama, "cGANs with Projection Discriminator", ICLR 2018, eq. 4.
    """

    def __init__(self, n_features: int, n_classes: int, *, spectral_norm: bool = False) -> None:
        super().__init__()
        # Drawn narrow: the logit starts out unconditional and learns to look at the label.
        embedding = nn.Embedding(n_classes, n_features)
        nn.init.normal_(embedding.weight, 0.0, n_features**-0.5)
        self.embedding = spectral(embedding, enabled=spectral_norm)

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """Agreement [B, 1]."""
        vector: Tensor = self.embedding(labels)
        return (features * vector).sum(dim=1, keepdim=True)
