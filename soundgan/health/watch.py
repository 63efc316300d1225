"""The watch over a game: what it notices after a step, and what it decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from soundgan.health import probe_rules, rules
from soundgan.health.balance import balanced
from soundgan.health.controls import Controls
from soundgan.health.events import Event
from soundgan.health.game import Game
from soundgan.health.limits import Limits
from soundgan.health.memory import Memory, Trouble
from soundgan.health.remedies import ADVICE, LADDERS, Remedy, choose
from soundgan.health.rules import Rule, View

ALL_RULES = (*rules.STEP_RULES, *probe_rules.PROBE_RULES)
FOLLOWS = {"balance": ("generator", "variety")}
"""What poor sounds come of is treated first, and they are not named meanwhile."""
STRIKES = 3
"""Refused updates in a row that leaving them out does not cure."""
QUIET_AFTER_SKIP = 500
"""Steps between two reports of single refused updates."""
LENIENT = 300
"""Steps in which large gradients are applied, so that it can be learnt how large they are now."""
CALM_AGAIN = 100
"""Steps that a trouble must be gone before it is called over."""


@dataclass(frozen=True)
class Decision:
    """What follows from a step.

    Attributes:
        controls: From now on.
        events: For the run's log, in order.
        rolls_back: Whether the networks of an earlier checkpoint are to come back.
        hopeless: Whether numbers are not finite and nothing is left to try.
    """

    controls: Controls
    events: tuple[Event, ...] = ()
    rolls_back: bool = False
    hopeless: bool = False


class Watch:
    """Looks at every step and decides; decisions follow from the steps and the memory alone.

    Args:
        game: The run's config.
        memory: What is known so far; it is written on.
        remedies: Whether to act, or only to tell.
        tempo: Factor on all patience; a smaller one is hastier.
    """

    def __init__(
        self, game: Game, memory: Memory, *, remedies: bool = True, tempo: float = 1.0
    ) -> None:
        self.game, self.memory = game, memory
        self.remedies, self.tempo = remedies, tempo

    @property
    def limits(self) -> Limits:
        """Which of the next updates are not to be applied."""
        memory = self.memory
        if not self.remedies or memory.signals.step < memory.quiet.get("limits", 0):
            return Limits()
        return Limits(
            *(
                rules.EXPLODED_GRADIENT * usual if usual else math.inf
                for usual in map(
                    memory.signals.usual,
                    ("discriminator/gradient_norm", "generator/gradient_norm"),
                )
            )
        )

    def observe(
        self,
        step: int,
        numbers: Mapping[str, float],
        controls: Controls,
        *,
        probe: Mapping[str, float] | None = None,
        can_roll_back: Callable[[], bool] = lambda: False,
    ) -> Decision:
        """Take a step in and decide.

        Args:
            step: Generator updates done.
            numbers: What the step reported, finite or not.
            controls: In force during the step.
            probe: Measurements of generated sounds, if some were made after this step.
            can_roll_back: Whether there is a checkpoint to go back to; asked only when it matters.
        """
        memory = self.memory
        refused = self.limits.refused(numbers)
        passed = step - memory.signals.step
        memory.signals.add(step, numbers)
        if probe is not None:
            memory.measured(probe)
        view = View(
            step,
            numbers,
            memory.signals,
            self.game,
            memory.probe,
            memory.previous_probe,
            memory.peaks,
            step / self.tempo,
        )
        if refused:
            return self._strike(view, controls, refused, can_roll_back)
        memory.strikes = 0
        decision = self._judge(view, controls, probe is not None, can_roll_back)
        if self.remedies and memory.balancing and decision.controls == controls:
            even = balanced(controls, memory.signals, self.game, passed)
            decision = replace(decision, controls=even)
        return decision

    def broken(
        self, step: int, controls: Controls, sentence: str, *, can_roll_back: Callable[[], bool]
    ) -> Decision:
        """Decide about weights that are not finite, which no left-out update can cure."""
        if not self.remedies:
            return Decision(controls, hopeless=True)
        view = View(step, {}, self.memory.signals, self.game)
        return self._go_back(view, controls, sentence, {}, can_roll_back)

    def rewind(self, to: int, past: Memory) -> None:
        """The networks of step ``to`` are back, and ``past`` is the memory of that moment."""
        quiet = {rule.family: to + self._paced(rule.settle) for rule in ALL_RULES}
        self.memory.rewind(to, past, quiet)

    def _judge(
        self,
        view: View,
        controls: Controls,
        probed: bool,
        can_roll_back: Callable[[], bool],
    ) -> Decision:
        decision = Decision(controls)
        for rule in ALL_RULES:
            if rule.on_probe and not probed:
                continue
            bearable = rule.bearable(view)
            if bearable is None:
                decision = self._absent(rule, view, decision)
                continue
            trouble = self._present(rule, view)
            lasted = view.step - (trouble.since or 0)
            # A young game is lopsided without being ill; but it is nothing to go back to.
            quiet_until = max(self.memory.quiet.get(rule.family, 0), self._paced(rule.warm_up))
            quiet = view.step < quiet_until
            # One remedy at a time, or nobody could tell which of them helped.
            if lasted >= self._paced(bearable) and not quiet and decision.controls == controls:
                decision = self._incident(rule, view, decision, can_roll_back)
        return decision

    def _present(self, rule: Rule, view: View) -> Trouble:
        trouble = self._trouble(rule.name)
        if trouble.since is None:
            trouble = self._change(rule.name, since=view.step, over=None, told=False)
        return trouble

    def _absent(self, rule: Rule, view: View, decision: Decision) -> Decision:
        trouble = self._trouble(rule.name)
        if trouble.since is not None:
            trouble = self._change(rule.name, since=None, over=view.step, told=False)
        if not trouble.count or trouble.told or trouble.over is None:
            return decision
        if view.step - trouble.over < self._paced(CALM_AGAIN):
            return decision
        self._change(rule.name, told=True)
        event = Event(
            view.step,
            decision.controls.attempt,
            "recovery",
            rule.name,
            f"{rule.over} since step {trouble.over}",
        )
        return replace(decision, events=(*decision.events, event))

    def _incident(
        self, rule: Rule, view: View, decision: Decision, can_roll_back: Callable[[], bool]
    ) -> Decision:
        trouble = self._trouble(rule.name)
        remedy, rung = choose(
            rule.name, trouble.rung, decision.controls, self.game, can_roll_back=can_roll_back
        )
        if trouble.told and (remedy is None or not self.remedies):
            return decision  # said before, and nothing has changed
        quiet = view.step + self._paced(rule.settle)
        for family in (rule.family, *FOLLOWS.get(rule.family, ())):
            self.memory.quiet[family] = max(quiet, self.memory.quiet.get(family, 0))
        return self._act(
            rule.name, rule.tell(view), rule.numbers(view), view, decision, remedy, rung
        )

    def _act(
        self,
        name: str,
        sentence: str,
        numbers: dict[str, float],
        view: View,
        decision: Decision,
        remedy: Remedy | None,
        rung: int,
    ) -> Decision:
        trouble = self._trouble(name)
        taken = remedy if self.remedies else None
        self._change(
            name,
            count=trouble.count + 1,
            first=trouble.first if trouble.count else (trouble.since or view.step),
            last=view.step,
            rung=rung,
            told=taken is None,
            over=None,
            remedies=_with(trouble.remedies, taken),
        )
        before = decision.controls
        event = Event(
            view.step,
            before.attempt,
            "incident",
            name,
            f"{sentence}; {self._what_is_done(name, remedy)}",
            numbers,
            taken.name if taken else None,
            before if taken else None,
            taken.controls if taken else None,
        )
        if taken is not None:
            self.memory.balancing |= taken.balances
        return Decision(
            taken.controls if taken else before,
            (*decision.events, event),
            rolls_back=taken is not None and taken.rolls_back,
        )

    def _what_is_done(self, name: str, remedy: Remedy | None) -> str:
        if remedy is not None:
            return f"remedy: {remedy.words}" if self.remedies else f"not done: {remedy.words}"
        advice = ADVICE.get(name, "a lower learning rate may help")
        return f"nothing is left to try; {advice}" if LADDERS[name] else advice

    def _strike(
        self,
        view: View,
        controls: Controls,
        refused: dict[str, float],
        can_roll_back: Callable[[], bool],
    ) -> Decision:
        """An update was not applied: tell, and after three in a row do something about it."""
        memory, broken = self.memory, any(not math.isfinite(value) for value in refused.values())
        if broken and not self.remedies:
            return Decision(controls, hopeless=True)
        memory.strikes += 1
        sentence = _refused_sentence(refused, broken, memory.strikes)
        if memory.strikes == STRIKES:
            memory.strikes = 0
            if broken:
                return self._go_back(view, controls, sentence, refused, can_roll_back)
            # A discriminator that had won and is fooled at last has such gradients, and needs
            # them. If it really is an explosion, its logits or its penalty will tell.
            memory.quiet["limits"] = view.step + self._paced(LENIENT)
            if "discriminator/gradient_norm" in refused:
                return self._steady(view, controls, sentence, refused, can_roll_back)
        elif view.step < memory.quiet.get("strikes", 0):
            return Decision(controls)
        return self._leave_out(view, controls, sentence, refused)

    def _leave_out(
        self, view: View, controls: Controls, sentence: str, refused: dict[str, float]
    ) -> Decision:
        """Nothing but the update that was not applied."""
        memory = self.memory
        memory.quiet["strikes"] = view.step + self._paced(QUIET_AFTER_SKIP)
        lenient = "; such ones are applied from now on" if memory.strikes == 0 else ""
        event = Event(
            view.step,
            controls.attempt,
            "skipped",
            "large-gradient" if all(map(math.isfinite, refused.values())) else "not-finite",
            f"{sentence}; remedy: leave this update out{lenient}",
            refused,
        )
        return Decision(controls, (event,))

    def _steady(
        self,
        view: View,
        controls: Controls,
        sentence: str,
        refused: dict[str, float],
        can_roll_back: Callable[[], bool],
    ) -> Decision:
        """A discriminator whose gradients leap again and again learns too fast for this game."""
        name = "discriminator-leaps"
        rung = self._trouble(name).rung
        remedy, rung = choose(name, rung, controls, self.game, can_roll_back=can_roll_back)
        if remedy is None:
            return self._leave_out(view, controls, sentence, refused)
        self.memory.quiet["strikes"] = view.step + self._paced(QUIET_AFTER_SKIP)
        sentence = f"the discriminator leaps: {sentence}"
        return self._act(name, sentence, refused, view, Decision(controls), remedy, rung)

    def _go_back(
        self,
        view: View,
        controls: Controls,
        sentence: str,
        numbers: dict[str, float],
        can_roll_back: Callable[[], bool],
    ) -> Decision:
        """Whatever there is for numbers that are not finite."""
        name = "not-finite"
        rung = self._trouble(name).rung
        remedy, rung = choose(name, rung, controls, self.game, can_roll_back=can_roll_back)
        decision = self._act(name, sentence, numbers, view, Decision(controls), remedy, rung)
        return replace(decision, hopeless=remedy is None)

    def _trouble(self, name: str) -> Trouble:
        return self.memory.troubles.get(name) or Trouble()

    def _change(self, name: str, **values: object) -> Trouble:
        changed = self._trouble(name).model_copy(update=values)
        self.memory.troubles[name] = changed
        return changed

    def _paced(self, steps: float) -> int:
        return max(1, round(steps * self.tempo))


def _with(names: list[str], remedy: Remedy | None) -> list[str]:
    return names if remedy is None or remedy.name in names else [*names, remedy.name]


def _refused_sentence(refused: dict[str, float], broken: bool, strikes: int) -> str:
    listed = ", ".join(f"{name} = {value:.4g}" for name, value in sorted(refused.items()))
    what = "numbers are not finite" if broken else "a gradient is over 20 times its usual size"
    again = f" {strikes} steps in a row" if strikes > 1 else ""
    return f"{what}{again} ({listed})"
