"""What a training is asked for, and what it answers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from soundgan.config.load import LoadedConfig
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ExitCode
from soundgan.health.verdict import Verdict
from soundgan.pipelines.origin import Origin
from soundgan.runtime.signals import StopRequest
from soundgan.training.quality import FEWEST_VALIDATION, UNCLEAR, Quality


@dataclass(frozen=True)
class TrainRequest:
    """What to train, on what, where.

    Attributes:
        loaded: The config.
        data: Prepared folder, or an open dataset.
        run: Run folder; made when missing, resumed when it holds checkpoints.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:i`` or ``mps``.
        max_minutes: Time for everything; a new run is made so long that it ends within it, and
            one that is slower than that stops with a checkpoint and a model.
        max_steps: Stop at this step.
        fresh: Set an existing run aside and start over.
        remedies: Act on a game that goes wrong; without, it is only watched.
        verbose: Show losses, gradients and logits with the progress.
        stop: Asked after every step.
        origin: What a new run starts from in place of weights drawn at random.
        began: When its minutes began to count, as of ``time.monotonic``.
    """

    loaded: LoadedConfig
    data: Path | PreparedDataset
    run: Path
    device: str = "auto"
    max_minutes: float | None = None
    max_steps: int | None = None
    fresh: bool = False
    remedies: bool = True
    verbose: bool = False
    stop: StopRequest = field(default_factory=StopRequest)
    origin: Origin | None = None
    began: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class TrainResult:
    """What a training left behind.

    Attributes:
        run: Run folder.
        model: The model file.
        step: Steps done in all.
        steps: Steps the config asks for.
        images_per_second: Of this session.
        health: How the game went.
        quality: How good the sounds are; ``None`` where that cannot be measured, or a signal left
            no time for it.
        validation: Clips that quality is measured by.
        outlook: What is to be expected when; nothing of a run at its end.
        metrics: Numbers of the last logged step.
        exit_code: 0, or 130 / 143 when a signal ended it.
    """

    run: Path
    model: Path
    step: int
    steps: int
    images_per_second: float
    health: Verdict
    quality: Quality | None = None
    validation: int = 0
    outlook: tuple[str, ...] = ()
    metrics: dict[str, float] = field(default_factory=dict)
    exit_code: ExitCode = ExitCode.OK

    @property
    def quality_told(self) -> str | None:
        """How good the sounds are, or that nobody can tell; ``None``: nobody has measured it."""
        if self.quality is not None:
            return self.quality.sentence
        if self.validation < FEWEST_VALIDATION:
            return f"{UNCLEAR}, {self.validation} validation clips are too few"
        return None
