from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len

from soundgan.cli.bar import Foot, Task, line_of

TRAINING = Task(
    "training", began=0.0, first=0, done=12_345, total=40_000, left=2772.0,
    note="114.2 images/s  D 1.24  G 0.49  |D'| 3.1  |G'| 0.8  real 0.91  fake -0.87",
)  # fmt: skip


@pytest.mark.parametrize("width", range(1, 160))
def test_a_line_never_reaches_the_last_column(width: int) -> None:
    assert cell_len(line_of(TRAINING, 9.0, width)) <= max(0, width - 1)


@pytest.mark.parametrize("width", [80, 110])
def test_bar_step_and_time_left_are_there_in_usual_widths(width: int) -> None:
    line = line_of(TRAINING, 9.0, width)
    assert line.startswith("training " + "━" * 7 + "─" * 17 + " 12345/40000  0:46:12 left  114.2")
    assert ("fake" in line) == (width > 130)


def test_numbers_outlast_the_bar_and_the_bar_the_note() -> None:
    assert line_of(TRAINING, 9.0, 50) == "training ━━━━────────── 12345/40000  0:46:12 left"
    assert line_of(TRAINING, 9.0, 38) == "training 12345/40000  0:46:12 left"
    assert line_of(TRAINING, 9.0, 30) == "training 12345/40000"
    assert line_of(TRAINING, 9.0, 15) == "12345/40000"


def test_wide_characters_count_twice() -> None:
    task = Task("prepare", 0.0, 0, done=1, total=2, note="太鼓" * 12)
    assert cell_len(line_of(task, 0.5, 80)) <= 79
    assert "太鼓" not in line_of(task, 0.5, 80)
    assert "太鼓" in line_of(task, 0.5, 100)


def test_time_left_is_guessed_from_what_this_session_has_done() -> None:
    resumed = Task("training", began=100.0, first=500, done=600, total=1000)
    assert resumed.seconds_left(110.0) == pytest.approx(40.0)
    assert resumed.seconds_left(100.5) is None
    assert Task("waiting", began=0.0, first=3, done=3, total=9).seconds_left(60.0) is None


class Screen:
    """A terminal that makes several rows of a line when it becomes narrower, as modern ones do.

    Attributes:
        columns: How wide it is.
        lines: What was written between line feeds, however many rows it takes.
    """

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.lines = [""]
        self._wraps = True
        self._at_start = True

    def write(self, text: str) -> int:
        for part in re.findall(r"\x1b\[\??\d*[a-zA-Z]|\r|\n|[^\x1b\r\n]+", text):
            self._put(part)
        return len(text)

    def flush(self) -> None: ...

    def _put(self, part: str) -> None:
        if part in ("\x1b[?7l", "\x1b[?7h"):
            self._wraps = part.endswith("h")
        elif part == " " and self._at_start:
            self.lines[-1] = part + self.lines[-1][1:]
        elif part == "\x1b[J":
            assert self._at_start
            self.lines[-1] = self.lines[-1][:1]
        elif part == "\r":
            # Of the row, which is the line only if the line is one row.
            self._at_start = len(self.lines[-1]) <= self.columns or self._at_start
        elif part == "\n":
            self.lines.append("")
            self._at_start = True
        elif not part.startswith("\x1b"):
            assert self._at_start
            assert self.lines[-1] in ("", " ")
            self.lines[-1] = part if self._wraps else part[: self.columns]
            self._at_start = False


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_a_terminal_that_changes_its_width_keeps_no_remains(
    lag: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(110)
    foot = Foot(screen, 110)  # type: ignore[arg-type]
    widths = [110, 110, 110, 80, 41, 20, 9, 33, 120, 60, 60]
    screen.write("said before\n")
    for number in range(2, len(widths)):
        screen.columns = widths[number]  # at once; it says so later
        monkeypatch.setattr(foot, "_columns", lambda said=widths[number - lag]: said)
        foot.move("training", 5, 40_000, TRAINING.note, 2772.0)
        foot.draw()
        assert len(screen.lines) == 2
        assert len(screen.lines[-1]) <= screen.columns
        assert TRAINING.name.startswith(screen.lines[-1][:8]) or screen.lines[-1].startswith("5/40")
    screen.columns = 30
    foot.erase()
    screen.write("said between\n")
    foot.draw()
    foot.close()
    assert screen.lines == ["said before", "said between", " "]


def test_the_cursor_is_hidden_while_a_line_is_shown_and_comes_back() -> None:
    written = io.StringIO()
    foot = Foot(written, 80)
    foot.move("a", 1, 2, "", None)
    foot.move("b", 1, 2, "", None)
    foot.end("b")
    assert bool(foot)
    assert "\x1b[?25h" not in written.getvalue()
    foot.end("a")
    assert not foot
    assert written.getvalue().count("\x1b[?25l") == written.getvalue().count("\x1b[?25h") == 1


def test_a_terminal_without_the_glyphs_gets_plainer_ones() -> None:
    written = io.BytesIO()
    latin = io.TextIOWrapper(written, "latin-1", write_through=True)
    foot = Foot(latin, 80)
    foot.move("training", 1, 2, "", None)
    assert b"training ############------------ 1/2" in written.getvalue()


def test_it_is_drawn_ten_times_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("soundgan.cli.bar.time.monotonic", lambda: clock[0])
    written = io.StringIO()
    foot = Foot(written, 80)
    for done in range(1000):
        clock[0] = done / 1000
        foot.move("training", done, 1000, "", None)
    assert 9 <= written.getvalue().count("\x1b[J") <= 11
