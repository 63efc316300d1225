"""A training's subject: a dataset and the config resolved for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soundgan.codec.build import resolve
from soundgan.config.load import LoadedConfig, load_config
from soundgan.config.schema import Config
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ConfigError, NothingUsableError
from soundgan.pipelines.check_config import check_parts
from soundgan.pipelines.documents import demand_prepared


@dataclass(frozen=True)
class Task:
    """A dataset and the config resolved for it."""

    config: Config
    place: str
    dataset: PreparedDataset
    labels: tuple[str, ...]

    def with_config(self, name: str) -> Task:
        """The same dataset with a shipped preset."""
        config = resolve(
            load_config(name).config, self.dataset.clip, name, conditional=bool(self.labels)
        )
        return Task(config, name, self.dataset, self.labels)

    @property
    def n_classes(self) -> int | None:
        """Number of labels the networks see."""
        return len(self.labels) or None


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
    config = resolve(loaded.config, dataset.clip, loaded.place, conditional=conditional)
    return Task(config, loaded.place, dataset, dataset.labels if conditional else ())


def _is_conditional(loaded: LoadedConfig, dataset: PreparedDataset) -> bool:
    labelled = len(dataset.labels) >= 2 and bool(
        (dataset.label_ids[dataset.train_indices] >= 0).all()
    )
    wanted = loaded.config.data.conditional
    if wanted == "yes" and not labelled:
        raise ConfigError(
            f"{loaded.where('data.conditional')}: data.conditional: {dataset.place} has no labels; "
            'prepare it with sub-folders or --label-pattern, or write "auto"'
        )
    return labelled and wanted != "no"
