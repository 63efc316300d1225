"""A kit as hardware with a card of its own wants it: 44.1 kHz."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import soundfile

from soundgan.audio.resample import resample
from soundgan.audio.wav import encode_audio
from soundgan.kits.instrument import Drum, Instrument, Sample

CARD_RATE = 44_100


def for_card(
    kit: Instrument, sounds: Mapping[str, bytes], subtype: str
) -> tuple[Instrument, dict[str, bytes]]:
    """The same kit at 44.1 kHz, and the content of its sound files.

    Args:
        kit: At any rate.
        sounds: Content of its sound files by their names.
        subtype: ``PCM_16`` or ``PCM_24``.
    """
    made = {name: _resampled(content, subtype) for name, content in sounds.items()}

    def moved(drum: Drum) -> Drum:
        layers = (
            replace(layer, samples=tuple(Sample(s.file, made[s.file][1]) for s in layer.samples))
            for layer in drum.layers
        )
        return replace(drum, layers=tuple(layers))

    drums = tuple(map(moved, kit.drums))
    contents = {name: content for name, (content, _) in made.items()}
    return replace(kit, sample_rate=CARD_RATE, drums=drums), contents


def _resampled(content: bytes, subtype: str) -> tuple[bytes, int]:
    samples, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    waveform = np.concatenate(list(resample([samples], rate, CARD_RATE, channels=channels)))
    return encode_audio(waveform, CARD_RATE, subtype=subtype), len(waveform)
