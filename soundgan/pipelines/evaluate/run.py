"""``soundgan evaluate``: a model, or a folder of sounds, beside recordings it has never heard."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.level import PEAK_DB, amplitude
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ExitCode
from soundgan.pipelines.evaluate.candidate import Candidate, gather, open_model
from soundgan.pipelines.evaluate.chance import Chance, chance_document, chances_of
from soundgan.pipelines.evaluate.compare import (
    COMMAND,
    SCHEMA,
    compare,
    read_evaluation,
    refuse_other_reference,
)
from soundgan.pipelines.evaluate.examples import choose_groups
from soundgan.pipelines.evaluate.excess import excesses_of
from soundgan.pipelines.evaluate.extractors import Extractors, make_extractors
from soundgan.pipelines.evaluate.from_model import copy_synthesis
from soundgan.pipelines.evaluate.judgement import judge
from soundgan.pipelines.evaluate.looks import Looks, look_at
from soundgan.pipelines.evaluate.numbers import doubts_of, row_document, shares_of
from soundgan.pipelines.evaluate.page import make_page
from soundgan.pipelines.evaluate.reference import Reference, open_reference
from soundgan.pipelines.evaluate.request import (
    MEASURE_SEED,
    PAGE,
    REPORT,
    EvaluateRequest,
    find_target,
    refuse_unwritable,
)
from soundgan.pipelines.evaluate.rows import Described, Ruler, describe
from soundgan.pipelines.evaluate.sound_set import samples_of
from soundgan.pipelines.evaluate.table import render
from soundgan.pipelines.remembered import data_of
from soundgan.reporting import Reporter
from soundgan.runtime.files import write_bytes, write_json
from soundgan.runtime.memory import NETWORKS_BYTES, demand_address_space
from soundgan.runtime.seeding import numpy_stream
from soundgan.runtime.threads import one_thread
from soundgan.shapes import Shape


@dataclass(frozen=True)
class EvaluateResult:
    """The report, and where it was written.

    Attributes:
        document: The content of ``evaluation.json``.
        report: That file.
        page: The page beside it.
        lost: Files that could not be used.
    """

    document: dict[str, Any]
    report: Path
    page: Path
    lost: int

    def text(self) -> str:
        """Verdict and tables, at most eighty columns wide."""
        return render(self.document)

    @property
    def exit_code(self) -> ExitCode:
        """Whether sounds were lost on the way."""
        return ExitCode.PARTIAL if self.lost else ExitCode.OK


def evaluate(request: EvaluateRequest, reporter: Reporter) -> EvaluateResult:
    """Measure sounds against the reference clips of a prepared folder and write the report.

    The same request gives the same bytes, whatever the number of threads.

    Raises:
        UsageError: There is nothing to evaluate, the dataset is too small or of another kind, or
            the evaluation to compare with was made under other conditions.
        NothingUsableError: The folder holds no usable sound.
        ArtefactError: Model, dataset or the other evaluation are damaged.
        OutputError: The results cannot be written.
    """
    target = find_target(request.target, request.runs)
    out = request.out or target.out
    refuse_unwritable(out)
    other = None if request.compare is None else read_evaluation(request.compare)
    demand_address_space(NETWORKS_BYTES, "an evaluation")
    run = target.path.parent if target.kind == "model" else None
    dataset = request.data
    if not isinstance(dataset, PreparedDataset):
        dataset = PreparedDataset.open(data_of(run, dataset, reporter))
    model = open_model(request, target, dataset)
    reference = open_reference(dataset, reporter, request.split)
    extractors = make_extractors(reference, reporter)
    if other is not None and request.compare is not None:
        refuse_other_reference(
            request.compare, other, _reference_facts(reference), extractors.document()
        )
    candidate = gather(request, target, model, dataset, reporter)
    evaluation = _Evaluation(reference, extractors, candidate, reporter)
    return evaluation.finish(request, out, other)


def _reference_facts(reference: Reference) -> dict[str, Any]:
    return {
        "dataset": reference.dataset.content_hash,
        "split": reference.name,
        "train_clips": len(reference.train),
        "held_out_clips": len(reference.clips),
    }


@dataclass(frozen=True, eq=False)
class _Evaluation:
    """Everything gathered, before it is measured."""

    reference: Reference
    extractors: Extractors
    candidate: Candidate
    reporter: Reporter

    def finish(
        self, request: EvaluateRequest, out: Path, other: dict[str, Any] | None
    ) -> EvaluateResult:
        """Measure, judge and write."""
        with one_thread():
            ruler = Ruler(
                self.reference,
                self._described(self.reference.train.looks, self.reference.train.labels),
                self._described(self.reference.clips.looks, self.reference.clips.labels),
            )
        chosen = self._chosen()
        counts = self._counts(len(chosen))
        sounds = self.candidate.sounds
        looks = look_at(sounds.samples, self.reference.dataset.clip.sample_rate)
        with one_thread():
            described = self._described(looks, sounds.labels)
            row = row_document(ruler.measure(described))
            chances = chances_of(ruler, len(sounds), labelled=bool((sounds.labels >= 0).all()))
        comparison = None
        if other is not None and request.compare is not None:
            comparison = compare(request.compare, other, counts, row)
        rows = {"candidate": row} | self._calibration(ruler, chosen)
        document = self._document(rows, chances, counts, comparison)
        with one_thread():
            groups = choose_groups(ruler, sounds, described)
        page = make_page(document, groups, self.reference.dataset.clip.sample_rate)
        write_bytes(out / PAGE, page.encode())
        write_json(out / REPORT, document)
        return EvaluateResult(document, out / REPORT, out / PAGE, self.candidate.lost)

    def _described(self, looks: Looks, labels: NDArray[np.int64]) -> Described:
        return describe(self.extractors, looks, labels)

    def _chosen(self) -> NDArray[np.int64]:
        """Training clips, as many as there are sounds, or all: rows of the training split."""
        n_train = len(self.reference.train)
        order = numpy_stream(MEASURE_SEED, "evaluate", "real").permutation(n_train)
        return np.sort(order[: len(self.candidate.sounds)]).astype(np.int64)

    def _counts(self, n_real: int) -> dict[str, int]:
        return {
            "candidate": len(self.candidate.sounds),
            "real": n_real,
            "train": len(self.reference.train),
            "held_out": len(self.reference.clips),
        }

    def _calibration(self, ruler: Ruler, chosen: NDArray[np.int64]) -> dict[str, dict[str, Any]]:
        """The rows that say what the numbers of the first one mean."""
        dataset, train = self.reference.dataset, self.reference.train
        copies = copy_synthesis(
            dataset.for_models.samples(train.indices[chosen]),
            self.candidate.model,
            dataset,
            self.reporter,
        )
        noise = white_noise(len(self.candidate.sounds), dataset.clip.waveform_shape)
        rate = dataset.clip.sample_rate
        looks = {
            "copy_synthesis": (look_at(copies, rate), train.labels[chosen]),
            "noise": (look_at(noise, rate), np.full(len(noise), -1, np.int64)),
        }
        with one_thread():
            rows = {"real": ruler.measure_real(chosen)} | {
                name: ruler.measure(self._described(*look)) for name, look in looks.items()
            }
        return {name: row_document(row) for name, row in rows.items()}

    def _document(
        self,
        rows: dict[str, dict[str, Any]],
        chances: dict[str, Chance],
        counts: dict[str, int],
        comparison: dict[str, Any] | None,
    ) -> dict[str, Any]:
        extractors = self.extractors.document()
        labels = self.candidate.sounds.labels
        doubts = doubts_of(
            rows["candidate"],
            reference=counts["held_out"],
            dimensions={name: value["dimensions"] for name, value in extractors.items()},
            smallest_class=_smallest_class(labels) or 0,
            reference_of_class=_smallest_class(self.reference.clips.labels),
        )
        shares = shares_of(rows)
        classifier = self.extractors.classifier
        verdict = judge(
            rows,
            shares,
            doubts,
            excesses_of(rows, chances),
            own_accuracy=None if classifier is None else classifier.accuracy,
            labelled=int((labels >= 0).sum()),
        )
        return {
            "schema": SCHEMA,
            "command": COMMAND,
            "candidate": self.candidate.facts,
            "reference": _reference_facts(self.reference),
            "extractors": extractors,
            "counts": counts,
            "rows": rows,
            "floors": chance_document(chances),
            "shares": shares,
            "doubts": [{"number": d.key, "needs_clips": d.needs, "clips": d.clips} for d in doubts],
            "comparison": comparison,
            "verdict": asdict(verdict) | {"sentences": list(verdict.sentences)},
            "remarks": [*self.reference.remarks, *self.candidate.remarks],
        }


def _smallest_class(labels: NDArray[np.int64]) -> int | None:
    """Members of the smallest class that has any; ``None`` where there are no classes."""
    counts = np.unique(labels[labels >= 0], return_counts=True)[1]
    return int(counts.min()) if len(counts) else None


def white_noise(count: int, shape: Shape) -> NDArray[np.int16]:
    """``count`` clips of white noise at the level of prepared clips: the far end of every scale."""
    stream = numpy_stream(MEASURE_SEED, "evaluate", "noise")
    clips = np.empty((count, *shape), np.int16)
    for row in range(count):
        noise = stream.standard_normal(shape).astype(np.float32)
        clips[row] = samples_of(noise * np.float32(amplitude(PEAK_DB) / np.abs(noise).max()))
    return clips
