"""Sixteen pads, by keyboard and by mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serve.page.served import Watched

pytestmark = pytest.mark.slow


def test_nothing_plays_on_load_and_keys_play_at_once(watched: Watched) -> None:
    assert watched.page.evaluate("window.heard") == []
    watched.press("3")
    (first,) = watched.heard(1)
    assert "/sounds/3%3A" in first["url"]
    assert first["late"] < 20  # ms
    watched.press("i")
    assert "/sounds/16%3A" in watched.heard(2)[1]["url"]


def test_starting_a_sound_stops_the_others(watched: Watched) -> None:
    watched.press("1", "2")
    watched.heard(2)
    assert watched.page.locator("sg-picture.playing").count() <= 1


def test_arrows_walk_by_rows_and_space_plays(watched: Watched) -> None:
    watched.press("1", "ArrowRight", "ArrowDown")
    assert watched.page.locator(".pad.chosen").inner_text().startswith("W")
    watched.press(" ")
    assert "/sounds/10%3A" in watched.heard(2)[1]["url"]


def test_new_sounds_leave_locked_pads_and_undo_brings_the_old_ones_back(watched: Watched) -> None:
    before = watched.addresses()
    watched.press("2", "l", "n")
    after = watched.addresses()
    assert after[1] == before[1]
    assert [a.split(":")[0] for a in after[2:]] == [str(n) for n in range(19, 33)]
    watched.press("Control+z")
    assert watched.addresses() == before


def test_v_varies_on_the_other_pads(watched: Watched) -> None:
    watched.press("1", "v")
    watched.until("#said", "15 variations")
    found = watched.addresses()
    assert found[0] == "1:clap"
    assert found[1:] == [f"1:clap~vary{n}@0.3" for n in range(1, 16)]
    watched.until_ready()


def test_shift_t_goes_from_take_to_take(watched: Watched) -> None:
    watched.press("2", "Shift+T")
    watched.until(".shown", "2:hat~take1")
    watched.press("Shift+T")
    watched.until(".shown", "2:hat~take2")
    watched.until_ready()


def test_two_marks_make_a_morph_with_both_ends(watched: Watched) -> None:
    watched.press("1", "m", "4", "m", "b")
    watched.until("#said", "morph over 16 pads")
    found = watched.addresses()
    assert (found[0], found[15]) == ("1:clap", "4:snare")
    watched.until_ready()


def test_x_puts_the_next_seed_in_the_place_of_a_sound(watched: Watched) -> None:
    watched.press("5", "x")
    watched.until(".shown", "17:tom")
    watched.until_ready()


def test_class_and_truncation_make_the_same_seeds_anew(watched: Watched) -> None:
    page = watched.page
    page.get_by_label("Class").select_option("kick")
    assert watched.addresses()[:2] == ["1:kick", "2:kick"]
    page.get_by_label("Truncation").focus()
    watched.press("ArrowLeft", "ArrowLeft")
    assert watched.addresses()[:2] == ["1:kick~trunc0.9", "2:kick~trunc0.9"]
    watched.until_ready()


def test_a_direction_moves_the_chosen_sound_and_back(watched: Watched) -> None:
    page = watched.page
    watched.press("3")
    page.get_by_text("Brighter, longer").click()
    slider = page.get_by_label("brighter")
    slider.wait_for(timeout=60_000)
    slider.focus()
    watched.press("ArrowRight")
    watched.until(".shown", "3:kick~code")
    assert page.evaluate("document.activeElement.name") == "brighter"
    watched.press("ArrowLeft")
    page.locator(".shown", has_text="~code").wait_for(state="hidden", timeout=30_000)
    assert watched.addresses()[2] == "3:kick"


def test_a_pad_pressed_by_the_mouse_is_chosen_and_plays(watched: Watched) -> None:
    watched.page.locator(".pad").nth(9).click()
    assert "/sounds/10%3A" in watched.heard(1)[0]["url"]
    assert watched.page.locator(".shown").inner_text().startswith("10:")


def test_a_recording_becomes_a_sound_with_its_distance(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    with page.expect_download() as download:
        page.get_by_role("link", name="WAV", exact=True).click()
    assert download.value.suggested_filename == "clap-seed000001.wav"
    recording = tmp_path / "mine.wav"
    download.value.save_as(recording)
    watched.press("8")
    page.locator("#pads input[type=file]").set_input_files(recording)
    watched.until("#said", "mine.wav: ")
    assert "dB away" in page.locator("#said").inner_text()
    assert page.locator(".shown").inner_text().partition(" · ")[2].startswith("code")


def test_fields_take_letters_as_letters(watched: Watched) -> None:
    page = watched.page
    page.locator("#tab-kept").click()
    page.get_by_label("Name of the kit").fill("")
    page.get_by_label("Name of the kit").press_sequentially("kick 12")
    assert page.get_by_label("Name of the kit").input_value() == "kick 12"
    assert page.evaluate("window.heard") == []
