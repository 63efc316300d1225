"""The standard streams: there from the start, in any encoding, and whatever becomes of them."""

from __future__ import annotations

import codecs
import errno
import io
import os
import select
import stat
import sys
import unicodedata
from typing import TextIO

SUBSTITUTE = "soundgan-substitute"
"""Name of the error handler that makes do with what an encoding has."""

PLAIN = {
    "×": "x", "±": "+-", "≈": "~", "·": ".", "µ": "u", "–": "-", "—": "-", "−": "-", "→": "->",
    "“": '"', "”": '"', "‘": "'", "’": "'", "≤": "<=", "≥": ">=",
}  # fmt: skip


class Descriptor(io.FileIO):
    """Standard output or error, on which writing never fails: the work it tells of goes on.

    The disk behind it may be full, its reader or its terminal gone. Each write is tried, so that
    messages are seen again once the disk has room.

    Attributes:
        failure: What a write first met. A terminal that was closed is none: nobody waits there.
    """

    failure: OSError | None = None

    def write(self, content: bytes | memoryview) -> int:  # type: ignore[override]
        """Write all of it, however long that takes, as far as it is possible."""
        rest = memoryview(content).cast("B")
        try:
            while rest:
                rest = rest[self._written(rest) :]
        except OSError as error:
            if error.errno != errno.EIO or not stat.S_ISCHR(os.fstat(self.fileno()).st_mode):
                self.failure = self.failure or error
        return len(content)

    def _written(self, content: memoryview) -> int:
        """Bytes that the system took; a pipe that somebody set not to block is waited for."""
        taken = super().write(content)
        if taken is not None:
            return taken
        select.select([], [self], [])
        return 0


def open_streams() -> None:
    """Make the standard streams fit for work; to be called before any other file is opened.

    A descriptor that is closed would be taken by the next file that is opened, and what is printed
    would be written into it; it becomes ``/dev/null``. Characters that an encoding lacks are
    substituted, unless the user has said what else to do with them. Failures of standard output
    are kept for :func:`output_failure`.
    """
    for number in range(3):
        if not _is_open(number):
            _open_nothing(number)
    codecs.register_error(SUBSTITUTE, _substitute)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = _fit(sys.stdout, 1)
    sys.stderr = _fit(sys.stderr, 2)


def output_failure() -> OSError | None:
    """Write what standard output has not written yet; what it first failed with, if it did."""
    sys.stdout.flush()
    descriptor = getattr(sys.stdout, "buffer", None)
    return descriptor.failure if isinstance(descriptor, Descriptor) else None


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _open_nothing(number: int) -> None:
    """Put ``/dev/null`` there, for child processes too."""
    opened = os.open(os.devnull, os.O_RDWR)
    if opened == number:
        os.set_inheritable(opened, True)
    else:
        os.dup2(opened, number)
        os.close(opened)


def _fit(stream: TextIO | None, number: int) -> TextIO:
    """The stream over its descriptor as it has to be; one that is something else stays."""
    if stream is None:  # its number may be somebody else's by now
        number = os.open(os.devnull, os.O_WRONLY)
        encoding, errors, line_buffering = "utf-8", SUBSTITUTE, False
    elif sys.platform == "win32" and isinstance(stream, io.TextIOWrapper) and stream.isatty():
        stream.reconfigure(errors=SUBSTITUTE)  # bytes would be read in the console's code page
        return stream
    elif isinstance(stream, io.TextIOWrapper) and stream.fileno() == number:
        strict = stream.errors in ("strict", "surrogateescape", "backslashreplace")
        encoding, errors = stream.encoding, SUBSTITUTE if strict else stream.errors or "strict"
        line_buffering = stream.line_buffering
    else:
        return stream
    return io.TextIOWrapper(
        Descriptor(number, "w", closefd=False),
        encoding=encoding,
        errors=errors,
        line_buffering=line_buffering,
        write_through=getattr(stream, "write_through", False),
    )


def _substitute(error: UnicodeError) -> tuple[str, int]:
    """What an encoding lacks, in the characters that every one has."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    if character in PLAIN:
        return PLAIN[character]
    if "\u2500" <= character <= "\u257f":  # lines of tables
        name = unicodedata.name(character)
        if "AND" in name:
            return "+"
        return "-" if "HORIZONTAL" in name or "LEFT" in name or "RIGHT" in name else "|"
    parts = unicodedata.normalize("NFKD", character)  # a letter, and its accent
    letters = "".join(part for part in parts if not unicodedata.combining(part))
    if letters and letters.isascii():
        return letters
    return character.encode("ascii", "backslashreplace").decode()
