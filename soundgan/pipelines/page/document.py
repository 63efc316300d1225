"""One HTML file that needs nothing outside it: sounds and pictures are part of its text."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.picture import spectrogram_png
from soundgan.audio.wav import encode_audio

COLORMAP = "magma"


def document(title: str, sections: Iterable[str], *, style: str) -> str:
    """A page of ``sections`` (HTML text, empty ones left out) under ``title`` (plain text)."""
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        # Names and labels are foreign text; should one slip through, it can do nothing.
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:; media-src data:\">"
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>" + "\n".join(filter(None, sections)) + "</main></body></html>\n"
    )


def picture(levels: NDArray[np.float32]) -> str:
    """An image [F, T] in [-1, 1] in colour, low frequencies at the bottom."""
    content = _base64(spectrogram_png(levels, colormap=COLORMAP))
    return f"<img alt='spectrogram' src='data:image/png;base64,{content}'>"


def player(waveform: NDArray[np.float32], sample_rate: int) -> str:
    """A player for a waveform [N] in [-1, 1]."""
    content = _base64(encode_audio(waveform, sample_rate))
    return f"<audio controls preload='none' src='data:audio/wav;base64,{content}'></audio>"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
