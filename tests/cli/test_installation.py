"""The program beside distributions of torch and torchaudio that cannot work, made for the purpose.

They lie in a folder that Python searches before the real ones.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from soundgan.runtime.installation import CPU_INDEX, NEXT, RELEASE
from soundgan.version import VERSION
from tests.test_wheel import PROJECT

PAIR = f'"torch>={RELEASE},<{NEXT}" "torchaudio>={RELEASE},<{NEXT}"'
LIBRARY = "libcudart.so.13: cannot open shared object file: No such file or directory"


def pretend(site: Path, name: str, version: str, source: str) -> None:
    """A distribution whose module does what ``source`` says."""
    (site / name).mkdir(parents=True)
    (site / name / "__init__.py").write_text(source)
    described = site / f"{name}-{version}.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    )
    (described / "RECORD").write_text("")


def run(site: Path, *arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of Python, which searches ``site`` first."""
    # How pip is set up on this machine is of no interest.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    places = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=inherited | {"PYTHONPATH": places, "PIP_CONFIG_FILE": os.devnull},
        cwd=site,
    )
    return done.returncode, done.stdout, done.stderr


def generate(site: Path) -> tuple[int, str, str]:
    return run(site, "-m", "soundgan", "generate", "-n", 1, "--out", site / "out")


TORCHES = {
    "missing": ("2.11.0", "raise ModuleNotFoundError('No module named torch', name='torch')",
                f"error: torch: not installed; pip install {PAIR}\n"),
    "without CUDA's libraries": ("2.11.0", f"raise OSError({LIBRARY!r})",
                f"error: torch 2.11.0: cannot be imported ({LIBRARY}); pip install {PAIR}\n"),
    "of another Python": ("2.11.0+cpu", "raise ImportError('undefined symbol: _PyX')",
                "error: torch 2.11.0+cpu: cannot be imported (undefined symbol: _PyX); pip install "
                f"--force-reinstall --no-deps {PAIR} --index-url {CPU_INDEX}\n"),
    "old": ("2.0.1", "", "error: torch 2.0.1: "),
    "new": ("2.19.0", "raise ImportError('numpy.core')", "error: torch 2.19.0: numpy.core; "
                f"soundgan needs {RELEASE}, and so does torchaudio: pip install {PAIR}\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", TORCHES)
def test_a_torch_that_cannot_work_is_one_line_with_the_command(name: str, tmp_path: Path) -> None:
    version, source, message = TORCHES[name]
    pretend(tmp_path, "torch", version, source)
    code, stdout, stderr = generate(tmp_path)
    assert (code, stdout) == (1, "")
    assert stderr.splitlines()[-1].startswith(message.rstrip("\n"))
    assert f"{PAIR}" in stderr
    assert "Traceback" not in stderr
    assert run(tmp_path, "-m", "soundgan", "--version") == (0, f"soundgan {VERSION}\n", "")


def test_info_says_what_is_wrong_with_torch_too(tmp_path: Path) -> None:
    pretend(tmp_path, "torch", "2.11.0", f"raise OSError({LIBRARY!r})")
    code, stdout, stderr = run(tmp_path, "-m", "soundgan", "info")
    assert (code, stderr) == (0, "")
    assert (
        f"torch state: torch 2.11.0: cannot be imported ({LIBRARY}); pip install {PAIR}" in stdout
    )
    assert "devices: none" in stdout


@pytest.mark.slow
@pytest.mark.parametrize("source", [f"raise OSError({LIBRARY!r})", "raise ImportError('no')"])
def test_a_torchaudio_that_cannot_work_costs_nothing_but_itself(
    source: str, tmp_path: Path
) -> None:
    pretend(tmp_path, "torchaudio", "2.11.0", source)
    assert generate(tmp_path)[0] == 0
    code, stdout, _ = run(tmp_path, "-m", "soundgan", "info")
    assert code == 0
    assert "torchaudio state: 2.11.0, broken: " in stdout
    assert "only inversion.name = 'torchaudio_griffin_lim' needs it: pip install " in stdout


def test_another_library_that_does_not_load_is_not_blamed_on_torch(tmp_path: Path) -> None:
    pretend(tmp_path, "soundfile", "0.13.1", "raise OSError('sndfile library not found')")
    code, _, stderr = run(tmp_path, "-m", "soundgan", "info")
    assert code == 1
    assert stderr == (
        "error: soundfile 0.13.1: cannot be imported (sndfile library not found); "
        "pip install --force-reinstall soundfile\n"
    )


# -- what pip itself can refuse ----------------------------------------------------------------


def wheel(folder: Path) -> Path:
    """The package's metadata as a wheel with nothing in it."""
    fields = ["Metadata-Version: 2.4", "Name: soundgan", f"Version: {VERSION}"]
    fields += [f"Requires-Python: {PROJECT['requires-python']}"]
    fields += [f"Requires-Dist: {text}" for text in PROJECT["dependencies"]]
    path = folder / f"soundgan-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        place = f"soundgan-{VERSION}.dist-info"
        archive.writestr(f"{place}/METADATA", "\n".join(fields) + "\n")
        archive.writestr(f"{place}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{place}/RECORD", "")
    return path


def pip_install(site: Path, *options: object) -> tuple[int, str, str]:
    return run(site, "-m", "pip", "install", "--dry-run", "--no-index", *options, wheel(site))


@pytest.mark.slow
@pytest.mark.parametrize("build", ["2.11.0", "2.11.0+cpu", "2.11.0+cu130"])
def test_pip_leaves_a_pair_that_is_there_alone(build: str, tmp_path: Path) -> None:
    for name in ("torch", "torchaudio"):
        pretend(tmp_path, name, build, "")
    code, stdout, stderr = pip_install(tmp_path)
    assert code == 0, stderr
    assert "torch-" not in stdout.rpartition("Would install")[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "installed"), [("torch", "2.12.0"), ("torch", "2.0.1+cpu"), ("torchaudio", "2.10.0")]
)
def test_pip_refuses_a_pair_that_cannot_work_by_name(
    name: str, installed: str, tmp_path: Path
) -> None:
    pretend(tmp_path, name, installed, "")
    code, _, stderr = pip_install(tmp_path)
    assert code == 1
    assert f"No matching distribution found for {name}<{NEXT},>={RELEASE}" in stderr


@pytest.mark.slow
@pytest.mark.parametrize("python", ["3.10", "3.15"])
def test_pip_refuses_a_python_without_such_a_torch_before_it_loads_anything(
    python: str, tmp_path: Path
) -> None:
    options = ("--python-version", python, "--only-binary", ":all:", "--target", tmp_path / "t")
    code, _, stderr = pip_install(tmp_path, *options)
    assert code == 1
    assert "Package 'soundgan' requires a different Python" in stderr
