"""The loss curves of a run as a picture."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

PANELS = (
    ("loss", ("discriminator/loss", "generator/loss")),
    ("logits", ("discriminator/real_logit", "discriminator/fake_logit")),
    ("gradient norm", ("discriminator/gradient_norm", "generator/gradient_norm")),
    (
        "pairs told apart",
        (
            "discriminator/pair_accuracy",
            "probe/train_pair_accuracy",
            "probe/held_out_pair_accuracy",
        ),
    ),
    (
        "sounds (real = 1)",
        ("probe/diversity", "probe/latent_sensitivity", "probe/nearest_ratio"),
    ),
)


def curves_png(lines: Sequence[dict[str, float]], title: str) -> bytes:
    """The game and its sounds over steps, one panel each, as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 2.7 * len(PANELS)), layout="constrained")
    axes = figure.subplots(len(PANELS), 1, sharex=True)
    for axis, (label, names) in zip(axes, PANELS, strict=True):
        for name in names:
            points = [(line["step"], line[name]) for line in lines if name in line]
            if points:
                axis.plot(*zip(*points, strict=True), label=name, linewidth=1)
        axis.set_ylabel(label)
        axis.grid(alpha=0.3)
        if axis.has_data():
            axis.legend(  # beside the curves, never over them
                loc="lower right",
                bbox_to_anchor=(1, 1),
                ncols=len(names),
                fontsize="small",
                frameon=False,
                borderaxespad=0,
            )
    axes[-1].set_xlabel("step")
    axes[-1].ticklabel_format(axis="x", style="plain")
    axes[2].set_yscale("log")
    figure.suptitle(title)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # a run may have any name; boxes will do
        figure.savefig(buffer, format="png", dpi=110, metadata={"Software": "soundgan"})
    return buffer.getvalue()
