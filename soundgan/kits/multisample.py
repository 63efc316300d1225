"""One drum with its takes as a ``.multisample``, which Bitwig Studio and Studio One read.

References:
    https://github.com/bitwig/multisample, the schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from soundgan.kits.archive import archive
from soundgan.kits.instrument import Drum, Layer, Sample


def multisample(drum: Drum, sounds: Mapping[str, bytes], maker: str) -> bytes:
    """The content of the file.

    Args:
        drum: On every key at its own pitch, as pads of drum machines expect.
        sounds: Content of the sound files by their names.
        maker: What wrote it.
    """
    root = ElementTree.Element("multisample", name=drum.name)
    for name, text in (("generator", maker), ("category", "Drum"), ("creator", maker)):
        ElementTree.SubElement(root, name).text = text
    for layer in drum.layers:
        for sample in layer.samples:
            root.append(_zone(drum.note, layer, sample))
    ElementTree.indent(root)
    xml: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    inside = {"multisample.xml": xml + b"\n"}
    return archive(inside | {sample.file: sounds[sample.file] for sample in drum.samples})


def _zone(note: int, layer: Layer, sample: Sample) -> ElementTree.Element:
    found = ElementTree.Element(
        "sample",
        {
            "file": sample.file,
            "sample-start": "0.000",
            "sample-stop": f"{sample.n_samples}.000",
            "gain": "0.000",
            "zone-logic": "round-robin" if len(layer.samples) > 1 else "always-play",
        },
    )
    key = {"root": str(note), "track": "0.0000", "low": "0", "high": "127"}
    ElementTree.SubElement(found, "key", key)
    ElementTree.SubElement(found, "velocity", low=str(layer.low), high=str(layer.high))
    ElementTree.SubElement(found, "select")
    return found
