from __future__ import annotations

import warnings

import pytest
import torch
from torch import Tensor, nn

from soundgan.errors import UsageError
from soundgan.evaluation.scores import class_accuracies, class_accuracy, inception_score

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torchmetrics.image.inception import InceptionScore

SURE = torch.eye(3)


def test_accuracy_by_hand() -> None:
    probabilities = torch.tensor([[0.6, 0.4, 0.0], [0.1, 0.2, 0.7], [0.3, 0.4, 0.3], [1, 0, 0]])
    labels = torch.tensor([0, 2, 2, 0])
    assert class_accuracy(probabilities, labels) == 0.75
    assert class_accuracies(probabilities, labels) == {0: 1.0, 2: 0.5}


def test_inception_score_reaches_the_number_of_classes() -> None:
    assert inception_score(SURE.repeat(4, 1)) == pytest.approx(3.0)


@pytest.mark.parametrize("probabilities", [SURE[:1].repeat(5, 1), torch.full((5, 3), 1 / 3)])
def test_inception_score_is_one_for_one_class_and_for_unclear_sounds(
    probabilities: Tensor,
) -> None:
    assert inception_score(probabilities) == pytest.approx(1.0)


@pytest.mark.filterwarnings("ignore::UserWarning:torchmetrics")
def test_inception_score_agrees_with_torchmetrics() -> None:
    logits = 2 * torch.randn(40, 6, generator=torch.Generator().manual_seed(0))
    metric = InceptionScore(feature=nn.Identity(), splits=1)
    metric.update(logits)
    expected = float(metric.compute()[0])
    assert inception_score(logits.softmax(dim=1)) == pytest.approx(expected, rel=1e-5)


def test_refusals() -> None:
    with pytest.raises(UsageError, match="probabilities: no sounds"):
        inception_score(torch.zeros(0, 3))
    with pytest.raises(UsageError, match=r"expected \[N, n_classes\], got \[3\]"):
        inception_score(torch.zeros(3))
    with pytest.raises(UsageError, match=r"labels: \[2\] for 3 sounds; give one each"):
        class_accuracy(SURE, torch.zeros(2))
