from __future__ import annotations

import base64
import io
import re

import numpy as np
import soundfile
from PIL import Image

from soundgan.pipelines.page.document import document, picture, player
from tests.pages import Outline


def test_a_page_forbids_everything_that_is_not_in_it() -> None:
    page = document("A & B", ["<section>x</section>", ""], style="p { margin: 0 }")
    outline = Outline()
    outline.feed(page)
    assert not outline.open
    assert "default-src 'none'" in page
    assert "<title>A &amp; B</title>" in page
    assert page.count("<section>") == 1


def test_a_player_holds_the_samples() -> None:
    waveform = np.arange(-8, 8, dtype=np.float32) / np.float32(16)
    content = re.findall("base64,([^']+)", player(waveform, 8000))[0]
    heard, rate = soundfile.read(io.BytesIO(base64.b64decode(content)), dtype="float32")
    assert rate == 8000
    np.testing.assert_array_equal(heard, waveform)


def test_a_picture_has_low_frequencies_at_the_bottom() -> None:
    levels = np.full((4, 6), -1.0, np.float32)
    levels[0] = 1.0
    content = re.findall("base64,([^']+)", picture(levels))[0]
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        pixels = np.asarray(image.convert("L"))
    assert pixels.shape == (4, 6)
    assert pixels[-1].min() > pixels[:-1].max()
