"""Files of sounds made again from what they say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from soundgan.audio.find import list_files
from soundgan.audio.finish import Finish
from soundgan.errors import ExitCode, NothingUsableError, SoundGANError, StorageError, UsageError
from soundgan.inference.model_file import LoadedModel
from soundgan.inference.points import point_of
from soundgan.inference.synthesis import synthesise_points
from soundgan.pipelines.info_sound import kind_of, texts_of
from soundgan.pipelines.inputs import Failure
from soundgan.pipelines.kit.sample import kit_audio, place_in
from soundgan.pipelines.provenance import FINISHES, is_generated, provenance_in
from soundgan.pipelines.sound_files import Form, SoundFile
from soundgan.pipelines.sources import find_sources, of_provenance
from soundgan.reporting import Reporter
from soundgan.runtime import memory
from soundgan.runtime.files import make_folder, names_synced, sweep_temporaries, write_if_new
from soundgan.version import VERSION


@dataclass(frozen=True)
class Recalled:
    """A file that was made again.

    Attributes:
        source: The file as it was given.
        path: The new one.
        address: What both were made from.
        same: Whether they are equal byte for byte.
        why: Why they are not, where that is known.
        written: Whether it was not there already.
    """

    source: Path
    path: Path
    address: str
    same: bool
    why: str
    written: bool


@dataclass(frozen=True)
class RecallResult:
    """What was made again, and what could not be."""

    sounds: tuple[Recalled, ...]
    failures: tuple[Failure, ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 when all are the same bytes again, 3 when some are, 4 when nothing could be made."""
        if not self.sounds:
            return ExitCode.NOTHING_USABLE if self.failures else ExitCode.OK
        whole = not self.failures and all(sound.same for sound in self.sounds)
        return ExitCode.OK if whole else ExitCode.PARTIAL


def recall(
    files: Sequence[Path],
    out: Path,
    *,
    model: Path | None = None,
    overwrite: bool = False,
    reporter: Reporter,
) -> RecallResult:
    """Make each file again, with the same name in ``out``.

    Args:
        files: Sounds and pictures that soundgan made, and folders of them.
        out: Folder for them; not searched.
        model: Where their model is, if it is not within reach; it has to be the very one.
        overwrite: Replace files in ``out`` that hold something else.
        reporter: Told how far it is.

    Raises:
        UsageError: Two of the files have one name.
        StorageError: The disk refuses.
    """
    files = [found for file in files for found in _found(file, out)]
    names = [file.name for file in files]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{name}: two files of this name; recall them in two calls with `out`")
    memory.demand_address_space(memory.SOUNDS_BYTES, "making sounds")
    sweep_temporaries(out, held=False)
    make_folder(out)
    loaded: dict[Path, LoadedModel] = {}
    done: list[Recalled] = []
    failures: list[Failure] = []
    with names_synced(out):
        for number, file in enumerate(files):
            try:
                done.append(_again(file, out, model, loaded, overwrite=overwrite))
            except StorageError:
                raise
            except SoundGANError as error:
                failures.append(Failure(file, str(error), error.exit_code))
            reporter.progress("recalling", number + 1, len(files))
    reporter.finish("recalling")
    return RecallResult(tuple(done), tuple(failures))


def _found(file: Path, out: Path) -> list[Path]:
    """The file, or what soundgan made of all that is in a folder."""
    if not file.is_dir():
        return [file]
    names = sorted(list_files(file, without=out).files)
    made = [file / name for name in names if _may_be_ours(file / name)]
    if not made:
        raise NothingUsableError(f"{file}: no sound or picture made by soundgan")
    return made


def _may_be_ours(file: Path) -> bool:
    try:
        return _said_by(file) is not None
    except SoundGANError:  # to be told of in its place
        return True


def _said_by(file: Path) -> tuple[str, dict[str, Any]] | None:
    """``sound`` or ``picture``, and how it was made; ``None`` for what is not of soundgan."""
    kind = kind_of(file)
    provenance = None if kind is None else provenance_in(texts_of(file, kind))
    if kind is None or provenance is None or not is_generated(provenance):
        return None
    return kind, provenance


def _again(
    file: Path, out: Path, model: Path | None, loaded: dict[Path, LoadedModel], *, overwrite: bool
) -> Recalled:
    said = _said_by(file)
    if said is None:
        raise UsageError(f"{file}: holds no address; nothing says how it was made")
    kind, provenance = said
    sound = of_provenance(provenance, file)
    sources = find_sources([sound], model, loaded)
    (address,) = sources.addresses
    point = point_of(sources.model, address, sources.codes)
    (made,) = synthesise_points(sources.model, [point], jobs=1)
    again = SoundFile(sources.model, made, address, sources.codes)
    content = _content(again, file, kind, provenance)
    target = out / file.name
    written = write_if_new(target, content, overwrite=overwrite, sync_name=False)
    same = file.read_bytes() == content
    return Recalled(file, target, str(address), same, _why(same, provenance), written)


def _content(again: SoundFile, file: Path, kind: str, provenance: dict[str, Any]) -> bytes:
    """What the file was, made again."""
    place = place_in(provenance)
    if place is not None and kind == "sound":
        return kit_audio(again, place)[0]
    form = _form(file, kind, provenance)
    return again.picture(form) if kind == "picture" else again.audio(form)[0]


def _form(file: Path, kind: str, provenance: dict[str, Any]) -> Form:
    """What the file was asked to be."""
    finish = Finish(**{name: entry in provenance for entry, name in FINISHES.items()})
    if kind == "picture":
        return Form(finish=finish)
    found = soundfile.info(file)
    return Form("flac" if found.format == "FLAC" else "wav", found.subtype, finish=finish)


def _why(same: bool, provenance: dict[str, Any]) -> str:
    if same:
        return ""
    if provenance["soundgan"] != VERSION:
        return f"it was made by soundgan {provenance['soundgan']}, and this is {VERSION}"
    return "it was changed since, or made on another kind of machine"
