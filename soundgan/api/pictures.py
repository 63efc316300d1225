"""``soundgan.spectrogram`` and ``soundgan.invert``: waveforms to pictures, and back.

>>> import numpy as np
>>> import soundgan
>>> second = np.arange(8000) / 8000
>>> drawn = soundgan.spectrogram(np.sin(2 * np.pi * 440 * second), 8000)
>>> drawn.levels.shape  # frequencies up to 4 kHz, moments
(257, 125)
>>> back = soundgan.invert(drawn)  # or the path of a picture
>>> back.waveform.shape, back.sample_rate, back.own
((8000,), 8000, True)
>>> int(np.abs(np.fft.rfft(back.waveform)).argmax())  # Hz
440
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.api.arguments import as_samples, checked
from soundgan.errors import UsageError
from soundgan.pictures.open import Picture, Pixels, open_picture, read_picture
from soundgan.pictures.reading import Assumption
from soundgan.pipelines.invert.sound import invert_picture
from soundgan.pipelines.invert.stated import Stated
from soundgan.pipelines.spectrogram.draw import Analysis, Drawn, Look, analyse, picture
from soundgan.pipelines.spectrogram.run import check_colormap
from soundgan.ranges import INVERT, SPECTROGRAM, demand, demand_even


@dataclass(frozen=True, eq=False)
class Inverted:
    """The sound of a picture.

    Attributes:
        waveform: Float32 [N] in [-1, 1]; [N, 2], left and right, of a stereo model's picture.
        sample_rate: Hz.
        method: Name of the inversion.
        own: Whether the picture carried its parameters, so that nothing had to be assumed.
        assumptions: What was not stated: name, value, the parameter that says otherwise, why, and
            whether it was read from the picture.
    """

    waveform: NDArray[np.float32]
    sample_rate: int
    method: str
    own: bool
    assumptions: tuple[Assumption, ...]


class Spectrogram:
    """A waveform as levels, and as a picture that holds everything to turn it back.

    Attributes:
        levels: float32 [F, T] in [-1, 1]; row 0 is the lowest frequency, -1 silence.
        sample_rate: Of the waveform, Hz.
        n_samples: Its length N.
    """

    def __init__(self, drawn: Drawn) -> None:
        self._drawn = drawn
        self.levels: NDArray[np.float32] = drawn.image.numpy()
        clip = drawn.representation.clip
        self.sample_rate, self.n_samples = clip.sample_rate, clip.n_samples

    @checked
    def png(self, *, colormap: str = "", axes: bool = False, title: str = "") -> bytes:
        """The picture as a PNG file.

        Args:
            colormap: Name of a colour map; empty for exact 16-bit grey.
            axes: Draw time, frequency and level beside it.
            title: Text above a plot with axes.

        Raises:
            UsageError: No such colour map.
        """
        check_colormap(colormap)
        return picture(self._drawn, Look(colormap, axes, title))


@checked
def spectrogram(
    waveform: NDArray[np.float32],
    sample_rate: int,
    *,
    n_fft: int | None = None,
    hop: int | None = None,
    mel: int | None = None,
    range_db: float = 100.0,
) -> Spectrogram:
    """The spectrogram of a mono waveform [N], from which :func:`invert` makes it again.

    Args:
        waveform: In [-1, 1].
        sample_rate: Hz.
        n_fft: Samples analysed, even; ``None`` is about 46 ms.
        hop: Samples from column to column; ``None`` is an eighth of ``n_fft``.
        mel: Mel bands; ``None`` is linear frequency.
        range_db: Silence is this far below the loudest, 20 to 160.

    Raises:
        UsageError: It is no mono waveform, a number is out of range, or the sizes do not fit each
            other.
        AudioError: The picture would be too large.
    """
    numbers = {"n_fft": n_fft, "hop": hop, "mel": mel, "range_db": range_db}
    demand(SPECTROGRAM, {"sample_rate": sample_rate, **numbers})
    demand_even("n_fft", n_fft)
    samples = as_samples("waveform", waveform)
    if samples.ndim != 1 or not len(samples):
        raise UsageError(f"`waveform`: shape {list(samples.shape)}; give finite mono samples [N]")
    analysis = Analysis(n_fft or 0, hop or 0, mel or 0, range_db)
    return Spectrogram(analyse(samples.copy(), sample_rate, analysis))


@checked
def invert(
    source: str | Path | Pixels | Spectrogram,
    *,
    method: str | None = None,
    iterations: int | None = None,
    seed: int | None = None,
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
) -> Inverted:
    """The sound of a spectrogram picture.

    Pictures by soundgan carry their parameters. In others, the numbers beside the plot are read,
    and what is not printed is assumed; both are told with the parameter that says otherwise.

    Args:
        source: A PNG, JPEG, WebP, BMP or TIFF file; pixels [H, W] or [H, W, 3], uint8 or uint16,
            the first row on top; or a :class:`Spectrogram`.
        method: ``auto``, ``pghi``, ``griffin_lim``, ``pghi_griffin_lim`` or ``admm``.
        iterations: Rounds of it.
        seed: Of what is random about it.
        seconds: Duration of what the picture shows.
        sample_rate: Of the sound, Hz.
        axis: ``linear``, ``log``, ``mel``, ``mel_htk``, ``librosa_log`` or ``librosa_mel``.
        f_min: Hz at the lower edge.
        f_max: Hz at the upper edge.
        range_db: From the quietest to the loudest level.
        colormap: Name of a colour map; ``auto`` to detect it.
        crop: ``auto`` finds the plot, ``none`` takes all; or ``left,top,right,bottom``.
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

    Raises:
        UsageError: No such method, axis, colour map or crop, no such pixels, or a number out of
            range.
        PictureError: The file cannot be read as a picture, or makes no sound.
        ArtefactError: The parameters inside the picture are damaged.
    """
    demand(INVERT, {"iterations": iterations, "seed": seed})
    stated = Stated(
        seconds=seconds, sample_rate=sample_rate, axis=axis, f_min_hz=f_min, f_max_hz=f_max,
        range_db=range_db, colormap=colormap, crop=crop, n_fft=n_fft, levels=levels, time=time,
        flip=flip, overlays=overlays, panel=panel, drawn_by=drawn_by,
    )  # fmt: skip
    opened, place = _opened(source)
    made = invert_picture(
        opened, stated, method=method, iterations=iterations, seed=seed, place=place
    )
    return Inverted(
        np.ascontiguousarray(made.waveform.numpy().T),
        made.sample_rate,
        made.method.name,
        made.own,
        made.assumptions,
    )


def _opened(source: str | Path | Pixels | Spectrogram) -> tuple[Picture, str]:
    """The picture, and what errors call it."""
    if isinstance(source, str | Path):
        return open_picture(Path(source)), str(source)
    if isinstance(source, Spectrogram):
        return read_picture(source.png()), "spectrogram"
    pixels: NDArray[Any] = np.asarray(source)
    rows = pixels[:, :, None] if pixels.ndim == 2 else pixels
    if rows.ndim != 3 or rows.shape[2] not in (1, 3) or rows.dtype not in (np.uint8, np.uint16):
        raise UsageError(
            f"`source`: pixels of the shape {list(pixels.shape)} and type {pixels.dtype}; "
            "give [H, W] or [H, W, 3], uint8 or uint16"
        )
    return Picture(rows, {}, "PNG"), "pixels"
