"""``soundgan.train``: a GAN from scratch on a dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from soundgan.api.progress import Listener, reporter_for
from soundgan.config.load import load_config
from soundgan.data.dataset import PreparedDataset
from soundgan.pipelines import train as pipeline
from soundgan.pipelines.choose_preset import preset_for
from soundgan.pipelines.remembered import config_of, data_of
from soundgan.pipelines.train_request import TrainRequest, TrainResult


def train(
    data: str | Path | PreparedDataset | None = None,
    *,
    config: str | Path | None = None,
    run: str | Path | None = None,
    overrides: Mapping[str, object] | None = None,
    seed: int | None = None,
    device: str = "auto",
    max_minutes: float | None = None,
    max_steps: int | None = None,
    fresh: bool = False,
    remedies: bool = True,
    verbose: bool = False,
    progress: Listener = None,
) -> TrainResult:
    """Train a GAN, or go on with a run, as ``soundgan train`` does; the product is a model file.

    Args:
        data: A prepared folder or an open dataset, also one of arrays; ``None``: what the run was
            trained on, else ``prepared``.
        config: A TOML file or the name of a preset; ``None``: the run's own, else the preset that
            suits data and machine.
        run: Run folder, which is resumed where it holds checkpoints; ``None``:
            ``runs/NAME-OF-PRESET``.
        overrides: Config keys and values: ``{"training.steps": 2000}``.
        seed: The same as ``{"training.seed": seed}``.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``.
        max_minutes: Time for all of it; a new run gets as many steps as fit.
        max_steps: Stop at this step.
        fresh: Start over; the old run is set aside.
        remedies: Act when the game goes wrong, or only watch.
        verbose: Progress carries losses, gradients and logits.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        ConfigError: The config is wrong, or does not fit the dataset.
        UsageError: No dataset, or the run was made with another config or dataset.
        LockedError: Another process trains in this folder.
        TrainingDivergedError: A number stopped being finite; the last checkpoint stays.
        MemoryShortageError: The batch is too large for the device.
    """
    reporter = reporter_for(progress)
    folder = None if run is None else Path(run)
    own = None if fresh else folder
    if not isinstance(data, PreparedDataset):
        data = data_of(own, None if data is None else Path(data), reporter)
    source = str(config) if config is not None else config_of(own)
    if source is None:
        choice = preset_for(data, device)
        reporter.say(choice.line)
        source = choice.preset
    loaded = load_config(source, _texts(overrides, seed))
    request = TrainRequest(
        loaded=loaded,
        data=data,
        run=folder or Path("runs") / loaded.name,
        device=device,
        max_minutes=max_minutes,
        max_steps=max_steps,
        fresh=fresh,
        remedies=remedies,
        verbose=verbose,
    )
    return pipeline.train(request, reporter)


def _texts(overrides: Mapping[str, object] | None, seed: int | None) -> list[str]:
    """As ``key=value``; JSON of numbers, texts and lists is TOML too."""
    texts = [f"{key}={json.dumps(value)}" for key, value in (overrides or {}).items()]
    return texts if seed is None else [*texts, f"training.seed={seed}"]
