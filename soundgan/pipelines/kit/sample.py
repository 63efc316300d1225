"""The sound files of a kit: 24 bit, cut, levelled, and on their keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.one_shot import cut
from soundgan.audio.wav import encode_audio
from soundgan.audio.wav_chunks import key_chunks
from soundgan.kits.instrument import WHOLE
from soundgan.pipelines.sound_files import SoundFile
from soundgan.version import VERSION

KEY = "kit"
"""Of the provenance of a kit's sounds: what was done to them."""


@dataclass(frozen=True)
class Place:
    """Where a sound lies in a kit, how much louder it is made, and at which velocities it plays."""

    note: int
    gain: float
    velocity: tuple[int, int] = WHOLE


def kit_audio(file: SoundFile, place: Place) -> tuple[bytes, int]:
    """Content of a kit's WAV file, and how many samples there are."""
    rate = file.model.description.clip.sample_rate
    waveform = louder(cut(file.sound.samples, rate), place.gain)
    known: dict[str, Any] = {"note": place.note, "gain": place.gain}
    if place.velocity != WHOLE:
        known["velocity"] = list(place.velocity)
    said = file.provenance | {KEY: known}
    metadata = {
        "software": f"soundgan {VERSION}",
        "title": file.title,
        "comment": json.dumps(said, sort_keys=True),
    }
    content = encode_audio(
        waveform,
        rate,
        subtype="PCM_24",
        metadata=metadata,
        chunks=key_chunks(rate, place.note, place.velocity),
    )
    return content, len(waveform)


def louder(waveform: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
    """The same, so many times as loud."""
    return waveform * np.float32(gain)


def place_in(provenance: dict[str, Any]) -> Place | None:
    """Where a sound lay in a kit, if its provenance says so."""
    said = provenance.get(KEY)
    if not isinstance(said, dict):
        return None
    note, gain = said.get("note"), said.get("gain")
    whole = isinstance(note, int) and 0 <= note <= 127
    if not (whole and isinstance(gain, float | int) and 0.0 <= gain <= 1e6):
        return None
    velocity = velocity_in(said)
    return None if velocity is None else Place(int(str(note)), float(gain), velocity)


def velocity_in(said: Mapping[str, Any]) -> tuple[int, int] | None:
    """The ``velocity`` of an entry, all unless it says so; ``None`` for rubbish."""
    found = said.get("velocity", list(WHOLE))
    if not (isinstance(found, list) and len(found) == 2):
        return None
    low, high = found
    whole = type(low) is int and type(high) is int and 1 <= low <= high <= 127
    return (low, high) if whole else None
