"""``soundgan.train``: a GAN from scratch on a dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.api.arguments import checked
from soundgan.api.configs import Overrides, as_texts
from soundgan.api.paths import as_path
from soundgan.api.progress import Listener, reporter_for
from soundgan.config.load import LoadedConfig, load_config, with_overrides
from soundgan.data.dataset import PreparedDataset
from soundgan.pipelines.choose_preset import clip_of, preset_for
from soundgan.pipelines.remembered import config_of, data_of
from soundgan.ranges import TRAIN, demand
from soundgan.reporting import Reporter
from soundgan.runtime.signals import StopRequest

if TYPE_CHECKING:
    from soundgan.api.model import Model
    from soundgan.pipelines.dry_run import Plan
    from soundgan.pipelines.origin import Origin
    from soundgan.pipelines.train_request import TrainResult

Data = str | Path | PreparedDataset | None
Source = str | Path | LoadedConfig | None
Stop = Callable[[], object] | StopRequest | None
"""A function that says yes once a training is to stop; or ``None``: nobody asks."""


@checked
def train(
    data: Data = None,
    *,
    config: Source = None,
    run: str | Path | None = None,
    start_from: str | Path | Model | None = None,
    overrides: Overrides = None,
    seed: int | None = None,
    device: str = "auto",
    max_minutes: float | None = None,
    max_steps: int | None = None,
    fresh: bool = False,
    remedies: bool = True,
    verbose: bool = False,
    stop: Stop = None,
    progress: Listener = None,
) -> TrainResult:
    """Train a GAN, or go on with a run, as ``soundgan train`` does; the product is a model file.

    Signals are left as they are: Ctrl-C raises ``KeyboardInterrupt`` at once, and the same call
    goes on from the newest checkpoint.

    Args:
        data: A prepared folder or an open dataset, also one of arrays; ``None``: what the run was
            trained on, else ``prepared``.
        config: A TOML file, the name of a preset, or what :func:`soundgan.load_config` returned;
            ``None``: the run's own, else the preset that suits data and machine.
        run: Run folder, which is resumed where it holds checkpoints; ``None``:
            ``runs/NAME-OF-PRESET``, or ``runs/from-NAME-OF-MODEL``.
        start_from: A run folder, a model or its file, or the name of a bundled model, whose weights
            a new run begins with in place of random ones. Classes are matched by name. Without
            ``config`` its own config is taken.
        overrides: Config keys and values: ``{"training.steps": 2000}``, or ``training.steps=2000``.
        seed: The same as ``{"training.seed": seed}``.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``.
        max_minutes: Time for all of it; a new run gets as many steps as fit.
        max_steps: Stop at this step.
        fresh: Start over; the old run is set aside.
        remedies: Act when the game goes wrong, or only watch.
        verbose: Progress carries losses, gradients and logits.
        stop: Asked after every step; the first yes ends the training as Ctrl-C ends the command:
            with a checkpoint and a model.
        progress: Called with every :class:`soundgan.Progress`.

    Raises:
        ConfigError: The config is wrong, or does not fit the dataset.
        UsageError: No dataset or no model to start from, or the run was made with another config
            or dataset, or started from another model.
        ArtefactError: The model to start from is damaged.
        LockedError: Another process trains in this folder.
        TrainingDivergedError: A number stopped being finite; the last checkpoint stays.
        MemoryShortageError: The batch is too large for the device.
    """
    demand(TRAIN, {"seed": seed, "max_minutes": max_minutes, "max_steps": max_steps})
    reporter = reporter_for(progress)
    origin = _origin(start_from, reporter)
    loaded, dataset = _named(data, config, run, origin, overrides, seed, device, fresh, reporter)
    # Only now is torch needed: what is wrong with data or config is said at once.
    from soundgan.pipelines.train import train as start
    from soundgan.pipelines.train_request import TrainRequest

    request = TrainRequest(
        loaded=loaded,
        data=dataset,
        run=Path("runs") / loaded.name if run is None else Path(run),
        device=device,
        max_minutes=max_minutes,
        max_steps=max_steps,
        fresh=fresh,
        remedies=remedies,
        verbose=verbose,
        stop=_request(stop),
        origin=origin,
    )
    return start(request, reporter)


@checked
def plan_training(
    data: Data = None,
    *,
    config: Source = None,
    run: str | Path | None = None,
    start_from: str | Path | Model | None = None,
    overrides: Overrides = None,
    seed: int | None = None,
    device: str = "auto",
    max_minutes: float | None = None,
    fresh: bool = False,
    progress: Listener = None,
) -> Plan:
    """What :func:`train` would train with the same arguments, and what it would cost.

    A few steps are timed on noise; nothing is written.

    Raises:
        ConfigError: The config is wrong, or does not fit the dataset.
        UsageError: No dataset, or a number out of range.
        MemoryShortageError: The batch is too large for the device.
    """
    demand(TRAIN, {"seed": seed, "max_minutes": max_minutes})
    reporter = reporter_for(progress)
    origin = _origin(start_from, reporter)
    loaded, dataset = _named(data, config, run, origin, overrides, seed, device, fresh, reporter)
    from soundgan.pipelines.dry_run import dry_run

    return dry_run(loaded, dataset, device, reporter, max_minutes=max_minutes, origin=origin)


def _origin(start_from: str | Path | Model | None, reporter: Reporter) -> Origin | None:
    """The model to start from, if one is named."""
    if start_from is None:
        return None
    from soundgan.pipelines.origin import read_origin

    named = start_from if isinstance(start_from, str | Path) else start_from.path
    return read_origin(Path(named), reporter)


def _named(
    data: Data,
    config: Source,
    run: str | Path | None,
    origin: Origin | None,
    overrides: Overrides,
    seed: int | None,
    device: str,
    fresh: bool,
    reporter: Reporter,
) -> tuple[LoadedConfig, Path | PreparedDataset]:
    """Config and dataset: what was named, what run or model have, or what suits the machine."""
    own = None if fresh or run is None else Path(run)
    if not isinstance(data, PreparedDataset):
        data = data_of(own, as_path(data), reporter)
    texts = [*as_texts(overrides), *([] if seed is None else [f"training.seed={seed}"])]
    remembered = config_of(own) if config is None else None
    if remembered is not None:
        return load_config(remembered, texts), data
    if isinstance(config, LoadedConfig):
        loaded = with_overrides(config, texts)
    elif config is not None:
        loaded = load_config(str(config), texts)
    elif origin is not None:
        from soundgan.pipelines.origin_config import config_of_origin

        loaded = config_of_origin(origin, clip_of(data), texts)
    else:
        choice = preset_for(data, device)
        reporter.say(choice.line)
        loaded = load_config(choice.preset, texts)
    if origin is not None:
        from soundgan.pipelines.origin_config import with_waiting

        loaded = with_waiting(loaded, origin)
    return loaded, data


def _request(stop: Stop) -> StopRequest:
    if stop is None:
        return StopRequest()
    return stop if isinstance(stop, StopRequest) else StopRequest(stop)
