"""The files of a kit beside its sounds, by their names in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from soundgan.kits.archive import archive
from soundgan.kits.decent import dspreset
from soundgan.kits.instrument import SAMPLES, Instrument
from soundgan.kits.multisample import multisample
from soundgan.kits.sfz import sfz
from soundgan.runtime.file_names import file_name

FORMATS = ("sfz", "decent", "multisample", "wav")
"""What a kit can be written as; the sounds themselves are always there."""

DOCUMENT = "kit.json"


def kit_files(
    kits: Sequence[Instrument],
    sounds: Mapping[str, bytes],
    formats: Sequence[str],
    document: Mapping[str, object],
) -> dict[str, bytes]:
    """Content of all files, by their names.

    Args:
        kits: Of at most 128 drums each.
        sounds: Content of the sound files by their names.
        formats: Some of :data:`FORMATS`.
        document: What ``kit.json`` says.
    """
    files: dict[str, bytes] = {}
    for kit in kits:
        name = file_name(kit.name)
        own = {s.file: sounds[s.file] for drum in kit.drums for s in drum.samples}
        if "sfz" in formats:
            files[f"{name}.sfz"] = sfz(kit).encode()
        if "decent" in formats:
            preset = dspreset(kit)
            files[f"{name}.dspreset"] = preset
            inside = {f"{name}.dspreset": preset}
            inside |= {f"{SAMPLES}/{file}": content for file, content in own.items()}
            files[f"{name}.dslibrary"] = archive(inside)
        if "multisample" in formats:
            for drum in kit.drums:
                stem = drum.samples[0].file.removesuffix(".wav")
                maker = kit.maker
                files[f"Multisamples/{stem}.multisample"] = multisample(drum, own, maker)
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return files | {DOCUMENT: (text + "\n").encode("utf-8", "surrogateescape")}
