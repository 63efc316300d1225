"""A training's subject: a dataset, and what is trained on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soundgan.assembly.assembly import Assembly, assemble
from soundgan.config.load import LoadedConfig, load_config
from soundgan.config.schema import Config
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ConfigError, NothingUsableError
from soundgan.pipelines.check_config import check_parts
from soundgan.pipelines.documents import demand_prepared


@dataclass(frozen=True)
class Task:
    """A dataset, and what is to be trained on it."""

    assembly: Assembly
    dataset: PreparedDataset

    @property
    def config(self) -> Config:
        """Resolved for the dataset."""
        return self.assembly.config

    @property
    def place(self) -> str:
        """Where the config comes from, for errors."""
        return self.assembly.place

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes that the networks see; empty when unconditional."""
        return self.assembly.labels

    def with_preset(self, name: str) -> Task:
        """The same dataset with a shipped preset."""
        config = load_config(name).config
        return Task(assemble(config, self.dataset.clip, self.labels, name), self.dataset)

    def with_steps(self, steps: int) -> Task:
        """The same for a run of another length."""
        return Task(self.assembly.with_steps(steps), self.dataset)


def open_task(loaded: LoadedConfig, data: Path | PreparedDataset) -> Task:
    """Open the dataset, unless it is open, and decide what the config leaves automatic.

    Raises:
        ConfigError: The config does not fit the dataset.
        UsageError: There is no dataset.
        ArtefactError: The dataset is damaged.
        NothingUsableError: Too few clips to train on.
    """
    if isinstance(data, Path):
        demand_prepared(data)
    check_parts(loaded)
    dataset = PreparedDataset.open(data) if isinstance(data, Path) else data
    if len(dataset.train_indices) < 2:
        raise NothingUsableError(
            f"{dataset.place}: fewer than two training clips; prepare more sounds"
        )
    conditional = _is_conditional(loaded, dataset)
    labels = dataset.labels if conditional else ()
    return Task(assemble(loaded.config, dataset.clip, labels, loaded.place), dataset)


def _is_conditional(loaded: LoadedConfig, dataset: PreparedDataset) -> bool:
    labelled = len(dataset.labels) >= 2 and bool(
        (dataset.label_ids[dataset.train_indices] >= 0).all()
    )
    wanted = loaded.config.data.conditional
    if wanted == "yes" and not labelled:
        raise ConfigError(
            f"{loaded.where('data.conditional')}: data.conditional: {dataset.place} has no labels; "
            'prepare it with sub-folders or `label_pattern`, or write "auto"'
        )
    return labelled and wanted != "no"
