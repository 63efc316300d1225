"""Kits as drum programs of the MPC. An experiment: its maker has not published the format.

References:
    What programs that read ``.xpm`` files expect of them, ConvertWithMoss above all.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from soundgan.kits.instrument import Drum, Instrument, Layer, Sample

MOST_LAYERS = 4
"""Sounds of one pad."""

CYCLE, BY_VELOCITY = "0", "1"
ONE_SHOT = "0"
AS_IT_IS = "0.707946"
"""Volume of 0 dB."""


def mpc(instrument: Instrument, sounds: Mapping[str, bytes], name: str) -> dict[str, bytes]:
    """The files of a program by their names in its folder: pads in the order of the notes.

    Of a drum with layers of velocity there are the four hardest, and of one without the first four
    takes, played in turn.

    Args:
        instrument: The kit, at 44.1 kHz.
        sounds: Content of the sound files by their names.
        name: Of the program's file, without its ending.
    """
    root = ElementTree.Element("MPCVObject")
    version = ElementTree.SubElement(root, "Version")
    _texts(version, {"File_Version": "2.1", "Application": "MPC-V", "Platform": "Linux"})
    program = ElementTree.SubElement(root, "Program", type="Drum")
    _texts(program, {"ProgramName": name})
    pads = ElementTree.SubElement(program, "Instruments")
    notes = ElementTree.SubElement(program, "PadNoteMap")
    files: dict[str, bytes] = {}
    for number, drum in enumerate(sorted(instrument.drums, key=lambda drum: drum.note), 1):
        pads.append(_pad(number, drum))
        note = ElementTree.SubElement(notes, "PadNote", number=str(number))
        _texts(note, {"Note": str(drum.note)})
        for sample, _ in _of_pad(drum):
            # The device finds sounds by their name with this ending.
            files[f"{_stem(sample)}.WAV"] = sounds[sample.file]
    ElementTree.indent(root)
    xml: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return {f"{name}.xpm": xml + b"\n"} | files


def _of_pad(drum: Drum) -> list[tuple[Sample, Layer]]:
    (first, *softer) = drum.layers
    if softer:
        return [(layer.samples[0], layer) for layer in drum.layers[:MOST_LAYERS]]
    return [(sample, first) for sample in first.samples[:MOST_LAYERS]]


def _pad(number: int, drum: Drum) -> ElementTree.Element:
    pad = ElementTree.Element("Instrument", number=str(number))
    chosen = _of_pad(drum)
    _texts(
        pad,
        {
            "Volume": AS_IT_IS,
            "LowNote": "0",
            "HighNote": "127",
            "IgnoreBaseNote": "True",
            "ZonePlay": BY_VELOCITY if len(drum.layers) > 1 else CYCLE,
            "MuteGroup": str(drum.choke),
            "TriggerMode": ONE_SHOT,
            "OneShot": "True",
            "VelocitySensitivity": "1.000000",
            "VolumeAttack": "0.000000",
            "VolumeSustain": "1.000000",
        },
    )
    layers = ElementTree.SubElement(pad, "Layers")
    for place, (sample, layer) in enumerate(chosen, 1):
        found = ElementTree.SubElement(layers, "Layer", number=str(place))
        # The softest of four plays for all that are softer still.
        softest = len(drum.layers) > 1 and place == len(chosen)
        _texts(
            found,
            {
                "Active": "True",
                "Volume": AS_IT_IS,
                "Pan": "0.500000",
                "VelStart": "1" if softest else str(layer.low),
                "VelEnd": str(layer.high),
                "RootNote": str(drum.note + 1),
                "KeyTrack": "False",
                "SampleName": _stem(sample),
                "SampleFile": "",
                "SliceIndex": "129",
                "SliceStart": "0",
                "SliceEnd": "0",
                "SliceLoop": "0",
            },
        )
    return pad


def _stem(sample: Sample) -> str:
    return sample.file.removesuffix(".wav")


def _texts(element: ElementTree.Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(element, name).text = text
