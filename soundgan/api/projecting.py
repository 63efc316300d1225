"""``soundgan.project``: recordings as sounds of a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.api.addressed import demand_format
from soundgan.api.arguments import checked
from soundgan.api.paths import Paths, as_path, some_paths
from soundgan.api.progress import Listener, reporter_for
from soundgan.pipelines.find_model import RUNS, find_model

if TYPE_CHECKING:
    from soundgan.pipelines.project.run import ProjectResult


@checked
def project(
    recordings: Paths,
    out: str | Path = "projected",
    *,
    model: str | Path | None = None,
    data: str | Path | None = None,
    label: str | None = None,
    png: bool = False,
    audio_format: str = "wav",
    subtype: str = "PCM_16",
    overwrite: bool = False,
    progress: Listener = None,
) -> ProjectResult:
    """Find the sound of a model that is nearest to each recording, as ``soundgan project`` does.

    Args:
        recordings: Sound files and folders of them.
        out: Folder for the sounds; their codes go to ``codes/``.
        model: As of :func:`soundgan.load`.
        data: Prepared folder with real clips to compare with.
        label: Class to look in; ``None`` looks in all.
        png: Write spectrogram pictures beside them.
        audio_format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: No recording, too many, or no such model or class.
        OutputError: A file cannot be written.
        ArtefactError: The model is damaged.
    """
    demand_format(audio_format, subtype)
    path = find_model(as_path(model), RUNS, fall_back=True)
    from soundgan.pipelines.project.run import ProjectRequest, project_recordings
    from soundgan.pipelines.sound_files import Form

    form = Form(audio_format, subtype, png, overwrite)
    request = ProjectRequest(
        some_paths("recordings", recordings), Path(out), path, as_path(data), label, form
    )
    return project_recordings(request, reporter_for(progress))
