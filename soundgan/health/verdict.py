"""What a run ends with: one or two sentences on how the game went."""

from __future__ import annotations

from dataclasses import dataclass

from soundgan.health.memory import Memory, Trouble

HAPPENED = {
    "discriminator-won": "the discriminator won",
    "discriminator-dead": "the discriminator was dead",
    "discriminator-leaps": "the discriminator leapt",
    "discriminator-overfits": "the discriminator learnt the training clips by heart",
    "explosion": "gradients or verdicts exploded",
    "not-finite": "numbers were not finite",
    "silence": "the generator made silence",
    "single-tone": "the generator made single tones",
    "generator-saturates": "the generator painted saturated or always the same pictures",
    "mode-collapse": "the generator's sounds were nearly all alike",
    "no-variety": "the generator did not vary its sounds",
    "latent-ignored": "the generator ignored its latent",
    "memorisation": "the generator repeated its training clips",
    "low-diversity": "the sounds were less varied than the real ones",
}
DONE = {
    "augment-more": "more augmentation",
    "augment-less": "less augmentation",
    "penalise-more": "a stronger gradient penalty",
    "slow-discriminator": "a slower discriminator",
    "steady-discriminator": "a discriminator at a tenth of the generator's learning rate",
    "skip-discriminator": "skipped updates of the discriminator",
    "strengthen-discriminator": "a faster discriminator",
    "calm-both": "lower learning rates",
    "roll-back": "going back to a checkpoint",
}
START = 20
"""Steps that count as the start."""
TIME_TO_HELP = 200
"""Steps after which the newest remedy can be judged."""
MILD = ("low-diversity",)
"""Worth a sentence, but a run that ends with it is healthy."""


@dataclass(frozen=True)
class Verdict:
    """Whether the game ended well, and how it went."""

    healthy: bool
    sentence: str


def verdict(memory: Memory, *, step: int, steps: int, remedies: bool) -> Verdict:
    """The verdict on a run at ``step`` of ``steps``, from what its watch remembers."""
    met = {name: trouble for name, trouble in memory.troubles.items() if trouble.count}
    lasting = {name: trouble for name, trouble in met.items() if not _passed(name, trouble)}
    healthy = all(name in MILD for name in lasting)
    if not met and step < steps:
        return Verdict(True, f"no trouble so far, in {step:,} of {steps:,} steps")
    if not met:
        return Verdict(True, f"healthy: no trouble in {step:,} steps")
    if not lasting:
        told = [_passed_words(name, trouble) for name, trouble in met.items()]
        return Verdict(True, f"healthy again: {'. Also '.join(told)}")
    told = [_lasting_words(name, trouble, step, remedies) for name, trouble in lasting.items()]
    return Verdict(healthy, f"{'healthy, but ' if healthy else ''}{'; '.join(told)}")


def _passed(name: str, trouble: Trouble) -> bool:
    # Strikes leave no lasting state: a run that went on got over them.
    return trouble.since is None or name == "not-finite"


def _passed_words(name: str, trouble: Trouble) -> str:
    until = "" if trouble.over is None else f" to step {trouble.over:,}"
    helped = f"; what was done: {_listed(trouble)}" if trouble.remedies else ""
    return f"{HAPPENED[name]} {_from(name, trouble)}{until}, and that is over{helped}"


def _lasting_words(name: str, trouble: Trouble, step: int, remedies: bool) -> str:
    words = f"{HAPPENED[name]} {_from(name, trouble)}"
    words += "" if words.endswith("start") else " on"
    if trouble.remedies:
        helped = "had no time to help" if step - trouble.last < TIME_TO_HELP else "did not help"
        return f"{words}, and {_listed(trouble)} {helped}"
    return words if remedies else f"{words}, and nothing was done (`remedies=False`)"


def _from(name: str, trouble: Trouble) -> str:
    at_once = trouble.first <= START and name != "not-finite"
    return "from the start" if at_once else f"from step {trouble.first:,}"


def _listed(trouble: Trouble) -> str:
    return " and ".join(DONE.get(name, name) for name in trouble.remedies)
