from __future__ import annotations

import pytest

from soundgan.runtime.file_names import MOST_BYTES, file_name, file_names


@pytest.mark.parametrize(
    "label", ["kick", "hi hat", "Große Trommel", "808_Kick", "snare-2", "太鼓"]
)
def test_ordinary_names_are_kept(label: str) -> None:
    assert file_name(label) == label


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("a/b", "a_b"),
        ('<a>:"\\|?*', "_a_______"),
        ("..", "class"),
        ("../../etc", "_.._etc"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        (" padded. ", "padded"),
        ("", "class"),
        ("tab\tline\nbell\a", "tab_line_bell_"),
        ("not text \udcff", "not text _"),
        ("con", "_con"),
        ("NUL", "_NUL"),
        ("Com1", "_Com1"),
        ("lpt\N{SUPERSCRIPT TWO}", "_lpt\N{SUPERSCRIPT TWO}"),
        ("aux.v2", "_aux.v2"),
        ("console", "console"),
        ("com10", "com10"),
        ("u\N{COMBINING DIAERESIS}", "\N{LATIN SMALL LETTER U WITH DIAERESIS}"),
        ("right\N{RIGHT-TO-LEFT OVERRIDE}left", "right_left"),
    ],
)
def test_what_some_system_refuses_or_misreads_is_replaced(label: str, name: str) -> None:
    assert file_name(label) == name


def test_long_names_are_cut_between_characters() -> None:
    assert file_name("k" * 500) == "k" * MOST_BYTES
    name = file_name("太" * 200)
    assert set(name) == {"太"}
    assert MOST_BYTES - 3 < len(name.encode()) <= MOST_BYTES


def test_classes_that_a_file_system_would_mix_up_are_numbered() -> None:
    assert file_names(["Kick", "kick", "kick ", "a?b", "a*b", "snare"]) == (
        "Kick", "kick_2", "kick_3", "a_b", "a_b_2", "snare",
    )  # fmt: skip
    assert file_names([]) == ()
    awkward = file_names(["a_2", "a", "A"])
    assert len({name.casefold() for name in awkward}) == 3
