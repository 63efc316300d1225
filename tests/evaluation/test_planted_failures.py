"""What each number notices, and what it misses, when real sounds are spoiled in a known way.

A generator can fail by blur, by noise, by copying, by leaving things out. No number sees all of
it; the tables below say which sees what, on recorded digits and on played drums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

from soundgan.evaluation.bins import different_bins
from soundgan.evaluation.classifier import Classifier, train_classifier
from soundgan.evaluation.distances import Interval, kernel_distance, kernel_distance_interval
from soundgan.evaluation.manifold import manifold_scores
from soundgan.evaluation.neighbours import nearest_neighbour_ratio
from soundgan.evaluation.patches import PatchFeatures
from soundgan.evaluation.scores import class_accuracies, class_accuracy, inception_score
from tests.evaluation.corpora import Corpus, digits, drums


@dataclass(frozen=True)
class Row:
    """The numbers of one set of sounds."""

    kernel: Interval
    precision: float
    recall: float
    density: float
    coverage: float
    copies: float


class Bench:
    """Training clips, reference clips and unseen real ones to spoil, seen through one extractor."""

    def __init__(self, corpus: Corpus, n_train: int, n_reference: int, n_unseen: int) -> None:
        self.train = corpus.part(0, n_train)
        self.reference = corpus.part(n_train, n_train + n_reference)
        self.rest = corpus.part(n_train + n_reference, len(corpus.labels))
        self.unseen = self.rest.pictures[:n_unseen]
        self.features = PatchFeatures.fit(self.train.pictures).features
        self.train_features = self.features(self.train.pictures)
        self.reference_features = self.features(self.reference.pictures)
        self.real_row = cache(lambda n: self.row(self.rest.pictures[:n]))

    def row(self, pictures: Tensor) -> Row:
        fake = self.features(pictures)
        scores = manifold_scores(self.train_features, fake)
        return Row(
            kernel=kernel_distance_interval(self.train_features, fake, seed=0, n_resamples=100),
            precision=scores.precision,
            recall=scores.recall,
            density=scores.density,
            coverage=scores.coverage,
            copies=nearest_neighbour_ratio(self.train_features, self.reference_features, fake),
        )

    def distance(self, pictures: Tensor) -> float:
        return kernel_distance(self.train_features, self.features(pictures))


def blurred(pictures: Tensor, pixels: float) -> Tensor:
    steps = torch.arange(-6, 7)
    kernel = torch.exp(-0.5 * (steps / pixels) ** 2)[None, None, None]
    kernel = kernel / kernel.sum()
    wide = pad(pictures[:, None], (6, 6, 6, 6), mode="replicate")
    return conv2d(conv2d(wide, kernel), kernel.mT)[:, 0]


def noisy(pictures: Tensor, share: float) -> Tensor:
    """Noise whose standard deviation is a share of the whole range."""
    noise = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(1))
    return (pictures + 2.0 * share * noise).clamp(-1.0, 1.0)


def late(pictures: Tensor, frames: int) -> Tensor:
    return pad(pictures[:, :, :-frames], (frames, 0), value=-1.0)


def repeated(pictures: Tensor, n_modes: int) -> Tensor:
    return pictures[:n_modes].repeat(len(pictures) // n_modes, 1, 1)


FAILURES: dict[str, Callable[[Bench], Tensor]] = {
    "blur of half a pixel": lambda bench: blurred(bench.unseen, 0.5),
    "blur of a pixel": lambda bench: blurred(bench.unseen, 1.0),
    "blur of two pixels": lambda bench: blurred(bench.unseen, 2.0),
    "noise of 5 %": lambda bench: noisy(bench.unseen, 0.05),
    "noise of 10 %": lambda bench: noisy(bench.unseen, 0.1),
    "copies of training clips": lambda bench: bench.train.pictures[: len(bench.unseen)],
    "twenty modes": lambda bench: repeated(bench.unseen, 20),
    "five modes": lambda bench: repeated(bench.unseen, 5),
    "five of ten classes": lambda bench: bench.rest.pictures[bench.rest.labels < 5],
    "a missing class": lambda bench: bench.rest.pictures[bench.rest.labels != 1],
    "one of six speakers": lambda bench: bench.rest.pictures[bench.rest.speakers == 0],
    "means of two clips": lambda bench: (bench.unseen + bench.unseen.roll(1, 0)) / 2,
    "four frames late": lambda bench: late(bench.unseen, 4),
}

ALL = {"kernel", "precision", "recall", "density", "coverage"}

DIGITS: list[tuple[str, set[str], set[str]]] = [
    # failure, noticed by, missed by; what stands in neither moves a little
    ("blur of half a pixel", {"kernel"}, (ALL | {"copies"}) - {"kernel"}),
    ("blur of a pixel", {"kernel", "recall", "density", "coverage"}, {"precision", "copies"}),
    ("blur of two pixels", {"kernel", "recall", "density", "coverage"}, {"copies"}),
    ("noise of 5 %", {"kernel", "density", "coverage"}, {"precision", "copies"}),
    ("noise of 10 %", ALL, {"copies"}),
    ("copies of training clips", {"copies"}, ALL),
    ("twenty modes", {"kernel", "recall", "coverage"}, {"precision", "density", "copies"}),
    ("five of ten classes", {"kernel", "recall", "coverage"}, {"precision", "density", "copies"}),
    ("one of six speakers", {"kernel", "recall", "coverage"}, {"precision", "density", "copies"}),
    ("means of two clips", {"kernel", "recall"}, {"precision", "density", "copies"}),
    ("four frames late", ALL, {"copies"}),
]

DRUMS: list[tuple[str, set[str], set[str]]] = [
    ("blur of a pixel", {"kernel", "recall"}, {"precision", "copies"}),
    ("noise of 5 %", ALL, {"copies"}),
    ("copies of training clips", {"copies"}, ALL),
    ("five modes", {"kernel", "recall", "coverage"}, {"precision", "density"}),
    ("a missing class", {"recall", "coverage"}, {"precision", "density", "copies"}),
    ("means of two clips", {"kernel", "recall"}, {"precision", "density", "copies"}),
    ("four frames late", ALL, {"copies"}),
]


def noticed(number: str, row: Row, real: Row) -> bool:
    """Whether a number is clearly worse than that of as many real sounds."""
    if number == "kernel":
        return row.kernel.low > real.kernel.high
    if number == "copies":
        return row.copies < 0.7
    return bool(getattr(row, number) < 0.9 * getattr(real, number))


def missed(number: str, row: Row, real: Row) -> bool:
    """Whether a number is about as good as that of as many real sounds, or better."""
    if number == "kernel":
        return row.kernel.low <= 0.0
    if number == "copies":
        return row.copies > 0.85
    return bool(getattr(row, number) > 0.92 * getattr(real, number))


@pytest.fixture(scope="module")
def of_digits(fsdd: Path) -> Bench:
    return Bench(digits(fsdd), n_train=1200, n_reference=400, n_unseen=400)


@pytest.fixture(scope="module")
def of_drums() -> Bench:
    return Bench(drums(110), n_train=350, n_reference=100, n_unseen=100)


@pytest.fixture(params=["of_drums", "of_digits"])
def bench(request: pytest.FixtureRequest) -> Bench:
    found: Bench = request.getfixturevalue(request.param)
    return found


def check(bench: Bench, failure: str, notices: set[str], misses: set[str]) -> None:
    spoiled = FAILURES[failure](bench)
    row, real = bench.row(spoiled), bench.real_row(len(spoiled))
    assert {number for number in notices if not noticed(number, row, real)} == set(), (row, real)
    assert {number for number in misses if not missed(number, row, real)} == set(), (row, real)


@pytest.mark.parametrize(("failure", "notices", "misses"), DIGITS, ids=[row[0] for row in DIGITS])
def test_of_digits(of_digits: Bench, failure: str, notices: set[str], misses: set[str]) -> None:
    check(of_digits, failure, notices, misses)


@pytest.mark.parametrize(("failure", "notices", "misses"), DRUMS, ids=[row[0] for row in DRUMS])
def test_of_drums(of_drums: Bench, failure: str, notices: set[str], misses: set[str]) -> None:
    check(of_drums, failure, notices, misses)


def test_unseen_real_sounds_pass_every_number(bench: Bench) -> None:
    row = bench.real_row(len(bench.unseen))
    assert row.kernel.low < 0.0 < row.kernel.high
    assert min(row.precision, row.recall) > 0.88
    assert row.density == pytest.approx(1.0, abs=0.15)
    assert row.copies == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("spoil", [blurred, noisy])
def test_the_kernel_distance_rises_with_every_step_of(
    bench: Bench, spoil: Callable[[Tensor, float], Tensor]
) -> None:
    steps = (0.5, 1.0, 2.0) if spoil is blurred else (0.05, 0.1, 0.2)
    distances = [bench.distance(bench.unseen)]
    distances += [bench.distance(spoil(bench.unseen, step)) for step in steps]
    assert all(before < after for before, after in pairwise(distances)), distances


def test_copies_have_no_distance_to_the_training_clips(bench: Bench) -> None:
    assert bench.row(bench.train.pictures[:50]).copies == pytest.approx(0.0, abs=1e-12)


def test_repeated_modes_leave_no_recall_and_hardly_any_coverage(bench: Bench) -> None:
    n_modes = len(bench.unseen) // 20
    row = bench.row(repeated(bench.unseen, n_modes))
    assert row.recall < 0.01
    assert row.coverage < 0.15
    assert row.precision > 0.9


def test_repeated_modes_fill_other_bins(bench: Bench) -> None:
    def share(pictures: Tensor) -> float:
        return different_bins(bench.train_features, bench.features(pictures), seed=0)

    assert share(bench.unseen) < 0.1
    assert share(repeated(bench.unseen, 5)) > 0.3


def test_every_missing_digit_costs_distance_recall_and_coverage(of_digits: Bench) -> None:
    rest, n = of_digits.rest, len(of_digits.unseen)
    real = manifold_scores(of_digits.train_features, of_digits.features(of_digits.unseen))
    distances = []
    for digit in range(10):
        fake = of_digits.features(rest.pictures[rest.labels != digit][:n])
        scores = manifold_scores(of_digits.train_features, fake)
        distances.append(kernel_distance(of_digits.train_features, fake))
        assert scores.recall < real.recall
        assert scores.coverage < real.coverage
        assert scores.precision > 0.98 * real.precision
    assert np.mean(distances) > of_digits.distance(of_digits.unseen)


def twice(pictures: Tensor) -> Tensor:
    """Pictures of the whole in place of both views."""
    return torch.stack([pictures, pictures], dim=1)


@pytest.fixture(scope="module")
def judge(of_digits: Bench) -> Classifier:
    train, reference = of_digits.train, of_digits.reference
    return train_classifier(
        twice(train.pictures),
        train.labels,
        twice(reference.pictures),
        reference.labels,
        10,
        seed=0,
        epochs=4,
    )


def test_the_classifier_knows_reference_digits(judge: Classifier) -> None:
    assert judge.accuracy >= 0.95


def test_a_missing_digit_is_plain_to_the_classifier(of_digits: Bench, judge: Classifier) -> None:
    rest, n = of_digits.rest, len(of_digits.unseen)
    without = rest.pictures[rest.labels != 7][:n]
    train = judge.embed(twice(of_digits.train.pictures))
    real = manifold_scores(train, judge.embed(twice(of_digits.unseen)))
    fake = manifold_scores(train, judge.embed(twice(without)))
    assert fake.recall < real.recall - 0.05
    assert inception_score(judge.probabilities(twice(without))) < 0.95 * inception_score(
        judge.probabilities(twice(of_digits.unseen))
    )


def test_the_inception_score_is_blind_to_a_missing_speaker_and_to_copies(
    of_digits: Bench, judge: Classifier
) -> None:
    def score(pictures: Tensor) -> float:
        return inception_score(judge.probabilities(twice(pictures)))

    real = score(of_digits.unseen)
    assert score(FAILURES["one of six speakers"](of_digits)) > 0.92 * real
    assert score(of_digits.train.pictures) > 0.98 * real


def test_a_swapped_class_costs_the_accuracy_of_that_class_alone(
    of_digits: Bench, judge: Classifier
) -> None:
    asked = of_digits.rest.labels.clone()
    asked[asked == 3] = 4
    probabilities = judge.probabilities(twice(of_digits.rest.pictures))
    right = class_accuracies(probabilities, of_digits.rest.labels)
    accuracies = class_accuracies(probabilities, asked)
    assert accuracies[4] < 0.6
    others = [digit for digit in range(10) if digit not in (3, 4)]
    assert [accuracies[digit] for digit in others] == [right[digit] for digit in others]
    assert class_accuracy(probabilities, asked) < class_accuracy(
        probabilities, of_digits.rest.labels
    )
