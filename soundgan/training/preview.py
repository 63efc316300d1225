"""What the run's product, as of now, makes of fixed latents, to look at and to listen to."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path

import torch

from soundgan.audio.wav import encode_audio
from soundgan.codec.contract import Codec
from soundgan.codec.level_curve import LevelCurve
from soundgan.inference.model_file import LoadedModel, ModelDescription
from soundgan.inference.synthesis import GeneratedSound, synthesise
from soundgan.pictures.sheet import sheet_png
from soundgan.runtime.file_names import file_names
from soundgan.runtime.files import write_bytes
from soundgan.training.state import TrainState
from soundgan.version import VERSION

N_PICTURES = 16
N_SOUNDS = 4

FIRST_STEP = 64
"""A preview comes after so many steps, or fewer where they are large."""

FIRST_FLOPS = 4e12
"""Operations until the first preview: at most half a minute of two CPU cores with the presets."""


def first_preview(flops_per_step: int) -> int:
    """The step of a run's first preview, a power of two; the same on every machine."""
    steps = max(1.0, min(FIRST_STEP, FIRST_FLOPS / max(1, flops_per_step)))
    return 1 << math.floor(math.log2(steps))


class Preview:
    """Writes ``samples/step-N.png``, each cell under its class and seed, and a few WAVs.

    The cell in row r and column c is seed ``columns * r + c``, and label (the same number) modulo
    the number of classes: ``soundgan generate`` makes the same sound from the finished model.
    """

    def __init__(self, folder: Path, description: ModelDescription, codec: Codec) -> None:
        self._folder = folder
        self._description = description
        self._names = file_names(description.labels)
        self._codec = codec

    def write(self, state: TrainState, levels: LevelCurve | None = None) -> Path:
        """Write the preview of this step, with the product's levels if it has any.

        Returns:
            The picture's path.
        """
        n_classes = len(self._description.labels)
        columns = n_classes if 4 <= n_classes <= 12 else 4
        seeds = range(max(N_PICTURES, 2 * columns) // columns * columns)
        labels = [seed % n_classes for seed in seeds] if n_classes else None
        generator = copy.deepcopy(state.ema)
        generator.load_state_dict(state.product)
        codec = self._codec.with_levels(levels)
        model = LoadedModel(self._description, generator, codec, sha256="")
        sounds = list(synthesise(model, seeds, labels=labels, device=state.device))
        for sound in sounds[:N_SOUNDS]:
            self._write_sound(sound, state.step)
        path = self._folder / f"step-{state.step:09d}.png"
        pictures = codec.pictures(torch.stack([sound.image for sound in sounds])).numpy()
        metadata = {"first seed": "0", "columns": str(columns), "step": str(state.step)}
        names = [(self._class_of(sound), f"seed {sound.seed}") for sound in sounds]
        sheet = sheet_png(
            pictures, names, columns=columns, title=self._title(state), metadata=metadata
        )
        write_bytes(path, sheet)
        return path

    def _class_of(self, sound: GeneratedSound) -> str:
        return "" if sound.label is None else self._description.labels[sound.label]

    def _title(self, state: TrainState) -> str:
        """What is to be seen, in as few words as fit above four narrow pictures."""
        steps = state.config.training.steps
        shown = state.step if state.best is None else state.best.step
        best = "" if shown == state.step else f", the best so far from step {shown:,}"
        clip = self._description.clip
        planes = "" if clip.channels == 1 else "; mid, left and right"
        return (
            f"step {state.step:,} of {steps:,}{best}{planes}; {clip.seconds:.2f} s from left to "
            f"right, 0 to {clip.sample_rate / 2000:.1f} kHz upwards"
        )

    def _write_sound(self, sound: GeneratedSound, step: int) -> None:
        provenance = {
            "soundgan": VERSION,
            "command": "train",
            "seed": sound.seed,
            "label": self._class_of(sound) or None,
            "step": step,
        }
        label = "" if sound.label is None else f"{self._names[sound.label]}-"
        content = encode_audio(
            sound.samples,
            self._description.clip.sample_rate,
            metadata={
                "title": f"seed {sound.seed}, step {step}",
                "comment": json.dumps(provenance, sort_keys=True),
            },
        )
        name = f"step-{step:09d}-{label}seed{sound.seed:06d}.wav"
        write_bytes(self._folder / name, content)
