"""The tables and keys of a config, with their units and ranges.

A preset is complete, and a config of one's own is completed from the preset it ``extends``. Only
keys that came after the first version have a default, which is to do nothing: configs inside older
models and runs stay valid and mean what they meant.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from soundgan.config.renamed import with_current_names
from soundgan.config.settings import Settings


def _storable(options: dict[str, Any]) -> dict[str, Any]:
    """Options as they are, if files can hold them: TOML also knows NaN, infinity and dates."""
    waiting: list[tuple[str, Any]] = list(options.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{key}.{name}", inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(key, inner) for inner in value]
        elif isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{key} must be a finite number, got {value}")
        elif not isinstance(value, str | int | float):
            raise ValueError(f"{key} must be a number, a text, true or false, got {value}")
    return options


Options = Annotated[dict[str, Any], AfterValidator(_storable)]

LEAST_SIDE, MOST_COLUMNS = 8, 8192
"""Of an image, pixels."""


def _side(pixels: int) -> int:
    if 0 < pixels < LEAST_SIDE:
        raise ValueError(f"choose {LEAST_SIDE} or more, or 0 for what the clips need")
    return pixels


class DataConfig(Settings):
    """How the prepared clips are used."""

    conditional: Literal["auto", "yes", "no"]
    """Train on labels: ``auto`` does when every clip has one and there are two or more."""
    balanced: bool = False
    """Draw every class equally often, however many clips it has."""
    label_dropout: float = Field(default=0.0, ge=0, lt=1)
    """Share of labels hidden in training, so that the model can also be asked without one."""


class Component(Settings):
    """A registered part and its own options, which the part itself checks."""

    name: str
    """Registered name, which is also the name of the part's file."""
    options: Options
    """Keys of the part's ``Options``."""


class RepresentationConfig(Component):
    """What the networks see. ``name = "auto"`` chooses from clip and image size."""

    channels: Literal[1, 3]
    """Image channels; 3 repeats the same picture for networks that expect colour."""
    height: Annotated[int, AfterValidator(_side)] = Field(ge=0, le=4096)
    """Image rows (frequency); 0 = the bins of a linear spectrogram, 17 ms a window."""
    width: Annotated[int, AfterValidator(_side)] = Field(ge=0, le=MOST_COLUMNS)
    """Image columns (time); 0 = the frames of that spectrogram, so that they follow the clips."""


class AugmentationConfig(Settings):
    """What images go through before the discriminator sees them, real and generated alike."""

    names: list[str] = Field(default_factory=list)
    """Registered augmentations, applied in this order."""
    options: dict[str, Options] = Field(default_factory=dict)
    """Options of an augmentation, by its name."""
    probability: float = Field(default=0.0, ge=0, le=1)
    """Chance of each augmentation for each image at the start."""
    target: float = Field(default=0.0, ge=0, le=1)
    """Overfitting at which the probability is held: how much nearer validation clips are to
    generated ones than training clips are, in the discriminator's eyes; 0 keeps it fixed."""
    max_probability: float = Field(default=0.8, ge=0, le=1)
    """The probability is never raised above this."""


class AdamConfig(Settings):
    """One network's Adam optimizer."""

    learning_rate: float = Field(gt=0, le=1)
    """Step size."""
    beta1: float = Field(ge=0, lt=1)
    """Decay of the gradient's running mean."""
    beta2: float = Field(ge=0, lt=1)
    """Decay of the squared gradient's running mean."""
    epsilon: float = Field(gt=0, le=1)
    """Added to the denominator."""


class TrainingConfig(Settings):
    """The game: its length, its noise, its two optimizers, its records."""

    steps: int = Field(ge=1, le=1_000_000_000)
    """Generator updates of the whole run."""
    minutes: float = Field(default=0.0, ge=0, le=525_600)
    """Length of a new run on the machine that begins it: ``steps`` are then what fits, more or
    fewer than stated, and stay so when it goes on. 0 leaves it to ``steps``."""
    batch_size: int = Field(ge=2, le=65_536)
    """Clips per update."""
    discriminator_steps: int = Field(ge=1, le=100)
    """Discriminator updates per generator update."""
    instance_noise: float = Field(ge=0, le=10)
    """Standard deviation of the noise added to real and fake images at step 0."""
    instance_noise_decay: float = Field(gt=0, le=1)
    """Factor on the noise per step."""
    ema_half_life_images: float = Field(ge=0, le=1e9)
    """Images after which an old generator weight counts half in the average; 0 turns it off."""
    ema_half_life_share: float = Field(default=0.0, ge=0, le=1)
    """The half-life as a share of the images of the whole run; 0 leaves it to the key above."""
    warm_up_share: float = Field(default=0.0, ge=0, lt=1)
    """Share of the run over which the learning rates rise from 0."""
    generator_waits_share: float = Field(default=0.0, ge=0, lt=1)
    """Share of the run, at its start, in which the generator waits and the discriminator learns: a
    run that starts from a model file has a generator that can do more than its discriminator."""
    final_rate_share: float = Field(default=1.0, gt=0, le=1)
    """What is left of the learning rates at the end, on half a cosine."""
    evaluate_every: int = Field(default=0, ge=0, le=1_000_000_000)
    """Steps between kernel distances (MMD² with an RBF kernel) to the validation clips; the best
    average is what a run produces. 0 = never, and the last average is."""
    evaluate_sounds: int = Field(default=512, ge=16, le=100_000)
    """Images generated for a kernel distance."""
    calibrate_sounds: int = Field(default=0, ge=0, le=100_000)
    """Sounds by which the levels of the finished model's sounds are brought to those of the
    training clips; 0 = not."""
    precision: Literal["float32", "bfloat16", "auto"] = "float32"
    """What the networks compute in; weights, losses and optimizers stay float32. ``auto`` is
    bfloat16 on a CUDA device that has it."""
    seed: int = Field(ge=0, le=2**63 - 1)
    """Origin of every random stream."""
    log_every: int = Field(ge=1, le=1_000_000_000)
    """Steps between lines of metrics.jsonl."""
    preview_every: int = Field(ge=1, le=1_000_000_000)
    """Steps between previews (a picture and a few sounds of fixed latents); before the first of
    them some come sooner, each after twice as many steps as the last."""
    checkpoint_every: int = Field(ge=1, le=1_000_000_000)
    """Steps between checkpoints."""
    keep_checkpoints: int = Field(ge=2, le=1000)
    """Newest checkpoints that are kept."""
    generator_optimizer: AdamConfig
    discriminator_optimizer: AdamConfig


class Config(Settings):
    """A whole run."""

    data: DataConfig
    representation: RepresentationConfig
    inversion: Component
    generator: Component
    discriminator: Component
    loss: Component
    augmentation: AugmentationConfig = AugmentationConfig()
    training: TrainingConfig

    @model_validator(mode="before")
    @classmethod
    def _of_earlier_versions(cls, config: Any) -> Any:
        return with_current_names(config) if isinstance(config, dict) else config
