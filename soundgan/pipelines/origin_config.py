"""The config of a training that starts from a model: the model's own, for other clips."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from soundgan.config.load import LoadedConfig, with_overrides
from soundgan.config.schema import Config, RepresentationConfig
from soundgan.pipelines.origin import Origin
from soundgan.shapes import ClipSpec

WAITS = "training.generator_waits_share"
WAITING_SHARE = 0.05
"""Of a run whose discriminator is new and whose generator is not."""

_OF_THE_CLIPS = ("n_fft", "hop_length", "win_length")
"""Options of a representation that follow from the clips."""


def config_of_origin(origin: Origin, clip: ClipSpec, overrides: Iterable[str]) -> LoadedConfig:
    """The model's own config for clips that may be of another rate or length.

    Images keep their size, and analysis follows the clips. Whether there are classes is decided
    by the clips.

    Raises:
        ConfigError: An override is wrong.
    """
    described = origin.description
    config = described.config
    data = config.data.model_copy(update={"conditional": "auto"})
    table = config.representation
    if clip != described.clip:
        options = _freed(table, described.clip)
        table = table.model_copy(update={"options": options})
    found: Config = config.model_copy(update={"data": data, "representation": table})
    folder = origin.path.parent.name if origin.path.stem == "model" else origin.path.stem
    return with_overrides(LoadedConfig(found, origin.name, f"from-{folder}"), overrides)


def with_waiting(loaded: LoadedConfig, origin: Origin) -> LoadedConfig:
    """The config, with a generator that waits for a discriminator that is new.

    What it says itself of waiting stays.
    """
    new = origin.discriminator is None
    if not new or WAITS in loaded.overridden or loaded.config.training.generator_waits_share:
        return loaded
    training = loaded.config.training.model_copy(update={"generator_waits_share": WAITING_SHARE})
    config = loaded.config.model_copy(update={"training": training})
    return LoadedConfig(config, loaded.place, loaded.name, loaded.overridden)


def _freed(table: RepresentationConfig, clip: ClipSpec) -> dict[str, Any]:
    """Options without those that follow from the clips."""
    options = {key: value for key, value in table.options.items() if key not in _OF_THE_CLIPS}
    if options.get("f_max_hz") == clip.sample_rate / 2:
        del options["f_max_hz"]
    return options
