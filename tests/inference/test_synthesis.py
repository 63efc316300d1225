from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray

from soundgan.inference import synthesis
from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.synthesis import GeneratedSound, synthesise
from soundgan.models.contract import Generator
from soundgan.models.layout import lay_out
from soundgan.pipelines.find_model import bundled_models
from soundgan.pipelines.generate import GenerateRequest, generate
from soundgan.reporting import SilentReporter
from tests.inference.conftest import write_model


@pytest.fixture(scope="module", params=["dcgan", "mlp"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    path = tmp_path_factory.mktemp("m") / "model.safetensors"
    return load_model(write_model(path, f"generator.name={request.param}"))


def same(first: list[GeneratedSound], second: list[GeneratedSound]) -> bool:
    return all(
        a.seed == b.seed
        and a.label == b.label
        and torch.equal(a.image, b.image)
        and torch.equal(a.waveform, b.waveform)
        for a, b in zip(first, second, strict=True)
    )


@pytest.mark.parametrize(("batch_size", "jobs"), [(1, 1), (3, 2), (8, 1), (64, 2)])
def test_a_sound_does_not_depend_on_batch_size_or_jobs(
    batch_size: int, jobs: int, model: LoadedModel
) -> None:
    expected = list(synthesise(model, range(42, 52), batch_size=16, jobs=2))
    got = list(synthesise(model, range(42, 52), batch_size=batch_size, jobs=jobs))
    assert same(expected, got)


def test_a_sound_does_not_depend_on_the_threads_around_it(model: LoadedModel) -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        expected = list(synthesise(model, [45]))
        torch.set_num_threads(2)
        assert same(expected, list(synthesise(model, [45])))
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def state_of(model: LoadedModel) -> list[tuple[int, tuple[int, ...], int]]:
    """Where every weight lies, how, and how often it was written to."""
    weights = [*model.generator.parameters(), *model.generator.buffers()]
    return [(weight.data_ptr(), weight.stride(), weight._version) for weight in weights]


def test_nothing_changes_while_sounds_are_still_to_come(model: LoadedModel) -> None:
    before, threads = state_of(model), torch.get_num_threads()
    torch.set_num_threads(3)
    random = torch.get_rng_state()
    try:
        sounds = synthesise(model, range(8), batch_size=2, jobs=2)
        next(sounds)
        fresh: list[int] = []
        thread = Thread(target=lambda: fresh.append(torch.get_num_threads()))
        thread.start()
        thread.join()
        assert (torch.get_num_threads(), fresh) == (3, [3])
        assert state_of(model) == before
        sounds.close()
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(threads)
    assert state_of(model) == before
    assert torch.equal(torch.get_rng_state(), random)


def test_a_model_that_lies_otherwise_is_left_so(model: LoadedModel) -> None:
    generator = copy.deepcopy(model.generator)
    lay_out(generator, torch.contiguous_format)
    other = replace(model, generator=generator)
    before = state_of(other)
    assert same(list(synthesise(other, range(3))), list(synthesise(model, range(3))))
    assert state_of(other) == before


def test_four_threads_make_the_sounds_of_the_command_line_from_one_model(tmp_path: Path) -> None:
    path = write_model(tmp_path / "model.safetensors", "generator.name=dcgan")
    request = GenerateRequest(path, tmp_path / "out", count=12, seed=5, subtype="FLOAT")
    made = generate(request, SilentReporter()).sounds
    written = [soundfile.read(sound.path, dtype="float32")[0] for sound in made]
    model = load_model(path)
    before, threads = state_of(model), torch.get_num_threads()
    together = Barrier(4, timeout=30)

    def make(_: int) -> list[NDArray[np.float32]]:
        together.wait()
        return [sound.waveform.numpy() for sound in synthesise(model, range(5, 17), jobs=2)]

    with ThreadPoolExecutor(4) as pool:
        for waveforms in pool.map(make, range(4)):
            assert all(map(np.array_equal, waveforms, written))
            assert len(waveforms) == len(written)
    assert state_of(model) == before
    assert torch.get_num_threads() == threads


def test_a_device_short_of_memory_makes_images_a_few_at_a_time(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward, sizes = type(model.generator).forward, []

    def limited(self: Generator, z: torch.Tensor, labels: torch.Tensor | None) -> torch.Tensor:
        sizes.append(len(z))
        if len(z) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        image: torch.Tensor = forward(self, z, labels)
        return image

    chunk = synthesis._draw(model, range(7), None, 1.0)
    whole = synthesis._images(model, chunk, torch.device("cpu"))
    monkeypatch.setattr(type(model.generator), "forward", limited)
    torch.testing.assert_close(synthesis._images(model, chunk, torch.device("cpu")), whole)
    assert sizes == [7, 4, 2, 2, 2, 1]


def test_one_seed_alone_is_the_fourth_of_ten(model: LoadedModel) -> None:
    ten = list(synthesise(model, range(42, 52)))
    assert same([ten[3]], list(synthesise(model, [45])))


def test_different_seeds_make_different_sounds(model: LoadedModel) -> None:
    first, second = synthesise(model, [1, 2], labels=[0, 0])
    assert not torch.equal(first.image, second.image)


def test_a_wanted_class_is_obeyed_and_otherwise_drawn_from_the_seed(model: LoadedModel) -> None:
    wanted = [2, 2, 0, 1]
    assert [sound.label for sound in synthesise(model, range(4), labels=wanted)] == wanted
    drawn = [sound.label for sound in synthesise(model, range(30))]
    assert set(drawn) == {0, 1, 2}


def test_a_waveform_is_finite_has_the_clip_length_and_stays_in_range(model: LoadedModel) -> None:
    sound = next(iter(synthesise(model, [0])))
    assert sound.waveform.shape == (model.description.clip.n_samples,)
    assert bool(sound.waveform.isfinite().all())
    assert float(sound.waveform.abs().max()) <= 1.0


def test_truncation_scales_the_latent() -> None:
    full = draw_latents([7, 8], 5)
    torch.testing.assert_close(draw_latents([7, 8], 5, truncation=0.5), full * 0.5)
    assert draw_latents([7], 5, truncation=0.0).abs().max() == 0


def test_a_latent_follows_from_its_seed_alone() -> None:
    assert torch.equal(draw_latents([3, 9], 6)[1], draw_latents([9], 6)[0])
    assert torch.equal(draw_labels([3, 9], 4)[1:], draw_labels([9], 4))


def test_the_bundled_drums_begin_and_end_in_silence_and_have_one_peak() -> None:
    model = load_model(bundled_models()["drums"])
    labels = [label for label in range(5) for _ in range(4)]
    for sound in synthesise(model, range(20), labels=labels):
        heights = sound.waveform.abs() / sound.waveform.abs().max()
        # Of 2,250 recordings nineteen in twenty begin below 0.18 % of their peak.
        assert float(heights[0]) < 0.002
        assert float(heights[-1]) < 1e-4
        assert float(sound.waveform.abs().max()) == pytest.approx(10 ** (-1 / 20), abs=1e-4)
