"""A dataset, a model that makes noise, and one evaluation of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from soundgan.data.dataset import PreparedDataset
from soundgan.evaluation.classifier import train_classifier
from soundgan.pipelines.evaluate.request import EvaluateRequest
from soundgan.pipelines.evaluate.run import EvaluateResult, evaluate
from soundgan.reporting import SilentReporter
from tests.datasets import write_dataset
from tests.inference.conftest import write_model
from tests.listeners import Listener

LABELS = ("low", "mid", "high")


@pytest.fixture(scope="session", autouse=True)
def quick_classifier() -> Iterator[None]:
    """Three tones need no minute of training."""
    quick = partial(train_classifier, epochs=12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("soundgan.pipelines.evaluate.extractors.train_classifier", quick)
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 clips to train on, 20 for the test, three classes; holds a classifier once used."""
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared", n_clips=200)


@pytest.fixture(scope="session")
def unlabelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without classes."""
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared", n_clips=200, labels=())


@pytest.fixture(scope="session")
def dataset(prepared: Path) -> PreparedDataset:
    return PreparedDataset.open(prepared)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "model.safetensors", labels=LABELS)


@pytest.fixture(scope="session")
def free_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model without classes."""
    return write_model(tmp_path_factory.mktemp("model") / "model.safetensors", labels=())


@pytest.fixture(scope="session")
def evaluated(
    quick_classifier: None, prepared: Path, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> EvaluateResult:
    request = EvaluateRequest(model, prepared, count=30, out=tmp_path_factory.mktemp("out"))
    return evaluate(request, SilentReporter())


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def clips(dataset: PreparedDataset) -> np.ndarray:
    """Stored samples of the training clips."""
    return dataset.for_models.samples(dataset.train_indices)
