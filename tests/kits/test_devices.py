"""Presets of the OP-XY and programs of the MPC, read as strictly as what is known allows."""

from __future__ import annotations

import io
import json
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile

from soundgan.audio.wav import encode_audio
from soundgan.kits.instrument import Drum, Instrument, Layer, Sample
from soundgan.kits.mpc import mpc
from soundgan.kits.op_xy import op_xy
from soundgan.pipelines.kit.cards import for_card

RATE = 22_050
NAMES = ("kick.wav", "snäre & 'x'.wav", "snäre & 'x' take 1.wav", "hat.wav", "hat vel 64.wav")
SOUNDS = {
    name: encode_audio(
        np.sin(np.arange(400 + n) * 0.1).astype(np.float32) / 2, RATE, subtype="PCM_24"
    )
    for n, name in enumerate(NAMES)
}


def sample(number: int) -> Sample:
    return Sample(NAMES[number], 400 + number)


KIT = Instrument(
    "Kit & <1>",
    RATE,
    (
        Drum("kick", 36, (Layer((sample(0),)),)),
        Drum("hat", 42, (Layer((sample(3),), 65, 127), Layer((sample(4),), 1, 64)), choke=1),
        Drum("snäre", 38, (Layer((sample(1), sample(2))),)),
    ),
    "soundgan 0",
)


def read_patch(files: dict[str, bytes]) -> list[dict[str, Any]]:
    """The regions of a preset, whose sounds are there and as long as it says."""
    patch = json.loads(files["patch.json"])
    assert (patch["type"], patch["platform"], patch["version"]) == ("drum", "OP-XY", 4)
    assert {"engine", "envelope", "fx", "lfo", "octave", "regions"} <= patch.keys()
    regions: list[dict[str, Any]] = patch["regions"]
    assert 1 <= len(regions) <= 24
    assert [r["lokey"] for r in regions] == [r["hikey"] for r in regions]
    assert [r["lokey"] for r in regions] == list(range(53, 53 + len(regions)))
    assert sorted(files) == sorted(["patch.json", *(r["sample"] for r in regions)])
    for region in regions:
        info = soundfile.info(io.BytesIO(files[region["sample"]]))
        assert (info.samplerate, info.subtype) == (44_100, "PCM_16")
        assert info.frames == region["framecount"] == region["sample.end"]
    return regions


def read_program(files: dict[str, bytes], name: str) -> dict[int, list[dict[str, str]]]:
    """The layers of each pad by its note."""
    root = ElementTree.fromstring(files[f"{name}.xpm"])
    assert root.tag == "MPCVObject"
    assert root.findtext("Version/File_Version") == "2.1"
    (program,) = root.findall("Program")
    assert program.get("type") == "Drum"
    notes = {pad.get("number"): int(pad.findtext("Note", "")) for pad in program.iter("PadNote")}
    pads = {pad.get("number"): pad for pad in program.iter("Instrument")}
    assert notes.keys() == pads.keys() == {str(n) for n in range(1, len(pads) + 1)}
    found = {}
    for number, pad in pads.items():
        assert pad.findtext("TriggerMode") == "0"
        rows = [{child.tag: child.text or "" for child in layer} for layer in pad.iter("Layer")]
        assert 1 <= len(rows) <= 4
        assert [layer.get("number") for layer in pad.iter("Layer")] == [
            str(n) for n in range(1, len(rows) + 1)
        ]
        for row in rows:
            assert f"{row['SampleName']}.WAV" in files
            assert int(row["RootNote"]) == notes[number] + 1
            row |= {"play": pad.findtext("ZonePlay", ""), "mute": pad.findtext("MuteGroup", "")}
        found[notes[number]] = rows
    assert len(files) == 1 + sum(map(len, found.values()))
    return found


def test_a_preset_of_the_op_xy_has_a_key_for_each_drum_and_the_hardest_hit_of_it() -> None:
    (files,) = op_xy(*for_card(KIT, SOUNDS, "PCM_16"))
    kick, hat, snare = read_patch(files)
    assert [r["sample"] for r in (kick, hat, snare)] == [NAMES[0], NAMES[3], NAMES[1]]
    assert [r["playmode"] for r in (kick, hat, snare)] == ["oneshot", "group", "oneshot"]


def test_more_than_24_drums_are_several_presets() -> None:
    names = [f"{note}.wav" for note in range(50)]
    drums = tuple(
        Drum(name, note, (Layer((Sample(name, 400),)),)) for note, name in enumerate(names)
    )
    kit = Instrument("many", RATE, drums, "soundgan 0")
    presets = op_xy(*for_card(kit, dict.fromkeys(names, SOUNDS[NAMES[0]]), "PCM_16"))
    assert [len(read_patch(files)) for files in presets] == [24, 24, 2]


def test_pads_of_the_mpc_play_layers_by_velocity_and_takes_in_turn() -> None:
    pads = read_program(mpc(*for_card(KIT, SOUNDS, "PCM_24"), "Kit & <1>"), "Kit & <1>")
    assert list(pads) == [36, 38, 42]
    assert [(r["play"], r["SampleName"]) for r in pads[38]] == [
        ("0", "snäre & 'x'"), ("0", "snäre & 'x' take 1"),
    ]  # fmt: skip
    velocities = [(r["play"], r["VelStart"], r["VelEnd"], r["mute"]) for r in pads[42]]
    assert velocities == [("1", "65", "127", "1"), ("1", "1", "64", "1")]


def test_a_pad_has_four_layers_at_most_and_still_answers_every_velocity() -> None:
    layers = tuple(
        Layer((sample(n),), 101 - 20 * n, 127 if n == 0 else 120 - 20 * n) for n in range(5)
    )
    kit = Instrument(
        "k", RATE, (Drum("k", 36, (*layers, Layer((sample(0),), 1, 20))),), "soundgan 0"
    )
    rows = read_program(mpc(kit, SOUNDS, "k"), "k")[36]
    heard = [v for r in rows for v in range(int(r["VelStart"]), int(r["VelEnd"]) + 1)]
    assert sorted(heard) == list(range(1, 128))


@pytest.mark.parametrize("shape", [(441,), (441, 2)])
def test_sounds_for_cards_keep_their_duration_and_their_channels(shape: tuple[int, ...]) -> None:
    wave = np.full(shape, 0.25, np.float32)
    kit = Instrument("k", RATE, (Drum("k", 36, (Layer((Sample("k.wav", 441),)),)),), "soundgan 0")
    at_card, sounds = for_card(kit, {"k.wav": encode_audio(wave, RATE)}, "PCM_16")
    samples, rate = soundfile.read(io.BytesIO(sounds["k.wav"]))
    (found,) = at_card.drums[0].samples
    assert (rate, found.n_samples, samples.ndim) == (44_100, len(samples), len(shape))
    assert abs(len(samples) - 882) <= 1
    assert samples[200:600] == pytest.approx(0.25, abs=1e-3)
