"""Pictures: exact where promised, upright, repeatable, and careful with strangers' files."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soundgan.audio.picture import spectrogram_png
from soundgan.errors import AudioError
from soundgan.pictures.open import open_picture
from tests.levels import levels_of

METADATA = {"seed": "42", "label": "größer"}


def levels(rng: np.random.Generator) -> np.ndarray:
    return rng.uniform(-1, 1, (12, 7)).astype(np.float32)


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)))


def test_a_grey_picture_reads_back_within_half_a_step(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    image = levels(rng)
    image[0, 0], image[1, 1] = -1, 1
    path = tmp_path / "a.png"
    path.write_bytes(spectrogram_png(image, metadata=METADATA))
    assert open_picture(path).metadata == METADATA
    back = levels_of(path)
    assert np.abs(back - image).max() <= 1.01 / 65535
    assert (back[0, 0], back[1, 1]) == (-1, 1)


def test_writing_what_was_read_gives_the_same_bytes(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    first = spectrogram_png(levels(rng), metadata=METADATA)
    path.write_bytes(first)
    metadata = open_picture(path).metadata
    assert spectrogram_png(levels_of(path), metadata=metadata) == first


def test_the_order_of_the_metadata_does_not_matter(rng: np.random.Generator) -> None:
    image = levels(rng)
    turned = dict(reversed(METADATA.items()))
    assert spectrogram_png(image, metadata=turned) == spectrogram_png(image, metadata=METADATA)


def test_low_frequencies_are_at_the_bottom() -> None:
    image = np.full((4, 3), -1, np.float32)
    image[0] = 1
    grey = pixels(spectrogram_png(image))
    assert grey.dtype == np.uint16
    assert grey[:, 0].tolist() == [0, 0, 0, 65535]
    coloured = pixels(spectrogram_png(image, colormap="magma"))
    assert coloured[-1].sum() > 10 * coloured[0].sum()


def test_colours_are_those_of_the_map() -> None:
    image = np.array([[-1.0, 1.0]], np.float32)
    assert pixels(spectrogram_png(image, colormap="magma")).tolist() == [
        [[0, 0, 3], [251, 252, 191]]
    ]


def test_values_beyond_the_range_saturate(tmp_path: Path) -> None:
    grey = pixels(spectrogram_png(np.array([[-5.0, 5.0]], np.float32)))
    assert grey.tolist() == [[0, 65535]]


@pytest.mark.parametrize("bad", [np.zeros(3), np.zeros((0, 3)), np.full((2, 2), np.nan)])
def test_what_is_no_image_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(AudioError, match="picture"):
        spectrogram_png(bad.astype(np.float32))
