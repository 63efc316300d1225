"""Measure and draw what lies near a sound: ``python -m tools.nearby MODEL RECORDINGS PREFIX``.

Variations at four strengths, a morph in nine, directions and five projections as pictures, and the
numbers of ``docs/nearby.md``: how distance follows strength, and how near projections come. Behind
these arguments stand the parts that are wanted, if not all: ``variations``, ``projections``,
``directions``.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from soundgan.addresses.parse import parse_address
from soundgan.audio.picture import coloured
from soundgan.evaluation.patches import PatchFeatures
from soundgan.evaluation.quantities import BRIGHTNESS, DECAY, measure, quantities_of
from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.directions import NAMES
from soundgan.inference.latents import draw_latents
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.points import point_of
from soundgan.inference.projection import Projection, image_distance_db, project
from soundgan.inference.synthesis import synthesise_points
from soundgan.pipelines.directions import directions_of
from soundgan.pipelines.find_model import RUNS, find_model
from soundgan.pipelines.project.bank import bank_of
from soundgan.pipelines.project.run import clip_of
from soundgan.reporting import SilentReporter
from soundgan.runtime.seeding import numpy_stream

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results"
STRENGTHS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SHOWN = (0.1, 0.3, 0.6, 1.0)
AMOUNTS = (-2.0, -1.0, 0.0, 1.0, 2.0)
DRAWN = (-1.0, 0.0, 1.0, 2.0)
MOST_ROWS = 5
HELD_OUT, REAL, OWN = 50, 200, 100


def images(model: LoadedModel, addresses: list[str]) -> Tensor:
    """Pictures [N, F, T] of the sounds at these addresses."""
    points = [point_of(model, parse_address(address)) for address in addresses]
    made = torch.stack([sound.image for sound in synthesise_points(model, points)])
    return model.codec.pictures(made)


def sheet(rows: list[list[Tensor]], path: Path) -> None:
    """Pictures [F, T] in rows, low frequencies at the bottom."""
    gap = 4
    height, width = rows[0][0].shape
    scale = max(1, 128 // height)
    size = (len(rows) * (height * scale + gap), max(map(len, rows)) * (width * scale + gap), 3)
    canvas = np.full(size, 255, np.uint8)
    for r, row in enumerate(rows):
        for c, picture in enumerate(row):
            drawn = coloured(picture.numpy()[::-1], "magma").repeat(scale, 0).repeat(scale, 1)
            top, left = r * (height * scale + gap), c * (width * scale + gap)
            canvas[top : top + height * scale, left : left + width * scale] = drawn
    Image.fromarray(canvas).quantize(256).save(path, optimize=True)


def vary_and_morph(model: LoadedModel, prefix: str) -> None:
    """Distance by strength, and both pictures."""
    labels = model.description.labels
    features = PatchFeatures.fit(images(model, [str(seed) for seed in range(1000, 1600)]))
    print("strength", STRENGTHS)
    ways = [images(model, [f"{seed}~vary1@{s:g}" for s in STRENGTHS]) for seed in range(40)]
    for name, rows in (
        ("dB", [image_distance_db(way[:, None], way[:1]).numpy() for way in ways]),
        ("features", [(f - f[0]).norm(dim=1).numpy() for f in map(features.features, ways)]),
    ):
        distances = np.array(rows)
        print(name, distances.mean(0).round(2).tolist())
        print("  Spearman of the means", spearman(distances.mean(0)))
        each = np.array([spearman(row) for row in distances])
        print(
            "  of each: median, least, at least 0.95",
            np.median(each),
            each.min(),
            (each >= 0.95).mean(),
        )
    if model.generator.noise_dim:
        pair = [images(model, [f"{seed}{take}" for seed in range(40)]) for take in ("", "~take1")]
        first, second = map(features.features, pair)
        print("takes", round(float((first - second).norm(dim=1).mean()), 2))
    drawn = [
        list(images(model, [f"42:{labels[-2]}~vary{n}@{s}" for n in range(1, 9)])) for s in SHOWN
    ]
    sheet(drawn, RESULTS / f"{prefix}-variations.png")
    ends = f"42:{labels[2]}", f"43:{labels[3]}"
    between = [f"{ends[0]}@{8 - n}+{ends[1]}@{n}" for n in range(9)]
    sheet([list(images(model, between))], RESULTS / f"{prefix}-morph.png")


def directions_drawn(model: LoadedModel, prefix: str) -> None:
    """A row for each class: one sound moved along the first direction that it has of these."""
    rows: list[list[Tensor]] = []
    for label, name in enumerate(model.description.labels):
        known = {d.name: d for d in directions_of(model, label, SilentReporter())}
        best = next((known[n] for n in ("brighter", "longer") if known[n].offered), None)
        if best is None or len(rows) == MOST_ROWS:
            continue
        print("row", name, best.name, best.r2)
        numbers = CodeNumbers(model.sha256, best.unit, 0)
        texts = [f"42:{name}~code{numbers.hash}@{amount:g}" for amount in DRAWN]
        points = [point_of(model, parse_address(t), {numbers.hash: numbers}) for t in texts]
        made = torch.stack([sound.image for sound in synthesise_points(model, points)])
        rows.append(list(model.codec.pictures(made)))
    if rows:
        sheet(rows, RESULTS / f"{prefix}-directions.png")


def spearman(values: NDArray[np.float64]) -> float:
    """Rank correlation with the strengths; no two values are equal."""
    ranks = np.argsort(np.argsort(values))
    return round(float(np.corrcoef(ranks, np.arange(len(values)))[0, 1]), 3)


def projections(model: LoadedModel, recordings: Path, prefix: str) -> None:
    """How near projections come, and five of them as a picture."""
    labels = model.description.labels
    by_class = defaultdict(list)
    for path in sorted(recordings.rglob("*.wav")):
        label = path.parent.name if path.parent.name in labels else path.name.split("_")[0]
        by_class[labels.index(label)].append(path)
    held, real = [], []
    for number, paths in sorted(by_class.items()):
        order = numpy_stream(number, "nearby").permutation(len(paths)).tolist()
        n_held, n_real = HELD_OUT // len(labels), REAL // len(labels)
        held += [(number, paths[i]) for i in order[:n_held]]
        real += [paths[i] for i in order[n_held : n_held + n_real]]
    targets, others = (
        model.codec.encode(torch.from_numpy(np.stack([clip_of(path, model) for path in some])))
        for some in ([path for _, path in held], real)
    )
    bank = bank_of(model, SilentReporter())
    began = time.process_time()
    rows: list[tuple[float, ...]] = []
    shown: dict[int, tuple[Projection, Tensor, Tensor]] = {}
    for (number, _), target in zip(held, targets, strict=True):
        found = project(model, bank, target)
        near = image_distance_db(others, target[None])
        rows.append((found.distance_db, float(near.min()), found.bank_db, found.label == number))
        shown.setdefault(number, (found, target, others[int(near.argmin())]))
    table = np.array(rows, np.float64)
    print("CPU seconds a projection", round((time.process_time() - began) / len(rows), 2))
    print("median: projected, nearest real, bank", np.median(table[:, :3], 0).round(2).tolist())
    print("nearer than the nearest real clip", (table[:, 0] <= table[:, 1]).mean())
    print("class found", table[:, 3].mean())
    drawn = []
    for found, target, near in list(shown.values())[:5]:
        address = parse_address(f"code{found.numbers.hash}:{labels[found.label]}")
        point = point_of(model, address, {found.numbers.hash: found.numbers})
        (sound,) = synthesise_points(model, [point])
        drawn.append(model.codec.pictures(torch.stack([target, near, sound.image])))
    sheet([list(row) for row in zip(*drawn, strict=True)], RESULTS / f"{prefix}-projected.png")
    own = []
    for seed in range(OWN):
        number = seed % len(labels)
        with torch.inference_mode():
            latent = draw_latents([seed], model.generator.latent_dim)
            target = model.generator(latent, torch.tensor([number]))[0]
        found = project(model, bank, target)
        own.append(found.distance_db < found.bank_db)
    print("own sounds come nearer than the bank's best", np.mean(own))


def along_directions(model: LoadedModel) -> None:
    """How good each direction is, and what the waveforms of 32 sounds say of two of them."""
    keys = [quantity.key for quantity in quantities_of(model.codec.clip.sample_rate, 1)]
    for label, name in enumerate(model.description.labels):
        known = {d.name: d for d in directions_of(model, label, SilentReporter())}
        print(name, {key: round(known[key].r2, 2) for key in NAMES})
        for key, quantity in (("brighter", BRIGHTNESS), ("longer", DECAY)):
            if not known[key].offered:
                continue
            numbers = CodeNumbers(model.sha256, known[key].unit, 0)
            rows = []
            for amount in AMOUNTS:
                texts = [f"{n}:{name}~code{numbers.hash}@{amount:g}" for n in range(32)]
                codes = {numbers.hash: numbers}
                points = [point_of(model, parse_address(text), codes) for text in texts]
                waves = [sound.waveform for sound in synthesise_points(model, points)]
                found = measure(torch.stack(waves)[:, None], model.codec.clip.sample_rate)
                rows.append(found[:, keys.index(quantity.key)])
            table = torch.stack(rows)
            middle = len(AMOUNTS) // 2
            print("  ", key, table.log().mean(dim=1).exp().round(decimals=1).tolist())
            print("   more at 1:", int((table[middle + 1] > table[middle]).sum()), "of 32")


def main() -> None:
    """Everything of one model, or some parts of it."""
    named, recordings, prefix, *wanted = sys.argv[1:]
    model = load_model(find_model(Path(named), RUNS))
    if not wanted or "variations" in wanted:
        vary_and_morph(model, prefix)
    if not wanted or "projections" in wanted:
        projections(model, Path(recordings), prefix)
    if not wanted or "directions" in wanted:
        directions_drawn(model, prefix)
        along_directions(model)


if __name__ == "__main__":
    main()
