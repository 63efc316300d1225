"""What every registered inversion keeps, and our own against torchaudio's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from soundgan.audio.metrics import waveform_convergence_db
from soundgan.audio.outline import Outline, measure_outline
from soundgan.audio.stft import STFTSettings, stft
from soundgan.errors import AudioError
from soundgan.inversion import INVERSIONS
from soundgan.inversion.contract import Inversion
from soundgan.runtime.seeding import torch_stream
from tests.families import make
from tests.transforms import istft

RATE = 8000
SETTINGS = STFTSettings(256, 64, 256)
every = pytest.mark.parametrize("name", INVERSIONS.names())
our_own = pytest.mark.parametrize("name", [n for n in INVERSIONS.names() if "torch" not in n])
iterative = pytest.mark.parametrize("name", [name for name in INVERSIONS.names() if name != "pghi"])


def build(name: str, **options: object) -> Inversion:
    return make(INVERSIONS, name, options=options)


def convergence_db(waveform: torch.Tensor, magnitude: torch.Tensor, s: STFTSettings) -> float:
    rebuilt = stft(waveform, s, n_frames=magnitude.shape[-1]).abs()
    return float(20 * torch.log10((rebuilt - magnitude).norm() / magnitude.norm()))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads inside an operation only cost time here."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def sounds() -> torch.Tensor:
    """Four decaying chords with a little noise, after a short silence: [4, 4000]."""
    rng = np.random.default_rng(5)
    t = np.arange(4000) / RATE
    chords = [
        sum(np.sin(2 * np.pi * f * t) for f in rng.uniform(100, 3000, 3)) * np.exp(-8 * t)
        + 0.02 * rng.standard_normal(4000)
        for _ in range(4)
    ]
    waveforms = torch.from_numpy(np.stack(chords).astype(np.float32)) / 4
    return torch.nn.functional.pad(waveforms[:, :3600], (400, 0))


@every
@pytest.mark.parametrize("n_samples", [3900, 4000, 4032, 4500])
def test_the_result_has_exactly_the_length_asked_for(
    name: str, n_samples: int, sounds: torch.Tensor
) -> None:
    magnitude = stft(sounds, SETTINGS).abs()
    waveform = build(name)(magnitude, SETTINGS, n_samples=n_samples, seeds=range(4))
    assert waveform.shape == (4, n_samples)
    assert waveform.dtype == torch.float32


@every
def test_a_tone_keeps_its_pitch_and_level(name: str) -> None:
    tone = 0.5 * torch.sin(2 * torch.pi * 440 * torch.arange(RATE) / RATE)[None]
    magnitude = stft(tone, SETTINGS).abs()
    rebuilt = build(name)(magnitude, SETTINGS, n_samples=RATE, seeds=[0])[0]
    spectrum = torch.fft.rfft(rebuilt * torch.hann_window(RATE)).abs()
    assert int(spectrum.argmax()) == pytest.approx(440, abs=RATE / SETTINGS.n_fft)
    assert float(rebuilt.square().mean().sqrt()) == pytest.approx(0.5 / 2**0.5, rel=0.05)


@iterative
def test_more_iterations_come_closer(name: str, sounds: torch.Tensor) -> None:
    magnitude = stft(sounds, SETTINGS).abs()
    reached = [
        convergence_db(
            build(name, iterations=n)(magnitude, SETTINGS, n_samples=4000, seeds=range(4)),
            magnitude,
            SETTINGS,
        )
        for n in (1, 32, 100)
    ]
    assert reached[1] < reached[0] - 1
    assert reached[2] < reached[1] - 1


@every
def test_a_seed_decides_everything_and_another_differs(name: str, sounds: torch.Tensor) -> None:
    magnitude = stft(sounds[:1], SETTINGS).abs()
    invert = build(name)
    first = invert(magnitude, SETTINGS, n_samples=4000, seeds=[7])
    torch.manual_seed(123)
    assert torch.equal(first, invert(magnitude, SETTINGS, n_samples=4000, seeds=[7]))
    assert not torch.equal(first, invert(magnitude, SETTINGS, n_samples=4000, seeds=[8]))


@every
def test_the_global_random_state_is_left_alone(name: str, sounds: torch.Tensor) -> None:
    before = torch.get_rng_state()
    build(name)(stft(sounds, SETTINGS).abs(), SETTINGS, n_samples=4000, seeds=range(4))
    assert torch.equal(torch.get_rng_state(), before)


@every
@pytest.mark.parametrize("settings", [SETTINGS, STFTSettings(360, 88, 352)])
def test_an_item_has_the_same_bits_in_any_batch_and_with_any_threads(
    name: str, settings: STFTSettings, sounds: torch.Tensor
) -> None:
    magnitude = stft(sounds.repeat(5, 1)[:19], settings).abs()
    seeds = list(range(100, 119))
    invert = build(name, **({} if name == "pghi" else {"iterations": 6}))
    together = invert(magnitude, settings, n_samples=4000, seeds=seeds)
    for i in (0, 7, 8, 18):
        alone = invert(magnitude[i : i + 1], settings, n_samples=4000, seeds=seeds[i : i + 1])
        assert torch.equal(alone[0], together[i])
    turned = invert(magnitude.flip(0), settings, n_samples=4000, seeds=seeds[::-1])
    assert torch.equal(turned.flip(0), together)
    torch.set_num_threads(2)
    few = slice(0, 2 if name == "torchaudio_griffin_lim" else 19)
    again = invert(magnitude[few], settings, n_samples=4000, seeds=seeds[few])
    assert torch.equal(again, together[few])


@every
@pytest.mark.parametrize("case", ["silence", "one bin", "huge", "tiny", "one frame silent"])
def test_extreme_magnitudes_stay_finite(name: str, case: str) -> None:
    magnitude = torch.zeros(1, SETTINGS.n_bins, 20)
    if case == "one bin":
        magnitude[0, 40, 10] = 1.0
    elif case in ("huge", "tiny"):
        magnitude += 1e30 if case == "huge" else 1e-30
    elif case == "one frame silent":
        magnitude += 1.0
        magnitude[:, :, 7] = 0
    waveform = build(name)(magnitude, SETTINGS, n_samples=1280, seeds=[0])
    assert torch.isfinite(waveform).all()
    assert (waveform.abs().max() > 0) == (case != "silence")


@every
@pytest.mark.parametrize("level", [3.4e38, 1e-42])
def test_the_largest_and_smallest_numbers_stay_finite(name: str, level: float) -> None:
    magnitude = torch.full((1, SETTINGS.n_bins, 20), level)
    magnitude[0, :, 3:9] = 0
    waveform = build(name)(magnitude, SETTINGS, n_samples=1400, seeds=[0])
    assert torch.isfinite(waveform).all()
    assert waveform.abs().max() <= 3.41e38


@every
@pytest.mark.parametrize("row", [0, 1, SETTINGS.n_bins - 1])
def test_a_lone_row_at_either_end_of_the_axis_is_kept(name: str, row: int) -> None:
    magnitude = torch.zeros(1, SETTINGS.n_bins, 40)
    magnitude[0, row] = 5.0
    waveform = build(name)(magnitude, SETTINGS, n_samples=2560, seeds=[1])
    power = stft(waveform, SETTINGS).abs().square().mean(dim=2)[0]
    assert abs(int(power.argmax()) - row) <= 1


@our_own
@pytest.mark.parametrize(
    "settings",
    [STFTSettings(2, 1, 2), STFTSettings(6, 1, 3, "gauss"), STFTSettings(64, 63, 64)],
)
def test_the_smallest_and_sparsest_analyses_work(name: str, settings: STFTSettings) -> None:
    magnitude = torch.rand(2, settings.n_bins, 9, generator=torch.Generator().manual_seed(2))
    waveform = build(name)(magnitude, settings, n_samples=600, seeds=[0, 1])
    assert waveform.shape == (2, 600)
    assert torch.isfinite(waveform).all()


@our_own
def test_a_single_frame_can_be_inverted(name: str) -> None:
    waveform = build(name)(torch.ones(2, SETTINGS.n_bins, 1), SETTINGS, n_samples=1, seeds=[0, 1])
    assert waveform.shape == (2, 1)
    assert torch.isfinite(waveform).all()


def test_torchaudio_says_when_a_clip_is_too_short_for_it() -> None:
    with pytest.raises(AudioError, match="needs more than 128 samples"):
        build("torchaudio_griffin_lim")(
            torch.ones(1, SETTINGS.n_bins, 1), SETTINGS, n_samples=1, seeds=[0]
        )


@every
def test_an_empty_batch_gives_no_waveform(name: str) -> None:
    empty = torch.zeros(0, SETTINGS.n_bins, 20)
    assert build(name)(empty, SETTINGS, n_samples=1280, seeds=[]).shape == (0, 1280)


@every
@pytest.mark.parametrize(
    ("magnitude", "seeds", "message"),
    [
        (torch.ones(1, 128, 20), [0], "expected"),
        (torch.ones(129, 20), [0], "expected"),
        (torch.ones(1, 129, 20), [0, 1], "one per item"),
        (-torch.ones(1, 129, 20), [0], "negative"),
        (torch.full((1, 129, 20), torch.inf), [0], "not finite"),
        (torch.full((1, 129, 20), torch.nan), [0], "not finite"),
    ],
)
def test_what_is_no_magnitude_is_refused(
    name: str, magnitude: torch.Tensor, seeds: list[int], message: str
) -> None:
    with pytest.raises(AudioError, match=message):
        build(name)(magnitude, SETTINGS, n_samples=1280, seeds=seeds)


def test_no_iteration_leaves_the_wanted_magnitude_with_its_start_phase(
    sounds: torch.Tensor,
) -> None:
    magnitude = stft(sounds[:1], SETTINGS).abs()
    waveform = build("griffin_lim", iterations=0)(magnitude, SETTINGS, n_samples=4000, seeds=[3])
    angle = torch.rand(63, 129, generator=torch_stream(3, "phase")) * torch.pi / 2
    by_hand = istft(torch.polar(magnitude[0], angle.T), SETTINGS, 4000)
    torch.testing.assert_close(waveform[0], by_hand, rtol=0, atol=1e-5)


@pytest.mark.parametrize("momentum", [0.0, 0.99])
@pytest.mark.parametrize("settings", [SETTINGS, STFTSettings(512, 64, 512, window="gauss")])
def test_ours_comes_as_close_as_torchaudios(
    momentum: float, settings: STFTSettings, sounds: torch.Tensor
) -> None:
    magnitude = stft(sounds, settings).abs()
    ours, theirs = (
        convergence_db(
            build(name, iterations=32, momentum=momentum)(
                magnitude, settings, n_samples=4000, seeds=range(4)
            ),
            magnitude,
            settings,
        )
        for name in ("griffin_lim", "torchaudio_griffin_lim")
    )
    assert ours == pytest.approx(theirs, abs=2.5)


# -- what is known of a sound's ends ---------------------------------------------------------------


def clicks(waveforms: torch.Tensor) -> list[float]:
    """Share of its peak at which each sound begins."""
    return (waveforms[:, 0].abs() / waveforms.abs().amax(dim=1)).tolist()


def struck(start: int) -> torch.Tensor:
    """Two decaying chords with noise that begin at once after ``start`` samples, [2, 4000]."""
    rng = np.random.default_rng(7)
    t = np.arange(4000) / RATE
    made = [
        (np.sin(2 * np.pi * f * t) + 0.3 * rng.standard_normal(4000)) * np.exp(-25 * t)
        for f in (180.0, 500.0)
    ]
    waveforms = torch.from_numpy(np.stack(made).astype(np.float32)) / 2
    return torch.nn.functional.pad(waveforms[:, : 4000 - start], (start, 0))


@every
def test_a_sound_begins_and_ends_no_louder_than_its_outline_says(name: str) -> None:
    sounds = struck(30)
    outline = measure_outline([sounds], RATE)
    magnitude = stft(sounds, SETTINGS).abs()
    free = build(name)(magnitude, SETTINGS, n_samples=4000, seeds=[0, 1])
    held = build(name)(magnitude, SETTINGS, n_samples=4000, seeds=[0, 1], outline=outline)
    assert outline is not None
    assert max(clicks(free)) > 0.01, "without the outline this sound begins with a click"
    assert max(clicks(held)) == 0.0
    peaks = held.abs().amax(dim=1)
    assert bool((held[:, :22].abs() <= 1e-6 * peaks[:, None]).all())
    assert bool((held[:, -1].abs() <= (outline.end[0] + 1e-6) * peaks).all())


@our_own
def test_what_every_round_knows_of_the_ends_brings_the_rest_no_further_away(name: str) -> None:
    sounds = struck(30)
    magnitude = stft(sounds, SETTINGS).abs()
    reached = [
        convergence_db(
            build(name)(magnitude, SETTINGS, n_samples=4000, seeds=[0, 1], outline=known),
            magnitude,
            SETTINGS,
        )
        for known in (None, measure_outline([sounds], RATE))
    ]
    assert reached[1] < reached[0] + 0.5


@our_own
def test_a_sound_that_begins_at_its_loudest_is_not_held_back(name: str) -> None:
    sounds = struck(0)
    sounds[:, 0] = 0.9  # a recording that was cut in the middle of a swing
    outline = measure_outline([sounds], RATE)
    magnitude = stft(sounds, SETTINGS).abs()
    free = build(name)(magnitude, SETTINGS, n_samples=4000, seeds=[0, 1])
    held = build(name)(magnitude, SETTINGS, n_samples=4000, seeds=[0, 1], outline=outline)
    assert torch.equal(held[:, :3000], free[:, :3000]) or name != "pghi"
    assert min(clicks(held)) >= 0.9 * min(clicks(free))


@every
def test_an_outline_without_limits_changes_no_bit(name: str, sounds: torch.Tensor) -> None:
    magnitude = stft(sounds, SETTINGS).abs()
    free = build(name)(magnitude, SETTINGS, n_samples=4000, seeds=range(4))
    for outline in (Outline(), Outline(start=[1.0], end=[1.0, 1.0], peak=0.5)):
        held = build(name)(magnitude, SETTINGS, n_samples=4000, seeds=range(4), outline=outline)
        assert torch.equal(held, free)


@our_own
def test_with_an_outline_too_an_item_has_the_same_bits_in_any_batch(name: str) -> None:
    sounds = torch.cat([struck(30), struck(10), struck(100)])
    outline = measure_outline([sounds], RATE)
    magnitude = stft(sounds, SETTINGS).abs()
    together = build(name)(magnitude, SETTINGS, n_samples=4000, seeds=range(6), outline=outline)
    for i in range(6):
        one = magnitude[i : i + 1]
        alone = build(name)(one, SETTINGS, n_samples=4000, seeds=[i], outline=outline)
        assert torch.equal(alone[0], together[i])


@pytest.mark.parametrize("name", ["auto", "pghi_griffin_lim"])
def test_among_quiet_beginnings_a_loud_one_stays_loud_and_no_quiet_one_becomes_it(
    name: str,
) -> None:
    quiet, loud = struck(60), struck(0)
    loud[:, 0] = 0.4
    outline = measure_outline([quiet] * 9 + [loud], RATE)
    assert outline is not None
    assert outline.start[0] > 0.3, "two of twenty begin loud"
    assert outline.quiet_start[0] == 0.0
    sounds = torch.cat([quiet, loud])
    magnitude = stft(sounds, SETTINGS).abs()
    invert = build(name)
    held = invert(magnitude, SETTINGS, n_samples=4000, seeds=range(4), outline=outline)
    heights = held[:, :12].abs().amax(dim=1) / held.abs().amax(dim=1)
    assert float(heights[:2].max()) <= 1e-3
    assert float(heights[2:].min()) > 0.1


@pytest.mark.parametrize("name", ["auto", "pghi_griffin_lim"])
def test_a_hit_that_may_be_loud_from_the_first_round_is_closer_and_quiet_ones_stay_the_same(
    name: str,
) -> None:
    quiet, loud = struck(60), struck(0)
    outline = measure_outline([quiet] * 9 + [loud], RATE)
    sounds = torch.cat([quiet, loud])
    settings = STFTSettings(256, 32, 256)
    magnitude = stft(sounds, settings).abs()
    ordinary, at_once = (
        make(INVERSIONS, name, options={"iterations": 16, "loud_starts": loud_starts})(
            magnitude, settings, n_samples=4000, seeds=range(4), outline=outline
        )
        for loud_starts in (False, True)
    )
    assert torch.equal(ordinary[:2], at_once[:2])
    far = [waveform_convergence_db(sounds[2:], made[2:]) for made in (ordinary, at_once)]
    assert (far[1] < far[0] - 1).all()
