"""The HTML pages of reports: templates in ``soundgan/pages``, filled with plain values.

A page is one file that needs nothing outside it: sounds and pictures are part of its text.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.picture import spectrogram_png
from soundgan.audio.wav import encode_audio
from soundgan.spelling import with_options
from soundgan.words import percent

if TYPE_CHECKING:
    from jinja2 import Environment

COLORMAP = "magma"

_OPTION = re.compile(r"((?<![\w-])--[a-z][a-z-]*(?: [0-9.]+)?)")


def render(template: str, **values: Any) -> str:
    """The page that a template makes of some values; whatever is text in them stays text."""
    return environment().get_template(template).render(values)


@cache
def environment() -> Environment:
    """Where the templates come from, and what they can do to values."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - few commands make pages

    environment = Environment(
        loader=PackageLoader("soundgan", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "grouped": lambda count: f"{count:,}",
        "tenths": lambda number: f"{number:.1f}",
        "percent": percent,
        "parted": parted,
        "spelled": with_options,
        "picture": picture,
        "player": player,
    }
    return environment


def parted(sentence: str) -> list[str]:
    """A sentence in pieces, every second an option; no line of it begins with a percent sign."""
    return _OPTION.split(with_options(sentence).replace(" %", "\N{NO-BREAK SPACE}%"))


def picture(levels: NDArray[np.float32]) -> str:
    """The address of an image [F, T] in [-1, 1], in colour, low frequencies at the bottom."""
    return _address("image/png", spectrogram_png(levels, colormap=COLORMAP))


def player(waveform: NDArray[np.float32], sample_rate: int) -> str:
    """The address of a waveform [N] or [2, N] in [-1, 1]."""
    return _address("audio/wav", encode_audio(waveform.T, sample_rate))


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
