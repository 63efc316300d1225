"""SoundGAN: new sounds from your own.

Everything that the command line does can be called from Python. Names are imported when they are
first used, so that ``import soundgan`` is quick and needs no torch.

>>> import soundgan
>>> model = soundgan.load("drums")
>>> sounds = model.generate(seeds=[42, 43], label="kick")
>>> sounds.waveforms.shape, sounds.sample_rate
((2, 14336), 22050)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from soundgan.version import VERSION

if TYPE_CHECKING:
    from soundgan.api.datasets import dataset_from_arrays as dataset_from_arrays
    from soundgan.api.datasets import open_dataset as open_dataset
    from soundgan.api.evaluating import evaluate as evaluate
    from soundgan.api.generating import generate as generate
    from soundgan.api.model import Model as Model
    from soundgan.api.model import Sound as Sound
    from soundgan.api.model import Sounds as Sounds
    from soundgan.api.model import load as load
    from soundgan.api.preparing import prepare as prepare
    from soundgan.api.progress import Progress as Progress
    from soundgan.api.training import plan_training as plan_training
    from soundgan.api.training import train as train
    from soundgan.errors import SoundGANError as SoundGANError

__version__ = VERSION

_WHERE = {
    "Model": "soundgan.api.model",
    "Progress": "soundgan.api.progress",
    "Sound": "soundgan.api.model",
    "SoundGANError": "soundgan.errors",
    "Sounds": "soundgan.api.model",
    "dataset_from_arrays": "soundgan.api.datasets",
    "evaluate": "soundgan.api.evaluating",
    "generate": "soundgan.api.generating",
    "load": "soundgan.api.model",
    "open_dataset": "soundgan.api.datasets",
    "plan_training": "soundgan.api.training",
    "prepare": "soundgan.api.preparing",
    "train": "soundgan.api.training",
}
"""Where each public name is defined."""

__all__ = ["__version__", *_WHERE]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'soundgan' has no attribute {name!r}")
    found = getattr(import_module(_WHERE[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
