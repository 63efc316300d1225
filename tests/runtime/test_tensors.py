from __future__ import annotations

import json
import pickle
import struct
from pathlib import Path

import pytest
import torch

from soundgan.errors import ArtefactError
from soundgan.runtime.tensors import load_tensors, read_document, save_tensors


def test_tensors_and_document_come_back_and_the_bytes_are_the_same_twice(tmp_path: Path) -> None:
    tensors = {"b": torch.arange(6.0).reshape(2, 3).T, "a": torch.tensor(7)}
    document = {"name": "kick", "numbers": [1, 2]}
    first = save_tensors(tmp_path / "a.safetensors", tensors, document)
    second = save_tensors(tmp_path / "b.safetensors", tensors, document)
    assert first == second
    loaded, read, content = load_tensors(tmp_path / "a.safetensors")
    assert read == document == read_document(tmp_path / "a.safetensors")
    assert content == first
    assert torch.equal(loaded["b"], tensors["b"])
    assert loaded["a"] == 7


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pickle.dumps({"weights": 1}), "a pickled PyTorch file, which can run code"),
        (b"PK\x03\x04" + b"\0" * 60, "a pickled PyTorch file, which can run code"),
        (b"", "not a safetensors file"),
        (b"\xff" * 8, "not a safetensors file"),
        (struct.pack("<Q", 100) + b"{}", "damaged header"),
        (struct.pack("<Q", 2) + b"[]", "not a safetensors file"),
        (struct.pack("<Q", 3) + b"{]}", "damaged header"),
        (struct.pack("<Q", 2) + b"{}", "no soundgan metadata"),
    ],
)
def test_a_foreign_or_damaged_file_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    with pytest.raises(ArtefactError, match=message):
        load_tensors(path)


@pytest.mark.parametrize("length", [0x0280, 0x4B50])
def test_a_header_whose_length_looks_like_a_pickle_is_read(length: int, tmp_path: Path) -> None:
    entry = '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
    metadata = '"__metadata__":' + json.dumps({"soundgan": '{"x":1}'})
    header = f"{{{metadata},{entry}}}".encode().ljust(length)
    path = tmp_path / "x.safetensors"
    path.write_bytes(struct.pack("<Q", length) + header + b"\0" * 4)
    assert path.read_bytes()[:2] in (b"\x80\x02", b"PK")
    tensors, document, _ = load_tensors(path)
    assert (tensors["a"].tolist(), document) == ([0.0], {"x": 1})


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    entry = '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
    metadata = '"__metadata__":' + json.dumps({"soundgan": "{}"})
    header = f"{{{metadata},{entry},{entry}}}".encode()
    path = tmp_path / "x.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"\0" * 4)
    with pytest.raises(ArtefactError, match="a key stands twice"):
        load_tensors(path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    content = save_tensors(path, {"a": torch.ones(100)}, {})
    path.write_bytes(content[:-7])
    with pytest.raises(ArtefactError, match="damaged"):
        load_tensors(path)
