from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from soundgan.errors import ArtefactError, UsageError
from soundgan.evaluation import classifier
from soundgan.evaluation.classifier import Classifier, _disturbed, train_classifier

N_CLASSES = 3


def bars(per_class: int, *, seed: int) -> tuple[Tensor, Tensor]:
    """Pictures of a noisy horizontal bar whose height is the class."""
    labels = torch.arange(N_CLASSES).repeat(per_class)
    pictures = -1.0 + 0.3 * torch.rand(
        len(labels), 2, 64, 64, generator=torch.Generator().manual_seed(seed)
    )
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        picture[:, 20 * label + 4 : 20 * label + 10] += 1.0
    return pictures, labels


def train(*, seed: int = 0, epochs: int = 40, **changed: Any) -> Classifier:
    images, labels = bars(16, seed=0)
    others, other_labels = bars(5, seed=1)
    arguments: dict[str, Any] = {
        "images": images,
        "labels": labels,
        "test_images": others,
        "test_labels": other_labels,
        "n_classes": N_CLASSES,
    }
    return train_classifier(**{**arguments, **changed}, seed=seed, epochs=epochs)


@pytest.fixture(scope="module")
def trained() -> Classifier:
    return train()


def test_it_tells_bars_apart(trained: Classifier) -> None:
    assert trained.accuracy == 1.0
    images, labels = bars(7, seed=2)
    probabilities = trained.probabilities(images)
    assert probabilities.dtype == torch.float64
    torch.testing.assert_close(probabilities.sum(dim=1), torch.ones(21).double())
    assert torch.equal(probabilities.argmax(dim=1), labels)


def test_shuffled_labels_leave_nothing_to_learn() -> None:
    wrong = bars(5, seed=1)[1].roll(1)
    assert train(test_labels=wrong).accuracy == 0.0


def test_embeddings_have_64_numbers_for_each_picture_alone(trained: Classifier) -> None:
    images, _ = bars(5, seed=3)
    embedded = trained.embed(images)
    assert embedded.shape == (15, 64)
    assert embedded.dtype == torch.float64
    torch.testing.assert_close(trained.embed(images[:1]), embedded[:1], rtol=0, atol=1e-5)


def test_the_same_seed_gives_the_same_weights_for_any_number_of_threads() -> None:
    before = torch.random.get_rng_state()
    first = train(epochs=1)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(n_threads + 2)
    try:
        assert train(epochs=1).hash == first.hash
        assert torch.get_num_threads() == n_threads + 2
    finally:
        torch.set_num_threads(n_threads)
    assert train(epochs=1, seed=1).hash != first.hash
    assert torch.equal(torch.random.get_rng_state(), before)


def test_it_trains_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    used = set()

    def watched(*arguments: Any, **options: Any) -> Tensor:
        used.add(torch.get_num_threads())
        return cross_entropy(*arguments, **options)

    monkeypatch.setattr(classifier, "cross_entropy", watched)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        train(epochs=1)
    finally:
        torch.set_num_threads(n_threads)
    assert used == {1}


def test_normalisation_follows_the_training_pictures(trained: Classifier) -> None:
    tensors = trained.tensors()
    assert all(
        tensor.abs().max() > 0.0 for name, tensor in tensors.items() if "running_mean" in name
    )
    assert sum("running_mean" in name for name in tensors) == 4


def test_a_classifier_survives_as_tensors(trained: Classifier) -> None:
    again = Classifier.from_tensors(trained.tensors())
    images, _ = bars(3, seed=4)
    assert (again.hash, again.accuracy, again.n_classes) == (
        trained.hash,
        trained.accuracy,
        N_CLASSES,
    )
    assert torch.equal(again.probabilities(images), trained.probabilities(images))


@pytest.mark.parametrize("damage", ["held_out_accuracy", "15.bias", "0.weight"])
def test_incomplete_tensors_are_refused(trained: Classifier, damage: str) -> None:
    tensors = trained.tensors()
    del tensors[damage]
    with pytest.raises(ArtefactError, match="train it again"):
        Classifier.from_tensors(tensors)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"n_classes": 1}, "n_classes: a classifier needs at least 2, got 1"),
        ({"n_classes": 2}, r"labels: must be in 0..1, got 0..2"),
        ({"labels": torch.zeros(3).long()}, r"labels: \[3\] for 48 pictures; give one each"),
        ({"images": torch.zeros(48, 64, 64)}, r"expected \[N, 2, 64, 64\], got \[48, 64, 64\]"),
        ({"test_images": torch.full((15, 2, 64, 64), torch.nan)}, "images: not finite"),
        (
            {"test_images": torch.zeros(0, 2, 64, 64), "test_labels": torch.zeros(0)},
            r"expected \[N, 2, 64, 64\], got \[0, 2, 64, 64\]",
        ),
    ],
)
def test_refusals(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        train(**changed)


def test_pictures_are_disturbed_as_little_as_stated() -> None:
    """Moved by up to 5 columns, the attack by 1, 0.1 louder or quieter, and 0.05 of noise."""
    pictures = torch.zeros(400, 2, 64, 64)
    found = _disturbed(pictures, torch.Generator().manual_seed(0))
    middle = found[..., 5:-5].flatten(1)
    assert middle.std(dim=1).mean().item() == pytest.approx(0.05, rel=0.01)
    levels = middle.mean(dim=1)
    assert levels.min().item() == pytest.approx(-0.1, abs=0.004)
    assert levels.max().item() == pytest.approx(0.1, abs=0.004)
    for view, most in enumerate((5, 1)):
        empty = found[:, view].mean(dim=1) < -0.5  # columns that nothing was moved to
        assert not empty[:, most:-most].any()
        assert empty.sum(dim=1).unique().tolist() == list(range(most + 1))
