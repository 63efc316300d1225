"""The files of a kit beside its sounds, by their names in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from soundgan.kits.archive import archive
from soundgan.kits.decent import dspreset
from soundgan.kits.instrument import SAMPLES, Instrument
from soundgan.kits.mpc import mpc
from soundgan.kits.multisample import multisample
from soundgan.kits.op_xy import op_xy
from soundgan.kits.sfz import sfz
from soundgan.pipelines.kit.cards import for_card
from soundgan.runtime.file_names import file_name

FORMATS = ("sfz", "decent", "multisample", "wav")
"""What a kit is written as unless asked otherwise; the sounds themselves are always there."""

EXPERIMENTS = ("op-xy", "mpc")
"""What it can be written as for devices whose formats nobody has published."""

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
        formats: Some of :data:`FORMATS` and :data:`EXPERIMENTS`.
        document: What ``kit.json`` says.
    """
    files: dict[str, bytes] = {}
    for kit in kits:
        name = file_name(kit.name)
        own = {s.file: sounds[s.file] for drum in kit.drums for s in drum.samples}
        if "sfz" in formats:
            files[f"{name}.sfz"] = sfz(kit).encode()
        if "decent" in formats:
            text = dspreset(kit)
            files[f"{name}.dspreset"] = text
            inside = {f"{name}.dspreset": text}
            inside |= {f"{SAMPLES}/{file}": content for file, content in own.items()}
            files[f"{name}.dslibrary"] = archive(inside)
        if "multisample" in formats:
            for drum in kit.drums:
                stem = drum.samples[0].file.removesuffix(".wav")
                maker = kit.maker
                files[f"Multisamples/{stem}.multisample"] = multisample(drum, own, maker)
        if "op-xy" in formats:
            for number, preset in enumerate(op_xy(*for_card(kit, own, "PCM_16")), 1):
                folder = f"{name}.preset" if number == 1 else f"{name} {number}.preset"
                files |= {f"{folder}/{file}": content for file, content in preset.items()}
        if "mpc" in formats:
            program = mpc(*for_card(kit, own, "PCM_24"), name)
            files |= {f"{name} MPC/{file}": content for file, content in program.items()}
    said = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return files | {DOCUMENT: said.encode("utf-8", "surrogateescape")}
