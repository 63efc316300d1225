"""What is evaluated: the sounds of a model, or those of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from soundgan.addresses.address import MAX_SEED
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import UsageError
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.placement import device_for
from soundgan.pipelines.evaluate.from_folder import read_sounds
from soundgan.pipelines.evaluate.from_model import generate_sounds
from soundgan.pipelines.evaluate.reference import LEAST_CLIPS
from soundgan.pipelines.evaluate.request import DEFAULT_COUNT, EvaluateRequest, Target
from soundgan.pipelines.evaluate.sound_set import SoundSet
from soundgan.reporting import Reporter
from soundgan.runtime.device import describe_device, pick_device
from soundgan.shapes import ClipSpec

SHOWN_LOSSES = 5


@dataclass(frozen=True, eq=False)
class Candidate:
    """What is evaluated.

    Attributes:
        sounds: Its sounds.
        facts: What the report says of it.
        model: The model, where there is one.
        remarks: What a reader of the numbers should know.
        lost: Files that could not be used.
    """

    sounds: SoundSet
    facts: dict[str, Any]
    model: LoadedModel | None
    remarks: tuple[str, ...]
    lost: int = 0


def open_model(
    request: EvaluateRequest, target: Target, dataset: PreparedDataset
) -> LoadedModel | None:
    """The model to evaluate, if it is one; all that can be wrong with the request is found here.

    Raises:
        UsageError: Options do not suit the target, or the model makes clips of another kind.
        ArtefactError: The model is damaged.
    """
    if target.kind == "folder":
        if request.truncation != 1.0:
            raise UsageError("`truncation`: a folder of sounds is evaluated as it is; leave it out")
        return None
    pick_device(request.device)
    if request.seed + (request.count or DEFAULT_COUNT) - 1 > MAX_SEED:
        raise UsageError(f"`seed={request.seed}`: seeds end at {MAX_SEED}")
    model = load_model(target.path)
    clip, real = model.description.clip, dataset.clip
    if clip != real:
        raise UsageError(
            f"{target.path}: makes {_kind(clip)}, {dataset.place} holds {_kind(real)}; "
            "give the `data` it was trained on"
        )
    return model


def _kind(clip: ClipSpec) -> str:
    stereo = "stereo " if clip.channels == 2 else ""
    return f"{stereo}clips of {clip.seconds:.3f} s at {clip.sample_rate} Hz"


def gather(
    request: EvaluateRequest,
    target: Target,
    model: LoadedModel | None,
    dataset: PreparedDataset,
    reporter: Reporter,
) -> Candidate:
    """Make or read the sounds.

    Raises:
        UsageError: There are too few.
        NothingUsableError: The folder holds no usable sound.
    """
    if model is None:
        candidate = _from_folder(request, target, dataset, reporter)
    else:
        candidate = _from_model(request, target, model, dataset, reporter)
    if len(candidate.sounds) < LEAST_CLIPS:
        raise UsageError(
            f"{target.path}: {len(candidate.sounds)} sounds, at least {LEAST_CLIPS} are needed"
        )
    return candidate


def _from_model(
    request: EvaluateRequest,
    target: Target,
    model: LoadedModel,
    dataset: PreparedDataset,
    reporter: Reporter,
) -> Candidate:
    device = device_for(model, request.device, reporter)
    reporter.say(f"{target.path} on {describe_device(device)}")
    sounds = generate_sounds(
        model,
        dataset.labels,
        count=request.count or DEFAULT_COUNT,
        seed=request.seed,
        truncation=request.truncation,
        device=device,
        reporter=reporter,
    )
    remarks = []
    learnt = model.description.provenance.get("dataset")
    if learnt is not None and learnt != dataset.content_hash:
        remarks.append(
            "the model was trained on another dataset than this one: reference clips may have been "
            "among its training clips, and every number may flatter it"
        )
    foreign = sorted(set(model.description.labels) - set(dataset.labels))
    if foreign and dataset.labels:
        remarks.append(_foreign(foreign))
    facts = {
        "kind": "model",
        "sha256": model.sha256,
        "seed": request.seed,
        "truncation": request.truncation,
        "labels": list(model.description.labels),
    }
    return Candidate(sounds, facts, model, tuple(remarks))


def _from_folder(
    request: EvaluateRequest, target: Target, dataset: PreparedDataset, reporter: Reporter
) -> Candidate:
    found = read_sounds(target.path, dataset, request.count, reporter)
    remarks = [f"could not be used: {line}" for line in found.lost[:SHOWN_LOSSES]]
    if len(found.lost) > len(remarks):
        remarks.append(f"and {len(found.lost) - len(remarks)} more files could not be used")
    if found.foreign_labels and dataset.labels:
        remarks.append(_foreign(found.foreign_labels))
    facts = {"kind": "folder", "sha256": found.sha256, "files": len(found.sounds)}
    return Candidate(found.sounds, facts, None, tuple(remarks), len(found.lost))


def _foreign(labels: Sequence[str]) -> str:
    return f"not among the dataset's classes, so left out of accuracy: {', '.join(labels[:10])}"
