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
    from soundgan.api.addressed import like as like
    from soundgan.api.addressed import morph as morph
    from soundgan.api.addressed import recall as recall
    from soundgan.api.addressed import vary as vary
    from soundgan.api.benching import bench as bench
    from soundgan.api.configs import check_config as check_config
    from soundgan.api.configs import init_config as init_config
    from soundgan.api.configs import load_config as load_config
    from soundgan.api.datasets import dataset_from_arrays as dataset_from_arrays
    from soundgan.api.datasets import open_dataset as open_dataset
    from soundgan.api.evaluating import evaluate as evaluate
    from soundgan.api.files import demo_data as demo_data
    from soundgan.api.files import info as info
    from soundgan.api.files import verify as verify
    from soundgan.api.generating import generate as generate
    from soundgan.api.kits import kit as kit
    from soundgan.api.model import Model as Model
    from soundgan.api.model import Sound as Sound
    from soundgan.api.model import Sounds as Sounds
    from soundgan.api.model import load as load
    from soundgan.api.models import export_model as export_model
    from soundgan.api.models import list_models as list_models
    from soundgan.api.picture_files import invert_files as invert_files
    from soundgan.api.picture_files import spectrogram_files as spectrogram_files
    from soundgan.api.pictures import Inverted as Inverted
    from soundgan.api.pictures import Spectrogram as Spectrogram
    from soundgan.api.pictures import invert as invert
    from soundgan.api.pictures import spectrogram as spectrogram
    from soundgan.api.preparing import prepare as prepare
    from soundgan.api.progress import Progress as Progress
    from soundgan.api.projecting import project as project
    from soundgan.api.training import plan_training as plan_training
    from soundgan.api.training import train as train
    from soundgan.errors import SoundGANError as SoundGANError

__version__ = VERSION

_WHERE = {
    "Inverted": "soundgan.api.pictures",
    "Model": "soundgan.api.model",
    "Progress": "soundgan.api.progress",
    "Sound": "soundgan.api.model",
    "SoundGANError": "soundgan.errors",
    "Sounds": "soundgan.api.model",
    "Spectrogram": "soundgan.api.pictures",
    "bench": "soundgan.api.benching",
    "check_config": "soundgan.api.configs",
    "dataset_from_arrays": "soundgan.api.datasets",
    "demo_data": "soundgan.api.files",
    "evaluate": "soundgan.api.evaluating",
    "export_model": "soundgan.api.models",
    "generate": "soundgan.api.generating",
    "info": "soundgan.api.files",
    "init_config": "soundgan.api.configs",
    "invert": "soundgan.api.pictures",
    "invert_files": "soundgan.api.picture_files",
    "list_models": "soundgan.api.models",
    "kit": "soundgan.api.kits",
    "like": "soundgan.api.addressed",
    "load": "soundgan.api.model",
    "load_config": "soundgan.api.configs",
    "morph": "soundgan.api.addressed",
    "open_dataset": "soundgan.api.datasets",
    "plan_training": "soundgan.api.training",
    "prepare": "soundgan.api.preparing",
    "project": "soundgan.api.projecting",
    "recall": "soundgan.api.addressed",
    "spectrogram": "soundgan.api.pictures",
    "spectrogram_files": "soundgan.api.picture_files",
    "train": "soundgan.api.training",
    "vary": "soundgan.api.addressed",
    "verify": "soundgan.api.files",
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
