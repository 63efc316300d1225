"""Tiny commands, each of which takes a fraction of a second in a process that is warm."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

SMALL_TRAINING = (
    "--config", "tiny",
    "--set", "training.batch_size=2",
    "--set", "training.steps=3",
    "--set", "training.checkpoint_every=1",
    "--set", "training.preview_every=4",
    "--set", "training.log_every=1",
    "--set", "generator.options.width=4",
    "--set", "generator.options.max_channels=4",
    "--set", "discriminator.options.width=4",
    "--set", "discriminator.options.max_channels=4",
    "--set", "inversion.options.iterations=1",
    "--device", "cpu",
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    """A command and the folder that it fills, in the folder where it is started.

    Attributes:
        name: Of the command.
        arguments: All of it.
        out: What it writes into.
        before: A folder whose content is there already.
    """

    name: str
    arguments: list[str]
    out: str = "out"
    before: Path | None = None

    def set_up(self, folder: Path) -> Path:
        """A fresh folder to start the command in; returns what it writes into."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if self.before is not None:
            shutil.copytree(self.before, folder / self.out)
        return folder / self.out


def prepare(sounds: Path) -> Job:
    """Sounds to a dataset."""
    arguments = ["prepare", str(sounds), "--out", "out", "--sample-rate", "8000"]
    return Job("prepare", [*arguments, "--clip-seconds", "0.256", "--jobs", "1", "-q"])


def prepare_again(sounds: Path, before: Path) -> Job:
    """The same sounds to another dataset in place of the one before."""
    job = prepare(sounds)
    return Job("prepare again", [*job.arguments, "--normalise", "none"], before=before)


def train(dataset: Path) -> Job:
    """Three steps, a checkpoint after each."""
    data = ["--data", str(dataset), "--run", "out", "-q"]
    return Job("train", ["train", *SMALL_TRAINING, *data])


def generate(model: Path) -> Job:
    """Sounds and pictures."""
    arguments = ["generate", "-n", "3", "--model", str(model), "--out", "out", "--png"]
    return Job("generate", [*arguments, "--device", "cpu", "-q"])


def invert(pictures: Path) -> Job:
    """Pictures, one of them in a folder of its own, to sounds and pictures again."""
    arguments = ["invert", str(pictures), "--out", "out", "--png", "--method", "pghi"]
    return Job("invert", [*arguments, "-q"])
