"""``soundgan.kit``: sounds of a model as a drum kit for samplers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.api.addressed import Named
from soundgan.api.arguments import checked
from soundgan.api.paths import as_path
from soundgan.api.progress import Listener, reporter_for
from soundgan.errors import UsageError
from soundgan.ranges import KIT, demand

if TYPE_CHECKING:
    from soundgan.pipelines.kit.run import KitResult

FORMATS = ("sfz", "decent", "multisample", "wav")
EXPERIMENTS = ("op-xy", "mpc")
LEVELS = ("peak", "loudness", "as-made")


@checked
def kit(
    sounds: Named,
    out: str | Path = "kit",
    *,
    model: str | Path | None = None,
    name: str | None = None,
    formats: Sequence[str] = FORMATS,
    takes: int = 0,
    layers: int = 1,
    level: str = "peak",
    overwrite: bool = False,
    progress: Listener = None,
) -> KitResult:
    """Write a drum kit, as ``soundgan kit`` does.

    Args:
        sounds: Addresses, sounds made by soundgan, folders of them, or JSON files that list
            addresses; one or several.
        out: Folder for the kit.
        model: As of :func:`soundgan.load`; ``None`` is the one that made the files.
        name: Of the kit; ``None`` for that of the folder.
        formats: ``sfz``, ``decent``, ``multisample``, ``wav``, and the experiments ``op-xy`` and
            ``mpc``; sounds are always written.
        takes: Further takes of each sound, which samplers play in turn.
        layers: Layers of velocity: softer hits are duller, where the model has a direction for it.
        level: ``peak`` for every peak at -1 dBFS, ``loudness`` for equal loudness, ``as-made``.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: No such sound, model, format or level, or too many sounds.
        NothingUsableError: A folder without sounds made by soundgan.
        OutputError: A file holds something else, or cannot be written.
        ArtefactError: The model is damaged.
    """
    demand(KIT, {"takes": takes, "layers": layers})
    wanted = (formats,) if isinstance(formats, str) else tuple(formats)
    for form in wanted:
        if form not in (*FORMATS, *EXPERIMENTS):
            known = ", ".join((*FORMATS, *EXPERIMENTS))
            raise UsageError(f"`formats={form}`: must be some of {known}")
    if level not in LEVELS:
        raise UsageError(f"`level={level}`: must be one of {', '.join(LEVELS)}")
    if name is not None and not name.strip():
        raise UsageError("`name`: empty; leave it out for the name of the folder")
    given = (sounds,) if isinstance(sounds, str | Path) else tuple(sounds)
    if not given:
        raise UsageError("no sound: give addresses, sounds made by soundgan, or folders of them")
    from soundgan.pipelines.kit.run import KitRequest, make_kit

    request = KitRequest(
        given,
        Path(out),
        as_path(model),
        name,
        wanted,
        takes=takes,
        layers=layers,
        level=level,
        overwrite=overwrite,
    )
    return make_kit(request, reporter_for(progress))
