"""Draw the pictures of the documentation anew: ``make screenshots``.

The report of ``prepare`` and the page of ``evaluate`` on the synthesised drum kit and the bundled
model, as Chromium shows them, a plot beside the plot of the sound that ``invert`` read from it, and
the views of the page that ``serve`` opens.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tools.page_views import photograph_views  # noqa: E402  (found only from the checkout)

RESULTS = ROOT / "docs" / "results"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def soundgan(folder: Path, command: str) -> None:
    """Run a command of ours in a folder."""
    subprocess.run([sys.executable, "-m", "soundgan", *command.split()], cwd=folder, check=True)


def photograph(browser: str, page: Path, picture: Path, height: int) -> None:
    """The first screen of a page, in 256 colours."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    where = [f"--window-size=1120,{height}", f"--screenshot={picture}", page.as_uri()]
    subprocess.run([browser, *options, *where], check=True, capture_output=True)
    with Image.open(picture) as image:
        reduced = image.convert("RGB").quantize(256)
    reduced.save(picture, optimize=True)


def side_by_side(left: Path, right: Path, picture: Path) -> None:
    """Two pictures in one, in 256 colours."""
    with Image.open(left) as first, Image.open(right) as second:
        pair = Image.new("RGB", (first.width + second.width, first.height), "white")
        pair.paste(first.convert("RGB"), (0, 0))
        pair.paste(second.convert("RGB"), (first.width, 0))
    pair.thumbnail((1400, 1400))
    pair.quantize(256).save(picture, optimize=True)


def main() -> None:
    """Make what the pictures show, and the pictures."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit(f"none of {', '.join(BROWSERS)} is installed, and one is needed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        soundgan(folder, "demo-data sounds --per-class 200")
        soundgan(folder, "prepare sounds --sample-rate 22050 --clip-seconds 0.65")
        photograph(browser, folder / "prepared/report.html", RESULTS / "report-page.png", 800)
        soundgan(folder, "evaluate drums --data prepared --out evaluation")
        page = folder / "evaluation/evaluation.html"
        photograph(browser, page, RESULTS / "evaluation-page.png", 1180)
        draw = "spectrogram --axes --colormap magma --out"
        soundgan(folder, f"{draw} plots sounds/snare/snare_0001.wav")
        plot = folder / "plots/snare_0001.png"
        soundgan(folder, f"invert {plot} --out back")
        soundgan(folder, f"{draw} again back")
        soundgan(folder, "train --data prepared --run runs/drums --config tiny --max-minutes 1")
        photograph_views(browser, folder, RESULTS)
        side_by_side(plot, folder / "again/snare_0001.png", RESULTS / "inverted-snare.png")


if __name__ == "__main__":
    main()
