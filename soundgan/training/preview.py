"""What the run's product, as of now, makes of fixed latents, to look at and to listen to."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np

from soundgan.audio.picture import grid_png
from soundgan.audio.wav import encode_audio
from soundgan.inference.level_curve import LevelCurve
from soundgan.inference.model_file import Model, ModelDescription
from soundgan.inference.synthesis import Sound, synthesise
from soundgan.inversion.contract import Inversion
from soundgan.representations.contract import Representation
from soundgan.runtime.files import write_bytes
from soundgan.training.state import TrainState

N_PICTURES = 16
N_SOUNDS = 4


class Preview:
    """Writes ``samples/step-N.png`` and a few WAVs.

    The cell in row r and column c is seed ``columns * r + c``, and label (the same number) modulo
    the number of classes: ``soundgan generate`` makes the same sound from the finished model.
    """

    def __init__(
        self,
        folder: Path,
        description: ModelDescription,
        representation: Representation,
        inversion: Inversion,
    ) -> None:
        self._folder = folder
        self._description = description
        self._representation = representation
        self._inversion = inversion

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
        model = Model(
            self._description,
            generator,
            self._representation,
            self._inversion,
            sha256="",
            levels=levels,
        )
        sounds = list(synthesise(model, seeds, labels=labels, device=state.device))
        for sound in sounds[:N_SOUNDS]:
            self._write_sound(sound, state.step)
        path = self._folder / f"step-{state.step:09d}.png"
        pictures = np.stack([sound.image.mean(0).numpy() for sound in sounds])
        metadata = {"first seed": "0", "columns": str(columns), "step": str(state.step)}
        write_bytes(path, grid_png(pictures, columns=columns, metadata=metadata))
        return path

    def _write_sound(self, sound: Sound, step: int) -> None:
        label = f"-{sound.label}" if sound.label is not None else ""
        content = encode_audio(
            sound.waveform.numpy(),
            self._description.clip.sample_rate,
            metadata={"title": f"seed {sound.seed}, step {step}"},
        )
        name = f"step-{step:09d}-seed{sound.seed:06d}{label}.wav"
        write_bytes(self._folder / name, content)
