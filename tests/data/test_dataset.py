"""A prepared folder, written with the package's own parts and read back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from soundgan.data import shards
from soundgan.data.dataset import PreparedDataset
from soundgan.data.manifest import MANIFEST, ClipEntry, Manifest, write_manifest_bytes
from soundgan.data.shards import ShardWriter
from soundgan.data.split import Split
from soundgan.errors import ArtefactError

N = 100
HASH = "ab" * 32


@pytest.fixture
def clips(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(-32768, 32768, (25, 1, N), dtype=np.int16)


@pytest.fixture
def folder(tmp_path: Path, clips: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shards, "SHARD_BYTES", 2 * N * 10)
    writer = ShardWriter(tmp_path, N)
    writer.add(clips[:3])
    writer.add(clips[3:])
    kept: dict[int, Split] = {4: "validation", 7: "test", 11: "test"}
    splits = [kept.get(i, "train") for i in range(24)]
    manifest = Manifest(
        sample_rate=8000,
        n_samples=N,
        parameters={"trim_db": 40.0},
        labels=("a", "b"),
        shards=tuple(writer.close()),
        clips=tuple(
            ClipEntry(
                path=f"{i}.wav",
                source_sha256=HASH,
                decoded_sha256=HASH,
                start=i,
                label=i % 2 if i < 24 else -1,
                split=split,
            )
            for i, split in enumerate([*splits, "unlabelled"])
        ),
    )
    (tmp_path / MANIFEST).write_bytes(write_manifest_bytes(manifest))
    return tmp_path


def rewrite(folder: Path, **changes: object) -> None:
    document = json.loads((folder / MANIFEST).read_bytes())
    document.update(changes)
    (folder / MANIFEST).write_text(json.dumps(document))


def test_every_clip_is_read_back_from_whichever_shard_holds_it(
    folder: Path, clips: np.ndarray
) -> None:
    dataset = PreparedDataset.open(folder)
    assert [entry.clips for entry in dataset.manifest.shards] == [10, 10, 5]
    order = np.array([24, 0, 9, 10, 10, 19, 20, 3])
    np.testing.assert_array_equal(dataset.samples(order), clips[order])


def test_full_scale_reads_as_one(folder: Path, clips: np.ndarray) -> None:
    waveforms = PreparedDataset.open(folder).waveforms(np.array([7]))
    assert waveforms.dtype == np.float32
    np.testing.assert_array_equal(waveforms[0] * 32768, clips[7])


def test_splits_and_labels_come_from_the_manifest(folder: Path) -> None:
    dataset = PreparedDataset.open(folder)
    assert dataset.validation_indices.tolist() == [4]
    assert dataset.test_indices.tolist() == [7, 11]
    assert dataset.train_indices.tolist() == [i for i in range(24) if i not in (4, 7, 11)]
    assert dataset.tests_apart
    assert dataset.label_ids[-1] == -1
    assert dataset.labels == ("a", "b")
    assert dataset.clip.seconds == pytest.approx(0.0125)


def test_an_index_beyond_the_end_is_refused(folder: Path) -> None:
    with pytest.raises(IndexError, match=r"0\.\.24"):
        PreparedDataset.open(folder).waveforms(np.array([25]))


def test_a_folder_without_a_dataset_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="soundgan prepare SRC"):
        PreparedDataset.open(tmp_path)


def test_a_newer_dataset_is_refused_politely(folder: Path) -> None:
    rewrite(folder, schema=4, novelty=True)
    with pytest.raises(ArtefactError, match=r"newer soundgan \(schema 4, this one reads 3\)"):
        PreparedDataset.open(folder)


def test_another_kind_of_document_is_refused(folder: Path) -> None:
    rewrite(folder, kind="soundgan run")
    with pytest.raises(ArtefactError, match="'soundgan run', not a soundgan dataset"):
        PreparedDataset.open(folder)


def test_a_shard_outside_the_folder_cannot_be_named(folder: Path) -> None:
    rewrite(folder, shards=[{"file": "../clips-00000-abababab.npy", "sha256": HASH, "clips": 25}])
    with pytest.raises(ArtefactError, match=r"shards\.0\.file"):
        PreparedDataset.open(folder)


def test_a_manifest_that_lists_fewer_clips_than_are_stored_is_damaged(folder: Path) -> None:
    rewrite(folder, clips=json.loads((folder / MANIFEST).read_bytes())["clips"][:-1])
    with pytest.raises(ArtefactError, match="shards hold 25 clips, 24 are listed"):
        PreparedDataset.open(folder)


def test_a_label_without_a_name_is_damage(folder: Path) -> None:
    rewrite(folder, labels=["a"])
    with pytest.raises(ArtefactError, match="a label beyond the 1 that are named"):
        PreparedDataset.open(folder)


def test_a_truncated_shard_is_noticed_when_opening(folder: Path) -> None:
    shard = sorted(folder.glob("clips-00001-*.npy"))[0]
    shard.write_bytes(shard.read_bytes()[:-2])
    with pytest.raises(ArtefactError, match=r"clips-00001-.*damaged"):
        PreparedDataset.open(folder)


def test_a_shard_of_pickled_objects_is_refused(folder: Path) -> None:
    shard = sorted(folder.glob("clips-00001-*.npy"))[0]
    np.save(shard, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ArtefactError, match=r"clips-00001-.*damaged"):
        PreparedDataset.open(folder)


def test_one_changed_sample_is_found_by_verify(folder: Path) -> None:
    dataset = PreparedDataset.open(folder)
    dataset.verify()
    shard = sorted(folder.glob("clips-00002-*.npy"))[0]
    content = bytearray(shard.read_bytes())
    content[-1] ^= 1
    shard.write_bytes(content)
    with pytest.raises(ArtefactError, match=r"clips-00002-.*have changed"):
        dataset.verify()


def test_the_content_hash_follows_the_manifest(folder: Path) -> None:
    before = PreparedDataset.open(folder).content_hash
    rewrite(folder, parameters={"trim_db": 41.0})
    assert PreparedDataset.open(folder).content_hash != before
