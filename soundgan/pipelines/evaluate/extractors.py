"""The feature extractors of a dataset; the one that takes a minute to train is kept beside it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from soundgan.errors import ArtefactError, OutputError
from soundgan.evaluation.classifier import N_FEATURES, Classifier, train_classifier
from soundgan.evaluation.patches import PatchFeatures
from soundgan.evaluation.scores import class_accuracy
from soundgan.evaluation.view import VIEWS
from soundgan.pipelines.documents import EVALUATION
from soundgan.pipelines.evaluate.looks import Looks
from soundgan.pipelines.evaluate.reference import Reference, Split
from soundgan.pipelines.evaluate.request import MEASURE_SEED
from soundgan.reporting import Reporter
from soundgan.runtime.files import remove
from soundgan.runtime.seeding import numpy_stream
from soundgan.runtime.tensors import load_tensors, save_tensors
from soundgan.runtime.threads import one_thread

CLASSIFIER = Classifier.name

FORMAT = "soundgan evaluation classifier"
VERSION = 2
"""Raised whenever the view, the network or its training changes: older ones are trained anew."""

MOST_CLIPS = 5000
"""The classifier trains on at most so many clips: a minute or two."""


@dataclass(frozen=True, eq=False)
class Extractors:
    """What turns looks into features; all fitted on the training split alone."""

    patches: dict[str, PatchFeatures]
    classifier: Classifier | None

    def features(self, looks: Looks) -> dict[str, Tensor]:
        """Features [n, D] of what is seen of sounds: by name of the view, and the classifier's."""
        found = {
            name: patches.project(looks.cells[name].double())
            for name, patches in self.patches.items()
        }
        if self.classifier is not None:
            found[CLASSIFIER] = self.classifier.embed(looks.pictures)
        return found

    def probabilities(self, looks: Looks) -> Tensor | None:
        """Probabilities of the classes [n, K], where there are classes."""
        return None if self.classifier is None else self.classifier.probabilities(looks.pictures)

    def document(self) -> dict[str, Any]:
        """Name, hash and size of each, as the report states them."""
        found: dict[str, Any] = {
            name: {"hash": patches.hash, "dimensions": patches.directions.shape[1]}
            for name, patches in self.patches.items()
        }
        if self.classifier is not None:
            found[CLASSIFIER] = {
                "hash": self.classifier.hash,
                "dimensions": N_FEATURES,
                "held_out_accuracy": round(self.classifier.accuracy, 6),
            }
        return found


def make_extractors(reference: Reference, reporter: Reporter) -> Extractors:
    """Fit what is quick to fit; take the classifier from the prepared folder or train it."""
    with one_thread():
        cells = reference.train.looks.cells
        patches = {
            view.name: PatchFeatures.of_statistics(cells[view.name].double()) for view in VIEWS
        }
    n_classes = len(reference.dataset.labels)
    classifier = None if n_classes < 2 else _classifier(reference, n_classes, reporter)
    return Extractors(patches, classifier)


def cache_path(reference: Reference) -> Path | None:
    """Where the classifier of a dataset is kept; nowhere for arrays in memory."""
    dataset = reference.dataset
    split = "-validation" if reference.name == "validation" else ""
    name = f"{CLASSIFIER}-{dataset.content_hash[:16]}{split}-v{VERSION}.safetensors"
    return None if dataset.path is None else dataset.path / EVALUATION / name


def _classifier(reference: Reference, n_classes: int, reporter: Reporter) -> Classifier:
    path = cache_path(reference)
    if path is not None and path.exists():
        try:
            return _load(path, reference)
        except ArtefactError as error:
            reporter.warn(f"{error}; training the classifier again")
    train = _known(reference.train, MOST_CLIPS)
    clips = _known(reference.clips, None)
    reporter.say(
        f"training a classifier on {len(train.labels):,} clips, about a minute; "
        "the next evaluation finds it ready"
    )
    classifier = train_classifier(
        train.looks.pictures,
        torch.from_numpy(train.labels),
        clips.looks.pictures,
        torch.from_numpy(clips.labels),
        n_classes,
        seed=MEASURE_SEED,
    )
    if path is not None:
        _store(path, classifier, reference, reporter)
    return classifier


def _known(split: Split, most: int | None) -> Split:
    """The clips with a class; of more than ``most``, an even sample."""
    chosen = np.flatnonzero(split.labels >= 0)
    if most is not None and len(chosen) > most:
        order = numpy_stream(MEASURE_SEED, "evaluate", "classifier").permutation(len(chosen))
        chosen = np.sort(chosen[order[:most]])
    rows = torch.from_numpy(chosen)
    return Split(split.indices[chosen], split.labels[chosen], split.looks.rows(rows))


def _load(path: Path, reference: Reference) -> Classifier:
    """The stored classifier, once it has shown that it is what was stored.

    Raises:
        ArtefactError: Damaged, or of something else.
    """
    tensors, document, _ = load_tensors(path)
    expected = {"format": FORMAT, "version": VERSION, "dataset": reference.dataset.content_hash}
    if {key: document.get(key) for key in expected} != expected:
        raise ArtefactError(f"{path}: belongs to another dataset or version")
    try:
        classifier = Classifier.from_tensors(tensors)
    except ArtefactError as error:
        raise ArtefactError(f"{path}: damaged: {error}") from error
    if classifier.hash != document.get("hash"):
        raise ArtefactError(f"{path}: damaged: its weights have changed")
    clips = _known(reference.clips, None)
    measured = class_accuracy(
        classifier.probabilities(clips.looks.pictures), torch.from_numpy(clips.labels)
    )
    # Rounding differs between machines, and may tip the clip that is hardest to tell.
    if abs(measured - classifier.accuracy) > 1.5 / len(clips):
        raise ArtefactError(f"{path}: damaged: it states another accuracy than it has")
    return classifier


def _store(path: Path, classifier: Classifier, reference: Reference, reporter: Reporter) -> None:
    """Keep the classifier, in place of those of earlier datasets in this folder."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "dataset": reference.dataset.content_hash,
        "hash": classifier.hash,
    }
    try:
        save_tensors(path, classifier.tensors(), document)
    except OutputError as error:
        reporter.warn(f"the classifier is not kept, and will be trained again next time: {error}")
        return
    for other in path.parent.glob(f"{CLASSIFIER}-*.safetensors"):
        if reference.dataset.content_hash[:16] not in other.name:
            with suppress(OutputError):
                remove(other)
