"""Sounds of seeds from an ONNX file, with numpy and onnxruntime alone.

    soundgan models export drums drums.onnx
    python onnx_sounds.py drums.onnx 42 43

writes the sounds that ``soundgan generate`` makes of these seeds, but for what differs in phase.
"""

from __future__ import annotations

import hashlib
import json
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime


def words(seed: int, what: str, count: int) -> Any:
    """Whole numbers of 32 bits: SHA-256 of a text seeds a Mersenne twister (MT19937)."""
    digest = hashlib.sha256(f"{seed}/{what}".encode()).digest()
    state = np.random.RandomState(int.from_bytes(digest[:8], "big") >> 1 & 0xFFFFFFFF)
    return np.frombuffer(state.bytes(4 * count), "<u4")


def latent(seed: int, size: int) -> Any:
    """Normal numbers by Box and Muller, float32 [size], sixteen together; for sizes from 16 on."""
    more = 16 if size % 16 else 0  # where sixteen do not fit, the last sixteen are drawn anew
    uniform = (words(seed, "latent", size + more) & 0xFFFFFF) / 2**24
    whole = size // 16 * 16
    z = np.zeros(size, np.float32)
    z[:whole] = _normal(uniform[:whole])
    if more:
        z[-16:] = _normal(uniform[size:])
    return z


def _normal(uniform: Any) -> Any:
    pairs = uniform.reshape(-1, 2, 8)
    radius, angle = np.sqrt(-2 * np.log(1 - pairs[:, 0])), 2 * np.pi * pairs[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()


def label(seed: int, classes: int) -> int:
    """The class of a seed, where none is asked for."""
    return int(words(seed, "label", 1)[0]) % classes


def write_sounds(path: str, seeds: list[int]) -> None:
    """A WAV file of 16 bits for each seed, here."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    about = session.get_modelmeta().custom_metadata_map
    labels = json.loads(about["labels"])
    for seed in seeds:
        given = {"latent": latent(seed, int(about["latent_dim"]))[None]}
        if labels:
            given["class"] = np.array([label(seed, len(labels))])
        (waveforms,) = session.run(["waveform"], given)
        with wave.open(f"seed{seed:06d}.wav", "wb") as file:
            file.setparams((1, 2, int(about["sample_rate"]), 0, "NONE", ""))
            file.writeframes(np.round(waveforms[0] * 32767).astype("<i2").tobytes())
        print(f"seed{seed:06d}.wav")


if __name__ == "__main__":
    if sys.argv[1:]:
        write_sounds(sys.argv[1], [int(text) for text in sys.argv[2:]])
    else:
        import soundgan

        soundgan.export_model("drums", "drums.onnx", overwrite=True)
        write_sounds("drums.onnx", [42, 43])
        Path("drums.onnx").unlink()
