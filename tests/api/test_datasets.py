from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import soundgan
from tests.datasets import write_dataset


def tones(n: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Decaying noise of different lengths."""
    return [
        (rng.uniform(-0.9, 0.9, 1500 + 20 * k) * np.exp(-np.arange(1500 + 20 * k) / 400)).astype(
            np.float32
        )
        for k in range(n)
    ]


def test_a_dataset_of_arrays_holds_them_as_they_are(rng: np.random.Generator) -> None:
    arrays = tones(24, rng)
    dataset = soundgan.dataset_from_arrays(arrays, 16000, ["a", "b"] * 12)
    assert dataset.clip.n_samples == 2048  # 1960 samples, to the next multiple of 128
    assert dataset.labels == ("a", "b")
    assert dataset.label_ids.tolist() == [0, 1] * 12
    held = dataset.waveforms(np.arange(24))[:, 0]
    for row, array in zip(held, arrays, strict=True):
        assert np.abs(row[: len(array)] - array).max() <= 0.5 / 32768
        assert not row[len(array) :].any()


def test_a_tenth_of_each_class_goes_to_each_split_whatever_the_order(
    rng: np.random.Generator,
) -> None:
    arrays = tones(100, rng)
    labels = ["a"] * 60 + ["b"] * 40
    dataset = soundgan.dataset_from_arrays(arrays, 16000, labels)
    turned = soundgan.dataset_from_arrays(arrays[::-1], 16000, labels[::-1])
    for split in ("validation_indices", "test_indices"):
        kept = getattr(dataset, split)
        assert np.bincount(dataset.label_ids[kept]).tolist() == [6, 4]
        assert sorted(99 - getattr(turned, split)) == kept.tolist()
    assert turned.content_hash != dataset.content_hash
    again = soundgan.dataset_from_arrays(arrays, 16000, labels)
    assert again.content_hash == dataset.content_hash


@pytest.mark.parametrize(
    ("waveforms", "arguments", "message"),
    [
        ([], {}, "`waveforms`: there are none"),
        ([[0.0, 1.5]], {}, "`waveforms`: number 0 reaches 1.5"),
        ([[0.0, float("nan")]], {}, "`waveforms`: number 0 reaches nan"),
        ([np.zeros((2, 8))], {}, "`waveforms`: number 0 has the shape [2, 8]"),
        ([[0.0, 0.1]], {"labels": ["a", "b"]}, "`labels`: 2 for 1 waveforms"),
        ([[0.0, 0.1]], {"sample_rate": 10}, "`sample_rate`: 10 is not"),
        ([[0.0, 0.1]], {"test": 0.9}, "`test`: 0.9 is not"),
    ],
)
def test_what_is_no_waveform_is_refused(
    waveforms: list[object], arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(soundgan.SoundGANError) as caught:
        soundgan.dataset_from_arrays(waveforms, **({"sample_rate": 8000} | arguments))  # type: ignore[arg-type]
    assert str(caught.value).startswith(message)


def test_a_prepared_folder_is_opened_by_its_path(tmp_path: Path) -> None:
    dataset = soundgan.open_dataset(write_dataset(tmp_path / "prepared"))
    assert len(dataset) == 40
    with pytest.raises(soundgan.SoundGANError, match="no prepared dataset here"):
        soundgan.open_dataset(tmp_path)
