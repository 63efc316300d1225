"""Sounds by their addresses, from Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

import soundgan
from tests.inference.conftest import write_model


def test_the_samples_at_an_address_are_those_of_its_file(tmp_path: Path) -> None:
    model = soundgan.load(write_model(tmp_path / "m.safetensors", "generator.name=dcgan"))
    done = soundgan.vary(
        ["5:kick", "6"], tmp_path / "a", model=model.path, count=2, subtype="FLOAT"
    )
    found = model.at([sound.address for sound in done.sounds])
    by_file = model.at([sound.path for sound in done.sounds])
    for sound, row, same in zip(done.sounds, found, by_file, strict=True):
        np.testing.assert_array_equal(row.waveform, soundfile.read(sound.path, dtype="float32")[0])
        np.testing.assert_array_equal(row.waveform, same.waveform)
        assert row.label == sound.label


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"count": 0}, "`count`: 0 is not from 1 to 10000"),
        ({"strength": float("nan")}, "`strength`: nan is not from 0 to 1"),
        ({"more": {"brigter": 1}}, "`more`: 'brigter' is no direction; choose from brighter, "),
        ({"more": {"brighter": 3.1}}, "`brighter`: 3.1 is not from -3 to 3"),
        ({"more": {"brighter": "1"}}, "`brighter`: '1' is not a number"),
        ({"audio_format": "mp3"}, "`audio_format=mp3`: must be wav or flac"),
        ({"audio_format": "flac", "subtype": "FLOAT"}, "`subtype=FLOAT`: flac holds"),
    ],
)
def test_parameters_out_of_range_are_named(arguments: dict[str, object], why: str) -> None:
    with pytest.raises(soundgan.SoundGANError) as caught:
        soundgan.vary("5", **arguments)  # type: ignore[arg-type]
    assert str(caught.value).startswith(why)


def test_no_sound_is_refused() -> None:
    with pytest.raises(soundgan.SoundGANError, match="no sound: give an address"):
        soundgan.morph([])
