from __future__ import annotations

from soundgan.pictures.riffusion import RiffusionTags, riffusion_tags

TAGS = {11000: 44100, 11010: 10, 11040: 512, 11050: 0, 11060: 10000, 11070: 0.25}


def test_the_tags_of_riffusion_are_its_parameters() -> None:
    assert riffusion_tags(TAGS) == RiffusionTags(44100, 10.0, 512, 0.0, 10000.0, 0.25)


def test_other_pictures_have_none() -> None:
    assert riffusion_tags({}) is None
    assert riffusion_tags({271: "camera"}) is None


def test_tags_that_no_sound_has_are_not_used() -> None:
    for key, wrong in ((11000, 0), (11010, -1), (11060, 0), (11070, "loud"), (11040, float("nan"))):
        assert riffusion_tags({**TAGS, key: wrong}) is None
