"""Where a training starts: an earlier run or a model, in place of weights drawn at random."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from soundgan.assembly.networks import discriminators, generators
from soundgan.config.dump import differences
from soundgan.config.schema import Config
from soundgan.errors import ArtefactError, ConfigError, UsageError
from soundgan.inference.model_file import ModelDescription, load_model
from soundgan.models.inherit import Classes, Misfit, find_misfit, inherited
from soundgan.pipelines.documents import MODEL_NAME, RUN_RECORD, read_run_record
from soundgan.pipelines.find_model import RUNS, bundled_folder, find_model, is_run
from soundgan.pipelines.remembered import as_people_write
from soundgan.pipelines.task import Task
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256_file
from soundgan.runtime.tensors import below
from soundgan.training.checkpoint import checkpoint_files, read_checkpoint
from soundgan.training.state import TrainState

START = "start"
"""Key of ``run.json``: what the run started from, where that is a model."""


@dataclass(frozen=True)
class Origin:
    """A model that a training starts from.

    Attributes:
        name: As people name it.
        path: Its file.
        description: What it says of itself.
        generator: Its weights.
        discriminator: Those of its opponent, of the newest checkpoint beside the model; ``None``
            where there is none.
        sha256: Of the model's file.
        discriminator_sha256: Of the checkpoint, where there is one.
    """

    name: str
    path: Path
    description: ModelDescription
    generator: Mapping[str, Tensor]
    discriminator: Mapping[str, Tensor] | None
    sha256: str
    discriminator_sha256: str | None

    @property
    def classes(self) -> Classes:
        """What its networks tell apart."""
        return classes_of(self.description.labels, self.description.config)

    def record(self, run: Path) -> dict[str, Any]:
        """For ``run.json``: where it is as seen from the run, and which it is."""
        bundled = self.path.parent == bundled_folder()
        place = self.path.stem if bundled else os.path.relpath(self.path.resolve(), run.resolve())
        hashes = {"sha256": self.sha256, "discriminator_sha256": self.discriminator_sha256}
        return {"model": place, "bundled": bundled, **hashes}


def classes_of(labels: tuple[str, ...], config: Config) -> Classes:
    """What networks tell apart: with label dropout "no label" is the last of it."""
    return (*labels, None) if labels and config.data.label_dropout > 0 else labels


def read_origin(named: Path, reporter: Reporter) -> Origin:
    """The model of a run folder, a file or a bundled name, with the discriminator of its run.

    Raises:
        UsageError: There is no such model.
        ArtefactError: It is damaged.
    """
    path = find_model(named, RUNS)
    model = load_model(path)
    in_run = path.name == MODEL_NAME and is_run(path.parent)
    discriminator, checkpoint = _newest_discriminator(path.parent, reporter) if in_run else _NONE
    return Origin(
        name=str(named),
        path=path,
        description=model.description,
        generator=model.generator.state_dict(),
        discriminator=discriminator,
        sha256=model.sha256,
        discriminator_sha256=checkpoint,
    )


_NONE: tuple[None, None] = None, None


def _newest_discriminator(
    run: Path, reporter: Reporter
) -> tuple[dict[str, Tensor], str] | tuple[None, None]:
    """Of the newest checkpoint that is whole, and its hash; nothing of the run is changed."""
    for file in checkpoint_files(run / "checkpoints"):
        try:
            return below(read_checkpoint(file).tensors, "discriminator."), sha256_file(file)
        except (ArtefactError, OSError) as error:
            reporter.warn(f"{error}; trying the checkpoint before it")
    return _NONE


def demand_fit(task: Task, origin: Origin) -> None:
    """Make sure that the networks of a task can take the weights of a model.

    Raises:
        ConfigError: They cannot; names the first key and the first tensor that differ.
    """
    for network, weights, build in _networks(task, origin):
        misfit = find_misfit(weights, build, origin.classes)
        if misfit is not None:
            raise ConfigError(_misfit_told(task, origin, network, misfit))


def inherit(state: TrainState, task: Task, origin: Origin) -> None:
    """Put the weights of a model into a state at step 0; see :func:`demand_fit`."""
    after = classes_of(task.labels, task.config)
    targets = {"generator": state.generator, "discriminator": state.discriminator}
    for network, weights, build in _networks(task, origin):
        target = targets[network]
        target.load_state_dict(inherited(weights, target, build, origin.classes, after))
    state.ema.load_state_dict(state.generator.state_dict())


def _networks(task: Task, origin: Origin) -> list[tuple[str, Mapping[str, Tensor], Any]]:
    shape, place = task.assembly.codec.shape, task.place
    found: list[tuple[str, Mapping[str, Tensor], Any]] = [
        ("generator", origin.generator, generators(task.config, shape, place))
    ]
    if origin.discriminator is not None:
        build = discriminators(task.config, shape, place)
        found.append(("discriminator", origin.discriminator, build))
    return found


def _misfit_told(task: Task, origin: Origin, network: str, misfit: Misfit) -> str:
    tensor = (
        f"{network}.{misfit.name} is {_shape(misfit.there)} in {origin.name}, "
        f"{_shape(misfit.here)} here"
    )
    here, there = task.dataset.clip.channels, origin.description.clip.channels
    if here != there:
        kind = {1: "mono", 2: "stereo"}[there]
        return f"{task.dataset.place}: channels: {tensor}; prepare with `channels={kind}`"
    own = task.place == origin.name
    remedy = "leave that override out" if own else "leave `config` out to take its own"
    matters = (f"{network}.", "representation.height", "representation.width")
    for key, (old, new) in differences(origin.description.config, task.config).items():
        if key.startswith(matters):
            return f"{task.place}: {key}: {new}, and {old} in {origin.name}: {tensor}; {remedy}"
    return f"{task.place}: {tensor}; start from another model"


def _shape(shape: tuple[int, ...] | None) -> str:
    return "missing" if shape is None else "x".join(map(str, shape)) or "a number"


def told(task: Task, origin: Origin) -> str:
    """What is taken over, in words."""
    after, before = task.labels, origin.description.labels
    known = [label for label in after if label in before]
    parts = [f"{origin.name} ({origin.sha256[:12]})"]
    if after:
        listed = f" ({', '.join(known)})" if known else ""
        parts.append(f"{len(known)} of {len(after)} classes by name{listed}")
    waits = task.config.training.generator_waits_share
    opponent = "with its discriminator"
    if origin.discriminator is None:
        opponent = "the discriminator is new"
        if waits:
            opponent += f" and learns alone for {100 * waits:.3g} % of the steps"
    return ", ".join([*parts, opponent])


def recorded_start(run: Path) -> dict[str, Any] | None:
    """What a run folder says that it started from."""
    if not (run / RUN_RECORD).is_file():
        return None
    found = read_run_record(run).get(START)
    if found is None:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("sha256"), str):
        raise ArtefactError(f"{run / RUN_RECORD}: {START}: damaged")
    return found


def demand_same_start(run: Path, origin: Origin | None) -> None:
    """Refuse to go on with a run from another model than it started from.

    Raises:
        UsageError: It did, or started from none.
    """
    if origin is None:
        return
    recorded = recorded_start(run)
    if recorded is not None and recorded["sha256"] == origin.sha256:
        return
    before = "from no model" if recorded is None else f"from a model of {recorded['sha256'][:12]}"
    raise UsageError(
        f"{run}: started {before}, not from {origin.name} ({origin.sha256[:12]}); leave "
        "`start_from` out to go on, pass `fresh` to start over, or `run` for a new folder"
    )


def origin_again(run: Path, reporter: Reporter) -> Origin | None:
    """The model that a run was to start from and has no checkpoint of yet.

    Raises:
        UsageError: It is gone, or another one now.
    """
    recorded = recorded_start(run)
    if recorded is None:
        return None
    place = str(recorded.get("model"))
    path = (
        Path(place) if recorded.get("bundled") is True else as_people_write(run.resolve() / place)
    )
    origin = read_origin(path, reporter)
    same = ("sha256", "discriminator_sha256")
    if [origin.record(run)[key] for key in same] != [recorded.get(key) for key in same]:
        raise UsageError(
            f"{run}: {place} has changed since the run was to start from it; pass `fresh` and "
            "`start_from` to start over"
        )
    return origin
