"""The files of a kit, read by strict readers written from their specifications."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from xml.etree import ElementTree

from soundgan.kits.archive import archive
from soundgan.kits.decent import dspreset
from soundgan.kits.instrument import Drum, Instrument, Layer, Sample
from soundgan.kits.multisample import multisample
from soundgan.kits.sfz import sfz

NAMES = ("kick & 'bass'.wav", 'größe "1".wav', "größe take 1.wav")
KIT = Instrument(
    'Kit <1> & "Ä"\n',
    8000,
    (
        Drum("kick", 36, (Layer((Sample(NAMES[0], 800),)),)),
        Drum(
            "hat\u2028<",
            42,
            (Layer((Sample(NAMES[1], 500), Sample(NAMES[2], 12_345))),),
            choke=1,
        ),
    ),
    "soundgan 0",
)

SOFT = Drum(
    "snare",
    38,
    (
        Layer((Sample("s.wav", 10), Sample("s take 1.wav", 11)), 65, 127),
        Layer((Sample("s vel 64.wav", 12),), 1, 64),
    ),
)
"""A drum with two layers; the harder one has two takes."""


def alone(drum: Drum) -> Instrument:
    return Instrument("soft", 8000, (drum,), "soundgan 0")


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


def test_layers_of_sfz_share_all_velocities_and_count_their_takes_alone() -> None:
    hard, other, soft = read_sfz(sfz(alone(SOFT)))
    assert [(r["lovel"], r["hivel"]) for r in (hard, other, soft)] == [
        ("65", "127"), ("65", "127"), ("1", "64"),
    ]  # fmt: skip
    assert [r.get("seq_length") for r in (hard, other, soft)] == ["2", "2", None]
    assert [r.get("seq_position") for r in (hard, other, soft)] == ["1", "2", None]


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


def test_layers_of_decent_sampler_are_groups_of_their_own() -> None:
    hard, soft = ElementTree.fromstring(dspreset(alone(SOFT))).iter("group")
    assert (hard.get("seqMode"), soft.get("seqMode")) == ("round_robin", None)
    assert {(s.get("loVel"), s.get("hiVel")) for s in hard} == {("65", "127")}
    assert [(s.get("loVel"), s.get("hiVel")) for s in soft] == [("1", "64")]
    assert {s.get("seqLength") for s in hard} == {"2"}


def read_multisample(content: bytes) -> list[ElementTree.Element]:
    """Its samples, after everything that the schema and the text of its publisher demand."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        assert {entry.compress_type for entry in file.infolist()} == {zipfile.ZIP_STORED}
        names = file.namelist()
        root = ElementTree.fromstring(file.read("multisample.xml"))
    assert root.tag == "multisample"
    assert set(root.attrib) == {"name"}
    order = ["generator", "category", "creator", "description", "keywords", "group", "sample"]
    places = [order.index(child.tag) for child in root]
    assert places == sorted(places)
    assert places[:3] == [0, 1, 2]
    assert max(map(places.count, range(5))) == 1
    samples = root.findall("sample")
    for sample in samples:
        assert sample.get("file") in names
        assert [child.tag for child in sample if child.tag != "loop"] == RANGES
        _demand(sample, OTHERS | DOUBLES)
        assert sample.get("zone-logic", "always-play") in ("always-play", "round-robin")
        for child in sample:
            _demand(child, RANGE | KEY if child.tag == "key" else RANGE)
    assert sorted(names) == sorted(["multisample.xml", *(str(s.get("file")) for s in samples)])
    return samples


RANGES = ["key", "velocity", "select"]
Kinds = dict[str, Callable[[str], object]]
RANGE: Kinds = dict.fromkeys(("low", "high", "low-fade", "high-fade"), int)
KEY: Kinds = {"root": int, "track": float, "tune": float}
OTHERS: Kinds = {"file": str, "group": int, "reverse": str, "zone-logic": str}
DOUBLES: Kinds = dict.fromkeys(
    ("sample-start", "sample-stop", "gain", "parameter-1", "parameter-2", "parameter-3"), float
)


def _demand(element: ElementTree.Element, kinds: Mapping[str, Callable[[str], object]]) -> None:
    for name, value in element.attrib.items():
        kinds[name](value)


def test_a_multisample_obeys_its_schema_and_plays_takes_in_turn() -> None:
    sounds = {name: name.encode() for name in NAMES}
    samples = read_multisample(multisample(KIT.drums[1], sounds, KIT.maker))
    assert [sample.get("file") for sample in samples] == list(NAMES[1:])
    assert {sample.get("zone-logic") for sample in samples} == {"round-robin"}
    assert samples[1].get("sample-stop") == "12345.000"
    # Written out, though all is the default: ConvertWithMoss takes what is left out for -1.
    assert samples[0][1].attrib == {"low": "1", "high": "127"}


def test_layers_of_a_multisample_are_zones_of_velocity() -> None:
    sounds = {sample.file: b"" for sample in SOFT.samples}
    hard, other, soft = read_multisample(multisample(SOFT, sounds, "soundgan 0"))
    assert hard[1].attrib == other[1].attrib == {"low": "65", "high": "127"}
    assert soft[1].attrib == {"low": "1", "high": "64"}
    logic = [sample.get("zone-logic") for sample in (hard, other, soft)]
    assert logic == ["round-robin", "round-robin", "always-play"]


def test_the_same_content_is_the_same_archive() -> None:
    content = {"a.wav": b"a", "ü/b.wav": b"b"}
    assert archive(content) == archive(content)
    with zipfile.ZipFile(io.BytesIO(archive(content))) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == content
