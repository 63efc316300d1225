from __future__ import annotations

import numpy as np
import pytest

from soundgan.pictures.colours import detect_colormap, to_level
from soundgan.pictures.palettes import COLOUR_MAPS, colours_of
from tests.pictures.drawn import chirp_levels
from tests.sampling import first_always

LEVELS = chirp_levels()


@pytest.mark.parametrize("name", first_always(list(COLOUR_MAPS), 20))
def test_every_other_map_is_recognised_and_undone_too(name: str) -> None:
    table = colours_of(name)
    colours = table[np.rint(LEVELS[::-1] * 255).astype(int)].round().astype(np.uint8)
    found = detect_colormap(colours)
    assert str(found) == name
    assert np.abs(to_level(colours, found)[::-1] - LEVELS).mean() < 0.006


def test_audacitys_classic_map_rises_from_grey_over_blue_magenta_and_red_to_white() -> None:
    table = colours_of("audacity")
    assert table[0].tolist() == [191, 191, 191]
    assert table[255].tolist() == [255, 255, 255]
    np.testing.assert_allclose(table[191], (255, 0, 0), atol=1.5)
