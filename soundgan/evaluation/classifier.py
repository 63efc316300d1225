"""A small classifier of sounds, trained on the real ones: which class does a fake sound like?"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, cross_entropy

from soundgan.errors import ArtefactError, UsageError
from soundgan.evaluation.pairs import blocks
from soundgan.evaluation.scores import class_accuracy
from soundgan.evaluation.view import COLUMNS, N_BANDS, VIEWS
from soundgan.runtime.draws import DrawsFrom
from soundgan.runtime.seeding import derive_seed, torch_stream
from soundgan.runtime.threads import map_in_threads, one_thread

N_FEATURES = 64
"""Width of the embedding."""

N_VIEWS = len(VIEWS)
SIZE = N_BANDS
"""Sides of the pictures that it looks at."""

_WIDTHS = (16, 32, 64, 64)
_BATCH = 32
_UPDATES = 900
_FEWEST_EPOCHS = 4
_BLOCK_IMAGES = 128
_PEAK_RATE = 3e-3
_WEIGHT_DECAY = 0.02
_SMOOTHING = 0.05

_MOST_SHIFTED = (5, 1)
"""Columns that each view of a training sound is moved by, to either side. An attack's picture
begins with the attack."""
_LARGEST_GAIN = 0.1
"""Of a training picture, in its units: 4 dB."""
_NOISE = 0.05

_ACCURACY = "held_out_accuracy"
_OUTPUT_BIAS = "15.bias"
_INPUT_WEIGHT = "0.weight"


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained network with its accuracy on clips that it was not trained on.

    Attributes:
        network: In evaluation mode.
        n_classes: Classes that it tells apart.
        accuracy: Share of those that it names rightly: the ceiling of what it can say about fakes.
        hash: SHA-256 of the weights. Numbers of different hash cannot be compared.
    """

    network: nn.Sequential
    n_classes: int
    accuracy: float
    hash: str

    name: ClassVar[str] = "classifier"

    def embed(self, images: Tensor) -> Tensor:
        """What the network sees in pictures [N, 2, 64, 64], before it decides: float64 [N, 64].

        Raises:
            UsageError: None, of another shape, or not finite.
        """
        return _apply(self.network[:-1], images).double()

    def probabilities(self, images: Tensor) -> Tensor:
        """Probability of each class for pictures [N, 2, 64, 64]: float64 [N, n_classes].

        Raises:
            UsageError: None, of another shape, or not finite.
        """
        return _apply(self.network, images).double().softmax(dim=1)

    def tensors(self) -> dict[str, Tensor]:
        """All that :meth:`from_tensors` needs, to be stored."""
        accuracy = torch.tensor(self.accuracy, dtype=torch.float64)
        return {**self.network.state_dict(), _ACCURACY: accuracy}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> Classifier:
        """The classifier whose :meth:`tensors` these are.

        Raises:
            ArtefactError: They are not those of a classifier.
        """
        weights = dict(tensors)
        accuracy = weights.pop(_ACCURACY, None)
        output = weights.get(_OUTPUT_BIAS)
        if accuracy is None or accuracy.numel() != 1 or output is None or output.ndim != 1:
            raise ArtefactError("classifier: not the tensors of a classifier; train it again")
        seen = weights.get(_INPUT_WEIGHT)
        n_views = N_VIEWS if seen is None or seen.ndim != 4 else seen.shape[1]
        network = _build(len(output), seed=0, n_views=n_views)
        try:
            network.load_state_dict(weights)
        except RuntimeError as error:
            raise ArtefactError("classifier: damaged tensors; train it again") from error
        return _finished(network, float(accuracy))


def train_classifier(
    images: Tensor,
    labels: Tensor,
    test_images: Tensor,
    test_labels: Tensor,
    n_classes: int,
    *,
    seed: int,
    epochs: int | None = None,
) -> Classifier:
    """Train on real pictures, and measure on others.

    Runs in one thread, so that the same arguments give the same weights however many there are.
    Training pictures are shifted in time, made louder or softer and covered with faint noise.

    Args:
        images: Both views of each sound side by side, as of :func:`side_by_side`, [N, 2, 64, 64].
        labels: Class of each, int64 [N], in 0..n_classes - 1.
        test_images: Pictures [M, 2, 64, 64] to measure on.
        test_labels: Class of each, int64 [M].
        n_classes: At least 2.
        seed: Of weights, order and disturbance.
        epochs: Passes over the training pictures; by default as many as make 900 updates, and at
            least 4.

    Raises:
        UsageError: Shapes or labels do not fit, or a set is too small.
    """
    if n_classes < 2:
        raise UsageError(f"n_classes: a classifier needs at least 2, got {n_classes}")
    _check(images, labels, n_classes, "labels")
    _check(test_images, test_labels, n_classes, "test_labels")
    network = _build(n_classes, seed=derive_seed(seed, "classifier", "weights"))
    with one_thread():
        _fit(network, images.float(), labels, epochs=epochs, seed=seed)
    probabilities = _apply(network.eval(), test_images).softmax(dim=1)
    return _finished(network, class_accuracy(probabilities, test_labels))


def side_by_side(pictures: Sequence[Tensor]) -> Tensor:
    """Both views [N, 64, T] of each sound, reduced to what the classifier looks at.

    Returns:
        float32 [N, 2, 64, 64].
    """
    return torch.stack(
        [adaptive_avg_pool2d(p[:, None], (SIZE, COLUMNS))[:, 0] for p in pictures], 1
    )


def _build(n_classes: int, *, seed: int, n_views: int = N_VIEWS) -> nn.Sequential:
    """Four strided convolutions and two linear layers; about 125,000 weights."""
    layers: list[nn.Module] = []
    with DrawsFrom(seed):
        n_in, size = n_views, SIZE
        for n_out in _WIDTHS:
            layers += [
                nn.Conv2d(n_in, n_out, 3, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(n_out),
                nn.ReLU(),
            ]
            n_in, size = n_out, size // 2
        layers += [nn.Flatten(), nn.Linear(n_in * size * size, N_FEATURES), nn.ReLU()]
        layers += [nn.Linear(N_FEATURES, n_classes)]
    return nn.Sequential(*layers)


def _fit(
    network: nn.Sequential, images: Tensor, labels: Tensor, *, epochs: int | None, seed: int
) -> None:
    """Adam with a rate that rises and falls once."""
    batch = min(_BATCH, len(images))
    per_epoch = len(images) // batch
    if epochs is None:
        epochs = max(_FEWEST_EPOCHS, math.ceil(_UPDATES / per_epoch))
    optimizer = torch.optim.AdamW(network.parameters(), lr=_PEAK_RATE, weight_decay=_WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=_PEAK_RATE, total_steps=epochs * per_epoch
    )
    stream = torch_stream(seed, "classifier", "order")
    network.train()
    for _ in range(epochs):
        order = torch.randperm(len(images), generator=stream)
        for chosen in order[: per_epoch * batch].view(per_epoch, batch):
            logits = network(_disturbed(images[chosen], stream))
            loss = cross_entropy(logits, labels[chosen], label_smoothing=_SMOOTHING)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()


def _disturbed(images: Tensor, stream: torch.Generator) -> Tensor:
    """Pictures [B, 2, 64, 64], each moved in time, lifted or lowered, and made noisy."""
    n = len(images)
    shift = torch.stack(
        [torch.randint(-most, most + 1, (n,), generator=stream) for most in _MOST_SHIFTED], dim=1
    )
    source = torch.arange(SIZE) - shift[:, :, None]
    inside = ((source >= 0) & (source < SIZE))[:, :, None, :].expand_as(images)
    columns = source.clamp(0, SIZE - 1)[:, :, None, :].expand_as(images)
    moved = torch.where(inside, images.gather(3, columns), -1.0)
    gain = (2.0 * torch.rand(n, 1, 1, 1, generator=stream) - 1.0) * _LARGEST_GAIN
    noise = _NOISE * torch.randn(images.shape, generator=stream)
    return (moved + gain + noise).clamp(-1.0, 1.0)


def _apply(network: nn.Module, images: Tensor) -> Tensor:
    """Outputs of a network in evaluation mode for pictures [N, 2, 64, 64]."""
    _check_pictures(images)
    parts = blocks(images.detach().cpu().float(), _BLOCK_IMAGES)
    return torch.cat(map_in_threads(network, parts))


def _finished(network: nn.Sequential, accuracy: float) -> Classifier:
    network.eval().requires_grad_(False)
    digest = hashlib.sha256(Classifier.name.encode())
    for name, tensor in network.state_dict().items():
        digest.update(f"{name} {list(tensor.shape)}".encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    n_classes = len(network.state_dict()[_OUTPUT_BIAS])
    return Classifier(network, n_classes, accuracy, digest.hexdigest())


def _check(images: Tensor, labels: Tensor, n_classes: int, name: str) -> None:
    _check_pictures(images)
    if labels.shape != images.shape[:1]:
        raise UsageError(f"{name}: {list(labels.shape)} for {len(images)} pictures; give one each")
    if len(labels) < 2:
        raise UsageError(f"{name}: needs at least 2 clips, got {len(labels)}")
    if int(labels.min()) < 0 or int(labels.max()) >= n_classes:
        raise UsageError(
            f"{name}: must be in 0..{n_classes - 1}, got {int(labels.min())}..{int(labels.max())}"
        )


def _check_pictures(images: Tensor) -> None:
    if images.ndim != 4 or images.shape[1:] != (N_VIEWS, SIZE, SIZE) or len(images) == 0:
        raise UsageError(
            f"images: expected [N, {N_VIEWS}, {SIZE}, {SIZE}], got {list(images.shape)}"
        )
    if not torch.isfinite(images).all():
        raise UsageError("images: not finite; leave broken ones out")
