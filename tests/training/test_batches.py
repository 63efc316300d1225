from __future__ import annotations

import numpy as np
import pytest
import torch

from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.training import batches as module
from soundgan.training.batches import Batches


def test_an_epoch_shows_every_clip_once(batches: Batches) -> None:
    images = torch.cat([batches.at(position).images for position in range(11)])[:41]
    assert len(torch.unique(images.flatten(1), dim=0)) == 41


def test_a_position_holds_the_same_batch_whatever_was_asked_before(batches: Batches) -> None:
    first = batches.at(7)
    batches.at(100)
    again = batches.at(7)
    assert torch.equal(first.images, again.images)
    assert torch.equal(first.labels, again.labels)  # type: ignore[arg-type]


def test_a_batch_larger_than_the_dataset_goes_round(tones: object, codec: SpectrogramCodec) -> None:
    few = Batches(tones, np.arange(3), None, codec, batch_size=8, seed=0)  # type: ignore[arg-type]
    assert few.at(0).images.shape[0] == 8
    assert few.at(0).labels is None


def test_images_are_the_same_whether_kept_or_encoded_again(
    batches: Batches,
    tones: object,
    codec: SpectrogramCodec,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_CACHED_BYTES", 0)
    again = Batches(
        tones,  # type: ignore[arg-type]
        np.arange(41),
        tones.labels,  # type: ignore[attr-defined]
        codec,
        batch_size=4,
        seed=0,
    )
    torch.testing.assert_close(again.at(3).images, batches.at(3).images, rtol=0, atol=1e-5)
    assert torch.equal(again.at(3).labels, batches.at(3).labels)  # type: ignore[arg-type]


def test_images_and_labels_belong_together(batches: Batches) -> None:
    batch = batches.at(2)
    assert batch.labels is not None
    # The class doubles the pitch, so the brightest row rises with the label.
    rows = batch.images.amax(dim=(1, 3)).argmax(dim=1)
    order = batch.labels.argsort()
    assert rows[order].tolist() == sorted(rows.tolist())


@pytest.mark.parametrize(("free", "expected"), [(10**9, "meta"), (10**4, "cpu"), (None, "cpu")])
def test_images_lie_on_the_device_that_has_room_for_them(
    tones: object,
    codec: SpectrogramCodec,
    monkeypatch: pytest.MonkeyPatch,
    free: int | None,
    expected: str,
) -> None:
    monkeypatch.setattr(module, "free_bytes", lambda device: free)
    device = torch.device("meta")  # keeps nothing but shapes, and is everywhere
    resident = Batches(tones, np.arange(41), None, codec, batch_size=4, seed=0, device=device)  # type: ignore[arg-type]
    assert resident.at(0).images.device.type == expected
