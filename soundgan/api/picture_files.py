"""``soundgan.spectrogram_files`` and ``soundgan.invert_files``: sounds to pictures, and back.

For arrays instead of files see :mod:`soundgan.api.pictures`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundgan.api.arguments import checked
from soundgan.api.paths import Paths, as_path, as_paths
from soundgan.api.progress import Listener, reporter_for
from soundgan.errors import UsageError
from soundgan.pipelines.find_model import RUNS, find_model
from soundgan.pipelines.invert.stated import Stated
from soundgan.ranges import INVERT, SPECTROGRAM, demand, demand_even

if TYPE_CHECKING:
    from soundgan.pictures.reading import Assumption
    from soundgan.pipelines.invert.run import InvertResult
    from soundgan.pipelines.spectrogram.run import SpectrogramResult


@checked
def spectrogram_files(
    paths: Paths,
    out: str | Path = "spectrograms",
    *,
    colormap: str = "",
    axes: bool = False,
    like: str | Path | None = None,
    n_fft: int | None = None,
    hop: int | None = None,
    mel: int | None = None,
    range_db: float | None = None,
    overwrite: bool = False,
    progress: Listener = None,
) -> SpectrogramResult:
    """Draw sound files as pictures, as ``soundgan spectrogram`` does.

    A file that cannot be drawn stops no other; it stands in the result's ``failures``.

    Args:
        paths: Sound files, and folders of them.
        out: Folder for the pictures.
        colormap: Name of a colour map; empty for exact 16-bit grey.
        axes: Draw time, frequency and level beside each.
        like: A model, as of :func:`soundgan.load`, whose images to draw, of its length.
        n_fft: Samples analysed, even; ``None`` is about 46 ms.
        hop: Samples from column to column; ``None`` is an eighth of ``n_fft``.
        mel: Mel bands; ``None`` is linear frequency.
        range_db: Silence is this far below the loudest, 20 to 160; ``None`` is 100.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: A path, a colour map or a model that does not exist, or a number out of range.
        NothingUsableError: There are no sounds.
        ArtefactError: The model of ``like`` is damaged.
        OutputError: ``out`` cannot be written.
    """
    numbers = {"n_fft": n_fft, "hop": hop, "mel": mel, "range_db": range_db}
    demand(SPECTROGRAM, numbers)
    demand_even("n_fft", n_fft)
    for name, value in numbers.items():
        if like is not None and value is not None:
            raise UsageError(f"`{name}`: the model of `like` decides this; leave it out")
    model = None if like is None else find_model(Path(like), RUNS)
    # Only now is torch needed: what is wrong with the arguments is said at once.
    from soundgan.pipelines.spectrogram.draw import Analysis
    from soundgan.pipelines.spectrogram.run import SpectrogramRequest, draw_spectrograms

    request = SpectrogramRequest(
        paths=as_paths(paths),
        out=Path(out),
        analysis=Analysis(n_fft or 0, hop or 0, mel or 0, range_db or Analysis.range_db),
        colormap=colormap,
        axes=axes,
        like=as_path(model),
        overwrite=overwrite,
    )
    return draw_spectrograms(request, reporter_for(progress))


def assumed_of(picture: Path, **stated: Any) -> tuple[Assumption, ...]:
    """What is neither stated, printed beside the plot nor stored in a picture, and is assumed.

    Args:
        picture: A file.
        stated: As of :func:`soundgan.invert`: ``seconds`` to ``panel``.

    Raises:
        UsageError: What is stated is wrong.
        PictureError: The file cannot be read as a picture.
    """
    from soundgan.pictures.open import open_picture
    from soundgan.pipelines.invert.sound import assumed

    renamed = {{"f_min": "f_min_hz", "f_max": "f_max_hz"}.get(k, k): v for k, v in stated.items()}
    return assumed(open_picture(picture), Stated(**renamed), str(picture))


@checked
def invert_files(
    paths: Paths,
    out: str | Path = "inverted",
    *,
    method: str | None = None,
    iterations: int | None = None,
    seed: int | None = None,
    png: bool = False,
    seconds: float | None = None,
    sample_rate: int | None = None,
    axis: str | None = None,
    f_min: float | None = None,
    f_max: float | None = None,
    range_db: float | None = None,
    colormap: str = "auto",
    crop: str = "auto",
    n_fft: int | None = None,
    levels: str | None = None,
    time: str | None = None,
    flip: bool = False,
    overlays: str = "fill",
    panel: int | None = None,
    drawn_by: str | None = None,
    panels: str = "one",
    show: bool = False,
    overwrite: bool = False,
    progress: Listener = None,
) -> InvertResult:
    """Turn spectrogram pictures into sound files, as ``soundgan invert`` does.

    A file that cannot be read stops no other; it stands in the result's ``failures``.

    Args:
        paths: Picture files, and folders of them.
        out: Folder for the sounds.
        method: As of :func:`soundgan.invert`, as are all down to ``n_fft``.
        iterations: Rounds of it.
        seed: Of what is random about it.
        png: Write the spectrogram of each sound beside it.
        seconds: Duration of what a picture shows.
        sample_rate: Of the sounds, Hz.
        axis: Scale of the frequencies.
        f_min: Hz at the lower edge.
        f_max: Hz at the upper edge.
        range_db: From the quietest to the loudest level.
        colormap: Name of a colour map; ``auto`` to detect it.
        crop: Where the plot is.
        n_fft: Transform size, samples.
        levels: What brightness stands for: ``db``, ``amplitude``, ``power``, or ``power:0.25`` for
            the fourth root of amplitude.
        time: Where time runs: ``right``, ``left``, ``up`` or ``down``.
        flip: Low frequencies are on top, or at the right.
        overlays: ``fill`` legends, text and lines over the plot from what is around them, or
            ``keep`` them.
        panel: Which of a figure's plots to read, from 1, from above and then from the left.
        drawn_by: Program that drew it: ``sox``, ``ffmpeg``, ``spek``, ``audacity``, ``praat``,
            ``librosa`` or ``matlab``; ``None`` to recognise it.
        panels: ``one``, or ``all`` for the sound of each plot of a figure, as ``NAME-1.wav`` and
            so on, or ``stereo`` for the left and right of one in two plots.
        show: Write beside each sound a picture of what was understood.
        overwrite: Replace files that hold something else.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        UsageError: A path, method or axis that does not exist, or a number out of range.
        NothingUsableError: There are no pictures.
        OutputError: ``out`` cannot be written.
    """
    demand(INVERT, {"iterations": iterations, "seed": seed})
    stated = Stated(
        seconds=seconds, sample_rate=sample_rate, axis=axis, f_min_hz=f_min, f_max_hz=f_max,
        range_db=range_db, colormap=colormap, crop=crop, n_fft=n_fft, levels=levels, time=time,
        flip=flip,
        overlays=overlays,
        panel=panel,
        drawn_by=drawn_by,
    )  # fmt: skip
    # Only now is torch needed: what is wrong with the arguments is said at once.
    from soundgan.pipelines.invert.run import InvertRequest, invert_pictures

    request = InvertRequest(
        paths=as_paths(paths),
        out=Path(out),
        stated=stated,
        method=method,
        iterations=iterations,
        seed=seed,
        png=png,
        panels=panels,
        show=show,
        overwrite=overwrite,
    )
    return invert_pictures(request, reporter_for(progress))
