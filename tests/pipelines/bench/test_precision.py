from __future__ import annotations

from pathlib import Path

import torch

from soundgan.inference.latents import draw_latents
from soundgan.inference.model_file import load_model
from soundgan.pipelines.bench.precision import InPrecision, name_of, precisions


def test_every_device_is_measured_in_what_the_commands_use_first() -> None:
    for name in ("cpu", "cuda:0", "mps"):
        device = torch.device(name)
        assert precisions(device, quick=True) == (torch.float32,)
        assert precisions(device, quick=False)[0] == torch.float32
        assert len(precisions(device, quick=False)) == 2
    assert name_of(torch.bfloat16) == "bfloat16"


@torch.inference_mode()
def test_a_reduced_generator_rounds_inside_and_gives_float32(model: Path) -> None:
    generator = load_model(model).generator
    z = draw_latents(range(3), generator.latent_dim)
    labels = torch.tensor([0, 1, 2])
    truth = generator(z, labels)
    images = InPrecision(generator, torch.bfloat16)(z, labels)
    assert images.dtype == torch.float32
    distance = float((images - truth).abs().max())
    assert 1e-5 < distance < 16 / 255
    same = InPrecision(generator, torch.bfloat16)(z, labels)
    assert torch.equal(same, images)
