from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from soundgan.data.dataset import PreparedDataset
from soundgan.errors import UsageError
from soundgan.ingest.options import PrepareOptions
from soundgan.pipelines.evaluate import extractors as module
from soundgan.pipelines.evaluate.extractors import cache_path, make_extractors
from soundgan.pipelines.evaluate.reference import Reference, open_reference
from soundgan.pipelines.prepare.run import prepare_folder
from soundgan.reporting import SilentReporter
from tests.datasets import write_dataset
from tests.listeners import Listener
from tests.sounds import tone, write


@pytest.fixture
def reference(prepared: Path, tmp_path: Path) -> Reference:
    """Of a copy without a cache."""
    shutil.copytree(prepared, tmp_path / "copy", ignore=shutil.ignore_patterns("evaluation"))
    return open_reference(PreparedDataset.open(tmp_path / "copy"), SilentReporter())


@pytest.fixture
def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        pytest.fail("trained although the classifier was there")

    monkeypatch.setattr(module, "train_classifier", fail)


@pytest.fixture(scope="session")
def trained(quick_classifier: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared folder with its classifier."""
    folder = write_dataset(tmp_path_factory.mktemp("trained") / "prepared", n_clips=200)
    reference = open_reference(PreparedDataset.open(folder), SilentReporter())
    make_extractors(reference, SilentReporter())
    return folder


def kept_at(reference: Reference) -> Path:
    """Where the classifier of a dataset in a folder lies."""
    path = cache_path(reference)
    assert path is not None
    return path


def opened(folder: Path) -> Reference:
    return open_reference(PreparedDataset.open(folder), SilentReporter())


def test_the_classifier_is_found_the_second_time(
    trained: Path, no_training: None, listener: Listener
) -> None:
    found = make_extractors(opened(trained), listener)
    assert found.classifier is not None
    assert found.classifier.accuracy == 1.0
    assert listener.said == listener.warned == []


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign"])
def test_a_damaged_classifier_is_trained_again(
    damage: str, trained: Path, tmp_path: Path, listener: Listener
) -> None:
    folder = tmp_path / "prepared"
    shutil.copytree(trained, folder)
    reference = opened(folder)
    path = kept_at(reference)
    content = bytearray(path.read_bytes())
    whole = bytes(content)
    if damage == "cut":
        content = content[:-200]
    elif damage == "flipped":
        content[-5] ^= 0x40
    else:
        content = bytearray(whole.replace(reference.dataset.content_hash.encode(), b"0" * 64))
    path.write_bytes(content)
    make_extractors(reference, listener)
    assert len(listener.warned) == 1
    assert "training the classifier again" in listener.warned[0]
    assert path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_only_the_cache(
    reference: Reference, listener: Listener
) -> None:
    kept_at(reference).parent.write_text("in the way")
    assert make_extractors(reference, listener).classifier is not None
    assert len(listener.warned) == 1
    assert "is not kept, and will be trained again" in listener.warned[0]


def test_classifiers_of_earlier_datasets_are_cleared_away(reference: Reference) -> None:
    path = kept_at(reference)
    path.parent.mkdir()
    (path.parent / "classifier-0123456789abcdef-v1.safetensors").write_text("old")
    (path.parent / "mine.txt").write_text("kept")
    make_extractors(reference, SilentReporter())
    assert {file.name for file in path.parent.iterdir()} == {path.name, "mine.txt"}


def test_prepare_leaves_the_cache_and_its_hash_alone(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        name = "low" if number % 2 else "high"
        hertz = (300 if number % 2 else 900) + number
        write(tmp_path / "src" / name / f"{number}.wav", tone(0.2, hertz=hertz))
    options = PrepareOptions(jobs=1, sample_rate=8000, clip_seconds=0.256, test=0.25)
    folder = tmp_path / "prepared"
    before = prepare_folder(tmp_path / "src", folder, options, SilentReporter())
    reference = opened(folder)
    make_extractors(reference, SilentReporter())
    content = kept_at(reference).read_bytes()
    after = prepare_folder(tmp_path / "src", folder, options, SilentReporter())
    assert after.manifest == before.manifest
    assert PreparedDataset.open(folder).content_hash == reference.dataset.content_hash
    assert kept_at(opened(folder)).read_bytes() == content


def test_there_is_no_classifier_without_classes(unlabelled: Path) -> None:
    found = make_extractors(opened(unlabelled), SilentReporter())
    assert found.classifier is None
    looks = opened(unlabelled).clips.looks
    assert set(found.features(looks)) == {"whole", "attack"}
    assert not (unlabelled / "evaluation").exists()


def test_too_few_reference_clips_are_refused_with_the_remedy(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "prepared", n_clips=90)
    remedy = "9 test clips, at least 10 are needed; prepare the sounds again with `test=0.17`"
    with pytest.raises(UsageError, match=remedy):
        opened(folder)


def test_where_no_share_gives_enough_reference_clips_none_is_named(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "prepared", n_clips=30)
    with pytest.raises(UsageError, match="prepare more sounds: 30 clips are too few to keep"):
        opened(folder)


def test_of_a_large_split_an_even_sample_is_used(
    trained: Path, monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    monkeypatch.setattr("soundgan.pipelines.evaluate.reference.MOST_TRAIN_CLIPS", 50)
    dataset = PreparedDataset.open(trained)
    reference = open_reference(dataset, listener)
    assert len(reference.train) == len(reference.train.looks) == 50
    assert set(reference.train.indices) <= set(dataset.train_indices)
    assert (np.diff(reference.train.indices) > 0).all()
    assert listener.said == ["of 160 training clips, 50 are used"]
