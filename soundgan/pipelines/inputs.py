"""Files and folders on a command line, and where what is made of each of them goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeVar

from soundgan.audio.find import list_files
from soundgan.errors import ExitCode, SoundGANError, StorageError, UsageError
from soundgan.reporting import Reporter
from soundgan.runtime.threads import map_in_threads

Made = TypeVar("Made")

_AT_ONCE = 8
"""Files that are worked on before progress is told again, and results are written."""


@dataclass(frozen=True)
class Input:
    """One file to work on.

    Attributes:
        path: Where it is.
        output: Where its result goes, without the folder for results.
    """

    path: Path
    output: PurePath


@dataclass(frozen=True)
class Failure:
    """A file that could not be worked on, and why."""

    path: Path
    reason: str
    exit_code: ExitCode


def gather(
    paths: Sequence[Path],
    suffix: str,
    *,
    out: Path,
    wanted: Callable[[Path], bool],
) -> list[Input]:
    """All files that are named or lie below a named folder, each with a result of its own.

    Results lie in the tree of their folder, and below the folder's name where several are named.
    Two files that differ in their ending alone keep it: ``a.png`` and ``a.jpg`` become
    ``a.png.wav`` and ``a.jpg.wav``.

    Args:
        paths: Files and folders.
        suffix: Ending of the results, with its dot.
        out: Folder for the results; not searched for files.
        wanted: Whether a file found in a folder is of the right kind.

    Raises:
        UsageError: One of the paths does not exist, or two files would have the same result.
    """
    folders = sum(path.is_dir() for path in paths)
    found: dict[Path, PurePath] = {}
    for path in paths:
        if path.is_dir():
            above = PurePath(path.resolve().name) if folders > 1 else PurePath()
            for name in list_files(path, without=out).files:
                if wanted(path / name):
                    found.setdefault(path / name, above / name)
        elif path.exists():
            found[path] = PurePath(path.name)
        else:
            raise UsageError(f"{path}: no such file or folder")
    places = Counter(place.with_suffix(suffix) for place in found.values())
    inputs = []
    for path, place in found.items():
        alone = places[place.with_suffix(suffix)] == 1
        output = place.with_suffix(suffix) if alone else place.with_name(place.name + suffix)
        inputs.append(Input(path, output))
    _refuse_collisions(inputs)
    return inputs


def work_through(
    inputs: Sequence[Input],
    make: Callable[[Input], Made],
    *,
    task: str,
    reporter: Reporter,
) -> Iterator[Made | Failure]:
    """What ``make`` makes of each file, in order, a few at a time; one failure stops no other.

    Raises:
        StorageError: The disk refuses, which is no fault of one file.
    """

    def attempt(item: Input) -> Made | Failure:
        try:
            return make(item)
        except StorageError:
            raise
        except SoundGANError as error:
            return Failure(item.path, str(error), error.exit_code)

    for start in range(0, len(inputs), _AT_ONCE):
        some = inputs[start : start + _AT_ONCE]
        yield from map_in_threads(attempt, some)
        reporter.progress(task, start + len(some), len(inputs))
    reporter.finish(task)


def exit_code(failures: Sequence[Failure], n_done: int) -> ExitCode:
    """0 when all went well, 3 when some files failed, else what the first failure means."""
    if not failures:
        return ExitCode.OK
    return ExitCode.PARTIAL if n_done else failures[0].exit_code


def _refuse_collisions(inputs: Iterable[Input]) -> None:
    first: dict[PurePath, Path] = {}
    for item in inputs:
        other = first.setdefault(item.output, item.path)
        if other != item.path:
            raise UsageError(
                f"{item.path}: its result {item.output} would replace that of {other}; give them "
                "in two calls with another `out` each"
            )
