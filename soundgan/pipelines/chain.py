"""All sounds of a call in one WAV file with cue points, as hardware samplers slice it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.wav import encode_audio
from soundgan.audio.wav_chunks import cue_chunks
from soundgan.errors import AudioError
from soundgan.pipelines.sound_files import Form, SoundFile
from soundgan.runtime.files import write_if_new
from soundgan.version import VERSION

NAME = "chain.wav"
MOST_SAMPLES = 1 << 29
"""Of all sounds together: memory holds them, and a WAV file its four gigabytes."""

MOST_ADDRESSES = 10_000
"""That fit into the comment of a file, which says how it was made."""


class Chain:
    """Sounds one after the other.

    Args:
        form: Of the files; the chain has their kind of samples.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self._waveforms: list[NDArray[np.float32]] = []
        self._names: list[str] = []
        self._addresses: list[str] = []
        self._n_samples = 0

    def add(self, file: SoundFile, name: str) -> None:
        """Another sound, as its own file has it.

        Raises:
            AudioError: They are too many.
        """
        rate = file.model.description.clip.sample_rate
        waveform = self._form.finish(file.sound.samples, rate)
        self._n_samples += len(waveform)
        if self._n_samples > MOST_SAMPLES:
            raise AudioError(
                f"`chain`: {len(self._waveforms)} sounds fill it; make several chains of fewer"
            )
        self._waveforms.append(waveform)
        self._names.append(name)
        self._addresses.append(str(file.address))

    def write(self, out: Path, model_sha256: str, sample_rate: int) -> Path:
        """Put the file into ``out``.

        Raises:
            OutputError: Something else is there and is not to be replaced, or the disk refuses.
        """
        starts = np.cumsum([0, *map(len, self._waveforms[:-1])]).tolist()
        said = {"soundgan": VERSION, "command": "generate", "model": model_sha256}
        told = {"chain": self._addresses[:MOST_ADDRESSES]} | self._form.finish.numbers()
        content = encode_audio(
            np.concatenate(self._waveforms),
            sample_rate,
            subtype=self._form.subtype,
            metadata={
                "software": f"soundgan {VERSION}",
                "title": f"{len(starts)} sounds",
                "comment": json.dumps(said | told, sort_keys=True),
            },
            chunks=cue_chunks(starts, self._names),
        )
        write_if_new(out / NAME, content, overwrite=self._form.overwrite)
        return out / NAME
