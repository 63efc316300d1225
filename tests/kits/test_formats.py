"""The files of a kit, read by strict readers written from their specifications."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

from soundgan.kits.archive import archive
from soundgan.kits.decent import dspreset
from soundgan.kits.instrument import Drum, Instrument, Sample
from soundgan.kits.multisample import multisample
from soundgan.kits.sfz import sfz

NAMES = ("kick & 'bass'.wav", 'größe "1".wav', "größe take 1.wav")
KIT = Instrument(
    'Kit <1> & "Ä"\n',
    8000,
    (
        Drum("kick", 36, (Sample(NAMES[0], 800),)),
        Drum("hat\u2028<", 42, (Sample(NAMES[1], 500), Sample(NAMES[2], 12_345)), choke=1),
    ),
    "soundgan 0",
)


def read_sfz(text: str) -> list[dict[str, str]]:
    """Regions with what they inherit, as sfzformat.com says: comments, headers, opcodes."""
    path, group, regions = "", dict[str, str](), list[dict[str, str]]()
    here: dict[str, str] = {}
    for line in text.splitlines():
        line = line.split("//")[0].strip()
        if header := re.fullmatch(r"<(\w+)>", line):
            here = {}
            if header[1] == "group":
                group = here
            elif header[1] == "region":
                here = dict(group)
                regions.append(here)
        elif line:
            opcode = re.fullmatch(r"([a-z_]+)=([^=<>$#]+)", line)
            assert opcode, line
            if opcode[1] == "default_path":
                path = opcode[2]
            here[opcode[1]] = path + opcode[2] if opcode[1] == "sample" else opcode[2]
    return regions


def test_sfz_plays_each_sound_on_its_key_takes_in_turn_and_hats_cut_off() -> None:
    kick, first, second = read_sfz(sfz(KIT))
    assert kick == {"loop_mode": "one_shot", "key": "36", "sample": f"Samples/{NAMES[0]}"}
    hat = {"group": "1", "off_by": "1", "off_mode": "fast", "seq_length": "2", "key": "42"}
    for position, region in enumerate((first, second), 1):
        assert hat.items() <= region.items()
        assert region["seq_position"] == str(position)
        assert region["sample"] == f"Samples/{NAMES[position]}"


def test_decent_sampler_has_one_groups_element_and_every_required_attribute() -> None:
    root = ElementTree.fromstring(dspreset(KIT))
    assert (root.tag, root.get("minVersion")) == ("DecentSampler", "1.0.0")
    (groups,) = root.findall("groups")
    assert groups.get("release") == "1.6"  # longer than the longest sound, 1.54 s
    kick, hat = groups.findall("group")
    (sample,) = kick
    assert sample.attrib == {
        "path": f"Samples/{NAMES[0]}", "rootNote": "36", "loNote": "36", "hiNote": "36",
    }  # fmt: skip
    assert kick.get("seqMode") is None
    assert hat.get("seqMode") == "round_robin"
    assert hat.get("tags") == hat.get("silencedByTags") == "choke1"
    assert [s.get("seqPosition") for s in hat] == ["1", "2"]
    assert {s.get("seqLength") for s in hat} == {"2"}


def test_a_multisample_is_an_archive_without_compression_in_the_order_of_its_schema() -> None:
    sounds = {name: name.encode() for name in NAMES}
    with zipfile.ZipFile(io.BytesIO(multisample(KIT.drums[1], sounds, KIT.maker))) as file:
        assert {entry.compress_type for entry in file.infolist()} == {zipfile.ZIP_STORED}
        assert file.namelist() == ["multisample.xml", *NAMES[1:]]
        assert file.read(NAMES[2]) == NAMES[2].encode()
        root = ElementTree.fromstring(file.read("multisample.xml"))
    assert root.attrib.keys() == {"name"}
    assert [child.tag for child in root] == ["generator", "category", "creator", "sample", "sample"]
    for sample, name in zip(root.findall("sample"), NAMES[1:], strict=True):
        assert sample.get("file") == name
        assert sample.get("zone-logic") == "round-robin"
        assert [child.tag for child in sample] == ["key", "velocity", "select"]
    assert root.findall("sample")[1].get("sample-stop") == "12345.000"


def test_the_same_content_is_the_same_archive() -> None:
    content = {"a.wav": b"a", "ü/b.wav": b"b"}
    assert archive(content) == archive(content)
    with zipfile.ZipFile(io.BytesIO(archive(content))) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == content
