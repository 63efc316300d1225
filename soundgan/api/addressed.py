"""``soundgan.vary``, ``morph``, ``like``, ``recall``: sounds by their addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.api.arguments import checked
from soundgan.api.paths import Paths, as_path, some_paths
from soundgan.api.progress import Listener, reporter_for
from soundgan.errors import UsageError
from soundgan.ranges import LIKE, MORE, MORPH, VARY, demand

if TYPE_CHECKING:
    from soundgan.pipelines.addressed import Plan
    from soundgan.pipelines.generate import GenerateResult
    from soundgan.pipelines.recall import RecallResult

Named = str | Path | Sequence[str | Path]
"""Addresses, and files that were made from one."""

SUBTYPES = {"wav": ("PCM_16", "PCM_24", "FLOAT"), "flac": ("PCM_16", "PCM_24")}
"""Formats of files, and of the samples in each."""


@dataclass(frozen=True)
class Files:
    """Where sounds go, and as what; see :func:`soundgan.generate`."""

    out: Path
    png: bool
    audio_format: str
    subtype: str
    overwrite: bool
    finish: Mapping[str, bool]
    chain: bool = False


@checked
def vary(
    sounds: Named,
    out: str | Path = "varied",
    *,
    model: str | Path | None = None,
    count: int | None = None,
    strength: float = 0.3,
    more: Mapping[str, float] | None = None,
    takes: bool = False,
    first: int = 1,
    png: bool = False,
    audio_format: str = "wav",
    subtype: str = "PCM_16",
    trim: bool = False,
    fade: bool = False,
    normalise: bool = False,
    overwrite: bool = False,
    progress: Listener = None,
) -> GenerateResult:
    """Write variations of each sound, as ``soundgan vary`` does.

    Args:
        sounds: Addresses, or files made by soundgan; one or several.
        out: Folder for the variations.
        model: As of :func:`soundgan.load`; ``None`` is the one that made the files.
        count: How many of each sound; ``None`` is 8, or with ``more`` the moved sound alone.
        strength: 0 gives the sound itself, 1 another one of the model.
        more: First move each sound along measured directions, as in ``{"brighter": 0.5}``: any of
            ``brighter``, ``sharper``, ``longer``, ``boomier``, ``airier``, ``noisier`` and
            ``higher``, by -3 to 3.
        takes: Other takes instead: the same sound with another grain.
        first: Number of the first; the same number is always the same variation.
        png: Write spectrogram pictures beside them.
        audio_format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        trim: Cut the silence behind each sound, 60 dB below its peak.
        fade: Let the last 10 ms fade out.
        normalise: Bring each peak to -1 dBFS.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: No such sound, class or model, no takes, a direction that the model does not
            have, or a number out of range.
        OutputError: A file holds something else, or cannot be written.
        ArtefactError: The model is damaged.
    """
    demand(VARY, {"count": count, "strength": strength, "first": first})
    amounts = dict(more or {})
    for name, amount in amounts.items():
        if name not in MORE:
            raise UsageError(f"`more`: {name!r} is no direction; choose from {', '.join(MORE)}")
        if not isinstance(amount, int | float):
            raise UsageError(f"`{name}`: {amount!r} is not a number")
    demand(MORE, amounts)
    finish = {"trim": trim, "fade": fade, "normalise": normalise}
    files = Files(Path(out), png, audio_format, subtype, overwrite, finish)

    def plan() -> Plan:
        from soundgan.pipelines import addressed

        then: Plan = addressed.as_named
        if takes:
            then = addressed.takes(count or 8, first)
        elif count is not None or not amounts:
            then = addressed.variations(count or 8, first, strength)
        if not amounts:
            return then
        from soundgan.pipelines.directions import moved_along

        return moved_along(amounts, then, reporter_for(progress))

    return make_addressed(sounds, plan, as_path(model), files, progress)


@checked
def morph(
    sounds: Sequence[str | Path],
    out: str | Path = "morphed",
    *,
    model: str | Path | None = None,
    count: int = 9,
    png: bool = False,
    audio_format: str = "wav",
    subtype: str = "PCM_16",
    trim: bool = False,
    fade: bool = False,
    normalise: bool = False,
    overwrite: bool = False,
    progress: Listener = None,
) -> GenerateResult:
    """Write sounds on the way from the first sound over all others to the last.

    Args:
        sounds: Two addresses or files made by soundgan, or more.
        out: Folder for the sounds.
        model: As of :func:`soundgan.load`; ``None`` is the one that made the files.
        count: How many, both ends included.
        png: Write spectrogram pictures beside them.
        audio_format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        trim: Cut the silence behind each sound, 60 dB below its peak.
        fade: Let the last 10 ms fade out.
        normalise: Bring each peak to -1 dBFS.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: Fewer than two sounds, no such sound, class or model, or a number out of range.
        OutputError: A file holds something else, or cannot be written.
        ArtefactError: The model is damaged.
    """
    demand(MORPH, {"count": count})
    finish = {"trim": trim, "fade": fade, "normalise": normalise}
    files = Files(Path(out), png, audio_format, subtype, overwrite, finish)

    def plan() -> Plan:
        from soundgan.pipelines import addressed

        return addressed.morph(count)

    return make_addressed(sounds, plan, as_path(model), files, progress, numbered=True)


@checked
def like(
    kept: Named,
    out: str | Path = "alike",
    *,
    dropped: Named = (),
    model: str | Path | None = None,
    count: int = 16,
    seed: int = 0,
    strength: float = 0.6,
    png: bool = False,
    audio_format: str = "wav",
    subtype: str = "PCM_16",
    overwrite: bool = False,
    progress: Listener = None,
) -> GenerateResult:
    """Write more sounds like those that were kept, and unlike those that were dropped.

    Args:
        kept: Addresses, or files made by soundgan; one or several.
        out: Folder for the sounds; their codes go to ``codes/``.
        dropped: Sounds to go away from.
        model: As of :func:`soundgan.load`; ``None`` is the one that made the files.
        count: How many.
        seed: Of the first; other seeds, other sounds.
        strength: 0 gives the sounds of the seeds, 1 all of them the same.
        png: Write spectrogram pictures beside them.
        audio_format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: No such sound, class or model, or a number out of range.
        OutputError: A file holds something else, or cannot be written.
        ArtefactError: The model is damaged.
    """
    demand(LIKE, {"count": count, "seed": seed, "strength": strength})
    files = Files(Path(out), png, audio_format, subtype, overwrite, {})
    good, bad = _all(kept), _all(dropped)
    if not good:
        raise UsageError("no sound that was kept: give an address, or a file made by soundgan")

    def plan() -> Plan:
        from soundgan.pipelines.like import like as toward

        return toward(len(good), count, seed, strength)

    return make_addressed((*good, *bad), plan, as_path(model), files, progress)


@checked
def recall(
    files: Paths,
    out: str | Path = "recalled",
    *,
    model: str | Path | None = None,
    overwrite: bool = False,
    progress: Listener = None,
) -> RecallResult:
    """Make sounds and pictures again from what they say of themselves.

    Args:
        files: WAV, FLAC and PNG files made by soundgan, and folders of them.
        out: Folder for the new ones, which have the names of the old ones.
        model: Where their model is, if it is neither in ``runs/`` nor bundled.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: Two files have one name.
        NothingUsableError: A folder holds nothing made by soundgan.
        OutputError: The disk refuses.
    """
    from soundgan.pipelines.recall import recall as run

    return run(
        some_paths("files", files),
        Path(out),
        model=as_path(model),
        overwrite=overwrite,
        reporter=reporter_for(progress),
    )


def make_addressed(
    sounds: Named,
    plan: Callable[[], Plan] | None,
    model: Path | None,
    files: Files,
    progress: Listener,
    *,
    numbered: bool = False,
) -> GenerateResult:
    """Write what ``plan`` makes of the sounds; without, the sounds themselves."""
    demand_format(files.audio_format, files.subtype)
    given = _all(sounds)
    if not given:
        raise UsageError("no sound: give an address, such as 42, or a file made by soundgan")
    from soundgan.audio.finish import Finish
    from soundgan.pipelines import addressed
    from soundgan.pipelines.sound_files import Form

    form = Form(
        files.audio_format,
        files.subtype,
        files.png,
        files.overwrite,
        Finish(**files.finish),
        files.chain,
    )
    request = addressed.AddressedRequest(given, files.out, model, form, numbered=numbered)
    chosen = addressed.as_named if plan is None else plan()
    return addressed.make_addressed(request, chosen, reporter_for(progress))


def _all(sounds: Named) -> tuple[str | Path, ...]:
    return (sounds,) if isinstance(sounds, str | Path) else tuple(sounds)


def demand_format(audio_format: str, subtype: str) -> None:
    """Refuse a format that is not written.

    Raises:
        UsageError: It is not.
    """
    if audio_format not in SUBTYPES:
        raise UsageError(f"`audio_format={audio_format}`: must be wav or flac")
    if subtype not in SUBTYPES[audio_format]:
        *others, last = SUBTYPES[audio_format]
        raise UsageError(f"`subtype={subtype}`: {audio_format} holds {', '.join(others)} or {last}")
