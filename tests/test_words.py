from __future__ import annotations

import pytest

from soundgan.words import counted, first_line, percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (1e-9, "under 0.1 %"),
        (0.00049, "under 0.1 %"),
        (0.0005, "0.1 %"),
        (0.002, "0.2 %"),
        (0.0094, "0.9 %"),
        (0.0096, "1 %"),
        (0.01, "1 %"),
        (0.634, "63 %"),
        (0.99, "99 %"),
        (0.996, "99.6 %"),
        (0.99999, "99.9 %"),
        (1.0, "100 %"),
        (1.234, "123 %"),
    ],
)
def test_a_share_is_whole_percents_but_near_none_and_all(share: float, text: str) -> None:
    assert percent(share) == text


def test_only_none_is_0_and_only_all_is_100_percent() -> None:
    inside = [percent(n / 10_000) for n in range(1, 10_000)]
    assert not {"0 %", "0.0 %", "100 %", "100.0 %"} & set(inside)


def test_an_error_is_told_in_one_bearable_line() -> None:
    assert first_line(ValueError("\n no memory \n\nset PYTORCH_NO_ADVICE=1")) == "no memory"
    assert first_line(KeyError()) == "KeyError"
    assert first_line(RuntimeError(" \n ")) == "RuntimeError"
    assert len(first_line(OSError("x" * 10_000))) == 300


def test_nouns_follow_their_numbers() -> None:
    shown = [counted(number, "file") for number in (0, 1, 2, 2000)]
    assert shown == ["0 files", "1 file", "2 files", "2,000 files"]
