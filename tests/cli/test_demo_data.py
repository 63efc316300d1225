"""``soundgan demo-data`` as a person and as a script see it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def soundgan(*arguments: str | Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "soundgan", *arguments], capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


def test_the_folder_and_the_counts_go_to_stdout_and_the_next_step_to_stderr(
    tmp_path: Path,
) -> None:
    code, out, err = soundgan("demo-data", tmp_path / "drums", "--per-class", "1")
    assert code == 0
    assert out == f"{tmp_path}/drums: 5 sounds: 1 kick, 1 snare, 1 hat, 1 tom, 1 clap\n"
    assert err == f"next: soundgan prepare {tmp_path}/drums\n"


def test_json_is_one_document_with_a_schema_and_quiet_is_quiet(tmp_path: Path) -> None:
    options = ("--per-class", "2", "--seed", "3", "--json", "--quiet")
    code, out, err = soundgan("demo-data", tmp_path, *options)
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "schema": 1,
        "command": "demo-data",
        "folder": str(tmp_path),
        "seed": 3,
        "classes": {"kick": 2, "snare": 2, "hat": 2, "tom": 2, "clap": 2},
        "files": 10,
        "written": 10,
        "unchanged": 0,
        "others": 0,
    }


def test_a_file_in_the_way_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "kick").mkdir()
    (tmp_path / "kick" / "kick_0001.wav").write_bytes(b"mine")
    code, out, err = soundgan("demo-data", tmp_path, "--per-class", "1")
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {tmp_path}/kick/kick_0001.wav: exists with other content")
    assert err.count("\n") == 1
    assert soundgan("demo-data", tmp_path, "--per-class", "1", "--overwrite")[0] == 0


def test_a_count_out_of_range_is_a_usage_error(tmp_path: Path) -> None:
    code, out, err = soundgan("demo-data", tmp_path, "--per-class", "0")
    assert (code, out) == (2, "")
    assert "--per-class" in err
    assert not any(tmp_path.iterdir())
