"""All views: accessible, narrow, and usable without a mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.serve.page.served import Watched

pytestmark = pytest.mark.slow

VIEWS = ("pads", "kept", "map", "training", "pictures")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(watched: Watched, scheme: str) -> None:
    watched.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    watched.press("1", "k", "m", "l")
    watched.until("#kept-count", "1")
    for view in VIEWS:
        watched.page.locator(f"#tab-{view}").click()
        found = Axe().run(watched.page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in SERIOUS] == []


SERIOUS = ("serious", "critical")


@pytest.mark.parametrize("width", [360, 590])  # 590 is 1180 at 200 %
def test_narrow_windows_need_no_sideways_scrolling(watched: Watched, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 700})
    for view in VIEWS:
        watched.page.locator(f"#tab-{view}").click()
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_reduced_motion_moves_no_line(watched: Watched) -> None:
    watched.page.emulate_media(reduced_motion="reduce")
    watched.press("1")
    watched.heard(1)
    assert watched.page.evaluate("document.getAnimations().length") == 0


def test_tabs_are_walked_by_arrows(watched: Watched) -> None:
    watched.page.locator("#tab-pads").focus()
    watched.press("ArrowRight")
    assert watched.page.get_by_role("tab", selected=True).inner_text().startswith("Kept")


def test_the_map_is_heard_by_arrows_and_morphs_by_m(watched: Watched) -> None:
    page = watched.page
    page.locator("#tab-map").click()
    watched.until("#said", "300 sounds")
    page.locator("sg-map canvas").focus()
    watched.press("ArrowRight")
    watched.heard(1)
    watched.press("m", "ArrowRight", "m")
    watched.until("#said", "morph over 16 pads")
    assert page.locator("#pads").is_visible()
    watched.until_ready()


def test_a_folder_without_trainings_says_so(watched: Watched) -> None:
    watched.page.locator("#tab-training").click()
    watched.until(".health", "No training yet")


def test_a_picture_is_heard_and_corrected_by_keyboard_and_mouse(
    watched: Watched, tmp_path: Path
) -> None:
    page = watched.page
    picture = tmp_path / "tone.png"
    image = Image.new("L", (300, 200))
    image.paste(255, (0, 98, 300, 102))
    image.save(picture)
    page.locator("#tab-pictures").click()
    page.get_by_label("Picture of a spectrogram").set_input_files(picture)
    watched.until("#said", "seconds at")
    page.get_by_role("button", name="Play", exact=True).click()
    assert "/pictures/" in watched.heard(1)[0]["url"]
    page.locator(".assumed [name=seconds]").fill("0.5")
    page.locator(".assumed [name=seconds]").press("Enter")
    watched.until("#said", "0.50 seconds")
    box = page.locator(".sheet img").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 180)
    page.mouse.up()
    page.get_by_role("button", name="Find the plot again").wait_for(timeout=30_000)
    assert "crop=10%2C20%2C200%2C180" in (page.locator("sg-pictures a").get_attribute("href") or "")
