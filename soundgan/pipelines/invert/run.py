"""Sounds of spectrogram pictures."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from soundgan.audio.find import display
from soundgan.audio.outline import measure_outline
from soundgan.audio.wav import encode_audio
from soundgan.errors import ExitCode, NothingUsableError, PictureError, UsageError
from soundgan.pictures.axis import demand_axis
from soundgan.pictures.kinds import HEAD_BYTES, READ_TEXT, is_read, other_kind
from soundgan.pictures.open import Picture, open_picture
from soundgan.pictures.reading import Assumption, count_plots, eight_bit
from soundgan.pictures.understood import understood_png
from soundgan.pipelines.inputs import Failure, Input, gather, work_through
from soundgan.pipelines.invert.known import power_of
from soundgan.pipelines.invert.method import choose_method
from soundgan.pipelines.invert.own import text_of
from soundgan.pipelines.invert.sound import InvertedSound, invert_picture
from soundgan.pipelines.invert.stated import Stated
from soundgan.pipelines.spectrogram.draw import Analysis, Look, analyse, picture
from soundgan.reporting import Reporter
from soundgan.runtime.files import sha256_file, write_if_new
from soundgan.spelling import with_options
from soundgan.version import VERSION

TASK = "inverting"


@dataclass(frozen=True)
class InvertRequest:
    """What to turn into sound, and how.

    Attributes:
        paths: Picture files, and folders of them.
        out: Folder for the sounds.
        stated: What the user says about pictures that do not say it themselves.
        method: Name of an inversion; ``None`` is what a picture names, else the default.
        iterations: Rounds of it; ``None`` is its own default.
        seed: Seed of what is random about it; ``None`` is what a picture names, else 0.
        png: Write the spectrogram of every result beside it.
        panels: ``one`` to read the largest plot of a figure or the stated one, ``all`` for each,
            ``stereo`` for left and right in two.
        show: Write beside every result a picture of what was understood.
        overwrite: Replace files that hold something else.
    """

    paths: tuple[Path, ...]
    out: Path
    stated: Stated = field(default_factory=Stated)
    method: str | None = None
    iterations: int | None = None
    seed: int | None = None
    png: bool = False
    panels: str = "one"
    show: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class InvertedFile:
    """One sound.

    Attributes:
        source: The picture.
        path: The sound.
        png: The picture of the sound, where one was asked for.
        sample_rate: Hz.
        n_samples: Length.
        own: Whether the picture carried its parameters.
        method: Name of the inversion.
        ignored: Parameters that were stated to no effect, as the picture carries its own.
        assumptions: What was not stated; empty for pictures that carry their parameters.
        written: Whether the sound was written; it was there already otherwise.
        n_frames: Pages or frames of the picture's file; the first was read.
        few_colours: Whether the file's kind holds 256 colours at most.
        panel: Which of several plots was read, where all of them were asked for.
        shown: The picture of what was understood, where one was asked for.
    """

    source: Path
    path: Path
    png: Path | None
    sample_rate: int
    n_samples: int
    own: bool
    method: str
    assumptions: tuple[Assumption, ...]
    written: bool
    n_frames: int = 1
    few_colours: bool = False
    panel: int | None = None
    shown: Path | None = None
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class InvertResult:
    """The sounds, what went wrong, and the exit code that says so."""

    sounds: tuple[InvertedFile, ...]
    failures: tuple[Failure, ...]
    exit_code: ExitCode


def invert_pictures(request: InvertRequest, reporter: Reporter) -> InvertResult:
    """Turn every picture into a sound; what fails is reported and stops no other.

    Raises:
        UsageError: A path, method or option that does not exist.
        NothingUsableError: There are no pictures.
    """
    choose_method(request.method, request.iterations)  # refuse before any work
    demand_axis(request.stated.axis)
    power_of(request.stated.levels)
    _demand_panels(request)
    inputs = gather(
        request.paths, ".wav", out=request.out, wanted=partial(_wanted, reporter=reporter)
    )
    if not inputs:
        raise NothingUsableError(f"no pictures there; name {READ_TEXT} files")
    done = work_through(
        inputs,
        partial(_invert_all, request=request, outputs={item.output for item in inputs}),
        out=request.out,
        task=TASK,
        reporter=reporter,
        tell=_Teller(reporter).tell_all,
    )
    sounds = tuple(sound for made in done.made for sound in made)
    return InvertResult(sounds, done.failures, done.exit_code)


def _demand_panels(request: InvertRequest) -> None:
    """Refuse what says both which plots to read, and where one lies."""
    if request.panels not in ("one", "all", "stereo"):
        raise UsageError(f"`panels={request.panels}`: no such choice; choose one, all or stereo")
    for name, given in (("panel", request.stated.panel), ("crop", request.stated.crop != "auto")):
        if request.panels != "one" and given:
            raise UsageError(
                f"`panels={request.panels}`: `{name}` names one plot; leave one of them out"
            )


def _head(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


def _wanted(path: Path, reporter: Reporter) -> bool:
    """Whether a file in a folder is read; says of other pictures that they are not."""
    head = _head(path)
    other = other_kind(head)
    if other is not None:
        reporter.warn(f"{display(str(path))}: left out: {other}")
    return is_read(head)


class _Teller:
    """Says what was read and assumed, once for pictures of which the same was."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._told: set[tuple[Assumption, ...]] = set()
        self._told_ignored = False

    def tell_all(self, sounds: tuple[InvertedFile, ...]) -> None:
        """Say what is new about the sounds of one more picture."""
        for sound in sounds:
            self.tell(sound)

    def tell(self, sound: InvertedFile) -> None:
        """Say what is new about one more sound."""
        if sound.few_colours:
            self._reporter.say(
                f"{sound.source}: a GIF holds 256 colours at most; a PNG tells more levels apart"
            )
        if sound.n_frames > 1:
            self._reporter.warn(
                f"{sound.source}: only the first of {sound.n_frames} frames is read; save the "
                "others as files of their own"
            )
        if sound.ignored and not self._told_ignored:
            self._told_ignored = True
            names = " ".join(f"`{name}`" for name in sound.ignored)
            self._reporter.warn(
                f"{sound.source}: carries its own parameters, so these have no effect: {names}"
            )
        if not sound.assumptions or sound.assumptions in self._told:
            return
        self._told.add(sound.assumptions)
        for read, heading in (
            (True, "read from the picture:"),
            (False, "assumed, as the picture does not say:"),
        ):
            items = [item for item in sound.assumptions if item.read == read]
            if items:
                self._reporter.say(f"{sound.source}: {heading}")
            for item in items:
                self._reporter.say(
                    f"  {item.name} {item.value} ({item.why}); else `{item.parameter}`"
                )


def _without_effect(request: InvertRequest) -> tuple[str, ...]:
    """Which parameters of a request say nothing to a picture that carries its own."""
    stated = request.stated
    names = [
        entry.name.removesuffix("_hz")
        for entry in fields(Stated)
        if getattr(stated, entry.name) != entry.default
    ]
    if request.panels != "one":
        names.append("panels")
    return (*names, "show") if request.show else tuple(names)


def _invert_all(
    item: Input, request: InvertRequest, outputs: set[PurePath]
) -> tuple[InvertedFile, ...]:
    """The sounds of a picture: one, or where it was asked for, one for each of several plots."""
    opened = open_picture(item.path)
    n_plots = 1
    foreign = not opened.riffusion and text_of(opened, str(item.path)) is None
    if request.panels != "one" and foreign:
        n_plots = count_plots(opened)
    if request.panels == "stereo" and foreign:
        if n_plots != 2:
            plots = {0: "no plot is", 1: "one plot is"}.get(n_plots, f"{n_plots} plots are")
            raise PictureError(f"{item.path}: {plots} found; `panels=stereo` takes two, left first")
        return (_invert(item, opened, request),)
    if n_plots < 2:
        return (_invert(item, opened, request),)
    made = []
    for panel in range(1, n_plots + 1):
        output = item.output.with_name(f"{item.output.stem}-{panel}{item.output.suffix}")
        if output in outputs:
            raise PictureError(
                f"{item.path}: the sound of its plot {panel}, {output}, would replace that of "
                "another picture; give them in two calls with another `out` each"
            )
        stated = replace(request.stated, panel=panel)
        one = _invert(replace(item, output=output), opened, replace(request, stated=stated))
        made.append(replace(one, panel=panel))
    return tuple(made)


def _invert(item: Input, opened: Picture, request: InvertRequest) -> InvertedFile:
    place = str(item.path)
    sound = invert_picture(
        opened,
        request.stated,
        method=request.method,
        iterations=request.iterations,
        seed=request.seed,
        place=place,
        stereo=request.panels == "stereo",
    )
    path = request.out / item.output
    content = encode_audio(
        sound.waveform.numpy().T,
        sound.sample_rate,
        metadata={
            "software": f"soundgan {VERSION}",
            "title": display(item.path.name),
            "comment": json.dumps(_provenance(item, opened, sound, request.stated), sort_keys=True),
        },
    )
    written = write_if_new(path, content, overwrite=request.overwrite)
    png = _draw(sound, path, request) if request.png else None
    shown = _show(item, opened, sound, path, request) if request.show else None
    return InvertedFile(
        source=item.path,
        path=path,
        png=png,
        sample_rate=sound.sample_rate,
        n_samples=sound.waveform.shape[-1],
        own=sound.own,
        method=sound.method.name,
        assumptions=sound.assumptions,
        written=written,
        n_frames=opened.n_frames,
        few_colours=opened.format == "GIF",
        shown=shown,
        ignored=_without_effect(request) if sound.own else (),
    )


def _show(
    item: Input, opened: Picture, sound: InvertedSound, path: Path, request: InvertRequest
) -> Path | None:
    """What was understood of a picture, beside its sound; nothing had to be of our own."""
    if sound.reading is None:
        return None
    entries = [
        replace(
            entry,
            parameter=with_options(f"`{entry.parameter}`"),
            why=with_options(entry.why),
        )
        for entry in sound.assumptions
    ]
    title = f"{display(item.path.name)}: {sound.waveform.shape[-1] / sound.sample_rate:.3g} s"
    content = understood_png(eight_bit(opened), sound.reading, entries, title=title)
    target = path.with_suffix(".understood.png")
    write_if_new(target, content, overwrite=request.overwrite)
    return target


def _provenance(
    item: Input, opened: Picture, sound: InvertedSound, stated: Stated
) -> dict[str, Any]:
    """How to make the sound again, stored inside it."""
    provenance: dict[str, Any] = {
        "soundgan": VERSION,
        "command": "invert",
        "picture": display(item.path.name),
        "picture_sha256": sha256_file(item.path),
        "method": sound.method.name,
        "options": sound.method.options,
        "seed": sound.seed,
    }
    if not sound.own:
        provenance["stated"] = {name: value for name, value in asdict(stated).items() if value}
        provenance["assumed"] = {entry.name: entry.value for entry in sound.assumptions}
    if "recipe" in opened.metadata:
        provenance["drawn_from"] = opened.metadata["recipe"]
    return provenance


def _draw(sound: InvertedSound, path: Path, request: InvertRequest) -> Path:
    """The spectrogram of a sound beside it: as its picture was, where that is known."""
    target = path.with_suffix(".spectrogram.png")
    if sound.drawn is None:
        mono = sound.waveform.view(-1, sound.waveform.shape[-1]).mean(dim=0)
        drawn = analyse(mono.numpy(), sound.sample_rate, Analysis())
    else:
        waveform = sound.waveform[None]
        image = sound.drawn.representation.encode(waveform)[0].mean(dim=0)
        outline = measure_outline([waveform], sound.sample_rate, with_peak=False)
        drawn = replace(sound.drawn, image=image, outline=outline)
    texts = {"recipe": json.dumps({"soundgan": VERSION, "sound": path.name}, sort_keys=True)}
    write_if_new(target, picture(drawn, Look(), texts=texts), overwrite=request.overwrite)
    return target
