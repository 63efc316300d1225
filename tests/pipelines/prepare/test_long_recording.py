"""Ten hours in one file: memory follows from the settings, not from the length."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.sounds import tone

RATE = 16_000
HOURS = 10
N_CALLS = 40
MOST_BYTES = 500_000_000


def field_recording(path: Path) -> None:
    """Forty short calls in ten hours of silence, which take no place on the disk."""
    n_bytes = 2 * RATE * 3600 * HOURS
    layout = struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)
    header = b"RIFF" + struct.pack("<I", 36 + n_bytes) + b"WAVEfmt " + struct.pack("<I", 16)
    header += layout + b"data" + struct.pack("<I", n_bytes)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.write(header)
        for number in range(N_CALLS):
            call = tone(0.4, hertz=500 + 40 * number, rate=RATE)
            file.seek(len(header) + 2 * RATE * (60 + 890 * number))
            file.write((call * 32767).astype(np.int16).tobytes())
        file.truncate(len(header) + n_bytes)


def own_bytes(process: int) -> int:
    """Memory of a process and its children that is theirs: libraries, torch's half a gigabyte
    above all, are mapped from files, which the system can drop and shares."""
    total = 0
    try:
        status = Path(f"/proc/{process}/status").read_text()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # it has just ended
        return 0
    if found := re.search(r"RssAnon:\s+(\d+) kB", status):
        total += 1024 * int(found[1])
    return total + sum(own_bytes(int(child)) for child in children)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_ten_hours_are_prepared_in_half_a_gigabyte(tmp_path: Path) -> None:
    field_recording(tmp_path / "field" / "night.wav")
    out = tmp_path / "out"
    command = ["prepare", str(tmp_path / "field"), "--out", str(out), "--slice", "--jobs", "1"]
    process = subprocess.Popen([sys.executable, "-m", "soundgan", *command, "-q"])
    most = 0
    while process.poll() is None:
        most = max(most, own_bytes(process.pid))
        time.sleep(0.02)
    assert process.returncode == 0
    report = json.loads((out / "report.json").read_bytes())
    assert report["verdicts"]["sliced"] == 1
    assert report["summary"]["clips"] >= N_CALLS
    print(f"\n  {most / 1e6:.0f} MB, {report['summary']['clips']} clips")
    assert most < MOST_BYTES
