from __future__ import annotations

from collections import Counter
from pathlib import Path

from soundgan.data.dataset import PreparedDataset
from tests.benchmarks.small.draws import draw
from tests.datasets import write_dataset


def opened(folder: Path, source: Path, n: int, seed: int) -> PreparedDataset:
    return PreparedDataset.open(draw(source, folder, n=n, seed=seed))


def test_a_draw_has_as_many_of_each_class_and_all_others_are_its_test(tmp_path: Path) -> None:
    source = write_dataset(tmp_path / "prepared", n_clips=60)
    dataset = opened(tmp_path / "draw", source, 30, 0)
    assert len(dataset.train_indices) == 27
    assert len(dataset.validation_indices) == 3
    assert len(dataset.test_indices) == 30
    counts = Counter(dataset.label_ids[dataset.train_indices].tolist())
    assert counts == {0: 9, 1: 9, 2: 9}
    assert sorted(dataset.label_ids[dataset.validation_indices].tolist()) == [0, 1, 2]


def test_a_draw_follows_from_its_seed_and_a_larger_one_holds_it(tmp_path: Path) -> None:
    source = write_dataset(tmp_path / "prepared", n_clips=60)
    one = opened(tmp_path / "one", source, 30, 0)
    again = opened(tmp_path / "again", source, 30, 0)
    other = opened(tmp_path / "other", source, 30, 1)
    larger = opened(tmp_path / "larger", source, 45, 0)
    assert one.content_hash == again.content_hash
    assert set(one.train_indices) != set(other.train_indices)
    # What a larger draw measures by, no smaller one has learnt from.
    assert set(larger.test_indices) < set(one.test_indices)


def test_a_class_with_too_few_clips_gives_all_and_others_make_up(tmp_path: Path) -> None:
    source = write_dataset(tmp_path / "prepared", n_clips=31, labels=tuple("abcdefghij"))
    dataset = opened(tmp_path / "draw", source, 31, 0)
    assert len(dataset.test_indices) == 0
    assert len(dataset.train_indices) + len(dataset.validation_indices) == 31
