from __future__ import annotations

import base64
import io
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest
import soundfile
from jinja2 import UndefinedError
from PIL import Image

from soundgan.pipelines.page import parted, picture, player, render
from tests.pages import Outline

TEMPLATES = sorted(path.name for path in (files("soundgan") / "pages").iterdir())
EVIL = "<script>alert(1)</script>{{ 7 * 7 }}{% raw %}\"'"


def content(address: str, kind: str) -> io.BytesIO:
    head, _, text = address.partition(",")
    assert head == f"data:{kind};base64"
    return io.BytesIO(base64.b64decode(text))


def evaluated(**values: object) -> str:
    """A page of sounds with hardly anything on it."""
    empty: dict[str, object] = {
        "verdict": {"answer": "Yes.", "tone": "good"},
        "memorised_ratio": 0.7,
        "sample_rate": 8000,
        "doubt_mark": "?",
        "emphasis": {},
    }
    empty |= {
        name: []
        for name in (
            "legend",
            "remarks",
            "facts",
            "scales",
            "groups",
            "tables",
            "doubts",
            "kind_of_clips",
            "facts_of_origin",
        )
    }
    return render("evaluated.html", **empty | values)


def test_a_page_forbids_everything_that_is_not_in_it() -> None:
    page = evaluated()
    outline = Outline()
    outline.feed(page)
    assert not outline.open
    assert page.startswith("<!doctype html>\n")
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert page.count("<title>Evaluated sounds</title>") == 1
    assert page.count("<h1>Evaluated sounds</h1>") == 1
    assert page.count("<style>") == 1


def test_foreign_text_is_neither_html_nor_a_template() -> None:
    facts = [(EVIL, EVIL)]
    page = evaluated(
        verdict={"answer": EVIL, "tone": "bad"}, remarks=[EVIL], facts=facts, facts_of_origin=facts
    ).replace("\N{NO-BREAK SPACE}", " ")
    outline = Outline()
    outline.feed(page)
    assert not outline.open
    assert "script" not in outline.tags
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}{% raw %}&#34;&#39;") == 6
    assert "49" not in page


def test_a_value_that_a_page_needs_cannot_be_forgotten() -> None:
    with pytest.raises(UndefinedError, match="'enough' is undefined"):
        render("prepared.html")


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_turns_text_into_html_or_fetches_anything(name: str) -> None:
    text = (files("soundgan") / "pages" / name).read_text("utf-8")
    for forbidden in (
        "|safe",
        "| safe",
        "autoescape",
        "http:",
        "https:",
        "@import",
        "url(",
        "<script",
    ):
        assert forbidden not in text


def test_pages_load_no_template_engine_before_one_is_made() -> None:
    script = "import soundgan.pipelines.page, sys; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


def test_options_and_percentages_are_not_broken_over_lines() -> None:
    assert parted("give --test 0.2 or --unlabelled: 5 % of it") == [
        "give ",
        "--test 0.2",
        " or ",
        "--unlabelled",
        ": 5\N{NO-BREAK SPACE}% of it",
    ]


def test_a_page_names_options_where_a_message_names_parameters() -> None:
    assert parted("a larger `test` keeps more") == ["a larger ", "--test", " keeps more"]


def test_a_player_holds_the_samples() -> None:
    waveform = np.arange(-8, 8, dtype=np.float32) / np.float32(16)
    heard, rate = soundfile.read(content(player(waveform, 8000), "audio/wav"), dtype="float32")
    assert rate == 8000
    np.testing.assert_array_equal(heard, waveform)


def test_a_picture_has_low_frequencies_at_the_bottom() -> None:
    levels = np.full((4, 6), -1.0, np.float32)
    levels[0] = 1.0
    with Image.open(content(picture(levels), "image/png")) as image:
        pixels = np.asarray(image.convert("L"))
    assert pixels.shape == (4, 6)
    assert pixels[-1].min() > pixels[:-1].max()
