from __future__ import annotations

import torch

from soundgan.models.norms import ConditionalBatchNorm


def test_modulation_starts_near_plain_batch_norm() -> None:
    torch.manual_seed(0)
    norm = ConditionalBatchNorm(4, 3)
    hidden = 5 + 7 * torch.randn(8, 4, 6, 6)
    torch.testing.assert_close(
        norm(hidden, torch.zeros(8, 3)), torch.nn.BatchNorm2d(4)(hidden), rtol=1e-5, atol=1e-5
    )


def test_gain_and_bias_follow_from_each_samples_own_code() -> None:
    norm = ConditionalBatchNorm(2, 1)
    for linear, weight in ((norm.gain, 3.0), (norm.bias, -2.0)):
        torch.nn.init.constant_(linear.weight, weight)
    hidden, code = torch.randn(5, 2, 4, 4), torch.tensor([[0.0], [1.0], [2.0], [0.0], [-1.0]])
    plain = torch.nn.BatchNorm2d(2, affine=False)(hidden)
    expected = plain * (1 + 3 * code)[:, :, None, None] - 2 * code[:, :, None, None]
    torch.testing.assert_close(norm(hidden, code), expected)


def test_evaluation_uses_the_running_statistics() -> None:
    norm = ConditionalBatchNorm(1, 1).eval()
    hidden = torch.full((1, 1, 2, 2), 9.0)
    torch.testing.assert_close(norm(hidden, torch.zeros(1, 1)), hidden, rtol=1e-4, atol=0)
