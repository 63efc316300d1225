"""The bank of a model, made once and kept in the cache."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import torch

from soundgan.errors import ArtefactError, OutputError
from soundgan.inference.model_file import LoadedModel
from soundgan.inference.projection import BANK_SIZE, Bank, make_bank
from soundgan.reporting import Reporter
from soundgan.runtime.cache import cache_folder
from soundgan.runtime.tensors import load_tensors, save_tensors

KIND, VERSION = "soundgan bank", 1


def bank_of(model: LoadedModel, reporter: Reporter) -> Bank:
    """The model's bank; a cache that cannot be read or written costs seconds, and nothing else."""
    try:
        path = cache_folder() / "banks" / f"{model.sha256[:32]}.safetensors"
    except OutputError:
        return make_bank(model, BANK_SIZE)
    known = _read(path, model)
    if known is not None:
        return known
    reporter.say(f"drawing {BANK_SIZE} sounds of the model to start from, once")
    bank = make_bank(model, BANK_SIZE)
    with suppress(OutputError):
        tensors = {"labels": bank.labels, "pooled": bank.pooled}
        save_tensors(path, tensors, {"kind": KIND, "version": VERSION, "model": model.sha256})
    return bank


def _read(path: Path, model: LoadedModel) -> Bank | None:
    try:
        tensors, document, _ = load_tensors(path)
    except (ArtefactError, OSError):
        return None
    said = document.get("kind"), document.get("version"), document.get("model")
    if said != (KIND, VERSION, model.sha256) or tensors.keys() != {"labels", "pooled"}:
        return None
    labels, pooled = tensors["labels"], tensors["pooled"]
    channels, height, width = model.codec.shape
    wanted = (BANK_SIZE, channels, height // 2, width // 2)
    if tuple(pooled.shape) != wanted or pooled.dtype != torch.float16:
        return None
    n_classes = max(1, len(model.description.labels))
    if not torch.equal(labels, torch.arange(BANK_SIZE) % n_classes):
        return None
    return Bank(labels, pooled)
