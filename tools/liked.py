"""Measure what ``soundgan like`` brings: ``python -m tools.liked MODEL [RECORDINGS]``.

Of 40 sounds of each class the eight that have most of something are kept and the eight that have
least are dropped. 32 other seeds are then made as they are, like those kept, and the other way
round. Where there are recordings, named as ``DIGIT_SPEAKER_NUMBER.wav``, a classifier is trained on
them, and eight sounds that it is surest of are kept: of a digit where the model has no classes, of
a speaker where they are digits. Its numbers stand in ``docs/nearby.md``.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor
from torch.nn.functional import avg_pool2d

from soundgan.addresses.address import Address, Share
from soundgan.addresses.parse import parse_address
from soundgan.evaluation.quantities import BRIGHTNESS, DECAY, measure, quantities_of
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.points import point_of
from soundgan.inference.synthesis import GeneratedSound, synthesise_points
from soundgan.pipelines.find_model import RUNS, find_model
from soundgan.pipelines.like import like
from soundgan.pipelines.project.run import clip_of
from soundgan.pipelines.sources import Sources

SEEN, EACH, NEW = 40, 8, 32
FIRST_NEW = 500
SEEN_BY_CLASSIFIER = 300
STRENGTH = 0.6
"""The default of the command."""


def made(sources: Sources) -> list[GeneratedSound]:
    """The sounds of ``sources``."""
    points = [point_of(sources.model, a, sources.codes) for a in sources.addresses]
    return list(synthesise_points(sources.model, points))


def seeds(model: LoadedModel, first: int, count: int, label: str | None) -> list[Address]:
    """Addresses of ``count`` seeds from ``first`` on."""
    classes = None if label is None else (Share(label),)
    return [Address(parse_address(str(n)).source, classes) for n in range(first, first + count)]


def moved(
    model: LoadedModel, kept: Sequence[Address], dropped: Sequence[Address], strength: float
) -> list[GeneratedSound]:
    """New seeds, as ``soundgan like`` makes them."""
    named = Sources(model, Path(), (*kept, *dropped), {})
    return made(like(len(kept), NEW, FIRST_NEW, strength)(named))


def of_quantity(model: LoadedModel, key: str, label: str | None) -> str:
    """One row: geometric means of new sounds, and how many have more than the seed itself."""
    rate = model.codec.clip.sample_rate
    column = [quantity.key for quantity in quantities_of(rate, 1)].index(key)

    def values(sounds: Sequence[GeneratedSound]) -> NDArray[np.float64]:
        waves = torch.stack([sound.waveform for sound in sounds])
        return np.asarray(measure(waves[:, None], rate)[:, column], np.float64)

    seen = seeds(model, 0, SEEN, label)
    order = np.argsort(values(made(Sources(model, Path(), tuple(seen), {}))))
    least, most = ([seen[i] for i in part] for part in (order[:EACH], order[-EACH:]))
    less, plain, more = (
        values(moved(model, most, least, 0.0)) if way == 0 else values(moved(model, a, b, STRENGTH))
        for way, a, b in ((-1, least, most), (0, least, most), (1, most, least))
    )
    means = " ".join(f"{np.exp(np.log(part).mean()):.1f}" for part in (less, plain, more))
    return (
        f"{key} {label or ''}: {means}, more than the seed itself {(more > plain).sum()} of {NEW}"
    )


def seen_by_classifier(images: Tensor) -> NDArray[np.float32]:
    """Images at an eighth of the size, as rows."""
    return avg_pool2d(images, 8).flatten(1).numpy()


def classifier_of(model: LoadedModel, recordings: Path) -> tuple[Pipeline, list[str]]:
    """A classifier of digits, or of speakers where the model has classes; and its classes."""
    paths = sorted(recordings.rglob("*.wav"))
    part = 1 if model.description.labels else 0
    names = [path.stem.split("_")[part] for path in paths]
    clips = np.stack([clip_of(path, model) for path in paths])
    rows = seen_by_classifier(model.codec.encode(torch.from_numpy(clips)))
    chain = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    print("classifier, right on others", cross_val_score(chain, rows, names, cv=5).mean().round(3))
    chain.fit(rows, names)
    return chain, list(chain.classes_)


def of_classifier(model: LoadedModel, recordings: Path) -> None:
    """Which share of new sounds is taken for the class that was kept."""
    chain, names = classifier_of(model, recordings)
    label = model.description.labels[0] if model.description.labels else None
    seen = seeds(model, 0, SEEN_BY_CLASSIFIER, label)

    def surely(sounds: Sequence[GeneratedSound]) -> NDArray[np.float64]:
        images = torch.stack([sound.image for sound in sounds])
        return np.asarray(chain.predict_proba(seen_by_classifier(images)), np.float64)

    scores = surely(made(Sources(model, Path(), tuple(seen), {})))
    for number, name in enumerate(names):
        order = np.argsort(scores[:, number])
        kept = [seen[i] for i in order[-EACH:]]
        others = [i for i in range(len(seen)) if scores[i].argmax() != number]
        dropped = [seen[i] for i in others[:EACH]]
        shares, means = [], []
        for strength in (0.0, 0.3, STRENGTH, 0.8):
            found = surely(moved(model, kept, dropped, strength))
            shares.append(round(float((found.argmax(axis=1) == number).mean()), 2))
            means.append(round(float(found[:, number].mean()), 2))
        print(name, "taken for it", shares, "mean probability", means)


def main() -> None:
    """Everything of one model."""
    model = load_model(find_model(Path(sys.argv[1]), RUNS))
    recordings = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for quantity in (BRIGHTNESS, DECAY):
            for label in model.description.labels or (None,):
                print(of_quantity(model, quantity.key, label))
        if recordings is not None:
            of_classifier(model, recordings)


if __name__ == "__main__":
    main()
