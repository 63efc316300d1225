"""The course of a run as a picture, in words."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MANY_POINTS = 40
"""From here on a curve is drawn as its running mean, and what it is the mean of palely behind."""

MEAN_SHARE = 0.05
"""Of a curve's points that the running mean goes over."""


@dataclass(frozen=True)
class Panel:
    """Curves that are read together.

    Attributes:
        title: What they tell.
        unit: Of the vertical axis.
        curves: Name of a number in ``metrics.jsonl``, and what it is called.
        scale: Its values are multiplied with it.
        logarithmic: Whether the axis is, where all values are above 0.
        level: Where a thin line is drawn.
    """

    title: str
    unit: str
    curves: tuple[tuple[str, str], ...]
    scale: float = 1.0
    logarithmic: bool = False
    level: float | None = None


PANELS = (
    Panel(
        "Distance of the sounds' images from validation recordings: the lower, the better",
        "kernel distance × 1000",
        (("evaluation/kernel_distance", "generated"),),
        scale=1000.0,
        logarithmic=True,
    ),
    Panel(
        "Sounds beside recordings",
        "ratio, recordings = 1",
        (
            ("probe/diversity", "variety"),
            ("probe/latent_sensitivity", "variety within\na class"),
            ("probe/nearest_ratio", "distance to the\nnearest training\nclip"),
        ),
        level=1.0,
    ),
    Panel(
        "How often the discriminator tells real from generated: 0.5 is guessing",
        "share of pairs",
        (
            ("discriminator/pair_accuracy", "as it trains"),
            ("probe/train_pair_accuracy", "training clips"),
            ("probe/held_out_pair_accuracy", "validation clips"),
        ),
        level=0.5,
    ),
    Panel(
        "Its logits: the higher, the more real",
        "logit",
        (("discriminator/real_logit", "recordings"), ("discriminator/fake_logit", "generated")),
    ),
    Panel(
        "Loss: what each network makes smaller",
        "loss",
        (("discriminator/loss", "discriminator"), ("generator/loss", "generator")),
    ),
    Panel(
        "Size of the corrections",
        "norm of the gradient",
        (
            ("discriminator/gradient_norm", "discriminator"),
            ("generator/gradient_norm", "generator"),
        ),
        logarithmic=True,
    ),
)


def curves_png(lines: Sequence[dict[str, float]], title: str) -> bytes:
    """The game and its sounds over steps, one panel for each question that has an answer, as a PNG.

    Args:
        lines: Of ``metrics.jsonl``.
        title: Above all of them.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second, for curves

    names = {name for line in lines for name in line}
    panels = [p for p in PANELS if any(name in names for name, _ in p.curves)] or [PANELS[4]]
    figure = Figure(figsize=(9, 1 + 2.1 * len(panels)), layout="constrained")
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for axis, panel in zip(axes, panels, strict=True):
        _draw(axis, panel, lines)
    axes[-1].set_xlabel("steps of training")
    axes[-1].xaxis.set_major_formatter("{x:,.0f}")
    axes[-1].xaxis.get_major_locator().set_params(integer=True)
    axes[-1].set_xlim(left=0)
    figure.suptitle(title)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # a run may have any name; boxes will do
        figure.savefig(buffer, format="png", dpi=100, metadata={"Software": "soundgan"})
    return buffer.getvalue()


def _draw(axis: Axes, panel: Panel, lines: Sequence[dict[str, float]]) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter  # noqa: PLC0415 - half a second, for curves

    positive = True
    for number, (name, label) in enumerate(panel.curves):
        points = np.array([(line["step"], line[name]) for line in lines if name in line])
        if not len(points):
            continue
        steps, values = points[:, 0], points[:, 1] * panel.scale
        positive &= bool((values > 0).all())
        colour = f"C{number}"
        if len(points) < MANY_POINTS:
            axis.plot(steps, values, label=label, color=colour, linewidth=1.3, marker=".")
        else:
            axis.plot(steps, values, color=colour, linewidth=0.8, alpha=0.25)
            axis.plot(steps, running_mean(values), label=label, color=colour, linewidth=1.5)
    if panel.level is not None:
        axis.axhline(panel.level, color="0.5", linewidth=0.8, linestyle="--")
    if panel.logarithmic and positive:
        axis.set_yscale("log")
        axis.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_formatter(NullFormatter())
    axis.set_title(panel.title, loc="left", fontsize="medium")
    axis.set_ylabel(panel.unit)
    axis.grid(alpha=0.3)
    axis.margins(x=0.02)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize="small", frameon=False)


def running_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means [n] over the neighbours of each of the values [n], fewer of them at the ends."""
    reach = max(1, round(len(values) * MEAN_SHARE / 2))
    sums = np.concatenate([[0.0], np.cumsum(values)])
    rows = np.arange(len(values))
    first, last = np.maximum(rows - reach, 0), np.minimum(rows + reach + 1, len(values))
    return np.asarray((sums[last] - sums[first]) / (last - first))
