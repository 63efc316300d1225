"""Colour maps: those of matplotlib, and those that audio tools draw with and matplotlib has not."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

COMMON = (
    "gray",
    "magma",
    "viridis",
    "inferno",
    "plasma",
    "cividis",
    "turbo",
    "jet",
    "hot",
)
"""The maps that most spectrograms are drawn with."""

_OF_TOOLS = {
    "audacity": ("bfbfbf4c99ffe519e5ff0000ffffff"),
    "roseus": (
        "010101030708021017011828001e3b06234f1526632626763725864a22935d1e9c701aa18316a194169e"
        "a51997b51f8ec32884d03278db3d6de54961ed5757f4654ef87448fb8446fc9449faa453f7b463f3c379"
        "eed293ebdfb0eceacdf3f4e7fefbf9"
    ),
    "parula": (
        "352a87353dad2053d40268e10d75dc1481d6108ed2079ccf06a7c60faeb925b5a942bb9865be8687bf77"
        "a5be6bc0bc60d9ba56f1b94affc337fad32af5e41df9fb0e"
    ),
    "sox": (
        "00000300001600002a00003d00004f12005e27006a3c007450007b62007f76007f88007c980076aa006c"
        "b80060c50051d20040de002ce6001aef0005f52100fa4600fd6b00ff9100ffaf00ffca00ffe025fff049"
        "fffa6cffff90ffffb5ffffd8ffffff"
    ),
    "ffmpeg_intensity": (
        "00010000011200012400013800004b0f015624015f3701674c00705f01797100797f016c8d005f9b0052"
        "a80044b60137c30029d0011cde000feb0101f21c00f64100f96800fc8c00fead00fec900fed721fee445"
        "fef069fefe8efeffb2feffd6fefffa"
    ),
    "ffmpeg_rainbow": (
        "0001000b04231b0947270c6b3710902f109124108d1910870f11820e2f9a0d50b30c70cc0d90e50d9ad1"
        "0c9eb00ba2910ca6720caa530cae330db31333bd0b69c70b9dd40bd1df0ae9d20feab41bea9524e9762e"
        "e75c31e24929dc381fd62416cf120e"
    ),
    "ffmpeg_fire": (
        "0001000406050a0c0b1011131418191a1e2120242726292e2c2d31312f2e36312d3c332c40352a453828"
        "4a3927523c25593e24613f2368412073461f804a1e8c4e1b98561ca5601bb16a1cbc7620c3832bca9235"
        "d3a044ddb871e7d09ef2e7cbfdfef9"
    ),
    "ffmpeg_fiery": (
        "0001000a02001604022007032c0905380b08440d0a4f0f0d590f0c630e0b6c0e0a760d097f0c07890b05"
        "930b059f1509ae2812bd3b19cd4e22d66025dc7129e3842de5972de5ab2ae5be25e5cf2fe5d65ae3dc83"
        "e4e3abe9eac0f1f2d3f7f8e8fefffb"
    ),
    "ffmpeg_fruit": (
        "000100010504030b0d0610120816190b1a1f0e1f270d2b290a3d2a06502a075f280d6b201277171a8211"
        "2d8a0e3f910e51990c6d9c0a8aa00aa6a40bc2a818ddac2cf7b041ffab47ff9e40fa9038f88333f4762c"
        "f16726ed5b20ea4d18e63f12e3310b"
    ),
    "ffmpeg_nebulae": (
        "0e06130f07140f0917110b19120b1b140d1d130f1e1511221713241b14241e1526201827241929261b2b"
        "291d2b2d1f2c33232e3827313f2a3353343a6e4143894e4c9e554fae554fbe554ecc574ed25d54d9645b"
        "de6c63e79089eeb5aef6d9d5fdfef9"
    ),
    "ffmpeg_moreland": (
        "142688263a993750ac4a65be5a7acf6786d67192d97d9cdd88a7e093afdea0b8deacc0dcb8c8dbbfcad7"
        "c2c9d1c7c8cccbc7c5cfc6c0d3c5bad7c4b5dbbdaadeb59fe0ac94e2a488e0987ddd8c71d97f65d6745b"
        "d16450c75048be3b40b52838ad1430"
    ),
    "ffmpeg_cool": (
        "000100000b2e00155c001f8c0029bb0031de0037d9003dd00043ca0049c1004eba0055b4005aac0361a6"
        "1a669d306c974672905d7788747e828b8379a18a73b78f6bce9564e49c5efca155ffa74fffad46ffb23f"
        "ffb93affbe31ffc52bffca22ffd11c"
    ),
    "ffmpeg_green": (
        "000100000a03001308001c0e002513002e1800381e004023004a2800532e005c33006538006e3e007743"
        "00814800894e009252009b5800a55d00ad6200b76800c06d00c97200d27800db7d00e08c14e59c3beaac"
        "61eebc86f3ccadf7dcd3fcecfafffc"
    ),
    "ffmpeg_terrain": (
        "00010000002e00005c00008c0000bb0000dd0400d10a17c30f34b51552a71a719a1f8f8d24ad7e29cb70"
        "2fea6234ff5539ff483eff3a44ff2c49ff1e6bff1c98ff1cc5ff1cf1ff1cffff1cffff1cffed1cffd71c"
        "ffd83cffe16affeb9afff5cafffff8"
    ),
}
"""Colours at equal distances in level, six digits each. Roseus is Audacity's newer map."""

_OF_MATPLOTLIB = (
    *("cubehelix", "CMRmap", "gnuplot", "gnuplot2", "bone", "copper", "gist_heat", "afmhot"),
    *("nipy_spectral", "gist_ncar", "rainbow", "ocean", "terrain", "gist_earth", "gist_stern"),
    *("Blues", "Greens", "Reds", "Purples", "Oranges", "YlOrRd", "YlOrBr", "YlGnBu", "YlGn"),
    *("PuBu", "GnBu", "BuPu", "OrRd", "PuRd", "RdPu", "BuGn", "PuBuGn", "pink", "cool", "winter"),
    *("summer", "autumn", "spring", "coolwarm", "seismic", "bwr", "RdBu", "RdYlBu", "Spectral"),
)

COLOUR_MAPS = (*COMMON, *_OF_TOOLS, *_OF_MATPLOTLIB)
"""The maps that are recognised, each also reversed (``magma_r``)."""


@lru_cache(maxsize=len(COLOUR_MAPS))
def colours_of(name: str) -> NDArray[np.float32]:
    """256 colours [256, 3] of a map in 0..255, evenly spaced in level."""
    places = np.linspace(0.0, 1.0, 256)
    if name in _OF_TOOLS:
        known = np.frombuffer(bytes.fromhex(_OF_TOOLS[name]), np.uint8).reshape(-1, 3)
        at = np.linspace(0.0, 1.0, len(known))
        channels = [np.interp(places, at, known[:, channel]) for channel in range(3)]
        return np.stack(channels, axis=1).astype(np.float32)
    import matplotlib  # noqa: PLC0415 - half a second that our own need not wait for

    table = matplotlib.colormaps[name](places, bytes=True)
    return np.asarray(table[:, :3], np.float32)
