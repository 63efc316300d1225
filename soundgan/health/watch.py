"""The watch over a game: what it notices after a step, and what it decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from soundgan.health.balance import balanced
from soundgan.health.controls import Controls
from soundgan.health.events import Event
from soundgan.health.game import Game
from soundgan.health.history import Course, History
from soundgan.health.limits import Limits
from soundgan.health.remedies import Change, choose
from soundgan.health.troubles import TROUBLES
from soundgan.health.troubles.contract import StepTrouble, Trouble, UpdateTrouble
from soundgan.health.troubles.not_finite import NotFinite
from soundgan.health.view import View

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
    """Looks at every step and decides; decisions follow from the steps and the history alone.

    Args:
        game: The run's config.
        history: What is known so far; it is written on.
        remedies: Whether to act, or only to tell.
        tempo: Factor on all patience; a smaller one is hastier.
    """

    def __init__(
        self, game: Game, history: History, *, remedies: bool = True, tempo: float = 1.0
    ) -> None:
        self.game, self.history = game, history
        self.remedies, self.tempo = remedies, tempo
        troubles = [TROUBLES.load(name)() for name in TROUBLES.names()]
        self._of_updates = [found for found in troubles if isinstance(found, UpdateTrouble)]
        self._of_steps = [found for found in troubles if isinstance(found, StepTrouble)]

    @property
    def limits(self) -> Limits:
        """Which of the next updates are not to be applied."""
        history = self.history
        if not self.remedies or history.signals.step < history.quiet.get("limits", 0):
            return Limits()
        return Limits.of(history.signals)

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
        history = self.history
        refused = self.limits.refused(numbers)
        passed = step - history.signals.step
        history.signals.add(step, numbers)
        if probe is not None:
            history.measured(probe)
        if refused:
            return self._strike(step, controls, refused, can_roll_back)
        history.strikes = 0
        view = View(
            step,
            numbers,
            history.signals,
            self.game,
            history.probe,
            history.previous_probe,
            history.peaks,
            step / self.tempo,
        )
        decision = self._judge(view, controls, probe is not None, can_roll_back)
        if self.remedies and history.balancing and decision.controls == controls:
            even = balanced(controls, history.signals, self.game, passed)
            decision = replace(decision, controls=even)
        return decision

    def broken(
        self, step: int, controls: Controls, sentence: str, *, can_roll_back: Callable[[], bool]
    ) -> Decision:
        """Decide about weights that are not finite, which no left-out update can cure."""
        if not self.remedies:
            return Decision(controls, hopeless=True)
        return self._persist(NotFinite(), step, controls, sentence, {}, can_roll_back)

    def rewind(self, to: int, past: History) -> None:
        """The networks of step ``to`` are back, and ``past`` is the history of that moment."""
        quiet = {trouble.family: to + self._paced(trouble.settle) for trouble in self._of_steps}
        self.history.rewind(to, past, quiet)

    def _judge(
        self, view: View, controls: Controls, probed: bool, can_roll_back: Callable[[], bool]
    ) -> Decision:
        decision = Decision(controls)
        for trouble in self._of_steps:
            if trouble.on_probe and not probed:
                continue
            bearable = trouble.bearable(view)
            if bearable is None:
                decision = self._absent(trouble, view.step, decision)
                continue
            lasted = view.step - self._since(trouble, view.step)
            # A young game is lopsided without being ill; but it is nothing to go back to.
            quiet_until = max(
                self.history.quiet.get(trouble.family, 0), self._paced(trouble.warm_up)
            )
            quiet = view.step < quiet_until
            # One remedy at a time, or nobody could tell which of them helped.
            if lasted >= self._paced(bearable) and not quiet and decision.controls == controls:
                decision = self._incident(trouble, view, decision, can_roll_back)
        return decision

    def _since(self, trouble: Trouble, step: int) -> int:
        since = self._course(trouble).since
        if since is None:
            self._change(trouble, since=step, over=None, told=False)
        return step if since is None else since

    def _absent(self, trouble: StepTrouble, step: int, decision: Decision) -> Decision:
        course = self._course(trouble)
        if course.since is not None:
            course = self._change(trouble, since=None, over=step, told=False)
        if not course.count or course.told or course.over is None:
            return decision
        if step - course.over < self._paced(CALM_AGAIN):
            return decision
        self._change(trouble, told=True)
        sentence = f"{trouble.over} since step {course.over}"
        event = Event(step, decision.controls.attempt, "recovery", trouble.name, sentence)
        return replace(decision, events=(*decision.events, event))

    def _incident(
        self,
        trouble: StepTrouble,
        view: View,
        decision: Decision,
        can_roll_back: Callable[[], bool],
    ) -> Decision:
        change, rung = self._choose(trouble, decision.controls, can_roll_back)
        if self._course(trouble).told and (change is None or not self.remedies):
            return decision  # said before, and nothing has changed
        quiet = view.step + self._paced(trouble.settle)
        for family in (trouble.family, *trouble.quiets):
            self.history.quiet[family] = max(quiet, self.history.quiet.get(family, 0))
        told, numbers = trouble.tell(view), trouble.numbers(view)
        return self._act(trouble, view.step, told, numbers, decision, change, rung)

    def _act(
        self,
        trouble: Trouble,
        step: int,
        sentence: str,
        numbers: dict[str, float],
        decision: Decision,
        change: Change | None,
        rung: int,
    ) -> Decision:
        course = self._course(trouble)
        taken = change if self.remedies else None
        self._change(
            trouble,
            count=course.count + 1,
            first=course.first if course.count else (course.since or step),
            last=step,
            rung=rung,
            told=taken is None,
            over=None,
            remedies=_with(course.remedies, taken),
        )
        before = decision.controls
        event = Event(
            step,
            before.attempt,
            "incident",
            trouble.name,
            f"{sentence}; {self._what_is_done(trouble, change)}",
            numbers,
            taken.remedy.name if taken else None,
            before if taken else None,
            taken.controls if taken else None,
        )
        if taken is not None:
            self.history.balancing |= taken.remedy.balances
        return Decision(
            taken.controls if taken else before,
            (*decision.events, event),
            rolls_back=taken is not None and taken.remedy.rolls_back,
        )

    def _what_is_done(self, trouble: Trouble, change: Change | None) -> str:
        if change is not None:
            return f"remedy: {change.words}" if self.remedies else f"not done: {change.words}"
        return f"nothing is left to try; {trouble.advice}" if trouble.ladder else trouble.advice

    def _strike(
        self,
        step: int,
        controls: Controls,
        refused: dict[str, float],
        can_roll_back: Callable[[], bool],
    ) -> Decision:
        """An update was not applied: tell, and after three in a row do something about it."""
        history, broken = self.history, not all(map(math.isfinite, refused.values()))
        if broken and not self.remedies:
            return Decision(controls, hopeless=True)
        history.strikes += 1
        sentence = _refused_sentence(refused, broken, history.strikes)
        if history.strikes == STRIKES:
            history.strikes = 0
            if not broken:  # new sizes may be what the game needs, and become the usual ones
                history.quiet["limits"] = step + self._paced(LENIENT)
            for trouble in self._of_updates:
                if trouble.holds(refused):
                    return self._persist(trouble, step, controls, sentence, refused, can_roll_back)
        elif step < history.quiet.get("strikes", 0):
            return Decision(controls)
        return self._leave_out(step, controls, sentence, refused)

    def _leave_out(
        self, step: int, controls: Controls, sentence: str, refused: dict[str, float]
    ) -> Decision:
        """Nothing but the update that was not applied."""
        history = self.history
        history.quiet["strikes"] = step + self._paced(QUIET_AFTER_SKIP)
        lenient = "; such ones are applied from now on" if history.strikes == 0 else ""
        event = Event(
            step,
            controls.attempt,
            "skipped",
            "large-gradient" if all(map(math.isfinite, refused.values())) else "not-finite",
            f"{sentence}; remedy: leave this update out{lenient}",
            refused,
        )
        return Decision(controls, (event,))

    def _persist(
        self,
        trouble: UpdateTrouble,
        step: int,
        controls: Controls,
        sentence: str,
        numbers: dict[str, float],
        can_roll_back: Callable[[], bool],
    ) -> Decision:
        """Whatever there is for updates that cannot be applied again and again."""
        change, rung = self._choose(trouble, controls, can_roll_back)
        if change is None and not trouble.fatal:
            return self._leave_out(step, controls, sentence, numbers)
        self.history.quiet["strikes"] = step + self._paced(QUIET_AFTER_SKIP)
        told = trouble.tell(sentence)
        decision = self._act(trouble, step, told, numbers, Decision(controls), change, rung)
        return replace(decision, hopeless=change is None)

    def _choose(
        self, trouble: Trouble, controls: Controls, can_roll_back: Callable[[], bool]
    ) -> tuple[Change | None, int]:
        rung = self._course(trouble).rung
        return choose(trouble.ladder, rung, controls, self.game, can_roll_back=can_roll_back)

    def _course(self, trouble: Trouble) -> Course:
        return self.history.troubles.get(trouble.name) or Course()

    def _change(self, trouble: Trouble, **values: object) -> Course:
        changed = self._course(trouble).model_copy(update=values)
        self.history.troubles[trouble.name] = changed
        return changed

    def _paced(self, steps: float) -> int:
        return max(1, round(steps * self.tempo))


def _with(names: list[str], change: Change | None) -> list[str]:
    return names if change is None or change.remedy.name in names else [*names, change.remedy.name]


def _refused_sentence(refused: dict[str, float], broken: bool, strikes: int) -> str:
    listed = ", ".join(f"{name} = {value:.4g}" for name, value in sorted(refused.items()))
    what = "numbers are not finite" if broken else "a gradient is over 20 times its usual size"
    again = f" {strikes} steps in a row" if strikes > 1 else ""
    return f"{what}{again} ({listed})"
