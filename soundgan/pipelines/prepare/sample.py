"""Some real sounds of a corpus, as they would be with one rate and length or another."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.envelope import (
    POST_ROLL_SECONDS,
    PRE_ROLL_SECONDS,
    EnvelopeBuilder,
    find_extent,
    loudest_window,
)
from soundgan.audio.level import PEAK_DB, amplitude, fade, peak
from soundgan.audio.resample import resample
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.pipelines.prepare.alternatives import PRESET, Alternative, Offer
from soundgan.pipelines.prepare.road import Road, spread_of
from soundgan.runtime.threads import map_ahead, one_thread
from soundgan.shapes import ClipSpec

CLIPS, LEAST_CLIPS = 32, 12
CLIP_SAMPLES = 600_000
"""Measured of one offer: somewhat less than a second of computing."""


def measure_offers(
    offers: Iterable[Offer], clips: Sequence[tuple[NDArray[np.float32], ClipRecipe]]
) -> Generator[Alternative]:
    """Every offer measured, in order, several at the same time; see :func:`measure_offer`."""
    yield from map_ahead(lambda offer: measure_offer(offer, clips), offers)


def measure_offer(
    offer: Offer,
    clips: Sequence[tuple[NDArray[np.float32], ClipRecipe]],
    preset: str = PRESET,
) -> Alternative:
    """Send sounds, cut as the offer would have them, through images and back.

    Args:
        offer: Rate and length.
        clips: Sounds [N], longer than the offer's, each with the recipe it was made by.
        preset: Whose images.
    """
    count = min(CLIPS, max(LEAST_CLIPS, CLIP_SAMPLES // offer.n_samples))
    waveforms = np.stack([recut(clip, offer, recipe) for clip, recipe in clips[:count]])
    with one_thread():
        road = Road(preset, ClipSpec(offer.sample_rate, offer.n_samples), [waveforms])
        rebuilt = list(road.there_and_back(waveforms))
    return Alternative(offer, road.image, spread_of(rebuilt), preset)


def recut(clip: NDArray[np.float32], offer: Offer, recipe: ClipRecipe) -> NDArray[np.float32]:
    """What the offer's recipe would make of the sound in ``clip`` [N], as [n]."""
    rate = recipe.sample_rate
    length = round(offer.seconds * rate)
    builder = EnvelopeBuilder(rate)
    builder.add(clip)
    envelope = builder.finish()
    sound = find_extent(envelope, rate, trim_db=recipe.trim_db)
    begin = 0
    if sound.end - sound.start > length and not recipe.slice:
        begin = loudest_window(envelope, sound, length)
    piece = clip[begin : begin + length].copy()
    fade(
        piece,
        round(PRE_ROLL_SECONDS * rate) if begin else 0,
        round(POST_ROLL_SECONDS * rate) if begin + length < sound.end else 0,
    )
    piece = np.concatenate(list(resample([piece], rate, offer.sample_rate)))[: offer.n_samples]
    if recipe.normalise == "peak" and not recipe.slice:
        piece = piece * np.float32(amplitude(PEAK_DB) / max(peak(piece), 1e-9))
    waveform = np.zeros(offer.n_samples, np.float32)
    waveform[: len(piece)] = piece
    return waveform
