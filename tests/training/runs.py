"""Small real trainings under watch."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from soundgan.codec.build import build_codec, resolve
from soundgan.config.load import load_config
from soundgan.config.schema import Config
from soundgan.health.events import Event, EventLog, read_events
from soundgan.health.verdict import Verdict
from soundgan.pipelines.recorders import Events
from soundgan.reporting import SilentReporter
from soundgan.training.batches import Batches
from soundgan.training.checkpoint import CheckpointFolder, newest_checkpoint
from soundgan.training.encoded import EncodedClips
from soundgan.training.loop import Numbers
from soundgan.training.probe import Probe
from soundgan.training.recorder import Recorder
from soundgan.training.reference import Reference
from soundgan.training.rollback import drop_abandoned
from soundgan.training.run import Measures, Run
from soundgan.training.snapshot import restore
from soundgan.training.state import TrainState
from soundgan.training.states import States
from tests.training.conftest import CLIP, Tones, fresh

SMALL = (
    "training.batch_size=4",
    "generator.options.width=4",
    "discriminator.options.width=4",
    "training.checkpoint_every=20",
    "training.steps=400",
)


def small_config(*overrides: str) -> Config:
    """The preset ``tiny``, smaller still, with a checkpoint every 20 steps."""
    loaded = load_config("tiny", [*SMALL, *overrides])
    return resolve(loaded.config, CLIP, "tiny.toml", conditional=True)


class Told(Recorder):
    """Remembers what happened."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.measurements: list[tuple[int, Numbers]] = []
        self.pairs: list[float] = []

    def stepped(self, state: TrainState, numbers: Numbers) -> None:
        self.pairs.append(numbers["discriminator/pair_accuracy"])

    def measured(self, step: int, numbers: Numbers) -> None:
        self.measurements.append((step, numbers))

    def happened(self, event: Event) -> None:
        self.lines.append(event.sentence)


@dataclass
class Training:
    """One process's share of a run on disk, with patience scaled down to seconds."""

    config: Config
    folder: Path
    tones: Tones
    remedies: bool = True
    tempo: float = 0.1
    probe_every: int = 20
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self.checkpoints = self.folder / "checkpoints"
        self.states = CheckpointFolder(self.checkpoints, "data")
        self.state = fresh(self.config)
        checkpoint = newest_checkpoint(self.checkpoints, SilentReporter())
        if checkpoint is not None:
            restore(self.state, checkpoint)
            drop_abandoned(self.states, self.state.history)
        codec = build_codec(self.config, CLIP, "tiny.toml")
        codec.fit([torch.from_numpy(self.tones.samples)])
        n, rows = len(self.tones.labels), np.arange(len(self.tones.labels))
        self.validation, self.train = rows[rows % 5 == 4], rows[rows % 5 != 4]
        images = codec.encode(torch.from_numpy(self.tones.samples))
        assert len(images) == n
        self.images = images
        self.batches = Batches(
            EncodedClips(self.tones, self.train, codec),
            self.tones.labels,
            batch_size=self.config.training.batch_size,
            seed=self.config.training.seed,
        )
        self.probe = Probe(
            Reference(codec, images[torch.from_numpy(self.train)], self.tones.labels[self.train]),
            images[torch.from_numpy(self.validation)],
            self.tones.labels[self.validation],
            latent_dim=self.state.generator.latent_dim,
            seed=self.config.training.seed,
        )

    def until(self, step: int, *recorders: Recorder) -> Verdict:
        """Train; a checkpoint is left at the end."""
        path, state = self.folder / "events.jsonl", self.state
        with closing(EventLog(path, step=state.step, attempt=state.controls.attempt)) as log:
            run = self.run(self.states, *recorders, Events(log), self.told)
            run.train(until=step)
            return run.finish()

    def run(self, states: States, *recorders: Recorder) -> Run:
        """The run from where the state is."""
        return Run(
            self.state,
            self.batches,
            states,
            Measures(probe=self.probe, probe_every=self.probe_every),
            recorders,
            remedies=self.remedies,
            tempo=self.tempo,
        )

    def events(self, kind: str = "incident") -> list[dict[str, Any]]:
        """The lines of a kind in the run's log."""
        lines = read_events(self.folder / "events.jsonl")
        return [line for line in lines if line["event"] == kind]

    def names(self, kind: str = "incident") -> list[str]:
        """What they are about."""
        return [line["name"] for line in self.events(kind)]


def everything(state: TrainState) -> dict[str, torch.Tensor]:
    """All tensors of a run."""
    tensors: dict[str, torch.Tensor] = {}
    for name in ("generator", "discriminator", "ema"):
        tensors |= {f"{name}.{k}": v for k, v in getattr(state, name).state_dict().items()}
    for name in ("generator_optimizer", "discriminator_optimizer"):
        for index, moments in getattr(state, name).state_dict()["state"].items():
            tensors |= {f"{name}.{index}.{k}": v for k, v in moments.items()}
    return tensors


def different(one: TrainState, other: TrainState) -> list[str]:
    """Names of the tensors in which two runs differ by a bit or more."""
    ours, theirs = everything(one), everything(other)
    assert ours.keys() == theirs.keys()
    return [name for name in ours if not torch.equal(ours[name], theirs[name])]
