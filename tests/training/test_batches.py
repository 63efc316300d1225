from __future__ import annotations

import numpy as np
import torch

from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.training.batches import BalancedOrder, Batches, ShuffledOrder
from soundgan.training.encoded import EncodedClips
from tests.training.conftest import Tones


def test_an_epoch_shows_every_clip_once(batches: Batches) -> None:
    images = torch.cat([batches.at(position).x for position in range(11)])[:41]
    assert len(torch.unique(images.flatten(1), dim=0)) == 41


def test_a_position_holds_the_same_batch_whatever_was_asked_before(batches: Batches) -> None:
    first = batches.at(7)
    batches.at(100)
    again = batches.at(7)
    assert torch.equal(first.x, again.x)
    assert torch.equal(first.labels, again.labels)  # type: ignore[arg-type]


def test_a_batch_larger_than_the_dataset_goes_round(tones: Tones, codec: SpectrogramCodec) -> None:
    few = Batches(EncodedClips(tones, np.arange(3), codec), None, batch_size=8, seed=0)
    assert few.at(0).x.shape[0] == 8
    assert few.at(0).labels is None


def test_images_and_labels_belong_together(batches: Batches) -> None:
    batch = batches.at(2)
    assert batch.labels is not None
    # The class doubles the pitch, so the brightest row rises with the label.
    rows = batch.x.amax(dim=(1, 3)).argmax(dim=1)
    order = batch.labels.argsort()
    assert rows[order].tolist() == sorted(rows.tolist())


def test_an_order_is_epoch_after_epoch_of_other_permutations() -> None:
    order = ShuffledOrder(7, 3)
    epochs = [[order[7 * epoch + place] for place in range(7)] for epoch in range(4)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(7))] * 4
    assert len({tuple(epoch) for epoch in epochs}) > 1


def test_a_balanced_order_has_every_class_in_every_round_and_all_of_each_class_in_turn() -> None:
    labels = np.array([5, 5, 2, 5, 2, 7])
    order = BalancedOrder(labels, 3)
    drawn = [order[position] for position in range(3 * 6)]
    for begin in range(0, len(drawn), 3):
        assert sorted(labels[drawn[begin : begin + 3]]) == [2, 5, 7]
    # In six rounds the three clips of class 5 come twice each, the one of class 7 six times.
    assert np.bincount(drawn).tolist() == [2, 2, 3, 2, 3, 6]
