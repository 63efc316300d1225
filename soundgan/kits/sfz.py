"""Kits as SFZ, which sfizz, ARIA, LinuxSampler and many others play.

References:
    https://sfzformat.com, the opcodes sample, key, lovel, seq_length, group, off_by, loop_mode.
"""

from __future__ import annotations

from soundgan.kits.instrument import SAMPLES, Drum, Instrument, Layer

UNSAFE = "=#$"
"""Signs that a name in SFZ cannot have: they begin opcodes, directives and variables."""


def sfz(instrument: Instrument) -> str:
    """The text of the file, for a place beside the folder of sounds."""
    lines = [
        f"// {_comment(instrument.name)}, made by {instrument.maker}",
        "<control>",
        f"default_path={SAMPLES}/",
    ]
    for drum in instrument.drums:
        lines += _drum(drum)
    return "\n".join(lines) + "\n"


def _drum(drum: Drum) -> list[str]:
    lines = ["", f"// {_comment(drum.name)}", "<group>", "loop_mode=one_shot", f"key={drum.note}"]
    if drum.choke:
        lines += [f"group={drum.choke}", f"off_by={drum.choke}", "off_mode=fast"]
    whole = all(layer.is_whole for layer in drum.layers)
    if whole:
        lines += _length(drum.layers[0])
    for layer in drum.layers:
        for position, sample in enumerate(layer.samples, 1):
            lines += ["<region>", f"sample={sample.file}"]
            if not whole:
                lines += [f"lovel={layer.low}", f"hivel={layer.high}", *_length(layer)]
            if len(layer.samples) > 1:
                lines.append(f"seq_position={position}")
    return lines


def _length(layer: Layer) -> list[str]:
    return [f"seq_length={len(layer.samples)}"] if len(layer.samples) > 1 else []


def _comment(text: str) -> str:
    return " ".join(text.split())
