"""Whether a device makes the images that the CPU makes of the same latents.

Accelerators that compute something else without a word are known: all-grey pictures, NaN, a batch
whose later rows are wrong. Nothing but a comparison finds them.

The tolerance is for the worst pixel of all, and a share of the largest value in the CPU's images:
1 for a trained model, whose images in [-1, 1] hold silence, but hundredths for one with fresh
weights, where a grey image would otherwise pass. Sums in another order move a pixel by some 1e-6.
Convolutions whose inputs are rounded to the 11 significant bits of TF32, as CUDA does by default,
move one by up to 0.004, and the 8 bits of bfloat16 by up to 0.03: measured with ten trained models,
as autocast on a CPU, where float16 stands for TF32. The tolerances are four to six times that; 0.02
is 0.8 dB on a scale of 80 dB. A broken device is off by about as much as the images reach.
"""

from __future__ import annotations

import copy
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soundgan.errors import ArtefactError, OutputError
from soundgan.inference.latents import draw_latents
from soundgan.inference.model_file import LoadedModel
from soundgan.models.contract import Generator
from soundgan.models.layout import lay_out, memory_format
from soundgan.runtime.cache import cache_folder
from soundgan.runtime.files import read_json, sha256, write_json
from soundgan.words import first_line

CHECK = 1
"""Number of this check; a pass of an earlier one does not count."""

TOLERANCE = {torch.float32: 0.02, torch.bfloat16: 0.1, torch.float16: 0.1}
"""Share of the largest value, by the type the device computes in."""

_LEAST_TOLERANCE = 1e-5
"""Where the CPU's images are zero all over."""

_LATENTS = 4
"""Different ones; the CPU makes an image of each, which is most of the check's cost."""

_BATCH = 16
"""What ``generate`` makes together. The latents take turns, so that no two neighbours are equal."""

_FAILURES = (RuntimeError, AssertionError, TypeError)
"""Of a device: beside the usual, torch built without it asserts, and MPS refuses types so."""


@dataclass(frozen=True)
class Parity:
    """What a comparison with the CPU found.

    Attributes:
        passed: Whether the device can be trusted with this model.
        worst: Largest difference of a pixel; ``None`` where there was no image to compare.
        tolerance: What it may be, for these images.
        why: What is wrong, in a few words; empty when passed.
    """

    passed: bool
    worst: float | None
    tolerance: float
    why: str = ""


def check_parity(
    model: LoadedModel, device: torch.device, precision: torch.dtype = torch.float32
) -> Parity:
    """:func:`check_generator` of a loaded model."""
    return check_generator(model.generator, device, precision)


def check_generator(
    generator: Generator, device: torch.device, precision: torch.dtype = torch.float32
) -> Parity:
    """Compare images of a device with those of the CPU in float32, alone and in a batch.

    Costs four images on the CPU, and a copy of the weights; the generator is left as it was.

    Args:
        generator: In evaluation mode.
        device: Where to make the images. One that raises has failed.
        precision: ``float32``, or the type of its autocast.
    """
    z = draw_latents(range(_LATENTS), generator.latent_dim)
    n_classes = generator.n_classes
    labels = torch.arange(_LATENTS) % n_classes if n_classes else None
    order = torch.arange(_BATCH) % _LATENTS
    truth = _truth(generator, z, labels)
    tolerance = max(_LEAST_TOLERANCE, TOLERANCE[precision] * float(truth.abs().max()))
    try:
        other = copy.deepcopy(generator).to(device)
        lay_out(other, memory_format(device))  # as synthesis does
        some = None if labels is None else labels[order]
        alone = images_on(other, z[:1], labels if labels is None else labels[:1], precision)
        together = images_on(other, z[order], some, precision)
    except _FAILURES as error:
        return Parity(False, None, tolerance, f"it fails: {first_line(error)}")
    return _compare(torch.cat([alone, together]), truth, torch.cat([order[:1], order]), tolerance)


@torch.inference_mode()
def images_on(
    generator: Generator, z: Tensor, labels: Tensor | None, precision: torch.dtype
) -> Tensor:
    """Images [B, C, F, T] in [-1, 1] on the CPU in float32, made wherever the generator is."""
    device = next(generator.parameters()).device
    reduced = precision != torch.float32
    with torch.autocast(device.type, dtype=precision if reduced else None, enabled=reduced):
        images: Tensor = generator(z.to(device), None if labels is None else labels.to(device))
    return images.cpu().float().clamp(-1.0, 1.0)


def cached_parity(
    model: LoadedModel, device: torch.device, precision: torch.dtype = torch.float32
) -> Parity:
    """:func:`check_parity`, once for a model, device and version of torch.

    Only a pass is kept: a device that fails may have been busy or out of memory, and to ask it
    again costs a second. A cache that cannot be read or written costs that second, too.
    """
    entry = _cache_entry(model, device, precision)
    if entry is None:
        return check_parity(model, device, precision)
    path, key = entry
    known = _read_pass(path, key)
    if known is not None:
        return known
    parity = check_parity(model, device, precision)
    if parity.passed:
        _keep(path, key, parity)
    return parity


def _cache_entry(
    model: LoadedModel, device: torch.device, precision: torch.dtype
) -> tuple[Path, dict[str, str]] | None:
    """Where a pass is kept and what it holds for; ``None`` without a folder or a working device."""
    try:
        key = {
            "check": str(CHECK),
            "model": model.sha256,
            "torch": torch.__version__,
            "device": _full_name(device),
            "precision": str(precision),
        }
        return cache_folder() / "parity" / f"{sha256(repr(key).encode())[:32]}.json", key
    except (OutputError, *_FAILURES):
        return None


def _truth(generator: Generator, z: Tensor, labels: Tensor | None) -> Tensor:
    """Images of the CPU, each made alone as ``generate`` does."""
    if next(generator.parameters()).device.type != "cpu":
        generator = copy.deepcopy(generator).cpu()
    rows = [slice(i, i + 1) for i in range(len(z))]
    return torch.cat(
        [
            images_on(generator, z[row], None if labels is None else labels[row], torch.float32)
            for row in rows
        ]
    )


def _compare(images: Tensor, truth: Tensor, order: Tensor, tolerance: float) -> Parity:
    """Judge ``images``, row i of which should be row ``order[i]`` of ``truth``."""
    if images.shape[1:] != truth.shape[1:]:
        got, due = list(images.shape[1:]), list(truth.shape[1:])
        return Parity(False, None, tolerance, f"its images have the shape {got}, not {due}")
    if not bool(images.isfinite().all()):
        return Parity(False, None, tolerance, "its images hold values that are not finite")
    distances = (images[:, None] - truth).abs().flatten(2).amax(2)  # [B, latents]
    own = distances[torch.arange(len(order)), order]
    worst = float(own.max())
    if worst <= tolerance:
        return Parity(True, worst, tolerance)
    return Parity(False, worst, tolerance, _fault(images, distances, own, tolerance))


def _fault(images: Tensor, distances: Tensor, own: Tensor, tolerance: float) -> str:
    """What is wrong with images that differ; row 0 was made alone, the others together."""
    wrong = own > tolerance
    spread = images.flatten(1).amax(1) - images.flatten(1).amin(1)
    if bool((spread[wrong] == 0).any()):
        return "its images are the same grey all over"
    off = f"its images differ from the CPU's by up to {float(own.max()):.2g}"
    if bool((distances[wrong].amin(1) <= tolerance).all()):
        return "images of a batch are mixed up"
    if not bool(wrong[0]):
        return f"{off} when several are made together"
    return off


def _read_pass(path: Path, key: dict[str, str]) -> Parity | None:
    try:
        document = read_json(path, max_bytes=1 << 16)
    except ArtefactError:
        return None
    return _pass(document) if isinstance(document, dict) and document.get("key") == key else None


def _pass(document: dict[str, Any]) -> Parity | None:
    worst, tolerance = document.get("worst"), document.get("tolerance")
    if not isinstance(worst, float) or not isinstance(tolerance, float) or worst > tolerance:
        return None
    return Parity(True, worst, tolerance)


def _keep(path: Path, key: dict[str, str], parity: Parity) -> None:
    try:
        write_json(path, {"key": key} | asdict(parity))
    except OutputError:
        return  # a read-only home is no reason not to work


def _full_name(device: torch.device) -> str:
    """Which device this is, and the system software that computes on it."""
    if device.type == "cuda":
        driver = torch.version.cuda or torch.version.hip
        return f"{device} {torch.cuda.get_device_name(device)} {driver}"
    return f"{device} {platform.platform()}"
