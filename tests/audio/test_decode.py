from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from soundgan.audio import decoder
from soundgan.audio.decode import AudioFile
from soundgan.audio.stream import CorruptAudioError, NotAudioError
from tests.sounds import tone, write


def read(path: Path | str, *, strict: bool = False) -> np.ndarray:
    return listen(path, strict=strict)[0]


def listen(path: Path | str, *, strict: bool = False) -> tuple[np.ndarray, list[str]]:
    """Samples [n, channels] and notes."""
    with AudioFile(str(path)) as file:
        stream = file.decode(strict=strict)
        nothing = np.zeros((0, stream.header.channels), np.float32)
        return np.concatenate([nothing, *stream.blocks]), stream.notes


def lie_about_frames(path: Path, frames: int) -> None:
    """Change the total in a FLAC file's STREAMINFO: 36 bits from the middle of byte 21."""
    content = bytearray(path.read_bytes())
    content[21] = content[21] & 0xF0 | frames >> 32
    content[22:26] = (frames & 0xFFFFFFFF).to_bytes(4, "big")
    path.write_bytes(content)


@pytest.mark.parametrize(
    "form", ["WAV", "FLAC", "AIFF", "CAF", "AU", "RF64", "W64", "VOC", "NIST", "SVX"]
)
def test_lossless_formats_decode_to_the_same_samples(tmp_path: Path, form: str) -> None:
    waveform = (np.round(tone(0.3) * 32768) / 32768).astype(np.float32)
    path = write(tmp_path / "misnamed.mp3", waveform, format=form, subtype="PCM_16")
    np.testing.assert_array_equal(read(path)[:, 0], waveform)


@pytest.mark.parametrize(("form", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)])
def test_lossy_formats_decode_to_nearly_the_same(
    tmp_path: Path, form: str, subtype: str | None
) -> None:
    waveform = tone(0.5, rate=24000)
    path = write(tmp_path / "a", waveform, 24000, format=form, subtype=subtype)
    decoded = read(path)[:, 0]
    assert len(decoded) == len(waveform)
    error = np.square(decoded - waveform)[1000:-1000].mean() / np.square(waveform).mean()
    assert error < 0.02


def test_the_header_tells_format_rate_and_channels(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.stack([tone(0.1)] * 3, axis=1), 22050)
    with AudioFile(str(path)) as file:
        header = file.decode().header
    assert (header.form, header.sample_rate, header.channels) == ("WAV PCM_16", 22050, 3)


def test_blocks_are_bounded_and_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.flac", np.stack([tone(1.0), tone(1.0, hertz=90)], axis=1))
    whole = read(path)
    monkeypatch.setattr(decoder, "BLOCK_SAMPLES", 1000)
    with AudioFile(str(path)) as file:
        blocks = list(file.decode().blocks)
    assert {len(block) for block in blocks} == {500}
    np.testing.assert_array_equal(np.concatenate(blocks), whole)


def test_a_file_can_be_decoded_twice_and_hashed_between(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ogg", tone(0.4))
    with AudioFile(str(path)) as file:
        first = np.concatenate(list(file.decode().blocks))
        assert file.sha256() == hashlib.sha256(path.read_bytes()).hexdigest()
        np.testing.assert_array_equal(np.concatenate(list(file.decode().blocks)), first)


@pytest.mark.parametrize("frames", [1 << 30, (1 << 36) - 2])
def test_a_lying_length_allocates_nothing_and_is_found_out(tmp_path: Path, frames: int) -> None:
    path = write(tmp_path / "a.flac", tone(0.5))
    lie_about_frames(path, frames)
    samples, notes = listen(path)
    assert len(samples) == 4000
    assert notes == [f"incomplete: 4000 of {frames} samples per channel could be decoded"]
    with pytest.raises(CorruptAudioError, match=f"incomplete: 4000 of {frames} samples"):
        read(path, strict=True)


def test_a_flac_stream_of_unknown_length_is_read_to_its_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(0.5))
    lie_about_frames(path, 0)
    assert len(read(path)) == 4000


def test_an_mp3_that_is_cut_short_gives_what_is_there(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(1.0, rate=22050), 22050)
    whole = read(path)
    path.write_bytes(path.read_bytes()[:-800])
    samples, notes = listen(path)
    np.testing.assert_array_equal(samples, whole[: len(samples)])
    assert len(whole) * 0.7 < len(samples) < len(whole)
    assert notes[0].startswith("incomplete: ")
    with pytest.raises(CorruptAudioError, match="incomplete: "):
        read(path, strict=True)


def test_an_mp3_whose_length_the_decoder_only_guesses_is_not_cut_in_silence(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "a.mp3", tone(1.0, rate=22050), 22050)
    content = path.read_bytes()
    tagged = len(read(path))
    path.write_bytes(content[content.index(b"\xff\xf3", 4) :])
    assert tagged <= len(read(path)) < tagged + 3 * 1152


def test_a_damaged_flac_says_what_the_decoder_says(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(0.5))
    content = bytearray(path.read_bytes() + bytes(1))
    content[len(content) // 2 :] = bytes(20_000)
    path.write_bytes(content)
    with pytest.raises(CorruptAudioError, match=r"^cannot be decoded: [a-z]"):
        read(path)


def test_a_file_without_samples_has_no_blocks(tmp_path: Path) -> None:
    assert len(read(write(tmp_path / "a.wav", tone(0.0)))) == 0


@pytest.mark.parametrize("rate", [1, 900, 1_000_000])
def test_an_implausible_rate_is_corrupt(tmp_path: Path, rate: int) -> None:
    path = write(tmp_path / "a.wav", tone(0.1), rate)
    with pytest.raises(CorruptAudioError, match=f"sample rate of {rate} Hz is not plausible"):
        read(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b"# Read me\n", "no audio format"),
        (b"MThd\0\0\0\6", "MIDI holds notes"),
    ],
)
def test_other_content_is_not_audio(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(NotAudioError, match=reason):
        read(path)


def test_a_pipe_in_the_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    with pytest.raises(CorruptAudioError, match="no longer a regular file"):
        AudioFile(str(tmp_path / "a.wav"))


def test_a_file_that_has_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(CorruptAudioError, match="cannot be opened: no such file"):
        AudioFile(str(tmp_path / "a.wav"))


def test_a_name_that_is_no_text_is_no_obstacle(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(0.1))
    strange = os.fsencode(tmp_path) + b"/caf\xe9\n.wav"
    path.rename(Path(os.fsdecode(strange)))
    assert len(read(os.fsdecode(strange))) == 800


def test_descriptors_are_not_left_open(tmp_path: Path) -> None:
    good, bad = write(tmp_path / "a.wav", tone(0.1)), tmp_path / "b.wav"
    bad.write_bytes(b"RIFF\0\0\0\0WAVEnonsense")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        read(good)
        with pytest.raises(CorruptAudioError):
            read(bad)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
