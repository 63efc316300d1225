"""Kits for Decent Sampler, a free plug-in for every system.

References:
    Decent Sampler Developer's Guide: the elements groups, group and sample.
"""

from __future__ import annotations

import math
from xml.etree import ElementTree

from soundgan.kits.instrument import SAMPLES, Drum, Instrument, Layer


def dspreset(instrument: Instrument) -> bytes:
    """The content of the ``.dspreset`` file, for a place beside the folder of sounds."""
    root = ElementTree.Element("DecentSampler", minVersion="1.0.0")
    root.append(ElementTree.Comment(f" made by {instrument.maker} "))
    longest = max((s.n_samples for drum in instrument.drums for s in drum.samples), default=0)
    # Sounds play to their ends after the key is let go: a release as long as the longest of them.
    release = math.ceil(10 * longest / instrument.sample_rate) / 10
    groups = ElementTree.SubElement(
        root, "groups", attack="0", decay="0", sustain="1", release=f"{release:g}"
    )
    for drum in instrument.drums:
        for layer in drum.layers:
            groups.append(_group(drum, layer))
    ElementTree.indent(root)
    content: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def _group(drum: Drum, layer: Layer) -> ElementTree.Element:
    """A layer has a group of its own, so that its takes are counted by themselves."""
    name = drum.name if layer.is_whole else f"{drum.name}, velocity {layer.low} to {layer.high}"
    group = ElementTree.Element("group", name=name, pitchKeyTrack="0")
    if drum.choke:
        tag = f"choke{drum.choke}"
        group.attrib |= {"tags": tag, "silencedByTags": tag, "silencingMode": "fast"}
    if len(layer.samples) > 1:
        group.set("seqMode", "round_robin")
    note = str(drum.note)
    for position, sample in enumerate(layer.samples, 1):
        found = ElementTree.SubElement(
            group,
            "sample",
            path=f"{SAMPLES}/{sample.file}",
            rootNote=note,
            loNote=note,
            hiNote=note,
        )
        if not layer.is_whole:
            found.attrib |= {"loVel": str(layer.low), "hiVel": str(layer.high)}
        if len(layer.samples) > 1:
            found.attrib |= {"seqPosition": str(position), "seqLength": str(len(layer.samples))}
    return group
