"""What is dropped on the page, dragged out of it, and still there after a reload."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from soundgan.audio.wav import encode_audio
from tests.serve.page.served import Served, Watched

pytestmark = pytest.mark.slow

CARRY = """([name, type, text]) => {
    const carried = new DataTransfer();
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type }));
    return carried;
}"""

DRAG = """(element) => {
    const carried = new DataTransfer();
    element.dispatchEvent(new DragEvent("dragstart", { dataTransfer: carried, bubbles: true }));
    return carried.getData("DownloadURL");
}"""


def drop(watched: Watched, selector: str, name: str, kind: str, content: bytes) -> None:
    """Drop a file as from the desktop."""
    text = base64.b64encode(content).decode()
    carried = watched.page.evaluate_handle(CARRY, [name, kind, text])
    for event in ("dragenter", "dragover", "drop"):
        watched.page.locator(selector).first.dispatch_event(event, {"dataTransfer": carried})


def thump() -> bytes:
    seconds = np.arange(8000) / 22050
    tone = np.sin(2 * np.pi * (60 + 90 * np.exp(-30 * seconds)) * seconds) * np.exp(-9 * seconds)
    return encode_audio(tone.astype(np.float32), 22050)


def test_a_recording_on_a_pad_becomes_what_is_nearest_and_is_varied(watched: Watched) -> None:
    page = watched.page
    drop(watched, ".pad:nth-child(3)", "thump.wav", "audio/wav", thump())
    watched.until("#said", "thump.wav: ")
    assert "dB away" in page.locator("#said").inner_text()
    assert "nearest of 600" in page.locator("#said").inner_text()
    page.locator(".pad").nth(2).click()
    nearest = watched.addresses()[2]
    watched.press("v")
    watched.until("#said", "15 variations")
    assert watched.addresses()[2] == nearest
    watched.until_ready()


def test_no_recording_is_told_and_leaves_the_pad_as_it_was(watched: Watched) -> None:
    before = watched.addresses()
    drop(watched, ".pad:nth-child(2)", "note.wav", "audio/wav", b"no sound at all")
    watched.until("#problem", "note.wav")
    assert watched.addresses() == before


def test_pads_are_as_they_were_after_a_reload(watched: Watched, served: Served) -> None:
    page = watched.page
    page.get_by_label("Class").select_option("snare")
    watched.press("2", "l", "n", "5", "x")
    watched.press("3", "Shift+T")
    watched.until(".shown", "~take1")
    drop(watched, ".pad:nth-child(8)", "thump.wav", "audio/wav", thump())
    watched.until("#said", "dB away")
    page.locator("#tab-kept").click()
    page.locator("#tab-pads").click()
    before = [page.locator(".pad").nth(i).inner_text() for i in range(16)], watched.addresses()
    page.reload()
    watched.until_ready()
    after = [page.locator(".pad").nth(i).inner_text() for i in range(16)], watched.addresses()
    assert after == before
    assert "lock" in after[0][1]
    assert page.get_by_label("Class").input_value() == "snare"
    assert page.evaluate("document.querySelectorAll('sg-picture.playing').length") == 0
    other = Watched(page.context.new_page())  # a bookmark
    other.open(page.url)
    assert other.addresses() == watched.addresses()
    watched.press("n")
    assert not set(watched.addresses()[2:]) & set(other.addresses())


def test_an_address_of_nonsense_opens_the_page_as_usual(watched: Watched, served: Served) -> None:
    hash = watched.page.locator("#model").input_value()
    for text in ("#pads?model=0&1=x", "#nowhere?%", f"#pads?model={hash}&chosen=99&seed=x"):
        watched.page.goto("about:blank")
        watched.open(served.url + text)
        assert watched.addresses()[0] == "1:clap"


def test_sounds_are_dragged_out_as_wav_from_pads_and_from_what_is_kept(watched: Watched) -> None:
    page = watched.page
    watched.press("3", "k")
    watched.until("#kept-count", "1")
    told = page.locator(".pad").nth(2).evaluate(DRAG)
    assert told.startswith("audio/wav:3-kick.wav:http://127.0.0.1:")
    page.locator("#tab-kept").click()
    again = page.locator(".kept li").first.evaluate(DRAG)
    assert again == told
    assert page.request.get(again.partition(".wav:")[2]).body()[:4] == b"RIFF"


def test_the_map_is_heard_by_hovering_and_morphs_by_dragging(watched: Watched) -> None:
    page = watched.page
    page.locator("#tab-map").click()
    watched.until("#said", "300 sounds")
    box = page.locator("sg-map canvas").bounding_box()
    assert box is not None
    found: list[tuple[float, float]] = []
    for n in range(12 * 9):
        x = box["x"] + box["width"] * (0.1 + 0.07 * (n % 12))
        y = box["y"] + box["height"] * (0.1 + 0.1 * (n // 12))
        before = page.locator("#said").inner_text()
        page.mouse.move(x, y)
        if page.locator("#said").inner_text() != before:
            found.append((x, y))
    assert len(found) > 3
    watched.heard(1)
    page.mouse.move(*found[0])
    page.mouse.down()
    page.mouse.move(*found[-1], steps=5)
    page.mouse.up()
    watched.until("#said", "morph over 16 pads")
    watched.until_ready()


def test_a_picture_is_dropped_and_its_axes_are_corrected_by_the_mouse(
    watched: Watched, tmp_path: Path
) -> None:
    page = watched.page
    image = Image.new("L", (300, 200))
    image.paste(255, (0, 98, 300, 102))
    image.save(tmp_path / "tone.png")
    page.locator("#tab-pictures").click()
    drop(watched, "sg-pictures", "tone.png", "image/png", (tmp_path / "tone.png").read_bytes())
    watched.until("#said", "seconds at")
    page.locator(".assumed select[name=axis]").select_option("log")
    watched.until("#said", "seconds at")
    link = page.locator("sg-pictures a")
    expect(link, "axis=log")
    slider = page.locator(".assumed [name=range_db-slider]").bounding_box()
    assert slider is not None
    page.mouse.click(slider["x"] + 0.75 * slider["width"], slider["y"] + slider["height"] / 2)
    expect(link, "range_db=1")
    page.get_by_role("button", name="Play", exact=True).click()
    assert "range_db=1" in watched.heard(1)[0]["url"]


def expect(link: Any, text: str) -> None:
    """Wait until a link holds this."""
    for _ in range(300):
        if text in (link.get_attribute("href") or ""):
            return
        link.page.wait_for_timeout(100)
    raise AssertionError(f"no {text} in {json.dumps(link.get_attribute('href'))}")
