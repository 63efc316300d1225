"""Which sounds a kit is made of: those that were chosen, their takes, and softer hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from soundgan.addresses.address import Address, Step
from soundgan.addresses.parse import parse_address
from soundgan.errors import UsageError
from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.directions import Direction
from soundgan.inference.points import full_address
from soundgan.kits.instrument import WHOLE
from soundgan.pipelines.directions import class_of, directions_of, for_class, numbers_of, told
from soundgan.pipelines.kit.gather import MOST, Chosen
from soundgan.pipelines.sources import Sources
from soundgan.reporting import Reporter

DULLER = ("brighter", "airier")
"""Directions that soft hits go back along: the first of them that the class has."""

SOFTEST = -2.0
"""How far velocity 0 would go along it; harder hits go less far, in even steps."""

Layers = list["PlannedLayer"]


@dataclass(frozen=True)
class PlannedLayer:
    """Sounds that one key plays in turn when it is struck about so hard."""

    addresses: tuple[Address, ...]
    velocity: tuple[int, int] = WHOLE


def plan_drums(
    sources: Sources, chosen: Sequence[Chosen], *, takes: int, layers: int, reporter: Reporter
) -> tuple[Sources, list[Layers]]:
    """The layers of each drum, the hardest first, and ``sources`` with all numbers in them.

    Drums that come with layers keep them.

    Args:
        sources: The sounds of ``chosen``, in their order.
        chosen: The drums.
        takes: Further takes of each sound.
        layers: How many layers of velocity a drum is to have.
        reporter: Told which direction makes a class duller, and which classes have none.

    Raises:
        UsageError: No class has such a direction, there are more than 1,024 sounds, or an address
            becomes too long to be read.
    """
    rest = iter(sources.addresses)
    drums = [
        [
            PlannedLayer(tuple(next(rest) for _ in hits.sounds), hits.velocity)
            for hits in drum.layers
        ]
        for drum in chosen
    ]
    if layers > 1:
        sources, drums = _Softer(sources, layers, reporter).all(drums)
    drums = [[_with_takes(layer, takes) for layer in drum] for drum in drums]
    addresses = [address for drum in drums for layer in drum for address in layer.addresses]
    if len(addresses) > MOST:
        raise UsageError(
            f"{len(addresses)} sounds with their takes and layers, a kit has at most {MOST}; "
            "ask for fewer"
        )
    for address in addresses:
        parse_address(str(full_address(sources.model, address, sources.codes)))
    return sources, drums


def velocities(layers: int) -> list[tuple[int, int]]:
    """Lowest and highest velocity of so many layers, the hardest first."""
    edges = [round(127 * number / layers) for number in range(layers + 1)]
    return [(low + 1, high) for low, high in pairwise(edges)][::-1]


def _with_takes(layer: PlannedLayer, count: int) -> PlannedLayer:
    """A layer and so many takes of its first sound that it has not got yet."""
    return replace(layer, addresses=(*layer.addresses, *islice(_others(layer), count)))


def _others(layer: PlannedLayer) -> Iterator[Address]:
    for number in range(1, 10**6):
        other = replace(layer.addresses[0], take=number)
        if other not in layer.addresses:
            yield other


class _Softer:
    """Softer hits of drums, each along what was measured of its class."""

    def __init__(self, sources: Sources, layers: int, reporter: Reporter) -> None:
        self.sources, self.layers, self.reporter = sources, layers, reporter
        self.known: dict[int | None, CodeNumbers | None] = {}

    def all(self, drums: Sequence[Layers]) -> tuple[Sources, list[Layers]]:
        made = [self._layered(drum) for drum in drums]
        if all(len(drum) == 1 for drum in made):
            raise UsageError(
                f"`layers={self.layers}`: the model has no measured direction that makes these "
                f"sounds duller ({' or '.join(DULLER)}); leave it out"
            )
        found = {numbers.hash: numbers for numbers in self.known.values() if numbers is not None}
        return replace(self.sources, codes={**self.sources.codes, **found}), made

    def _layered(self, drum: Layers) -> Layers:
        if len(drum) > 1:
            return drum
        (hardest,) = drum
        numbers = self._numbers(class_of(self.sources, hardest.addresses[0]))
        if numbers is None:
            return drum
        return [
            self._moved(hardest, velocity, numbers.hash, SOFTEST * number / self.layers)
            for number, velocity in enumerate(velocities(self.layers))
        ]

    def _moved(
        self, layer: PlannedLayer, velocity: tuple[int, int], hash: str, amount: float
    ) -> PlannedLayer:
        if not amount:
            return replace(layer, velocity=velocity)
        full = [
            full_address(self.sources.model, address, self.sources.codes)
            for address in layer.addresses
        ]
        step = Step(hash, round(amount, 4))
        moved = [replace(address, variations=(*address.variations, step)) for address in full]
        return PlannedLayer(tuple(moved), velocity)

    def _numbers(self, label: int | None) -> CodeNumbers | None:
        """Of the direction for a class, looked for once."""
        if label not in self.known:
            model = self.sources.model
            measured = {d.name: d for d in directions_of(model, label, self.reporter)}
            tried = [measured[name] for name in DULLER]
            best = next((direction for direction in tried if direction.offered), None)
            self._tell(label, tried, best)
            self.known[label] = None if best is None else numbers_of(model, best)
        return self.known[label]

    def _tell(self, label: int | None, tried: Sequence[Direction], best: Direction | None) -> None:
        model = self.sources.model
        if best is not None:
            self.reporter.say(f"softer hits are duller, {told(model, label, [best])}")
            return
        numbers = ", ".join(f"{d.name} R² {d.r2:.2f}" for d in tried)
        self.reporter.say(
            f"no layers{for_class(model, label)}: nothing measured makes it duller ({numbers})"
        )
