from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from soundgan.data.dataset import PreparedDataset
from soundgan.data.manifest import ClipEntry
from soundgan.ingest.options import PrepareOptions
from soundgan.pipelines.choose_preset import Machine
from soundgan.pipelines.prepare.ceiling import (
    CLASS_CLIPS,
    Measured,
    _to_fit,
    choose_examples,
    draw_clips,
    find_worst_class,
    measure_ceiling,
)
from soundgan.pipelines.prepare.run import prepare_folder
from soundgan.reporting import SilentReporter
from tests.sounds import tone, write


def entry(number: int, label: int = -1) -> ClipEntry:
    digest = f"{number:064x}"
    return ClipEntry(
        path=f"{number}.wav", source_sha256=digest, decoded_sha256=digest, start=0, label=label,
        split="train",
    )  # fmt: skip


def measured(label: str | None, convergence_db: float, index: int = 0) -> Measured:
    return Measured(index, entry(index), label, convergence_db)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    """Tones, which an image holds well, and noise, which it holds badly."""
    folder = tmp_path_factory.mktemp("ceiling")
    rng = np.random.default_rng(3)
    for number in range(12):
        write(folder / "src" / "tones" / f"{number}.wav", tone(0.2, hertz=300 + 29 * number))
        noise = 0.3 * rng.standard_normal(1600).astype(np.float32)
        write(folder / "src" / "noises" / f"{number}.wav", noise)
    options = PrepareOptions(jobs=1, sample_rate=8000, clip_seconds=0.256)
    prepare_folder(folder / "src", folder / "out", options, SilentReporter())
    return PreparedDataset.open(folder / "out")


def test_every_class_has_its_share_of_the_draw_wherever_it_stands_in_the_alphabet() -> None:
    clips = [entry(number, number % 200) for number in range(2000)]
    drawn, extra = draw_clips(clips, 64)
    assert len(set(drawn)) == 64
    assert not extra
    labels = [clips[index].label for index in drawn]
    assert max(Counter(labels).values()) <= 4
    assert sum(label >= 100 for label in labels) in range(20, 45)


def test_the_draw_follows_content_not_order_or_names() -> None:
    clips = [entry(number) for number in range(500)]
    turned = [clip.model_copy(update={"path": f"x{clip.path}"}) for clip in reversed(clips)]
    content = {clips[index].decoded_sha256 for index in draw_clips(clips, 64)[0]}
    assert content == {turned[index].decoded_sha256 for index in draw_clips(turned, 64)[0]}


def test_a_rare_class_is_measured_but_does_not_sway_the_median() -> None:
    clips = [entry(number, int(number >= 1990)) for number in range(2000)]
    drawn, extra = draw_clips(clips, 64)
    labels = Counter(clips[index].label for index in [*drawn, *extra])
    assert labels[1] == CLASS_CLIPS
    assert not set(drawn) & set(extra)


def test_fewer_clips_than_asked_for_are_all_drawn() -> None:
    drawn, extra = draw_clips([entry(number) for number in range(5)], 64)
    assert sorted(drawn) == [0, 1, 2, 3, 4]
    assert not extra


def test_the_worst_class_is_the_one_with_the_furthest_median() -> None:
    close = [measured("a", -20.0), measured("a", -18.0), measured("a", -3.0)]
    rough = [measured("b", -9.0), measured("b", -7.0)]
    single = [measured("c", 0.0)]
    assert find_worst_class([*close, *rough, *single]) == ("b", -8.0, 2)
    assert find_worst_class(close) is None
    hardly = [measured("b", -17.3), measured("b", -17.2)]
    assert find_worst_class([*close, *hardly]) is None
    assert find_worst_class([measured(None, -3.0)] * 4) is None


def test_examples_come_from_every_class_in_turn_the_closest_first() -> None:
    clips = [measured("abcd"[max(0, number - 87) % 4], -float(number)) for number in range(100)]
    shown = choose_examples(clips, 8)
    assert Counter(clips[position].label for position in shown) == dict.fromkeys("abcd", 2)
    levels = [clips[position].convergence_db for position in shown]
    assert levels == sorted(levels)


def test_noise_is_the_worst_class_and_lies_further_than_tones(dataset: PreparedDataset) -> None:
    ceiling = measure_ceiling(dataset)
    assert ceiling.worst_class is not None
    assert ceiling.worst_class[0] == "noises"
    assert ceiling.spread.clips == 24
    assert ceiling.spread.closer_db < ceiling.median_db < ceiling.spread.further_db
    medians = {
        label: np.median([one.convergence_db for one in ceiling.clips if one.label == label])
        for label in ("tones", "noises")
    }
    assert medians["tones"] < medians["noises"] - 3


def test_the_preset_to_be_trained_is_measured_and_fast_and_base_beside_it(
    dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "soundgan.pipelines.prepare.ceiling.machine_of", lambda device: Machine("cpu")
    )
    ceiling = measure_ceiling(dataset)
    assert (ceiling.preset, ceiling.image) == ("fast", (128, 64))
    assert [(other.preset, other.image) for other in ceiling.others] == [("base", (128, 128))]


def test_a_tone_survives_the_image(dataset: PreparedDataset) -> None:
    for example in measure_ceiling(dataset).examples:
        if example.measured.label == "tones":
            waveforms = (example.original, example.rebuilt.waveform)
            peaks = [np.abs(np.fft.rfft(waveform)).argmax() for waveform in waveforms]
            assert abs(peaks[0] - peaks[1]) <= 1


def test_the_representation_is_fitted_to_the_clips_measured_and_to_all_of_the_dataset(
    dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soundgan.pipelines.prepare.ceiling.FIT_CLIPS", 3)
    measured_clips = dataset.for_models.waveforms(np.array([5, 7]))
    batches = np.concatenate(list(_to_fit(dataset, measured_clips)))
    ends = dataset.for_models.waveforms(
        np.array([0, 12, 23])
    )  # the first, the middle, the last of 24
    np.testing.assert_array_equal(batches, np.concatenate([measured_clips, ends]))
