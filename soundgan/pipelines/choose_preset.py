"""Which preset suits a dataset and a machine; needs no torch unless the machine is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from soundgan.data.dataset import PreparedDataset
from soundgan.data.manifest import Manifest, read_manifest
from soundgan.pipelines.documents import demand_prepared
from soundgan.shapes import ClipSpec

PROVEN = "fast"
"""Won the comparisons of docs/recipe.md: small networks, augmentation as it is needed."""

LARGER = "base"
"""Twice the pixels of ``fast``."""

FULL_BAND, FULL_BAND_HZ = "oneshots", 32_000
"""For clips of so many Hz or more: images that keep highs and attacks. It has been trained for
minutes only, and so is named and never chosen."""

FULL_BAND_SECONDS = 20.0
"""The images of longer clips would be enormous."""

UNTRIED = "quality"
"""For a large GPU. Nobody has trained it yet, so it is named and never chosen."""

LARGE_GIB = 20.0
"""Memory of a GPU that ``quality`` fits into with room to spare; it takes about 15."""

MANY_CLIPS = 1000
"""Fewer are learned by heart by networks of the size of ``quality``."""


@dataclass(frozen=True)
class PresetChoice:
    """A preset, and why it.

    Attributes:
        preset: Its name.
        why: What spoke for it, to follow "preset NAME: ".
        instead: What else there is.
    """

    preset: str
    why: str
    instead: str = "`config` chooses another"

    @property
    def line(self) -> str:
        """For people."""
        return f"preset {self.preset}: {self.why}; {self.instead}"


@dataclass(frozen=True)
class Machine:
    """What trains.

    Attributes:
        kind: ``cpu``, ``cuda`` or ``mps``.
        memory_gib: Of the GPU; 0 where that is not known.
    """

    kind: str
    memory_gib: float = 0.0

    @property
    def words(self) -> str:
        """As in "on ..."."""
        if self.kind == "cuda":
            return f"a GPU of {self.memory_gib:.0f} GiB" if self.memory_gib else "a GPU"
        return {"cpu": "a CPU", "mps": "Apple MPS"}.get(self.kind, self.kind)


def choose_preset(clips: int, clip: ClipSpec, n_classes: int, machine: Machine) -> PresetChoice:
    """The preset for so many training clips: one that has been measured, whatever the machine.

    Args:
        clips: To learn from.
        clip: Rate and length of each.
        n_classes: 0 or 1 when there are no classes to tell apart.
        machine: What trains.
    """
    data = f"{clips:,} clips of {clip.seconds:.2f} s"
    if n_classes > 1:
        data += f" in {n_classes} classes"
    choice = PresetChoice(
        PROVEN, f"small networks, which get furthest with {data} on {machine.words}"
    )
    if FULL_BAND in presets_for(clip):
        choice = replace(
            choice,
            instead=f"`config` {FULL_BAND} has images that keep highs and attacks, and has been "
            "trained for minutes only yet",
        )
    if machine.kind == "cuda" and machine.memory_gib >= LARGE_GIB and clips >= MANY_CLIPS:
        untried = f"`config` {UNTRIED} is larger, for such a GPU, and has not been tried yet"
        return replace(
            choice, why=f"small networks, the best measured, for {data}", instead=untried
        )
    return choice


def presets_for(clip: ClipSpec) -> tuple[str, ...]:
    """The presets that such clips may be trained with, small images first."""
    full_band = clip.sample_rate >= FULL_BAND_HZ and clip.seconds <= FULL_BAND_SECONDS
    return (PROVEN, LARGER, *((FULL_BAND,) if full_band else ()))


def preset_for(data: Path | PreparedDataset, device: str) -> PresetChoice:
    """The preset for a prepared folder and the device of that name.

    Args:
        data: Prepared folder, or an open dataset.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:i`` or ``mps``.

    Raises:
        UsageError: There is no dataset, or the device is not known or not present.
        ArtefactError: The dataset is damaged, or written by a newer version.
    """
    manifest = _manifest_of(data)
    clips = sum(entry.split == "train" for entry in manifest.clips)
    return choose_preset(clips, manifest.clip, len(manifest.labels), machine_of(device))


def clip_of(data: Path | PreparedDataset) -> ClipSpec:
    """Rate, length and channels of the clips of a dataset; errors are those of its preset."""
    return _manifest_of(data).clip


def _manifest_of(data: Path | PreparedDataset) -> Manifest:
    if not isinstance(data, Path):
        return data.manifest
    demand_prepared(data)
    manifest, _ = read_manifest(data)
    return manifest


def machine_of(device: str) -> Machine:
    """What is behind a device's name.

    Raises:
        UsageError: It is not known or not present.
    """
    if device == "cpu":
        return Machine("cpu")
    from soundgan.runtime.device import pick_device  # noqa: PLC0415 - torch

    picked = pick_device(device)
    if picked.type != "cuda":
        return Machine(picked.type)
    import torch  # noqa: PLC0415 - seconds that only a GPU is worth

    return Machine("cuda", torch.cuda.get_device_properties(picked).total_memory / 2**30)
