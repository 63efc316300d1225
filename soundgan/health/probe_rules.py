"""The rules on measurements of generated sounds."""

from __future__ import annotations

from collections.abc import Callable

from soundgan.health.rules import Rule, View
from soundgan.words import percent

WARM_UP = 500
"""Steps before generated sounds are judged; an average generator's first sounds are all alike."""

LATE = 2000
"""Steps after which a generator that has shown no variety yet will not by itself."""
ONCE_VARIED = 0.3
"""Variety that, once reached, is missed at any age."""

COLLAPSED = 0.2
LITTLE_VARIETY = 0.5
RISING = 1.1
"""A diversity that grew by a tenth since the last look is on its way."""
LATENT_IGNORED = 0.1
OVERFIT = 0.8
PAIR_GAP = 0.25
MEMORISED = 0.7
SATURATED_MORE = 0.4
"""Share of pixels; real sounds have faint noise where generated ones are often clean silence."""
SAME_PIXELS = 0.1
MOST = 0.5
"""Share of generated sounds, beyond that of real ones, that are silent or a single tone."""


def collapsed(view: View) -> bool:
    """Hardly any two sounds differ any more, and it is not getting better."""
    return _without_variety(view) and view.peaks["diversity"] >= ONCE_VARIED


def never_varied(view: View) -> bool:
    """Hardly any two sounds differ yet, and it is late."""
    return _without_variety(view) and view.peaks["diversity"] < ONCE_VARIED


def _without_variety(view: View) -> bool:
    return view.probe.get("diversity", 1.0) < COLLAPSED and _missed(view, "diversity")


def little_variety(view: View) -> bool:
    """Sounds differ, but too little."""
    diversity = view.probe.get("diversity", 1.0)
    return COLLAPSED <= diversity < LITTLE_VARIETY and _missed(view, "diversity")


def latent_ignored(view: View) -> bool:
    """Sounds of one label are one sound, though labels differ."""
    sensitivity = view.probe.get("latent_sensitivity", 1.0)
    return sensitivity < LATENT_IGNORED and _missed(view, "latent_sensitivity")


def overfits(view: View) -> bool:
    """Unseen real sounds are taken for generated ones."""
    probe = view.probe
    gap = probe.get("train_pair_accuracy", 0.0) - probe.get("held_out_pair_accuracy", 1.0)
    return probe.get("overfit", 0.0) > OVERFIT or gap > PAIR_GAP


def memorised(view: View) -> bool:
    """Generated sounds lie nearer to training clips than unseen real sounds do."""
    return view.probe.get("nearest_ratio", 1.0) < MEMORISED


def saturated(view: View) -> bool:
    """Pixels at the limits, or the same in every picture."""
    probe = view.probe
    more = probe.get("saturated", 0.0) - probe.get("saturated_real", 0.0)
    same = probe.get("pixel_std", 1.0) < SAME_PIXELS and _missed(view, "pixel_std")
    return more > SATURATED_MORE or same


def silent(view: View) -> bool:
    """Most sounds are silence where real ones are not."""
    return _more(view, "silent") > MOST


def single_tone(view: View) -> bool:
    """Most sounds are one frequency where real ones are not."""
    return _more(view, "single_tone") > MOST


def _more(view: View, name: str) -> float:
    return view.probe.get(name, 0.0) - view.probe.get(f"{name}_real", 0.0)


def _missed(view: View, name: str) -> bool:
    """Whether a low measurement was once better, or should be by now, and does not rise."""
    before = view.previous.get(name)
    rises = before is not None and view.probe[name] > RISING * before
    return not rises and (view.peaks.get(name, 0.0) >= ONCE_VARIED or view.age >= LATE)


def _overfits_tell(view: View) -> str:
    probe = view.probe
    if probe.get("overfit", 0.0) > OVERFIT:
        seen = (
            f"to it, unseen real sounds lie {percent(min(probe['overfit'], 1.0))} of the way from "
            "training clips to generated sounds"
        )
    else:
        seen = (
            f"it tells training clips from generated sounds in "
            f"{percent(probe['train_pair_accuracy'])} of pairs, unseen ones in "
            f"{percent(probe['held_out_pair_accuracy'])}"
        )
    return f"the discriminator learns the training clips by heart: {seen}"


def _saturated_tell(view: View) -> str:
    probe = view.probe
    if probe.get("pixel_std", 1.0) < SAME_PIXELS:
        return (
            "the generator paints the same picture again and again: its pixels vary "
            f"{percent(probe['pixel_std'])} as much as those of real sounds"
        )
    return (
        f"the generator saturates: {percent(probe['saturated'])} of its pixels are at the limits "
        f"of the scale, where {percent(probe['saturated_real'])} of real ones are"
    )


TELL: dict[str, Callable[[View], str]] = {
    "silence": lambda view: (
        f"the generator makes silence: {percent(view.probe['silent'])} of its sounds, where "
        f"{percent(view.probe['silent_real'])} of real ones are silent"
    ),
    "single-tone": lambda view: (
        f"the generator makes single tones: {percent(view.probe['single_tone'])} of its sounds "
        f"are one, where {percent(view.probe['single_tone_real'])} of real ones are"
    ),
    "generator-saturates": _saturated_tell,
    "mode-collapse": lambda view: (
        "mode collapse: generated sounds differ from each other only "
        f"{percent(view.probe['diversity'])} as much as real ones do"
    ),
    "no-variety": lambda view: (
        f"the generator has not learnt to vary its sounds: after {view.step:,} steps they differ "
        f"from each other only {percent(view.probe['diversity'])} as much as real ones do"
    ),
    "latent-ignored": lambda view: (
        "the generator ignores its latent: sounds of one label differ only "
        f"{percent(view.probe['latent_sensitivity'])} as much as real ones of one label do"
    ),
    "low-diversity": lambda view: (
        "little variety: generated sounds differ from each other "
        f"{percent(view.probe['diversity'])} as much as real ones do"
    ),
    "discriminator-overfits": _overfits_tell,
    "memorisation": lambda view: (
        "the generator repeats its training clips: its sounds lie only "
        f"{percent(view.probe['nearest_ratio'])} as far from them as unseen real sounds do"
    ),
}


def _rule(
    name: str,
    family: str,
    holds: Callable[[View], bool],
    keys: tuple[str, ...],
    over: str,
    *,
    bearable: int = 1,
) -> Rule:
    return Rule(
        name,
        family,
        lambda view: bearable if holds(view) else None,
        TELL[name],
        lambda view: {key: view.probe[key] for key in keys if key in view.probe},
        over,
        settle=1000,
        warm_up=WARM_UP,
        on_probe=True,
    )


PROBE_RULES = (
    _rule(
        "silence",
        "generator",
        silent,
        ("silent", "silent_real"),
        "the generator makes sounds again",
    ),
    _rule(
        "single-tone",
        "generator",
        single_tone,
        ("single_tone", "single_tone_real"),
        "the generator makes more than single tones again",
    ),
    _rule(
        "mode-collapse",
        "generator",
        collapsed,
        ("diversity", "latent_sensitivity"),
        "generated sounds differ again",
    ),
    _rule(
        "no-variety",
        "generator",
        never_varied,
        ("diversity", "latent_sensitivity"),
        "generated sounds differ from each other",
    ),
    _rule(
        "latent-ignored",
        "generator",
        latent_ignored,
        ("latent_sensitivity", "diversity"),
        "the generator listens to its latent again",
    ),
    _rule(
        "generator-saturates",
        "generator",
        saturated,
        ("saturated", "saturated_real", "pixel_std"),
        "the generator's pixels move again",
    ),
    _rule(
        "low-diversity",
        "variety",
        little_variety,
        ("diversity",),
        "generated sounds are varied",
        bearable=500,
    ),
    _rule(
        "discriminator-overfits",
        "overfitting",
        overfits,
        ("overfit", "train_pair_accuracy", "held_out_pair_accuracy"),
        "the discriminator judges unseen sounds fairly",
        bearable=500,
    ),
    _rule(
        "memorisation",
        "memorisation",
        memorised,
        ("nearest_ratio",),
        "generated sounds are no copies",
        bearable=500,
    ),
)
"""The most telling of a family first."""
