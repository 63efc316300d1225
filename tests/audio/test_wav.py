"""Written sounds: exact samples, repeatable bytes, metadata that reads back anywhere."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.audio.wav import SUBTYPES, encode_audio, read_metadata
from soundgan.errors import AudioError, UsageError

METADATA = {
    "software": "soundgan 0.1.0",
    "title": "seed 42, größer ♪",
    "comment": json.dumps({"seed": 42, "config": "x" * 20_000}),
}
KINDS = [(name, subtype) for name, subtypes in SUBTYPES.items() for subtype in subtypes]
every = pytest.mark.parametrize(("format", "subtype"), KINDS)


def samples(rng: np.random.Generator, n: int = 1001) -> np.ndarray:
    return rng.uniform(-1, 1, n).astype(np.float32)


@every
def test_libsndfile_reads_back_the_nearest_samples(
    format: str, subtype: str, rng: np.random.Generator
) -> None:
    waveform = samples(rng)
    content = encode_audio(waveform, 8000, format=format, subtype=subtype, metadata=METADATA)
    back, rate = soundfile.read(io.BytesIO(content), dtype="float64")
    step = {"PCM_16": 2**-15, "PCM_24": 2**-23, "FLOAT": 0.0}[subtype]
    assert rate == 8000
    assert soundfile.info(io.BytesIO(content)).subtype == subtype
    assert len(back) == len(waveform)
    # Half a step, except that full scale itself is one step too high for integers.
    assert np.abs(back - waveform)[waveform < 1 - step].max() <= step / 2


@every
def test_samples_that_fit_survive_a_second_writing_unchanged(
    format: str, subtype: str, rng: np.random.Generator
) -> None:
    once = encode_audio(samples(rng), 8000, format=format, subtype=subtype)
    back, _ = soundfile.read(io.BytesIO(once), dtype="float32")
    assert encode_audio(back, 8000, format=format, subtype=subtype) == once


@every
def test_what_exceeds_full_scale_saturates_and_never_wraps(format: str, subtype: str) -> None:
    loud = np.array([1.0, 1.5, 100.0, -1.0, -1.5, -100.0], dtype=np.float32)
    content = encode_audio(loud, 8000, format=format, subtype=subtype)
    back, _ = soundfile.read(io.BytesIO(content), dtype="float64")
    if subtype == "FLOAT":
        assert back.tolist() == loud.tolist()
    else:
        assert back[:3].min() > 0.9999
        assert back[3:].tolist() == [-1.0] * 3


@every
def test_metadata_reads_back(format: str, subtype: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    content = encode_audio(
        np.zeros(7, np.float32), 8000, format=format, subtype=subtype, metadata=METADATA
    )
    path.write_bytes(content)
    assert read_metadata(path) == METADATA


@every
def test_the_order_of_the_metadata_does_not_matter(format: str, subtype: str) -> None:
    turned = dict(reversed(METADATA.items()))
    first, second = (
        encode_audio(np.zeros(7, np.float32), 8000, format=format, subtype=subtype, metadata=texts)
        for texts in (METADATA, turned)
    )
    assert first == second


def test_libsndfile_reads_our_wav_metadata() -> None:
    texts = {"title": "seed 7", "comment": '{"seed": 7}', "software": "soundgan", "genre": "kick"}
    content = encode_audio(np.zeros(3, np.float32), 8000, metadata=texts)
    with soundfile.SoundFile(io.BytesIO(content)) as sound:
        assert sound.copy_metadata() == texts


@every
def test_bytes_depend_on_nothing_but_the_arguments(
    format: str, subtype: str, tmp_path: Path
) -> None:
    texts = {"title": "é", "artist": "a", "software": "s", "genre": "g", "comment": "c"}
    script = (
        "import sys, numpy; from soundgan.audio.wav import encode_audio;"
        "sys.stdout.buffer.write(encode_audio(numpy.linspace(-1, 1, 99, dtype='float32'), 8000,"
        f"format={format!r}, subtype={subtype!r}, metadata={texts!r}))"
    )
    here = encode_audio(
        np.linspace(-1, 1, 99, dtype="float32"),
        8000,
        format=format,
        subtype=subtype,
        metadata=texts,
    )
    there = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env={"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "3"},
        cwd=tmp_path,
    )
    assert there.stdout == here


def test_the_standard_library_reads_our_pcm(rng: np.random.Generator) -> None:
    waveform = samples(rng, 33)
    with wave.open(io.BytesIO(encode_audio(waveform, 44100, metadata=METADATA))) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (44100, 1, 33)
        values = np.frombuffer(sound.readframes(33), "<i2")
    assert values.tolist() == np.rint(waveform * 32768.0).clip(-32768, 32767).tolist()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_never_written(bad: float) -> None:
    with pytest.raises(AudioError, match="not finite"):
        encode_audio(np.array([0.0, bad], np.float32), 8000)


def test_wrong_requests_are_refused() -> None:
    silence = np.zeros(4, np.float32)
    with pytest.raises(UsageError, match="cannot write flac with subtype FLOAT"):
        encode_audio(silence, 8000, format="flac", subtype="FLOAT")
    with pytest.raises(UsageError, match="cannot write mp3"):
        encode_audio(silence, 8000, format="mp3")
    with pytest.raises(UsageError, match="unknown key 'date'"):
        encode_audio(silence, 8000, metadata={"date": "today"})
    with pytest.raises(AudioError, match=r"\[N\] or stereo"):
        encode_audio(np.zeros((2, 4), np.float32), 8000)
    with pytest.raises(AudioError, match="cannot write flac at 9999999 Hz"):
        encode_audio(silence, 9_999_999, format="flac")


def test_a_text_cannot_end_early_or_break_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(
        encode_audio(np.zeros(3, np.float32), 8000, metadata={"title": "a\0b", "comment": "\udcff"})
    )
    assert read_metadata(path) == {"title": "a\N{REPLACEMENT CHARACTER}b", "comment": "?"}


@pytest.mark.parametrize("damage", [b"", b"RIFF", b"text that is no sound at all"])
def test_metadata_of_what_is_no_sound_is_an_error(damage: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(damage)
    with pytest.raises(AudioError, match="cannot read metadata"):
        read_metadata(path)
    with pytest.raises(AudioError, match="cannot read metadata"):
        read_metadata(tmp_path / "missing.wav")


def test_a_truncated_list_gives_what_is_left(tmp_path: Path) -> None:
    content = encode_audio(np.zeros(3, np.float32), 8000, metadata=METADATA)
    path = tmp_path / "a.wav"
    for keep in range(12, len(content), 997):
        path.write_bytes(content[:keep])
        assert set(read_metadata(path)) <= set(METADATA)
