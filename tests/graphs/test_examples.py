"""The examples that use ONNX files without this program."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import soundgan
from soundgan.graphs.parity import seeds_of
from soundgan.graphs.session import Session
from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import load_model
from soundgan.pipelines.find_model import bundled_folder
from tests.serve.page.conftest import browser as browser

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGE = EXAMPLES / "browser"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("onnx_sounds", EXAMPLES / "onnx_sounds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("size", [16, 100, 2784])
def test_numpy_alone_draws_the_latents_of_seeds(example: ModuleType, size: int) -> None:
    for seed in (0, 42, 2**40):
        wanted = draw_latents([seed], size)[0].numpy()
        assert np.abs(example.latent(seed, size) - wanted).max() < 1e-5


def test_numpy_alone_draws_the_classes_of_seeds(example: ModuleType) -> None:
    drawn = [example.label(seed, 6) for seed in range(50)]
    assert drawn == draw_labels(range(50), 6).tolist()


class Quiet(SimpleHTTPRequestHandler):
    """A server that says nothing, and gives the model from elsewhere."""

    model = Path()

    def translate_path(self, path: str) -> str:
        return str(self.model) if path == "/model.onnx" else super().translate_path(path)

    def log_message(self, *arguments: Any) -> None:
        """Nothing."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    if not (PAGE / "node_modules").is_dir():
        pytest.skip(f"the runtime for browsers is not there; run npm ci in {PAGE}")
    Quiet.model = tmp_path / "model.onnx"
    soundgan.export_model("drums", Quiet.model)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(PAGE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_a_browser_makes_the_sounds_of_seeds(address: str, browser: Any, tmp_path: Path) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_function("said.textContent.startsWith('Ready: model ')", timeout=120_000)
    page.select_option("#class", label="kick")
    page.click("#play")
    page.wait_for_function("said.textContent.includes('made in')", timeout=120_000)
    made = np.array([page.evaluate(f"soundgan.make({seed}).then(Array.from)") for seed in (0, 1)])
    page.close()
    assert complaints == []
    model = load_model(bundled_folder() / "drums.safetensors")
    wanted = Session((tmp_path / "model.onnx").read_bytes())(*seeds_of(model, 2)).numpy()
    assert np.linalg.norm(made - wanted) < 1e-3 * np.linalg.norm(wanted)
