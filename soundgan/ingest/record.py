"""What is known about one source file, from its bytes and the recipe alone."""

from __future__ import annotations

from typing import Literal, get_args

from soundgan.config.settings import Settings

FileVerdict = Literal[
    "kept",
    "padded",
    "trimmed",
    "sliced",
    "duplicate",
    "generated",
    "silent",
    "clipped",
    "too short",
    "corrupt",
    "unsupported",
    "not audio",
]
VERDICTS: tuple[str, ...] = get_args(FileVerdict)


class FileRecord(Settings):
    """One file's verdict and its numbers.

    Two files with the same bytes have the same record, unless one is to be cut up.
    """

    source_sha256: str | None
    """Hash of the bytes, or ``None`` when they could not be read."""
    bytes: int
    """Size of the file."""
    verdict: FileVerdict
    """What became of it; ``duplicate`` is not known here."""
    reason: str
    """Why, with numbers; empty when there is nothing to explain."""
    note: str = ""
    """What is odd about the file and was put up with; a part of the reason."""
    format: str | None = None
    """Container and encoding."""
    decoder: str = ""
    """Which other program decoded it, in which version; its samples follow from that, too."""
    source_rate: int | None = None
    """Hz."""
    channels: int | None = None
    """Channels before mixing to one."""
    mix_db: float | None = None
    """Level of their mix against the loudest of them, dB: 0 for equal channels, -3 for unrelated
    ones, -6 where one of two is silent, less where they cancel."""
    side_db: float | None = None
    """Level of the side (L - R) / 2 against the mid (L + R) / 2 where both are kept, dB."""
    source_seconds: float | None = None
    """Duration as stored."""
    sound_seconds: float | None = None
    """Duration without the silence at both ends."""
    used_seconds: float | None = None
    """Duration of what is in its clips."""
    unused_seconds: float | None = None
    """Audible duration of what is in no clip, between its first sound and its last."""
    silence_trimmed_seconds: float | None = None
    """Silence taken off both ends."""
    peak_db: float | None = None
    """Highest sample of any channel, dBFS."""
    rms_db: float | None = None
    """Level of the sound between the silences, mono, dBFS."""
    dc_offset: float | None = None
    """Constant part that was removed, full scale = 1."""
    clipped_share: float = 0.0
    """Samples in flattened peaks, as a part of the sound."""
    decoded_sha256: str | None = None
    """Hash of the decoded mono samples and their rate."""
    starts: tuple[int, ...] = ()
    """First sample of each clip, at the dataset's rate."""
    cut_up: bool = False
    """Whether it was to give a clip for every sound that begins in it."""

    @property
    def key(self) -> str | None:
        """What it follows from besides the recipe; ``None`` when its bytes could not be read."""
        return self.source_sha256 and key_of(self.source_sha256, cut_up=self.cut_up)


def key_of(digest: str, *, cut_up: bool) -> str:
    """The key of the record of a file with this hash."""
    return f"{digest} cut up" if cut_up else digest
