"""Files that ffmpeg decodes: by the real one where it is installed, and by impostors."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from soundgan.audio import decode, ffmpeg
from soundgan.audio.decode import AudioFile
from soundgan.audio.stream import CorruptAudioError, ForeignAudioError, Header, NotAudioError
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


def listen(path: Path) -> tuple[np.ndarray, Header, list[str]]:
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
        ("a.opus.caf", ["-c:a", "libopus", "-f", "caf"]),
        ("a.alac.caf", ["-c:a", "alac", "-f", "caf"]),  # libsndfile reads others, but not this
        ("a.mp3.caf", ["-c:a", "libmp3lame", "-f", "caf"]),
        ("a.gsm.caf", ["-c:a", "libgsm", "-ar", "8000", "-f", "caf"]),
        ("a.g722.wav", ["-c:a", "g722", "-ar", "16000"]),
        ("a.g726.wav", ["-c:a", "g726", "-ar", "8000"]),
        ("a.ra", ["-c:a", "real_144", "-ar", "8000", "-f", "rm"]),
        ("a.dts", ["-c:a", "dca", "-strict", "-2", "-ar", "48000", "-f", "dts"]),
        ("a.loas", ["-c:a", "aac", "-f", "latm"]),
        ("a.sox", ["-f", "sox"]),
        ("a.nut", ["-c:a", "libvorbis", "-f", "nut"]),
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


def one_bit(hertz: float, seconds: float) -> bytes:
    """A DSF file at 2.8 MHz: a sine whose rounding errors are fed back."""
    rate, block = 2_822_400, 4096
    bits, error, last = [], 0.0, 0.0
    for value in (0.5 * np.sin(2 * np.pi * hertz * np.arange(rate * seconds) / rate)).tolist():
        error += value - last
        last = 1.0 if error >= 0 else -1.0
        bits.append(last > 0)
    data = np.packbits(bits, bitorder="little").tobytes()
    data += b"\x69" * (-len(data) % block)
    form = struct.pack("<4sQIIIIIIQII", b"fmt ", 52, 1, 0, 1, 1, rate, 1, len(bits), block, 0)
    return (
        struct.pack("<4sQQQ", b"DSD ", 28, 92 + len(data), 0)
        + form + struct.pack("<4sQ", b"data", 12 + len(data)) + data
    )  # fmt: skip


@real
def test_the_sound_of_a_one_bit_file_is_heard(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(one_bit(1000.0, 0.1))
    found, header, notes = listen(tmp_path / "a")
    assert (header.form, header.sample_rate, notes) == ("DSD by ffmpeg", 352_800, [])
    assert len(found) == pytest.approx(35_280, abs=600)
    assert 10 * np.abs(np.fft.rfft(found[:35_280])).argmax() == pytest.approx(1000, abs=15)


@real
@pytest.mark.parametrize(
    ("magic", "frame", "rate"),
    [(b"#!AMR\n", b"\x3c" + bytes(31), 8000), (b"#!AMR-WB\n", b"\x44" + bytes(60), 16_000)],
)
def test_amr_is_read_frame_by_frame(tmp_path: Path, magic: bytes, frame: bytes, rate: int) -> None:
    """Nothing here can make one of a sound, but any bits are a frame of 20 ms."""
    (tmp_path / "a").write_bytes(magic + 50 * frame)
    found, header, notes = listen(tmp_path / "a")
    assert (header.form, header.sample_rate, notes) == ("AMR by ffmpeg", rate, [])
    assert len(found) == rate


@real
def test_whoever_decodes_is_told_with_the_version(tmp_path: Path) -> None:
    path = made(tmp_path, "a.wv", "-c:a", "wavpack")
    told = subprocess.run(["ffmpeg", "-version"], capture_output=True, check=True, text=True)
    assert listen(path)[1].decoder == " ".join(told.stdout.split()[i] for i in (0, 2))
    assert listen(tmp_path / "source.wav")[1].decoder == ""


def test_without_ffmpeg_a_codec_that_is_unknown_here_is_foreign_and_not_corrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    content = encoded("CAF", "ALAC_16")
    at = content.index(b"alac") + 4  # where its depth stands
    (tmp_path / "a").write_bytes(content[:at] + bytes(4) + content[at + 4 :])
    words = r"^CAF of an unusual kind cannot be decoded"
    with AudioFile(str(tmp_path / "a")) as file, pytest.raises(ForeignAudioError, match=words):
        file.decode()


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


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo ffmpeg version n7.1-5 Copyright", "ffmpeg n7.1-5"),
        ("echo something else", "ffmpeg"),
        ("exit 1", "ffmpeg"),
        ("exec sleep 60", "ffmpeg"),
    ],
)
def test_an_ffmpeg_says_its_version_or_has_none(
    impostor: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    monkeypatch.setattr(ffmpeg, "VERSION_SECONDS", 1.0)
    impostor(script)
    assert ffmpeg.version() == words


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
    path = impostor(f"[ $1 = -version ] && exit; printf '{octal}'; cat /dev/zero")
    with AudioFile(str(path)) as file, pytest.raises(CorruptAudioError, match=r"after 0\.5 s"):
        for _ in file.decode().blocks:
            pass
    deadline = time.monotonic() + 10
    while any(thread.name == ffmpeg.LISTENER for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "what it started itself still writes, and is read"
        time.sleep(0.01)


def test_complaints_without_end_do_not_fill_memory(impostor: Callable[[str], Path]) -> None:
    path = impostor("head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 1")
    with AudioFile(str(path)) as file, pytest.raises(CorruptAudioError) as caught:
        file.decode()
    assert len(str(caught.value)) < 300


@real
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.m4a", ["-c:a", "aac"]),
        ("a.fragmented.mp4", ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]),
        ("a.fast.m4a", ["-c:a", "alac", "-movflags", "faststart"]),
        ("a.mov", ["-c:a", "pcm_s16le"]),
        ("a.wma", ["-c:a", "wmav2"]),
        ("a.tta", ["-c:a", "tta"]),
    ],
)
def test_what_ffmpeg_does_not_read_behind_a_sound_is_named(
    tmp_path: Path, name: str, options: list[str]
) -> None:
    path = made(tmp_path, name, *options)
    whole = path.read_bytes()
    alone, _, notes = listen(path)
    assert notes == []
    for behind in (whole, encoded("WAV", "PCM_16"), np.random.default_rng(0).bytes(5000)):
        path.write_bytes(whole + behind)
        found, _, notes = listen(path)
        np.testing.assert_array_equal(found, alone)
        assert f"{len(behind)} bytes behind its sound were not read" in notes
    path.write_bytes(whole + bytes(3000))
    found, _, notes = listen(path)
    np.testing.assert_array_equal(found, alone)
    assert not any("behind its sound" in note for note in notes)
