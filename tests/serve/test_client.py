"""A client that a generator writes from the frozen schema, as others make theirs.

The generator needs other versions of libraries than ours, so it is in an environment of its own:
``python -m venv clients && clients/bin/pip install openapi-python-client``.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import soundgan
from tests.serve.page.served import Served
from tests.serve.test_schema import FROZEN

pytestmark = pytest.mark.slow

FETCH = """
import json, pathlib, sys
from written import Client
from written.api.models import models_list_models
from written.api.sounds import sounds_sound_json, sounds_sound_wav

with Client(base_url=sys.argv[1]) as client:
    model = models_list_models.sync(client=client).models[0]
    found = {}
    for seed in range(10):
        sound = sounds_sound_wav.sync_detailed(model.hash_, str(seed), client=client)
        assert sound.status_code == 200, sound
        facts = sounds_sound_json.sync(model.hash_, str(seed), client=client)
        name = facts.name + ".wav"
        pathlib.Path(name).write_bytes(sound.content)
        found[name] = facts.address
    wrong = sounds_sound_json.sync(model.hash_, "nonsense", client=client)
print(json.dumps({"sounds": found, "wrong": wrong.to_dict()}))
"""


@pytest.fixture
def generator() -> Path:
    """The generator's program."""
    program = os.environ.get("SOUNDGAN_CLIENT_GENERATOR")
    if not program:
        pytest.skip("SOUNDGAN_CLIENT_GENERATOR does not name an openapi-python-client")
    return Path(program)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "served"
    folder.mkdir()
    served = Served(folder)
    yield served.url
    served.stop()


def test_a_generated_client_fetches_ten_sounds_and_reads_a_problem(
    generator: Path, url: str, tmp_path: Path
) -> None:
    subprocess.run(
        [generator, "generate", "--path", FROZEN, "--output-path", "written", "--meta", "none"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    done = subprocess.run(
        [generator.with_name("python"), "-c", FETCH, url],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"]["exit_code"] == 2
    assert len(told["sounds"]) == 10

    own = soundgan.generate("drums", out=tmp_path / "own", count=10, seed=0)
    for sound in own.sounds:
        assert (tmp_path / sound.name).read_bytes() == sound.path.read_bytes()
