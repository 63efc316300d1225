"""A dataset of arrays, without a folder."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.level import quantise
from soundgan.data.dataset import PreparedDataset
from soundgan.data.manifest import ClipEntry, Manifest, ShardEntry, write_manifest_bytes
from soundgan.data.split import Shares, choose_splits
from soundgan.errors import UsageError
from soundgan.runtime.files import sha256

MULTIPLE = 128
"""Lengths that all images of the presets fit."""


def dataset_from_arrays(
    waveforms: Sequence[NDArray[np.float32]],
    sample_rate: int,
    labels: Sequence[str] | None,
    *,
    shares: Shares,
) -> PreparedDataset:
    """The dataset; equal arrays give an equal one.

    Args:
        waveforms: [N] each, or left and right [N, 2], in [-1, 1].
        sample_rate: Hz.
        labels: One each, or ``None``.
        shares: Parts of every class to keep back.

    Raises:
        UsageError: They are no waveforms, or something is out of range.
    """
    _refuse(waveforms, sample_rate, labels)
    length = max(len(waveform) for waveform in waveforms)
    n_samples = MULTIPLE * math.ceil(length / MULTIPLE)
    clips = np.zeros((len(waveforms), waveforms[0].ndim, n_samples), np.int16)
    for clip, waveform in zip(clips, waveforms, strict=True):
        quantise(waveform.T, clip[:, : len(waveform)])
    manifest = _manifest(clips, sample_rate, labels, shares)
    content = write_manifest_bytes(manifest)
    return PreparedDataset.of_clips(manifest, content, clips)


def _refuse(
    waveforms: Sequence[NDArray[np.float32]], sample_rate: int, labels: Sequence[str] | None
) -> None:
    if not 1000 <= sample_rate <= 192_000:
        raise UsageError(f"`sample_rate`: {sample_rate} is not from 1000 to 192000")
    if not len(waveforms):
        raise UsageError("`waveforms`: there are none")
    if labels is not None and len(labels) != len(waveforms):
        raise UsageError(f"`labels`: {len(labels)} for {len(waveforms)} waveforms")
    for number, waveform in enumerate(waveforms):
        stereo = waveform.ndim == 2 and waveform.shape[1] == 2
        if not ((waveform.ndim == 1 or stereo) and len(waveform)):
            raise UsageError(
                f"`waveforms`: number {number} has the shape {list(waveform.shape)}; give mono [N] "
                "or stereo [N, 2]"
            )
        if waveform.ndim != waveforms[0].ndim:
            kinds = "mono", "stereo"
            raise UsageError(
                f"`waveforms`: number {number} is {kinds[stereo]} and the first is "
                f"{kinds[not stereo]}; give all alike"
            )
        peak = np.abs(waveform).max()
        if not peak <= 1.0:  # NaN is not either
            raise UsageError(f"`waveforms`: number {number} reaches {peak:g}; scale to [-1, 1]")


def _manifest(
    clips: NDArray[np.int16], sample_rate: int, labels: Sequence[str] | None, shares: Shares
) -> Manifest:
    names = tuple(sorted(set(labels or ())))
    ids = [-1] * len(clips) if labels is None else [names.index(label) for label in labels]
    digests = [sha256(clip.tobytes()) for clip in clips]
    splits = choose_splits(
        dict(zip(digests, ids, strict=True)),
        dict.fromkeys(digests, (0,)),
        n_samples=clips.shape[2],
        shares=shares,
    )
    whole = sha256(clips.tobytes())
    return Manifest(
        sample_rate=sample_rate,
        n_samples=clips.shape[2],
        channels=clips.shape[1],
        parameters={"source": "arrays", "validation": shares.validation, "test": shares.test},
        labels=names,
        shards=(ShardEntry(file=f"clips-00000-{whole[:8]}.npy", sha256=whole, clips=len(clips)),),
        clips=tuple(
            ClipEntry(
                path=f"array {number}",
                source_sha256=digest,
                decoded_sha256=digest,
                start=0,
                label=label,
                split=splits[digest][0],
            )
            for number, (digest, label) in enumerate(zip(digests, ids, strict=True))
        ),
    )
