from __future__ import annotations

import torch

from soundgan.models.conditioning import LabelProjection, LatentCode


def test_one_hot_labels_stand_behind_the_latent() -> None:
    code = LatentCode(2, 3, label_dim=0)
    joined = code(torch.tensor([[5.0, 6.0], [7.0, 8.0]]), torch.tensor([2, 0]))
    assert joined.tolist() == [[5, 6, 0, 0, 1], [7, 8, 1, 0, 0]]
    assert code.dim == 5
    assert list(code.parameters()) == []


def test_embedded_labels_stand_behind_the_latent() -> None:
    code = LatentCode(2, 3, label_dim=4)
    joined = code(torch.zeros(2, 2), torch.tensor([2, 0]))
    assert code.embedding is not None
    assert torch.equal(joined[:, 2:], code.embedding.weight[[2, 0]])
    assert code.dim == joined.shape[1] == 6


def test_without_classes_the_code_is_the_latent() -> None:
    code, z = LatentCode(2, None, label_dim=4), torch.randn(3, 2)
    assert torch.equal(code(z, None), z)
    assert code.dim == 2


def test_projection_is_the_inner_product_with_the_labels_vector() -> None:
    projection = LabelProjection(2, 3)
    projection.embedding.weight.data.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]]))
    agreement = projection(torch.tensor([[3.0, 4.0], [3.0, 4.0]]), torch.tensor([2, 1]))
    assert agreement.tolist() == [[2.0], [4.0]]
