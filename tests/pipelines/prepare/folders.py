"""A folder of everything that people, recorders and accidents leave among sounds."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.sounds import silence, tone, write

CLIP = 0.256
"""Seconds of a clip; every good sound is shorter and different."""

SOUND, LOST, NO_AUDIO = "sound", "lost", "no audio"
"""What has to become of a file: a clip; a verdict why not; or no loss at all."""

PLAIN = [
    ("WAV", s) for s in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW")
]
LOSSLESS = [("AIFF", "PCM_24"), ("AU", "PCM_16"), ("CAF", "PCM_16"), ("FLAC", "PCM_24")]
ODD = [("WAV", "IMA_ADPCM"), ("WAV", "MS_ADPCM"), ("WAVEX", "PCM_16"), ("RF64", "PCM_16")]
ODD += [("W64", "PCM_16"), ("AIFF", "PCM_S8"), ("AU", "ULAW")]
LOSSY = [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")]
CODECS = [*PLAIN, *LOSSLESS, *ODD, *LOSSY]
CUT = [("WAV", "PCM_16"), ("AIFF", "PCM_24"), ("FLAC", "PCM_24"), ("OGG", "VORBIS")]
CUT += [("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"), ("RF64", "PCM_16"), ("AU", "PCM_16")]
CUT += [("CAF", "PCM_16"), ("W64", "PCM_16"), ("WAV", "IMA_ADPCM")]
NOTHING_LEFT = {
    "flac pcm_24 2 of 4", "flac pcm_24 3 of 4", "ogg vorbis 2 of 4", "ogg vorbis 3 of 4",
    "ogg opus 2 of 4", "caf pcm_16 2 of 4",
}  # fmt: skip
"""So short, these are cut in their only frame or in front of their first sample."""

RATES = (8000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000, 384_000)
NAMES = {
    "not UTF-8": b"caf\xe9.wav",
    "255 bytes": b"x" * 251 + b".wav",
    "255 bytes of emoji": "🥁".encode() * 62 + b".wav",
    "markup": b"[red]x[bold].wav",
    "newline": b"a\nb.wav",
    "escape": b"\x1b[2J.wav",
    "minus": b"-rf.wav",
    "right to left": "‮vaw.wav".encode(),
    "composed": "é.wav".encode(),
    "decomposed": "é.wav".encode(),
    "upper case": b"CASE.WAV",
    "lower case": b"case.wav",
    "percent": b"%s%n{0}.wav",
    "spaces": b"  two  .wav",
    "quote": b"'\"`$(touch owned).wav",
}


class Folder:
    """Fills a folder, and knows what has to become of every file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.expected: dict[str, str] = {}
        self._pitch = self._pitches()
        for fill in (
            self._codecs, self._cut, self._rates_and_channels, self._samples, self._lies,
            self._strangers, self._names, self._what_is_no_file,
        ):  # fmt: skip
            fill()

    @staticmethod
    def _pitches() -> Iterator[float]:
        for number in range(10_000):
            yield 200.0 + 7 * number

    def sound(self, rate: int = 8000) -> NDArray[np.float32]:
        """Another tone every time."""
        return tone(0.2, hertz=next(self._pitch), rate=rate)

    def _put(self, name: str, becomes: str, content: bytes | None = None) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.expected[name] = becomes
        if content is not None:
            path.write_bytes(content)
        return path

    def _wav(self) -> bytes:
        return write(self.root / "made.wav", self.sound()).read_bytes()

    def _codecs(self) -> None:
        for form, subtype in CODECS:
            path = self._put(f"codecs/{form} {subtype}".lower(), SOUND)
            rate = 24_000 if (form, subtype) in LOSSY else 8000
            write(path, self.sound(rate), rate, format=form, subtype=subtype)

    def _cut(self) -> None:
        """Each codec, without its second half, and without its last quarter: the rest is used."""
        for form, subtype in CUT:
            rate = 24_000 if (form, subtype) in LOSSY else 8000
            made = write(
                self.root / "made", self.sound(rate), rate, format=form, subtype=subtype
            ).read_bytes()
            for quarters in (2, 3):
                name = f"{form} {subtype} {quarters} of 4".lower()
                becomes = LOST if name in NOTHING_LEFT else SOUND
                self._put(f"cut/{name}", becomes, made[: len(made) * quarters // 4])
            self._put(f"cut/{form} {subtype} head".lower() + ".wav", LOST, made[:20])
        (self.root / "made").unlink()

    def _rates_and_channels(self) -> None:
        for rate in RATES:
            write(self._put(f"rates/{rate}.wav", SOUND), self.sound(rate), rate)
        for channels in (2, 5, 8, 9):
            waveform = np.stack([self.sound()] * channels, axis=1)
            write(self._put(f"channels/{channels}.wav", SOUND), waveform)

    def _samples(self) -> None:
        good = self.sound()
        for name, spoilt in (("nan", np.nan), ("infinite", np.inf), ("enormous", 1e30)):
            waveform = good.copy()
            waveform[100] = spoilt
            write(self._put(f"samples/{name}.wav", LOST), waveform, subtype="FLOAT")
        write(self._put("samples/dc.wav", SOUND), self.sound() + 0.4, subtype="FLOAT")
        write(self._put("samples/only dc.wav", LOST), silence(0.2) + 0.4, subtype="FLOAT")
        write(self._put("samples/silent.wav", LOST), silence(0.3))
        write(self._put("samples/clipped.wav", SOUND), np.clip(8 * self.sound(), -1, 1))
        write(self._put("samples/no frames.wav", LOST), silence(0.0))
        write(self._put("samples/one sample.wav", LOST), tone(1 / 8000) + 0.5)

    def _lies(self) -> None:
        """Headers that say something else than what follows them."""
        wav = self._wav()
        data = wav.index(b"data")

        def with_size(size: int) -> bytes:
            return wav[: data + 4] + struct.pack("<I", size) + wav[data + 8 :]

        def with_format(offset: int, form: str, value: int) -> bytes:
            at = wav.index(b"fmt ") + 8 + offset
            packed = struct.pack(form, value)
            return wav[:at] + packed + wav[at + len(packed) :]

        self._put("lies/2 GB of samples.wav", SOUND, with_size(2_000_000_000))
        self._put("lies/no channels.wav", LOST, with_format(2, "<H", 0))
        self._put("lies/65535 channels.wav", LOST, with_format(2, "<H", 65535))
        self._put("lies/no rate.wav", LOST, with_format(4, "<I", 0))
        self._put("lies/4 GHz.wav", LOST, with_format(4, "<I", 0xFFFF_FFFF))
        self._put("lies/no bits.wav", LOST, with_format(14, "<H", 0))
        self._put("lies/unknown codec.wav", LOST, with_format(0, "<H", 0x7A11))
        self._put("lies/header only.wav", LOST, wav[: data + 8])
        rf64 = write(self.root / "made", self.sound(), format="RF64").read_bytes()
        at = rf64.index(b"ds64") + 16
        huge = rf64[:at] + struct.pack("<Q", 1 << 62) + rf64[at + 8 :]
        self._put("lies/4 EB of RF64.wav", SOUND, huge)
        (self.root / "made").unlink()

    def _strangers(self) -> None:
        chance = np.random.default_rng(3)
        self._put("strangers/noise.wav", LOST, chance.bytes(5000))
        self._put("strangers/nothing.wav", LOST, b"")
        self._put("strangers/nothing.txt", NO_AUDIO, b"")
        self._put("strangers/text.mp3", LOST, b"not a sound\n")
        self._put("strangers/picture.wav", LOST, b"\x89PNG\r\n\x1a\n" + chance.bytes(300))
        self._put("strangers/program.flac", LOST, b"MZ" + chance.bytes(300))
        self._put("strangers/archive.ogg", LOST, b"PK\3\4" + chance.bytes(300))
        self._put("strangers/README.md", NO_AUDIO, b"# Sounds\n")
        self._put("strangers/cover.jpg", NO_AUDIO, b"\xff\xd8\xff" + chance.bytes(300))
        self._put("strangers/phone.m4a", LOST, b"\0\0\0\x20ftypM4A " + bytes(300))
        self._put("strangers/wav named.mp3", SOUND, self._wav())
        self._put("strangers/wav named.txt", SOUND, self._wav())
        (self.root / "made.wav").unlink()

    def _names(self) -> None:
        folder = self.root / "names"
        folder.mkdir()
        for name in NAMES.values():
            plain = write(self.root / "made.wav", self.sound())
            plain.rename(folder / os.fsdecode(name))
            self.expected["names/" + name.decode("utf-8", "backslashreplace")] = SOUND

    def _what_is_no_file(self) -> None:
        """Nothing of it is opened; links to sounds count."""
        place = self.root / "places"
        place.mkdir()
        os.mkfifo(place / "pipe.wav")
        with socket.socket(socket.AF_UNIX) as made:
            here = Path.cwd()
            os.chdir(place)  # names of sockets are short
            made.bind("socket.wav")
            os.chdir(here)
        (place / "null.wav").symlink_to("/dev/zero")
        (place / "loop").symlink_to(".")
        (place / "around.wav").symlink_to("around.wav")
        (place / "broken.wav").symlink_to("gone.wav")
        elsewhere = write(self.root.parent / "elsewhere.wav", self.sound())
        (place / "link.wav").symlink_to(elsewhere)
        self.expected["places/link.wav"] = SOUND
        (place / ".hidden.wav").write_bytes(elsewhere.read_bytes())
