"""Networks without memory: the shapes of real ones, and nothing imported to draw their weights."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from soundgan.models import GENERATORS
from soundgan.models.skeleton import shapes_only
from soundgan.shapes import ImageSpec


@pytest.mark.parametrize("name", GENERATORS.names())
def test_a_skeleton_has_the_shapes_of_the_network(name: str) -> None:
    part = GENERATORS.load(name)
    image = ImageSpec(1, 64, 64)
    with shapes_only():
        skeleton = part(part.Options(), image, 3)
    network = part(part.Options(), image, 3)
    shapes = {key: value.shape for key, value in network.state_dict().items()}
    assert {key: value.shape for key, value in skeleton.state_dict().items()} == shapes
    assert {parameter.device.type for parameter in skeleton.parameters()} == {"meta"}


def test_outside_weights_are_drawn_again() -> None:
    with shapes_only():
        torch.nn.Linear(3, 4)
    assert torch.nn.Linear(3, 4).weight.std() > 0


def test_generating_imports_no_compiler(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom soundgan.cli.app import main\n"
        "sys.argv = ['soundgan', 'generate', '-n', '1', '--device', 'cpu', '--quiet']\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "sys.exit(', '.join({'torch._dynamo', 'sympy', 'librosa'} & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
