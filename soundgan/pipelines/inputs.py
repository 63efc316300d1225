"""Files and folders on a command line, and where what is made of each of them goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Generic, TypeVar

from soundgan.audio.find import list_files
from soundgan.errors import ExitCode, SoundGANError, StorageError, UsageError
from soundgan.reporting import Reporter
from soundgan.runtime.files import make_folder, sweep_temporaries
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


@dataclass(frozen=True)
class Worked(Generic[Made]):
    """What became of some files, in their order."""

    made: tuple[Made, ...]
    failures: tuple[Failure, ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 when all went well, 3 when some files failed, else what the first failure means."""
        if not self.failures:
            return ExitCode.OK
        return ExitCode.PARTIAL if self.made else self.failures[0].exit_code


def work_through(
    inputs: Sequence[Input],
    make: Callable[[Input], Made],
    *,
    out: Path,
    task: str,
    reporter: Reporter,
    tell: Callable[[Made], None] = lambda made: None,
) -> Worked[Made]:
    """What ``make`` makes of each file, a few at a time; a failure is reported and stops no other.

    Args:
        inputs: The files.
        make: Writes its result below ``out``.
        out: Folder for the results.
        task: Name of the work.
        reporter: Told of progress and failures.
        tell: Called with each result, in order.

    Raises:
        StorageError: The disk refuses, which is no fault of one file.
    """
    make_folder(out)  # what lies there instead is no fault of any one file
    for folder in {out / item.output.parent for item in inputs}:
        sweep_temporaries(folder, held=False)

    def attempt(item: Input) -> Made | Failure:
        try:
            return make(item)
        except StorageError:
            raise
        except SoundGANError as error:
            return Failure(item.path, str(error), error.exit_code)

    made: list[Made] = []
    failures: list[Failure] = []
    for start in range(0, len(inputs), _AT_ONCE):
        some = inputs[start : start + _AT_ONCE]
        for one in map_in_threads(attempt, some):
            if isinstance(one, Failure):
                failures.append(one)
                reporter.warn(one.reason)
            else:
                made.append(one)
                tell(one)
        reporter.progress(task, start + len(some), len(inputs))
    reporter.finish(task)
    return Worked(tuple(made), tuple(failures))


def _refuse_collisions(inputs: Iterable[Input]) -> None:
    first: dict[PurePath, Path] = {}
    for item in inputs:
        other = first.setdefault(item.output, item.path)
        if other != item.path:
            raise UsageError(
                f"{item.path}: its result {item.output} would replace that of {other}; give them "
                "in two calls with another `out` each"
            )
