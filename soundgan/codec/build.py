"""The codec that a config asks for, with errors that name the config's key."""

from __future__ import annotations

from collections.abc import Callable

from soundgan.audio.outline import Outline
from soundgan.codec.contract import Codec
from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.codec.stereo import PLANES, StereoCodec
from soundgan.config.load import check, load_config
from soundgan.config.parts import load_part
from soundgan.config.schema import MOST_COLUMNS, Component, Config
from soundgan.errors import ArtefactError, ConfigError
from soundgan.inversion import INVERSIONS
from soundgan.inversion.contract import Inversion
from soundgan.representations import REPRESENTATIONS
from soundgan.representations.automatic import choose, spectrogram_size
from soundgan.representations.contract import Representation
from soundgan.representations.levels import KEYS, LevelOptions, LevelRepresentation
from soundgan.shapes import ClipSpec, ImageSpec, Shape

MOST_CELLS, MOST_WEIGHTS = 1 << 26, 1 << 24
"""Magnitudes of a sound and mel weights that a file may ask for: anyone may have written it."""


ADAPTS = "log_magnitude"
"""The representation whose images can follow the clips."""


def image_spec(config: Config) -> ImageSpec:
    """The size of the images that a config asks for, once it is decided.

    Raises:
        ConfigError: It is not.
    """
    table = config.representation
    if not (table.height and table.width):
        raise ConfigError("representation: the size of the images is not decided")
    return ImageSpec(table.channels, table.height, table.width)


def codec_shape(config: Config, clip: ClipSpec) -> Shape:
    """Shape of one x of the codec of a resolved config.

    Raises:
        ConfigError: The size of its images is not decided.
    """
    image = image_spec(config)
    return image.shape if clip.channels == 1 else (PLANES, image.height, image.width)


def sized(config: Config, clip: ClipSpec, place: str) -> Config:
    """The config with the size of its images decided, which may follow the clips.

    Raises:
        ConfigError: Its representation needs a size, or the clips need an enormous one.
    """
    table = config.representation
    if table.height and table.width:
        return config
    if table.name not in ("auto", ADAPTS):
        side = "width" if table.height else "height"
        raise ConfigError(
            f"{place}: representation.{side}: 0 is for {ADAPTS} only; state a size for {table.name}"
        )
    options = check(LevelOptions, table.options, place, prefix=KEYS)
    image, analysis = spectrogram_size(clip, options, table.height, table.width)
    if image.width > MOST_COLUMNS:
        raise ConfigError(
            f"{place}: representation.width: clips of {clip.seconds:.1f} s have {image.width:,} "
            f"frames, more than {MOST_COLUMNS:,}; prepare shorter clips, or state a width"
        )
    update = {
        "name": ADAPTS,
        "height": image.height,
        "width": image.width,
        "options": table.options | analysis,
    }
    return config.model_copy(update={"representation": table.model_copy(update=update)})


def resolve(config: Config, clip: ClipSpec, place: str, *, conditional: bool) -> Config:
    """The config with everything automatic decided for one dataset.

    Raises:
        ConfigError: The representation does not exist, or cannot fit clip and image.
    """
    config = sized(config, clip, place)
    table = config.representation
    if table.name == "auto":
        name, options = choose(clip, image_spec(config))
        table = table.model_copy(update={"name": name, "options": options | table.options})
    data = config.data.model_copy(update={"conditional": "yes" if conditional else "no"})
    resolved = config.model_copy(update={"representation": table, "data": data})
    options = build_representation(resolved, clip, place).options.model_dump()
    table = table.model_copy(update={"options": options})
    return resolved.model_copy(update={"representation": table})


def build_representation(config: Config, clip: ClipSpec, place: str) -> Representation:
    """The representation of a resolved config, without statistics."""
    part, options = load_part(REPRESENTATIONS, config.representation, "representation", place)
    representation: Representation = part(options, clip, image_spec(config))
    return representation


def build_bounded(
    component: Component, clip: ClipSpec, image: ImageSpec, place: str
) -> Representation:
    """The representation that a file names, unless it would fill the memory.

    Raises:
        ConfigError: It does not exist, or its options do not fit it, clip or image.
        ArtefactError: It is enormous.
    """
    part, options = load_part(REPRESENTATIONS, component, "representation", place)
    table = options.model_dump()
    n_weights = table.get("n_mels", 0) * table.get("n_fft", 0) // 2
    if n_weights > MOST_WEIGHTS:
        raise ArtefactError(f"{place}: a filterbank of {n_weights} weights")
    representation: Representation = part(options, clip, image)
    stft = representation.stft
    n_frames = max(image.width, stft.n_frames(clip.n_samples))
    if stft.n_bins * n_frames > MOST_CELLS:
        raise ArtefactError(f"{place}: {stft.n_bins} x {n_frames} magnitudes, at most {MOST_CELLS}")
    return representation


def build_inversion(config: Config, place: str) -> Inversion:
    """The inversion of a config."""
    part, options = load_part(INVERSIONS, config.inversion, "inversion", place)
    inversion: Inversion = part(options)
    return inversion


def build_codec(config: Config, clip: ClipSpec, place: str) -> Codec:
    """The codec of a resolved config; nothing is measured yet.

    Raises:
        ConfigError: A part does not exist, or does not fit clip and image.
    """
    return _codec(lambda: build_representation(config, clip, place), config, None, place)


def build_bounded_codec(
    config: Config, clip: ClipSpec, outline: Outline | None, place: str
) -> Codec:
    """The codec that a model file names, unless it would fill the memory.

    Raises:
        ConfigError: A part does not exist, or does not fit clip and image.
        ArtefactError: It is enormous.
    """

    def representation() -> Representation:
        return build_bounded(config.representation, clip, image_spec(config), place)

    return _codec(representation, config, outline, place)


def _codec(
    representation: Callable[[], Representation],
    config: Config,
    outline: Outline | None,
    place: str,
) -> Codec:
    """The codec for as many channels as the clips of such a representation have."""
    mid, inversion = representation(), build_inversion(config, place)
    if mid.clip.channels == 1:
        return SpectrogramCodec(mid, inversion, outline=outline)
    return stereo_codec(mid, representation(), inversion, outline=outline, place=place)


def stereo_codec(
    mid: Representation,
    sides: Representation,
    inversion: Inversion,
    *,
    outline: Outline | None,
    place: str,
) -> StereoCodec:
    """The codec of stereo clips, of representations that differ in their statistics only.

    Raises:
        ConfigError: Such representations are for mono sounds.
    """
    if not (isinstance(mid, LevelRepresentation) and isinstance(sides, LevelRepresentation)):
        raise ConfigError(f"{place}: representation.name: it shows no levels; stereo needs them")
    if mid.image.channels != 1:
        raise ConfigError(
            f"{place}: representation.channels: {mid.image.channels} repeat one picture, and "
            "stereo clips have planes of their own; set 1, or prepare with `channels=mono`"
        )
    return StereoCodec(mid, sides, inversion, outline=outline)


def preset_codec(preset: str, clip: ClipSpec) -> tuple[Config, Codec]:
    """A preset resolved for clips of one shape, and its codec; nothing is measured yet.

    Raises:
        ConfigError: Such clips do not fit the preset's images.
    """
    config = resolve(load_config(preset).config, clip, preset, conditional=False)
    return config, build_codec(config, clip, preset)
