"""Model files that would run code, fill the memory, or make another sound than they say."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from tests.attacks.documents import DEEP, LISTS, LONG_NUMBER

WEIGHT = "generator.to_image.weight"
STATISTIC = "representation.centre_db"
KEY = "soundgan"


class Code:
    """Makes a folder called ``run`` when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("code-was-run",)


@dataclass
class Parts:
    """A safetensors file taken apart."""

    header: dict[str, Any]
    data: bytes

    @classmethod
    def of(cls, content: bytes) -> Parts:
        size = struct.unpack("<Q", content[:8])[0]
        return cls(json.loads(content[8 : 8 + size]), content[8 + size :])

    def bytes(self) -> bytes:
        return packed(json.dumps(self.header).encode(), self.data)

    @property
    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.header["__metadata__"][KEY]))

    @document.setter
    def document(self, value: object) -> None:
        self.header["__metadata__"] = {KEY: json.dumps(value)}


def packed(header: bytes, data: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header)) + header + data


Change = Callable[[Parts], object]


def edited(change: Change) -> Callable[[bytes], bytes]:
    """What a change of the parts makes of a good file."""

    def make(good: bytes) -> bytes:
        parts = Parts.of(good)
        change(parts)
        return parts.bytes()

    return make


def raw(header: bytes) -> Callable[[bytes], bytes]:
    """A good file's tensors below another header."""
    return lambda good: packed(header, Parts.of(good).data)


def said(**changes: object) -> Callable[[bytes], bytes]:
    """A file that says something else of itself."""

    def change(parts: Parts) -> None:
        parts.document = parts.document | changes

    return edited(change)


def configured(table: str, **changes: object) -> Callable[[bytes], bytes]:
    """A file whose config asks for something else."""

    def change(parts: Parts) -> None:
        document = parts.document
        document["config"][table] |= changes
        parts.document = document

    return edited(change)


def metadata(text: str) -> Callable[[bytes], bytes]:
    """A file with ``text`` for its document."""

    def change(parts: Parts) -> None:
        parts.header["__metadata__"] = {KEY: text}

    return edited(change)


def entry(name: str = WEIGHT, **changes: object) -> Callable[[bytes], bytes]:
    """A file with one tensor described differently."""

    def change(parts: Parts) -> None:
        parts.header[name] |= changes

    return edited(change)


def filled(name: str, value: float) -> Callable[[bytes], bytes]:
    """A file with one tensor of one value."""

    def change(parts: Parts) -> None:
        start, end = parts.header[name]["data_offsets"]
        content = struct.pack("<f", value) * ((end - start) // 4)
        parts.data = parts.data[:start] + content + parts.data[end:]

    return edited(change)


def added(name: str) -> Callable[[bytes], bytes]:
    """A file with one tensor more."""

    def change(parts: Parts) -> None:
        end = len(parts.data)
        parts.header[name] = {"dtype": "F32", "shape": [1], "data_offsets": [end, end + 4]}
        parts.data += bytes(4)

    return edited(change)


def removed(name: str) -> Callable[[bytes], bytes]:
    """A file with another tensor in the place of one."""

    def change(parts: Parts) -> None:
        parts.header[f"{name}.gone"] = parts.header.pop(name)

    return edited(change)


def widened(dtype: str, size: int) -> Callable[[bytes], bytes]:
    """A file with one tensor of another type, everything behind it moved."""

    def change(parts: Parts) -> None:
        start, end = parts.header[WEIGHT]["data_offsets"]
        grown = (end - start) // 4 * size
        for found in parts.header.values():
            if "data_offsets" in found and found["data_offsets"][0] >= end:
                found["data_offsets"] = [at + grown - (end - start) for at in found["data_offsets"]]
        parts.header[WEIGHT] |= {"dtype": dtype, "data_offsets": [start, start + grown]}
        parts.data = parts.data[:start] + bytes(grown) + parts.data[end:]

    return edited(change)


def twice(good: bytes) -> bytes:
    """The same key two times: one reader checks the first, another uses the second."""
    parts = Parts.of(good)
    name = json.dumps(WEIGHT).encode()
    entry = name + b":" + json.dumps(parts.header[WEIGHT]).encode()
    return packed(json.dumps(parts.header).encode()[:-1] + b"," + entry + b"}", parts.data)


def torch_file(good: bytes) -> bytes:
    """A PyTorch file, which is a zip archive around a pickle."""
    buffer = io.BytesIO()
    torch.save({"weights": Code()}, buffer)
    return buffer.getvalue()


def overlapping(parts: Parts) -> None:
    names = [name for name in parts.header if name != "__metadata__"]
    twins = [n for n in names if parts.header[n]["shape"] == parts.header[names[0]]["shape"]]
    parts.header[twins[-1]]["data_offsets"] = parts.header[twins[0]]["data_offsets"]


def holed(parts: Parts) -> None:
    for found in parts.header.values():
        if "data_offsets" in found and found["data_offsets"][0] > 0:
            found["data_offsets"] = [at + 8 for at in found["data_offsets"]]
    parts.data += bytes(8)


def endless(parts: Parts) -> None:
    """A minute of sound with a frame for each sample."""
    document = parts.document | {"n_samples": 1 << 26}
    options = {"n_fft": 1 << 16, "hop_length": 1, "win_length": 1 << 16}
    document["config"]["representation"] |= {"name": "log_magnitude", "options": options}
    parts.document = document


STRUCTURE: dict[str, Callable[[bytes], bytes]] = {
    "a pickle": lambda good: pickle.dumps(Code()),
    "an old pickle": lambda good: pickle.dumps(Code(), protocol=0),
    "a PyTorch file": torch_file,
    "nothing": lambda good: b"",
    "seven bytes": lambda good: good[:7],
    "a header of 2 to the 64 bytes": lambda good: b"\xff" * 8 + good[8:],
    "a header of 100 GB": lambda good: struct.pack("<Q", 100 << 30) + good[8:],
    "a header beyond the file": lambda good: struct.pack("<Q", len(good)) + good[8:],
    "a file that ends in its header": lambda good: good[:200],
    "a header that is no JSON": raw(b"{]}"),
    "a header that is a list": raw(b"[]"),
    "a deep header": raw(b'{"a":' * 100_000),
    "a header of empty lists": raw(b'{"a":' + LISTS * 4 + b"}"),
    "a header of 5 MiB": raw(b"{" + b" " * (5 << 20) + b"}"),
    "a header that is no text": raw(b"{" + bytes(range(128, 256)) + b"}"),
    "a key that stands twice": twice,
    "tensors that overlap": edited(overlapping),
    "a hole between tensors": edited(holed),
    "a tensor before the start": entry(data_offsets=[-8, 0]),
    "a tensor behind the end": entry(data_offsets=[1 << 40, (1 << 40) + 1024]),
    "a tensor that ends before it begins": entry(data_offsets=[64, 0]),
    "offsets that are text": entry(data_offsets=["0", "x"]),
    "one offset": entry(data_offsets=[0]),
    "offsets that are infinite": edited(
        lambda parts: parts.header[WEIGHT].update(data_offsets=[0, float("inf")])
    ),
    "no offsets": edited(lambda parts: parts.header[WEIGHT].pop("data_offsets")),
    "a tensor that is a list": edited(lambda parts: parts.header.update({WEIGHT: [1, 2]})),
    "a file cut short": lambda good: good[:-7],
    "bytes behind the end": lambda good: good + b"#!/bin/sh\n",
    "no metadata": edited(lambda parts: parts.header.pop("__metadata__")),
    "metadata that is a list": edited(lambda parts: parts.header.update(__metadata__=[1])),
    "a document that is no text": edited(
        lambda parts: parts.header.update(__metadata__={KEY: {"format": 1}})
    ),
    "a document that is no JSON": metadata("{"),
    "a document that is a list": metadata("[]"),
    "a deep document": metadata(DEEP.decode()),
    "a document of empty lists": metadata(LISTS.decode()),
    "a number of 5,000 digits": metadata(LONG_NUMBER.decode()),
    "a document with a key twice": metadata('{"format": "a", "format": "soundgan model"}'),
    "another format": said(format="os.system"),
    "a newer version": said(version=3),
    "a version that is true": said(version=True),
    "a version that is text": said(version="1"),
    "a version below 1": said(version=-1),
    "a version beyond all numbers": said(version=float("inf")),
}
"""Damage that shows before a tensor is read, and that every reader of such files finds."""

DOCUMENTS: dict[str, Callable[[bytes], bytes]] = {
    "a rate beyond all numbers": said(sample_rate=float("inf")),
    "a rate that is NaN": said(sample_rate=float("nan")),
    "a rate that is text": said(sample_rate="8000"),
    "clips without end": said(n_samples=1 << 62),
    "clips of nothing": said(n_samples=0),
    "labels that are text": said(labels="high"),
    "labels that are tables": said(labels=[{"name": "high"}]),
    "labels that are missing": said(labels=None),
    "millions of channels": said(version=2, channels=1 << 30),
    "provenance that is a list": said(provenance=[1]),
    "no config": said(config=None),
    "a config that is a list": said(config=[1]),
    "a key that no config has": configured("training", code="os.system"),
    "options that are a list": configured("generator", options=[1]),
    "an image of gigapixels": configured("representation", height=1 << 30, width=1 << 30),
}
"""What ``soundgan info`` refuses too, which reads no tensors."""

WEIGHTS: dict[str, Callable[[bytes], bytes]] = {
    "a channel more than its weights have": said(version=2, channels=2),
    "code for a generator": configured("generator", name="os:system"),
    "a path for a generator": configured("generator", name="../../models/dcgan"),
    "code for an inversion": configured("inversion", name="os:system"),
    "a generator of terabytes": configured(
        "generator", options={"latent_dim": 8, "width": 1024, "max_channels": 8192}
    ),
    "a layer of terabytes": configured(
        "generator", name="mlp", options={"latent_dim": 8, "hidden": 1024}
    ),
    "the largest image there is": configured("representation", height=4096, width=8192),
    "a filterbank of gigabytes": configured(
        "representation", name="log_mel", options={"n_mels": 4096, "n_fft": 65536}
    ),
    "magnitudes of terabytes": edited(endless),
    "a tensor of another shape": entry(shape=[1, 2]),
    "a tensor of 2 to the 64 values": entry(shape=[1 << 62, 4]),
    "a tensor of negative size": entry(shape=[-4, -1, -4, -4]),
    "a tensor of infinite size": edited(
        lambda parts: parts.header[WEIGHT].update(shape=[float("inf")])
    ),
    "a tensor of no known type": entry(dtype="PICKLE"),
    "a tensor whose type is a list": entry(dtype=["F32"]),
    "weights of float64": widened("F64", 8),
    "weights of bfloat16": widened("BF16", 2),
    "weights of whole numbers": widened("I32", 4),
    "weights that are NaN": filled(WEIGHT, float("nan")),
    "weights that are infinite": filled(WEIGHT, float("inf")),
    "statistics that are NaN": filled(STATISTIC, float("nan")),
    "statistics that are infinite": filled(STATISTIC, float("-inf")),
    "a range below 0": filled("representation.half_range_db", -1.0),
    "a tensor too many": added("generator.backdoor"),
    "a tensor of nothing": added("payload"),
    "a tensor missing": removed(WEIGHT),
    "a statistic missing": removed(STATISTIC),
    "another weight than was hashed": filled(WEIGHT, 0.5),
}
"""What shows when the tensors are looked at."""
