"""What mkdocs asks for: pages that lie elsewhere or nowhere, and their places in the menu."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tools.reference import pages  # noqa: E402  (found only from the root of the checkout)

ELSEWHERE = {
    "index.md": "README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
}
"""Pages of the site that lie beside ``docs/``."""

MADE = pages()


def moved(text: str) -> str:
    """A text whose links were right beside ``docs/``, and are right inside now."""
    for page, source in ELSEWHERE.items():
        text = text.replace(f"]({source})", f"]({page})")
    return re.sub(r"\]\(docs/", "](", text)


def on_config(config: Any) -> Any:
    """List the made pages in the menu, where it says ``reference``."""
    for section in config["nav"]:
        if "Reference" in section:
            section["Reference"] += [{title(path): path} for path in MADE]
    return config


def title(path: str) -> str:
    """The first heading of a made page."""
    return MADE[path].partition("\n")[0].removeprefix("# ")


def on_files(files: Files, config: Any) -> Files:
    """Add what does not lie in ``docs/``."""
    for page, source in ELSEWHERE.items():
        text = (ROOT / source).read_text("utf-8")
        files.append(File.generated(config, page, content=moved(text)))
    for page, text in MADE.items():
        files.append(File.generated(config, page, content=text))
    return files
