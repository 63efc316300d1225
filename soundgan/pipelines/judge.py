"""Who measures a run: the judge of its averages, the probe of its health, the augmentation's."""

from __future__ import annotations

import torch

from soundgan.errors import UsageError
from soundgan.pipelines.training_clips import TrainingClips
from soundgan.reporting import Reporter
from soundgan.training.adaptation import Adaptation
from soundgan.training.encoded import spread_out
from soundgan.training.probe import MOST_VALIDATION, Probe
from soundgan.training.quality import FEWEST_VALIDATION, Quality
from soundgan.training.reference import Reference
from soundgan.training.run import Measures
from soundgan.training.selection import Selection
from soundgan.training.state import TrainState

MOST_TO_FIT = 4096
"""Training images that features are fitted on at most."""

_MOST_TO_FIT = 1024
"""Training images, where a judge is made for a single measurement."""


def make_measures(clips: TrainingClips, latent_dim: int, reporter: Reporter) -> Measures:
    """All that measures a run; what its clips or its config forbid is left out."""
    reference = clips.reference(MOST_TO_FIT)
    return Measures(
        _selection(clips, reference, reporter),
        make_probe(clips, reference, latent_dim, reporter),
        _adaptation(clips),
    )


def _selection(clips: TrainingClips, reference: Reference, reporter: Reporter) -> Selection | None:
    """The judge of averages, unless the config or too few validation clips forbid one."""
    if clips.task.config.training.evaluate_every == 0:
        return None
    if len(clips.validation) < FEWEST_VALIDATION:
        reporter.warn(
            f"{len(clips.validation)} validation clips are too few to choose the best "
            "average by; the last one is kept"
        )
        return None
    return make_judge(clips, reference)


def _adaptation(clips: TrainingClips) -> Adaptation | None:
    """Adapts the augmentation where the config has a target and there are validation clips."""
    table = clips.task.config.augmentation
    if not table.names or table.target == 0 or len(clips.validation) == 0:
        return None
    return Adaptation(clips.batches(clips.train), clips.batches(clips.validation))


def make_judge(clips: TrainingClips, reference: Reference) -> Selection:
    """Measures averages by the validation clips; features are those of ``reference``."""
    training, labels = clips.task.config.training, clips.labels(clips.validation.indices)
    return Selection(
        reference,
        clips.validation.spread(len(clips.validation)),
        None if labels is None else torch.from_numpy(labels),
        n_sounds=training.evaluate_sounds,
        seed=training.seed,
    )


def make_probe(
    clips: TrainingClips, reference: Reference, latent_dim: int, reporter: Reporter
) -> Probe | None:
    """Measures generated sounds, unless the clips are nothing to compare with."""
    try:
        return Probe(
            reference,
            clips.validation.spread(MOST_VALIDATION),
            clips.labels(spread_out(clips.validation.indices, MOST_VALIDATION)),
            latent_dim=latent_dim,
            seed=clips.task.config.training.seed,
        )
    except UsageError as error:
        reporter.warn(f"generated sounds are not watched: {error}")
        return None


def quality_of(
    state: TrainState, clips: TrainingClips, judge: Selection | None, *, at_once: bool
) -> Quality | None:
    """How good the product of a run is.

    Args:
        state: Of the run.
        clips: What it is trained on.
        judge: Of the run, if it has one.
        at_once: Say only what is known already: somebody is waiting.

    Returns:
        ``None`` where there are too few validation clips to tell, or no time to measure.
    """
    unknown = judge is None or state.best is None
    if len(clips.validation) < FEWEST_VALIDATION or (at_once and unknown):
        return None
    try:
        if judge is None:
            judge = make_judge(clips, clips.reference(_MOST_TO_FIT))
        return judge.quality(state)
    except UsageError:  # clips that are all alike measure nothing
        return None
