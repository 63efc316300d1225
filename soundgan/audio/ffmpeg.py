"""Decoding by ffmpeg, where it is installed: a child that is given one file and nothing else."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from queue import Empty, Full, Queue
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from soundgan.errors import AudioError

PATIENCE_SECONDS = 45.0
"""Without a byte for so long, it is given up."""

MOST_SECONDS = 1800.0
"""It is given up after so long even if it still writes: a small file can claim to last for ever."""

VERSION_SECONDS = 10.0
"""For saying its version."""

_AU_BYTES = 24
_BLOCK_BYTES = 1 << 20
_BLOCKS_AHEAD = 4
_LOOK_SECONDS = 0.05
_WORDS_BYTES = 4000
LISTENER = "ffmpeg"
"""Name of the threads that read what it writes."""

_OPTIONS = ("-nostdin", "-hide_banner", "-v", "error", "-threads", "1")
_ADDRESS = re.compile(r"\[[^\]]* @ 0x[0-9a-f]+\] ?")
_FLOAT32 = 6


class FFmpegError(AudioError):
    """What ffmpeg said, or that it did not come to an end."""


class NoSoundError(FFmpegError):
    """There is no sound in the file, such as in a silent film."""


def version() -> str:
    """What the ffmpeg that is asked calls itself, such as ``ffmpeg 7.1``; empty without one."""
    return _version_of(shutil.which("ffmpeg"))


@cache
def _version_of(program: str | None) -> str:
    if program is None:
        return ""
    try:
        words = subprocess.run(
            [program, "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=VERSION_SECONDS,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "ffmpeg"
    found = re.match(rb"ffmpeg version ([!-~]{1,100})", words)
    return f"ffmpeg {found[1].decode()}" if found else "ffmpeg"


def installed() -> bool:
    """Whether there is an ffmpeg to ask."""
    return shutil.which("ffmpeg") is not None


class FFmpeg:
    """The first sound of a file, as float32 samples at its own rate; use as a context.

    Attributes:
        sample_rate: Hz.
        channels: Number of channels.
        words: What it complained about so far, in one line.
    """

    def __init__(self, descriptor: int, path: str, demuxer: str) -> None:
        """Start it.

        The file is named by its descriptor where that can be handed over, so that no name can be
        taken for an option or an address; the demuxer is fixed, so that no playlist can be opened.

        Args:
            descriptor: Of the open file.
            path: The same file's, for Windows.
            demuxer: What the file is, as ffmpeg calls it.

        Raises:
            FFmpegError: It gives no sound.
        """
        self._place, options = _handed_over(descriptor, path)
        command = [
            shutil.which("ffmpeg") or "ffmpeg", *_OPTIONS, "-protocol_whitelist", "file,pipe",
            "-f", demuxer, "-i", self._place, "-map", "0:a:0", "-vn", "-sn", "-dn",
            "-c:a", "pcm_f32be", "-f", "au", "pipe:1",
        ]  # fmt: skip
        self._began = time.monotonic()
        self._words = b""
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                **options,
            )
        except OSError as error:
            raise FFmpegError(f"ffmpeg does not start: {error}") from error
        self._output: Queue[bytes] = Queue(_BLOCKS_AHEAD)
        self._closed = False
        self._listeners = [
            threading.Thread(target=_listen, args=(stream, take), name=LISTENER, daemon=True)
            for stream, take in (
                (self._process.stdout, self._give),
                (self._process.stderr, self._complain),
            )
        ]
        for listener in self._listeners:
            listener.start()
        self._content = self._bytes()
        try:
            self.sample_rate, self.channels, self._start = self._header()
        except FFmpegError:
            self.close()
            raise

    def __enter__(self) -> FFmpeg:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def words(self) -> str:
        """See the class."""
        lines = _ADDRESS.sub("", self._words.decode("utf-8", "replace")).splitlines()
        text = next((line.strip() for line in lines if line.strip()), "")
        printable = "".join(c if c.isprintable() else "?" for c in text)
        return printable.replace(self._place, "the file")[:200].rstrip(".")

    def close(self) -> None:
        """End the child, wherever it is."""
        self._process.kill()
        self._process.wait()
        self._closed = True

    def blocks(self, n_samples: int) -> Iterator[NDArray[np.float32]]:
        """Samples from the start, float32 [n, channels], ``n_samples`` in every block but the last.

        Raises:
            FFmpegError: It came to a halt, or failed.
        """
        length = 4 * max(self.channels, n_samples // self.channels * self.channels)
        waiting = bytearray(self._start)
        for content in self._content:
            waiting += content
            while len(waiting) >= length:
                yield self._samples(waiting[:length])
                del waiting[:length]
        whole = len(waiting) // (4 * self.channels) * 4 * self.channels
        if whole:
            yield self._samples(waiting[:whole])
        if self._process.wait():
            raise FFmpegError(f"ffmpeg: {self.words or 'it failed'}")

    def _samples(self, content: bytearray) -> NDArray[np.float32]:
        return np.frombuffer(content, ">f4").astype(np.float32).reshape(-1, self.channels)

    def _header(self) -> tuple[int, int, bytes]:
        """Rate, channels and the first bytes of samples."""
        start = b""
        for content in self._content:
            start += content
            if len(start) >= _AU_BYTES:
                magic, begin, _, encoding, rate, channels = struct.unpack_from(">4s5I", start)
                if magic != b".snd" or encoding != _FLOAT32 or not channels:
                    raise FFmpegError("ffmpeg: it wrote something else than asked for")
                if len(start) >= begin:
                    return rate, channels, start[begin:]
        if b"matches no streams" in self._words:
            raise NoSoundError("it holds no sound")
        raise FFmpegError(f"ffmpeg: {self.words or 'it gave no sound'}")

    def _bytes(self) -> Iterator[bytes]:
        """What it writes, as it comes."""
        while True:
            try:
                content = self._output.get(timeout=PATIENCE_SECONDS)
            except Empty:
                raise FFmpegError(f"ffmpeg came to a halt for {PATIENCE_SECONDS:g} s") from None
            if not content:
                break
            if time.monotonic() - self._began > MOST_SECONDS:
                raise FFmpegError(f"ffmpeg was not done after {MOST_SECONDS:g} s")
            yield content
        for listener in self._listeners:  # what it complains about comes by itself
            listener.join(PATIENCE_SECONDS)
            if listener.is_alive():
                raise FFmpegError(f"ffmpeg came to a halt for {PATIENCE_SECONDS:g} s")

    def _give(self, content: bytes) -> bool:
        """Put content where it is taken from, once there is room; whether more is wanted."""
        while not self._closed:
            with suppress(Full):
                self._output.put(content, timeout=_LOOK_SECONDS)
                return True
        return False

    def _complain(self, content: bytes) -> bool:
        self._words = (self._words + content)[:_WORDS_BYTES]
        return not self._closed


def _listen(stream: IO[bytes], take: Callable[[bytes], bool]) -> None:
    """Pass on what comes while it is wanted, and nothing at its end.

    Another process, which it started itself, may keep that end away.
    """
    with stream:
        while take(content := stream.read(_BLOCK_BYTES)) and content:
            pass


def _handed_over(descriptor: int, path: str) -> tuple[str, dict[str, Any]]:
    """An open file as ffmpeg is to call it, and options of ``Popen`` that give it along."""
    if sys.platform == "win32":
        return f"file:{path}", {}
    return f"file:/dev/fd/{descriptor}", {"pass_fds": (descriptor,)}
