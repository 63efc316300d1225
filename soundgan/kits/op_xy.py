"""Kits as drum presets of the OP-XY. An experiment: its maker has not published the format.

References:
    What owners have found in their presets: a folder with ``patch.json`` and 24 keys from 53 on,
    sounds of 16 bit and 44.1 kHz and at most 20 seconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from soundgan.kits.instrument import Drum, Instrument

FIRST_KEY, N_KEYS = 53, 24
MOST_SAMPLES = 20 * 44_100
FULL, CENTRE = 32_767, 16_384


def op_xy(instrument: Instrument, sounds: Mapping[str, bytes]) -> list[dict[str, bytes]]:
    """The files of each preset by their names in its folder: 24 drums each, in their order.

    Of each drum there is the sound of its hardest hit alone.

    Args:
        instrument: The kit, at 44.1 kHz.
        sounds: Content of the sound files by their names, of 16 bit.
    """
    drums = instrument.drums
    starts = range(0, len(drums), N_KEYS)
    return [_preset(drums[start : start + N_KEYS], sounds) for start in starts]


def _preset(drums: Sequence[Drum], sounds: Mapping[str, bytes]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    regions = []
    for key, drum in enumerate(drums, FIRST_KEY):
        name = drum.samples[0].file
        files[name] = sounds[name]
        regions.append(_region(key, drum))
    text = json.dumps(_patch(regions), indent=2, ensure_ascii=False) + "\n"
    return {"patch.json": text.encode()} | files


def _region(key: int, drum: Drum) -> dict[str, object]:
    sample = drum.samples[0]
    return {
        "fade.in": 0,
        "fade.out": 0,
        "framecount": sample.n_samples,
        "gain": 0,
        "hikey": key,
        "lokey": key,
        "pan": 0,
        "pitch.keycenter": 60,
        "playmode": "group" if drum.choke else "oneshot",
        "reverse": False,
        "sample": sample.file,
        "sample.end": min(sample.n_samples, MOST_SAMPLES),
        "sample.start": 0,
        "transpose": 0,
        "tune": 0,
    }


def _patch(regions: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """A patch that leaves its sounds as they are: everything else is off, or in the middle."""
    nothing = {"amount": CENTRE, "target": 0}
    envelope = {"attack": 0, "decay": 0, "release": FULL, "sustain": FULL}
    return {
        "engine": {
            "bendrange": 0,
            "highpass": 0,
            "modulation": dict.fromkeys(
                ("aftertouch", "modwheel", "pitchbend", "velocity"), nothing
            ),
            "params": [CENTRE] * 8,
            "playmode": "poly",
            "portamento.amount": 0,
            "portamento.type": FULL,
            "transpose": 0,
            "tuning.root": 0,
            "tuning.scale": 0,
            "velocity.sensitivity": 21_299,
            "volume": CENTRE,
            "width": 0,
        },
        "envelope": {"amp": envelope, "filter": envelope},
        "fx": {"active": False, "params": [FULL, 0, 0, 0, 0, FULL, 0, 0], "type": "svf"},
        "lfo": {"active": False, "params": [0] * 8, "type": "tremolo"},
        "octave": 0,
        "platform": "OP-XY",
        "regions": list(regions),
        "type": "drum",
        "version": 4,
    }
