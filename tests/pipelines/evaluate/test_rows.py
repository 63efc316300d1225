"""Planted sets of sounds, and the numbers that must notice them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soundgan.data.dataset import PreparedDataset
from soundgan.pipelines.evaluate.extractors import make_extractors
from soundgan.pipelines.evaluate.looks import look_at
from soundgan.pipelines.evaluate.reference import open_reference
from soundgan.pipelines.evaluate.rows import Row, Ruler, describe
from soundgan.pipelines.evaluate.run import white_noise
from soundgan.reporting import SilentReporter

CHOSEN = np.arange(0, 160, 2)


@pytest.fixture(scope="module")
def ruler(dataset: PreparedDataset) -> Ruler:
    reference = open_reference(dataset, SilentReporter())
    extractors = make_extractors(reference, SilentReporter())
    splits = (reference.train, reference.clips)
    return Ruler(reference, *(describe(extractors, s.looks, s.labels) for s in splits))


@pytest.fixture(scope="module")
def real(ruler: Ruler) -> Row:
    return ruler.measure_real(CHOSEN)


def test_real_recordings_are_at_the_real_end_of_every_scale(real: Row) -> None:
    assert real.clips == len(CHOSEN)
    for space in real.spaces.values():
        interval = space.kernel_distance
        assert interval.low < 0 < interval.high
        assert space.manifold.precision > 0.8
    # Test against training clips is what the ratio is a ratio to.
    assert real.nearest_neighbour_ratio == pytest.approx(1.0)
    assert real.classes is not None
    assert real.classes.accuracy == 1.0
    assert real.classes.worst is not None


def test_memorised_clips_show_in_the_neighbours_only(ruler: Ruler, real: Row) -> None:
    copies = ruler.measure(ruler.train.rows(CHOSEN))
    assert copies.nearest_neighbour_ratio == 0.0
    assert copies.spaces["whole"] == real.spaces["whole"]


def test_a_missing_class_shows_in_recall_and_what_is_heard(ruler: Ruler, real: Row) -> None:
    kept = np.flatnonzero(ruler.train.labels != 1)[::2]
    row = ruler.measure(ruler.train.rows(kept))
    assert row.classes is not None
    assert row.classes.heard_as["mid"] == 0.0
    assert row.classes.of_class.keys() == {"low", "high"}
    spaces = row.spaces["whole"], real.spaces["whole"]
    assert spaces[0].manifold.recall < spaces[1].manifold.recall


def test_labels_that_are_not_kept_show_in_the_accuracy(ruler: Ruler) -> None:
    row = ruler.measure(ruler.train.rows(CHOSEN))
    labels = ruler.train.labels[CHOSEN].copy()
    labels[labels == 2] = 0
    labels[:10] = -1
    swapped = ruler.train.rows(CHOSEN)
    wrong = ruler.measure(replace(swapped, labels=labels))
    assert row.classes is not None
    assert wrong.classes is not None
    truth = ruler.train.labels[CHOSEN][10:]
    assert row.classes.accuracy == 1.0
    assert wrong.classes.accuracy == pytest.approx((truth != 2).mean())
    assert wrong.classes.worst is not None
    assert wrong.classes.worst[0] == "low"
    assert wrong.classes.worst[1] == pytest.approx((truth == 0).sum() / (truth != 1).sum())


def test_sounds_without_labels_have_no_accuracy(ruler: Ruler) -> None:
    sounds = ruler.train.rows(CHOSEN)
    bare = replace(sounds, labels=np.full(len(CHOSEN), -1))
    row = ruler.measure(bare)
    assert row.classes is not None
    assert (row.classes.accuracy, row.classes.worst) == (None, None)
    assert sum(row.classes.heard_as.values()) == pytest.approx(1.0)


def test_noise_is_far_from_everything(ruler: Ruler, dataset: PreparedDataset) -> None:
    extractors = make_extractors(ruler.reference, SilentReporter())
    noise = look_at(white_noise(40, (dataset.clip.n_samples,)), dataset.clip.sample_rate)
    row = ruler.measure(describe(extractors, noise, np.full(40, -1)))
    assert row.spaces["whole"].kernel_distance.low > 0.4
    assert row.spaces["whole"].manifold.precision == 0.0
    assert row.spaces["whole"].manifold.coverage == 0.0
