"""From images to waveforms in a graph, against the program's own way."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from soundgan.audio.band_products import products_with
from soundgan.audio.mel import MelSettings, filterbank
from soundgan.audio.outline import Outline, at_peak
from soundgan.audio.stft import STFTSettings, stft
from soundgan.codec.level_curve import LevelCurve
from soundgan.errors import UsageError
from soundgan.graphs.export import encode_graph
from soundgan.graphs.graph import Graph, Value, whole
from soundgan.graphs.images import LATENT
from soundgan.graphs.magnitudes import BandMatrices, Magnitudes, magnitudes
from soundgan.graphs.parity import audio_parity
from soundgan.graphs.rounds import Rounds
from soundgan.graphs.session import Session
from soundgan.graphs.transform import Transform
from soundgan.graphs.waveforms import _at_peak
from soundgan.inference.model_file import load_model
from soundgan.inversion.rounds import Frames, Part, after_rounds
from soundgan.representations import REPRESENTATIONS
from soundgan.representations.levels import LevelRepresentation
from soundgan.shapes import ClipSpec, ImageSpec
from tests.families import make
from tests.inference.conftest import write_model

ANALYSES = [STFTSettings(90, 22, 88), STFTSettings(64, 16, 64, "gauss"), STFTSettings(32, 20, 31)]
N = 300


def run(graph: Graph, *given: Tensor) -> Tensor:
    return Session(graph.model({}), threads=1)(*given)


def error_db(got: Tensor, wanted: Tensor) -> float:
    return float(20 * torch.log10((got - wanted).norm() / wanted.norm()))


def parts(graph: Graph, value: Value, analysis: STFTSettings) -> tuple[Value, Value]:
    n = analysis.n_bins
    return graph.part(value, 2, 0, n), graph.part(value, 2, n, 2 * n)


def joined(spectrum: Tensor) -> Tensor:
    return torch.cat([spectrum.real, spectrum.imag], dim=-1)


@pytest.mark.parametrize("analysis", ANALYSES, ids=str)
def test_the_transform_is_the_program_s_own(analysis: STFTSettings) -> None:
    graph = Graph()
    there = Transform(graph, analysis, analysis.n_frames(N), N)
    waveform = graph.input(LATENT, "float", N)
    around = whole(0, there.start, 0, there.length - there.start - N)
    both = graph.add("Concat", *there.forward(graph.add("Pad", waveform, around)), axis=2)
    graph.output("spectrum", both, there.n_frames, 2 * analysis.n_bins)
    waveforms = torch.randn(2, N, generator=torch.Generator().manual_seed(1))
    wanted = stft(waveforms, analysis).transpose(1, 2)
    assert error_db(run(graph, waveforms), joined(wanted)) < -120


@pytest.mark.parametrize("analysis", ANALYSES, ids=str)
def test_the_way_back_is_the_program_s_own(analysis: STFTSettings) -> None:
    graph, n_frames = Graph(), analysis.n_frames(N)
    back = Transform(graph, analysis, n_frames, N)
    spectrum = graph.input(LATENT, "float", n_frames, 2 * analysis.n_bins)
    graph.output("waveform", back.waveform(back.backward(*parts(graph, spectrum, analysis))), N)
    draw = torch.Generator().manual_seed(1)
    spectra = torch.randn(2, n_frames, analysis.n_bins, dtype=torch.complex64, generator=draw)
    wanted = Frames(analysis, n_frames, N).waveform(spectra)
    assert error_db(run(graph, joined(spectra)), wanted) < -120


OUTLINE = Outline(
    start=[0.3, 0.5],
    end=[0.2, 0.3, 0.4],
    quiet_start=[0.1, 0.2],
    quiet_end=[0.1],
    quietest_start=[0.01],
    quietest_end=[0.01],
)


@pytest.mark.parametrize("outline", [None, OUTLINE])
@pytest.mark.parametrize(
    ("within_bands", "loud_starts"), [(False, False), (True, False), (True, True)]
)
def test_rounds_are_the_program_s_own(
    outline: Outline | None, within_bands: bool, loud_starts: bool
) -> None:
    analysis, n_rounds, draw = ANALYSES[0], 8, torch.Generator().manual_seed(2)
    n_frames = analysis.n_frames(N)
    waveforms = torch.randn(3, N, generator=draw)
    waveforms[0, :20] = waveforms[0, -20:] = 0  # one that keeps the narrowest limits
    target = stft(waveforms, analysis).abs().transpose(1, 2)
    target = target / target.amax((1, 2), keepdim=True)
    turns = torch.rand(target.shape, generator=draw) * 2 * math.pi
    start = torch.polar(target, turns)
    weights = filterbank(MelSettings(8000, analysis.n_fft, 12, 0.0, 4000.0))
    bands = target @ weights.T

    graph = Graph()
    spectrum = graph.input(LATENT, "float", n_frames, 2 * analysis.n_bins)
    real, imaginary = parts(graph, spectrum, analysis)
    squares = (graph.add("Mul", part, part) for part in (real, imaginary))
    bins = graph.add("Sqrt", graph.add("Add", *squares))
    found = Magnitudes(bins)
    if within_bands:
        matrices = BandMatrices(graph, weights)
        found = Magnitudes(bins, matrices.bands(bins), matrices)
    transform = Transform(graph, analysis, n_frames, N)
    made = Rounds(transform, found, outline).waveforms(
        (real, imaginary), n_rounds, 0.9, loud_starts=loud_starts
    )
    graph.output("waveform", made, N)

    frames = Frames(analysis, n_frames, N, outline)
    known = (bands, products_with(weights)) if within_bands else (None, None)
    part = Part(target, frames, [0, 1, 2], *known)
    wanted = frames.waveform(
        after_rounds(part, start.clone(), n_rounds, 0.9, loud_starts=loud_starts)
    )
    assert error_db(run(graph, joined(start)), wanted) < -80


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("log_mel", (24, 16)),
        ("log_mel", (12, 30)),
        ("log_magnitude", (32, 20)),
        ("log_magnitude", (33, 7)),
    ],
)
def test_images_show_the_magnitudes_that_the_program_sees(
    name: str, image: tuple[int, int]
) -> None:
    shown = make(REPRESENTATIONS, name, ClipSpec(8000, 1024), ImageSpec(1, *image))
    assert isinstance(shown, LevelRepresentation)
    shown.fit([torch.randn(2, 1024, generator=torch.Generator().manual_seed(1)) * 0.1])
    images = torch.rand(2, 1, *image, generator=torch.Generator().manual_seed(2)) * 2 - 1
    images[1, :, :, 3:] = -1.0
    graph = Graph()
    plane = graph.reshaped(graph.input(LATENT, "float", 1, *image), 0, *image)
    found = magnitudes(graph, shown, plane)
    graph.output("bins", found.bins, shown.n_frames, shown.stft.n_bins)
    wanted = shown.decode(images)
    assert error_db(run(graph, images), wanted.magnitude.transpose(1, 2)) < -100
    assert (found.bands is None) == (wanted.bands is None)


@pytest.mark.parametrize("outline", [None, Outline(), Outline(peak=0.9)])
def test_sounds_have_the_peak_of_the_recordings(outline: Outline | None) -> None:
    waveforms = torch.tensor([[0.5, -2.0], [0.1, 0.2], [1e-9, 0.0], [0.0, 0.0]])
    graph = Graph()
    graph.output("y", _at_peak(graph, graph.input(LATENT, "float", 2), outline), 2)
    assert torch.allclose(run(graph, waveforms), at_peak(waveforms, outline))


@pytest.mark.parametrize("name", ["log_mel", pytest.param("log_magnitude", marks=pytest.mark.slow)])
def test_sounds_of_a_graph_are_as_near_to_their_images_as_the_program_s_own(
    name: str, tmp_path: Path
) -> None:
    path = write_model(tmp_path / "model.safetensors", f"representation.name={name}")
    model = load_model(path)
    curve = LevelCurve(torch.full((1, 2, 3), -0.2), *model.codec.shape[1:])
    model = replace(model, codec=model.codec.with_levels(curve))
    session = Session(encode_graph(model, "audio"), threads=1)
    parity = audio_parity(model, session)
    assert not parity.fault
    assert parity.seeds == 16
    assert parity.figures["convergence_db"] < 0

    def spoilt(latents: Tensor, labels: Tensor | None) -> Tensor:
        made = session(latents, labels)
        return made + made.std() * torch.randn(made.shape)

    assert "dB farther from their images" in audio_parity(model, spoilt).fault


def test_stereo_models_are_refused_with_what_they_can_do(stereo_path: Path) -> None:
    with pytest.raises(UsageError, match="`part=audio`: stereo models have no such graph"):
        encode_graph(load_model(stereo_path), "audio")
