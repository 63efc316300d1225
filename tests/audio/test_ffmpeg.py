"""Files that ffmpeg decodes: by the real one where it is installed, and by impostors."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from soundgan.audio import decode, ffmpeg
from soundgan.audio.decode import AudioFile, CorruptAudioError, ForeignAudioError, NotAudioError
from tests.audio.odd_files import RATE, encoded, id3v2, samples

real = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")
M4A = b"\0\0\0\x20ftypM4A " + bytes(100)


def made(folder: Path, name: str, *options: str) -> Path:
    """The second of sound in another format, or a skip where this ffmpeg cannot make it."""
    source, path = folder / "source.wav", folder / name
    source.write_bytes(encoded("WAV", "PCM_16"))
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(source), *options, str(path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip(f"this ffmpeg cannot make {name}")
    return path


def listen(path: Path) -> tuple[np.ndarray, decode.Header, list[str]]:
    with AudioFile(str(path)) as file:
        stream = file.decode()
        return np.concatenate([b[:, 0] for b in stream.blocks]), stream.header, stream.notes


@real
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.m4a", ["-c:a", "aac"]),
        ("a.alac.m4a", ["-c:a", "alac"]),
        ("a.aac", ["-c:a", "aac", "-f", "adts"]),
        ("a.wma", ["-c:a", "wmav2"]),
        ("a.webm", ["-c:a", "libopus"]),
        ("a.mka", ["-c:a", "flac"]),
        ("a.mov", ["-c:a", "pcm_s16le"]),
        ("a.3gp", ["-c:a", "aac"]),
        ("a.ac3", ["-c:a", "ac3", "-ar", "48000"]),
        ("a.wv", ["-c:a", "wavpack"]),
        ("a.tta", ["-c:a", "tta"]),
        ("a.flv", ["-c:a", "aac", "-ar", "22050"]),
        ("a.ts", ["-c:a", "aac", "-f", "mpegts"]),
        ("a.avi", ["-c:a", "pcm_s16le"]),
    ],
)
def test_a_foreign_sound_is_the_same_sound(tmp_path: Path, name: str, options: list[str]) -> None:
    path = made(tmp_path, name, *options)
    path.rename(tmp_path / "no suffix")
    found, header, notes = listen(tmp_path / "no suffix")
    assert notes == []
    assert len(found) / header.sample_rate == pytest.approx(1.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(found[: header.sample_rate // 2]))
    assert 2 * spectrum.argmax() == pytest.approx(440, abs=6)


@real
def test_a_lossless_foreign_sound_has_the_same_samples_in_the_same_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path, "a.wv", "-c:a", "wavpack")
    np.testing.assert_array_equal(listen(path)[0], samples())
    monkeypatch.setattr(decode, "BLOCK_SAMPLES", 1000)
    with AudioFile(str(path)) as file:
        assert {len(block) for block in file.decode().blocks} == {1000}


@real
def test_a_foreign_sound_behind_a_tag_is_read(tmp_path: Path) -> None:
    path = made(tmp_path, "a.aac", "-c:a", "aac", "-f", "adts")
    path.write_bytes(id3v2() + path.read_bytes())
    assert len(listen(path)[0]) == pytest.approx(RATE, abs=3000)


@real
def test_a_silent_film_holds_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    made(tmp_path, "a.mp4", "-f", "lavfi", "-i", "testsrc=d=0.2:r=5", "-map", "1:v")
    with AudioFile(str(path)) as file, pytest.raises(NotAudioError, match="it holds no sound"):
        file.decode()


@real
def test_a_damaged_foreign_file_is_corrupt_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(M4A)
    with AudioFile(str(path)) as file, pytest.raises(CorruptAudioError) as caught:
        file.decode()
    words = str(caught.value)
    assert words.startswith("cannot be decoded: ffmpeg: ")
    assert "\n" not in words
    assert "0x" not in words


@real
def test_a_foreign_sound_may_be_decoded_twice_and_given_up(tmp_path: Path) -> None:
    path = made(tmp_path, "a.wv", "-c:a", "wavpack")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with AudioFile(str(path)) as file:
        file.decode()
        next(file.decode().blocks)
        assert sum(len(block) for block in file.decode().blocks) == RATE
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_without_ffmpeg_the_file_is_named_and_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(M4A)
    monkeypatch.setenv("PATH", str(tmp_path))
    words = r"MPEG-4 .* example with: ffmpeg -i NAME OUT\.wav"
    with AudioFile(str(tmp_path / "a")) as file, pytest.raises(ForeignAudioError, match=words):
        file.decode()


@pytest.fixture
def impostor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A shell script in the place of ffmpeg, and a file to be decoded by it."""

    def arrange(script: str) -> Path:
        program = tmp_path / "bin" / "ffmpeg"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
        (tmp_path / "a").write_bytes(M4A)
        return tmp_path / "a"

    return arrange


def test_ffmpeg_is_told_what_the_file_is_and_may_open_no_address(
    impostor: Callable[[str], Path], tmp_path: Path
) -> None:
    path = impostor(
        f'printf "%s\\n" "$@" > {tmp_path}/told; readlink /proc/$$/fd/0 > {tmp_path}/in'
    )
    with AudioFile(str(path)) as file, pytest.raises(CorruptAudioError):
        file.decode()
    told = (tmp_path / "told").read_text().split("\n")
    assert told[told.index("-f") + 1] == "mov"
    assert told[told.index("-protocol_whitelist") + 1] == "file,pipe"
    assert told[told.index("-i") + 1].startswith("file:/dev/fd/")
    assert "-nostdin" in told
    assert (tmp_path / "in").read_text() == "/dev/null\n"


def test_an_ffmpeg_that_hangs_is_given_up(
    impostor: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "PATIENCE_SECONDS", 0.2)
    path = impostor("exec sleep 60")
    began = time.monotonic()
    with AudioFile(str(path)) as file, pytest.raises(CorruptAudioError, match=r"halt for 0\.2 s"):
        file.decode()
    assert time.monotonic() - began < 10


def test_an_ffmpeg_that_never_ends_is_given_up(
    impostor: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "MOST_SECONDS", 0.5)
    head = struct.pack(">4s5I", b".snd", 24, 0xFFFFFFFF, 6, RATE, 1)
    octal = "".join(f"\\{byte:03o}" for byte in head)
    path = impostor(f"printf '{octal}'; cat /dev/zero")
    with AudioFile(str(path)) as file, pytest.raises(CorruptAudioError, match=r"after 0\.5 s"):
        for _ in file.decode().blocks:
            pass


def test_complaints_without_end_do_not_fill_memory(impostor: Callable[[str], Path]) -> None:
    path = impostor("head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 1")
    with AudioFile(str(path)) as file, pytest.raises(CorruptAudioError) as caught:
        file.decode()
    assert len(str(caught.value)) < 300
