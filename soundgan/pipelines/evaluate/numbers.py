"""The numbers of a report: their names, how they stand in JSON, and how many clips each needs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from soundgan.evaluation.quantities import QUANTITIES
from soundgan.evaluation.ripples import FREQUENCY, TIME
from soundgan.evaluation.view import WHOLE
from soundgan.pipelines.evaluate.extractors import CLASSIFIER
from soundgan.pipelines.evaluate.rows import ROWS, Row

PRIMARY = f"{WHOLE.name}.kernel_distance"

FEW_CLIPS = 50
"""Distances and neighbours of fewer clips on either side say little."""
CLIPS_PER_DIMENSION = 20
"""The Fréchet distance of two sets of one kind is about D^2 / N: 5 % of D from here on."""
CLIPS_PER_CLASS = 20
CLIPS_FOR_BINS = 100
REFERENCE_PER_CLASS = 6
"""One more than the neighbours that a ball reaches to. The ball around a clip of a smaller class
spans the void between classes, where all that is like none of them lies."""

GROUP_OF_QUANTITIES, GROUP_OF_RIPPLES = "quantities", "ripples"

Better = Literal["low", "high", "real"]
"""Which way a number is better: lower, higher, or nearer to the row of real recordings."""


@dataclass(frozen=True)
class Number:
    """One kind of number.

    Attributes:
        key: Its name in the report.
        title: What a table calls it.
        better: Which way is better.
        share: Whether its quotient by the real row's says something.
    """

    key: str
    title: str
    better: Better
    share: bool = True


SPACE_NUMBERS = (
    # Real sounds have a kernel distance of 0, so a share of it means nothing.
    Number("kernel_distance", "kernel distance ×1000", "low", share=False),
    Number("frechet_distance", "Fréchet distance", "low"),
    Number("precision", "precision", "high"),
    Number("recall", "recall", "high"),
    Number("density", "density", "real"),
    Number("coverage", "coverage", "high"),
)
SET_NUMBERS = (
    Number("nearest_neighbour_ratio", "nearest", "real"),
    Number("diversity_ratio", "diversity", "real"),
    Number("different_bins", "NDB/K", "low", share=False),
)
QUANTITY_NUMBERS = tuple(
    Number(f"{GROUP_OF_QUANTITIES}.{quantity.key}", quantity.title, "low", share=False)
    for quantity in QUANTITIES
)
RIPPLE_NUMBERS = tuple(
    Number(f"{GROUP_OF_RIPPLES}.{axis}", f"pattern along {axis}", "low", share=False)
    for axis in (TIME, FREQUENCY)
)
BY_REAL_BALLS = ("precision", "density", "coverage")
CLASS_NUMBERS = (
    Number("accuracy", "accuracy", "high"),
    Number("worst_class", "worst class", "high"),
    Number("inception_score", "inception", "high"),
    Number("rarest_class", "rarest class", "real", share=False),
)


@dataclass(frozen=True)
class Doubt:
    """A number that too few clips stand behind.

    Attributes:
        key: The number, with its extractor before a dot where it has one.
        needs: Clips it needs.
        clips: Clips there are.
    """

    key: str
    needs: int
    clips: int

    @property
    def title(self) -> str:
        """What a table calls it."""
        return number_of(self.key).title

    @property
    def space(self) -> str:
        """The extractor whose features it compares, if there is one."""
        return self.key.partition(".")[0] if number_of(self.key) in SPACE_NUMBERS else ""


def row_document(row: Row) -> dict[str, Any]:
    """A row as the report states it, six digits a number."""
    found: dict[str, Any] = {"clips": row.clips}
    for name, space in row.spaces.items():
        found[name] = {
            "kernel_distance": asdict(space.kernel_distance),
            "frechet_distance": space.frechet_distance,
            **asdict(space.manifold),
        }
    found["nearest_neighbour_ratio"] = row.nearest_neighbour_ratio
    found["diversity_ratio"] = row.diversity_ratio
    found["different_bins"] = row.different_bins
    found[GROUP_OF_QUANTITIES] = {
        key: {
            "distance": numbers.gap.distance,
            "shift": numbers.gap.shift,
            "difference": numbers.gap.difference,
            "median": numbers.median,
            "real_median": numbers.real_median,
        }
        for key, numbers in row.quantities.items()
    }
    found[GROUP_OF_RIPPLES] = row.ripples
    classes = row.classes
    if classes is not None:
        worst = classes.worst
        found["inception_score"] = classes.inception_score
        found["heard_as"] = classes.heard_as
        found["rarest_class_name"], found["rarest_class"] = classes.rarest
        if worst is not None:
            found["accuracy"] = classes.accuracy
            found["worst_class"] = worst[1]
            found["worst_class_name"] = worst[0]
            found["class_accuracy"] = classes.of_class
    rounded: dict[str, Any] = _rounded(found)
    return rounded


def keys_of(row: dict[str, Any]) -> list[str]:
    """The numbers that a row has, in the order of the table."""
    spaces = [name for name, value in row.items() if isinstance(value, dict) and "recall" in value]
    inside = [f"{space}.{number.key}" for space in spaces for number in SPACE_NUMBERS]
    others = (*QUANTITY_NUMBERS, *RIPPLE_NUMBERS, *SET_NUMBERS, *CLASS_NUMBERS)
    return inside + [n.key for n in others if value_at(row, n.key) is not None]


def value_at(row: dict[str, Any], key: str) -> float | None:
    """One number of a row; of an interval the value, of a quantity the distance."""
    found: Any = row
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, dict):
        found = found.get("value", found.get("distance"))
    return float(found) if isinstance(found, int | float) else None


def number_of(key: str) -> Number:
    """What is known about the number called ``key``."""
    names = key, key.rpartition(".")[2]
    every = (
        *SPACE_NUMBERS, *QUANTITY_NUMBERS, *RIPPLE_NUMBERS, *SET_NUMBERS, *CLASS_NUMBERS
    )  # fmt: skip
    return next(number for number in every if number.key in names)


def shares_of(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Quotients of each row by the real one, where they mean something."""
    real = rows["real"]
    shares: dict[str, dict[str, float]] = {}
    for name in ROWS:
        if name == "real":
            continue
        pairs = {key: (value_at(rows[name], key), value_at(real, key)) for key in keys_of(real)}
        shares[name] = {
            key: significant(ours / theirs)
            for key, (ours, theirs) in pairs.items()
            if number_of(key).share and ours is not None and theirs
        }
    return shares


def doubts_of(
    row: dict[str, Any],
    *,
    reference: int,
    dimensions: dict[str, int],
    smallest_class: int,
    reference_of_class: int | None = None,
) -> tuple[Doubt, ...]:
    """The numbers of the candidate's row that too few clips stand behind.

    Args:
        row: The row as the report states it.
        reference: Reference clips.
        dimensions: Of each extractor's features.
        smallest_class: Sounds of the class with the fewest.
        reference_of_class: Reference clips of the class with the fewest, where there are classes.
    """
    clips = int(row["clips"])
    doubts = []
    for key in keys_of(row):
        extractor, _, name = key.rpartition(".")
        needs, there = FEW_CLIPS, min(clips, reference)
        if name == "frechet_distance":
            needs = CLIPS_PER_DIMENSION * dimensions[extractor]
        elif name == "different_bins":
            needs, there = CLIPS_FOR_BINS, clips
        elif name == "worst_class":
            needs, there = CLIPS_PER_CLASS, smallest_class
        elif name == "inception_score":
            needs, there = CLIPS_PER_CLASS * len(row["heard_as"]), clips
        elif name == "accuracy":
            there = clips
        elif extractor == CLASSIFIER and name in BY_REAL_BALLS and there >= needs:
            needs = REFERENCE_PER_CLASS
            there = needs if reference_of_class is None else reference_of_class
        if there < needs:
            doubts.append(Doubt(key, needs, there))
    return tuple(doubts)


def significant(value: float) -> float:
    """Six digits: what is left is the same on every machine."""
    return float(f"{value:.6g}")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return significant(value) if isinstance(value, float) else value
