"""Everything a caller can fix, each with the exit code it leaves the command line with.

A message names place, value and remedy, in lower case and without a full stop.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Documented exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    NOTHING_USABLE = 4
    LOCKED = 11
    CORRUPT = 12
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class SoundGANError(Exception):
    """Base of all errors the caller can fix."""

    exit_code: ExitCode = ExitCode.FAILED


class UsageError(SoundGANError):
    """A wrong option, name or combination."""

    exit_code = ExitCode.USAGE


class ConfigError(UsageError):
    """A config file or an override that cannot be used."""


class AudioError(SoundGANError):
    """Audio that cannot be read or written."""


class PictureError(SoundGANError):
    """A picture that cannot be read as a spectrogram."""


class OutputError(SoundGANError):
    """An output that cannot be written, or would replace something else."""


class OtherContentError(OutputError):
    """An output that would replace something else."""


class StorageError(OutputError):
    """The disk is full, read-only or broken: no other output would fare better."""


class DependencyError(SoundGANError):
    """A library that is missing or does not work on this machine."""


class NothingUsableError(SoundGANError):
    """No input survived: there is nothing to work on."""

    exit_code = ExitCode.NOTHING_USABLE


class LockedError(SoundGANError):
    """Another process is working in the same folder."""

    exit_code = ExitCode.LOCKED


class ArtefactError(SoundGANError):
    """A dataset, checkpoint or model that is damaged or not to be trusted."""

    exit_code = ExitCode.CORRUPT


class MemoryShortageError(SoundGANError):
    """The device has less memory than the work needs."""


class TrainingDivergedError(SoundGANError):
    """A loss, gradient or weight stopped being finite."""
