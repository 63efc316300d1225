"""Networks without memory: the shapes of real ones, and nothing imported to draw their weights."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import torch

from soundgan.models import GENERATORS
from soundgan.models.skeleton import shapes_only, without_drawing
from tests.families import make


@pytest.mark.parametrize("name", GENERATORS.names())
def test_a_skeleton_has_the_shapes_of_the_network(name: str) -> None:
    image = (1, 64, 64)
    with shapes_only():
        skeleton = make(GENERATORS, name, image, 3)
    network = make(GENERATORS, name, image, 3)
    shapes = {key: value.shape for key, value in network.state_dict().items()}
    assert {key: value.shape for key, value in skeleton.state_dict().items()} == shapes
    assert {parameter.device.type for parameter in skeleton.parameters()} == {"meta"}


@pytest.mark.parametrize("name", GENERATORS.names())
def test_all_that_was_not_drawn_is_filled_from_a_state(name: str) -> None:
    """Buffers too: nothing that a forward reads is left as it was in memory."""
    image = (1, 64, 64)
    network = make(GENERATORS, name, image, 3).eval()
    with without_drawing():
        filled = make(GENERATORS, name, image, 3).eval()
    with torch.no_grad():
        for tensor in filled.state_dict().values():
            tensor.fill_(7)
    filled.load_state_dict(network.state_dict())
    z, labels = torch.randn(2, network.latent_dim), torch.tensor([0, 2])
    assert torch.equal(filled(z, labels), network(z, labels))


@pytest.mark.parametrize("context", [shapes_only, without_drawing])
def test_outside_weights_are_drawn_again(
    context: Callable[[], AbstractContextManager[None]],
) -> None:
    with context():
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
