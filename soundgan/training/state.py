"""All that a run is at one moment, and how a fresh one is made."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from soundgan.assembly.assembly import Assembly
from soundgan.augmentations.augmenter import Augmenter
from soundgan.config.schema import AdamConfig, Config
from soundgan.health.controls import Controls
from soundgan.health.history import History
from soundgan.health.limits import Limits
from soundgan.losses.contract import AdversarialLoss
from soundgan.models.contract import Discriminator, Generator
from soundgan.models.layout import lay_out, memory_format
from soundgan.models.precision import precision_on
from soundgan.runtime.seeding import torch_stream
from soundgan.training.schedule import generator_waits, rate_share


@dataclass(frozen=True)
class BestAverage:
    """The averaged generator that came nearest to the validation clips so far.

    Attributes:
        step: When it was.
        kernel_distance: To the validation clips.
        weights: Its state.
    """

    step: int
    kernel_distance: float
    weights: dict[str, Tensor]


@dataclass
class TrainState:
    """What a resumed run needs, and nothing else.

    There is no random state: every draw follows from the run's seed and ``step``.

    Attributes:
        config: Resolved config.
        device: Where the networks are.
        generator: The one being trained.
        discriminator: Its opponent.
        ema: The averaged generator, which is what a run produces.
        loss: The game's objectives.
        augmenter: What the discriminator's inputs go through.
        controls: What may change while the run goes on.
        best: The best average so far, where a run looks for it.
        history: What the watch over the run's health must remember.
        limits: Which updates are not to be applied; ``None`` applies all.
        precision: What the two networks of the game compute in.
        step: Generator updates done.
    """

    config: Config
    device: torch.device
    generator: Generator
    discriminator: Discriminator
    ema: Generator
    generator_optimizer: torch.optim.Adam
    discriminator_optimizer: torch.optim.Adam
    loss: AdversarialLoss
    augmenter: Augmenter
    controls: Controls = field(default_factory=Controls)
    best: BestAverage | None = None
    history: History = field(default_factory=History)
    limits: Limits | None = None
    precision: torch.dtype = torch.float32
    step: int = 0

    @property
    def product(self) -> dict[str, Tensor]:
        """Weights of the generator that the run produces as of now."""
        return self.ema.state_dict() if self.best is None else self.best.weights

    @property
    def instance_noise(self) -> float:
        """Standard deviation of the noise on the discriminator's inputs at this step."""
        training = self.config.training
        return training.instance_noise * training.instance_noise_decay**self.step

    @property
    def augment_probability(self) -> float:
        """Chance of each augmentation for each clip."""
        adapted = self.controls.augment_probability
        return self.config.augmentation.probability if adapted is None else adapted

    def stream(self, name: str, *address: int) -> torch.Generator:
        """The random stream of this step at ``address``; another one after every rollback."""
        attempt = (self.controls.attempt,) if self.controls.attempt else ()
        return torch_stream(self.config.training.seed, name, self.step, *address, *attempt)

    def set_rates(self) -> None:
        """Give both optimizers the learning rates of this step."""
        training, controls = self.config.training, self.controls
        share = rate_share(training, self.step)
        waits = generator_waits(training, self.step)
        for optimizer, config, scale in (
            (
                self.generator_optimizer,
                training.generator_optimizer,
                0.0 if waits else controls.generator_rate_scale,
            ),
            (
                self.discriminator_optimizer,
                training.discriminator_optimizer,
                controls.discriminator_rate_scale,
            ),
        ):
            for group in optimizer.param_groups:
                group["lr"] = config.learning_rate * share * scale


def new_state(assembly: Assembly, *, device: torch.device) -> TrainState:
    """A run at step 0, its weights drawn on the CPU from the config's seed.

    Raises:
        ConfigError: A part does not exist, or does not go with the others.
    """
    config = assembly.config
    generator, discriminator = assembly.generator(), assembly.discriminator()
    loss = assembly.loss(discriminator)
    ema = copy.deepcopy(generator).requires_grad_(False).eval()
    for network in (generator, discriminator, ema):
        lay_out(network.to(device), memory_format(device))
    return TrainState(
        config=config,
        device=device,
        generator=generator.train(),
        discriminator=discriminator.train(),
        ema=ema,
        generator_optimizer=_adam(generator, config.training.generator_optimizer),
        discriminator_optimizer=_adam(discriminator, config.training.discriminator_optimizer),
        loss=loss,
        augmenter=assembly.augmenter(),
        precision=precision_on(config.training.precision, device),
    )


def _adam(network: nn.Module, config: AdamConfig) -> torch.optim.Adam:
    return torch.optim.Adam(
        network.parameters(),
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
        eps=config.epsilon,
        fused=True,  # one pass over the weights instead of a dozen
    )
