"""The form of the manifest on disk."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from soundgan.data.manifest import ClipEntry, Manifest, json_lines, write_manifest_bytes

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_json_lines_is_the_same_json(document: dict[str, object]) -> None:
    assert json.loads(json_lines(document)) == document


def test_each_clip_stands_on_one_line_with_sorted_keys() -> None:
    text = json_lines({"b": [{"z": 1, "a": 2}, {"a": 3}], "a": 0}).decode()
    assert text == '{\n"a": 0,\n"b": [\n{"a": 2, "z": 1},\n{"a": 3}\n]\n}\n'


def test_a_manifest_survives_its_own_bytes() -> None:
    clip = ClipEntry(
        path="é\udcff.wav".encode("utf-8", "backslashreplace").decode(),
        source_sha256="0" * 64,
        decoded_sha256="1" * 64,
        start=3,
        label=-1,
        split="train",
    )
    manifest = Manifest(
        sample_rate=8000, n_samples=4, parameters={}, labels=(), shards=(), clips=()
    )
    content = write_manifest_bytes(manifest)
    assert Manifest.model_validate_json(content) == manifest
    assert ClipEntry.model_validate_json(clip.model_dump_json()) == clip
