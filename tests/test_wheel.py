"""What is shipped: the declared dependencies, and the wheel installed far from the checkout."""

from __future__ import annotations

import ast
import email.message
import email.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from soundgan.runtime.installation import NEXT, RELEASE
from soundgan.version import VERSION
from tests.inference.conftest import write_model

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DEPENDENCIES = {r.name: r for r in map(Requirement, PROJECT["dependencies"])}
EXTRAS = {
    r.name: r
    for texts in PROJECT["optional-dependencies"].values()
    for r in map(Requirement, texts)
}


# -- the declaration ---------------------------------------------------------------------------


def test_every_library_that_the_package_imports_is_declared() -> None:
    roots = set()
    for path in (ROOT / "soundgan").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                roots |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                roots.add(node.module.split(".")[0])
    providers = packages_distributions()
    declared = {canonicalize_name(name) for name in (*DEPENDENCIES, *EXTRAS)}
    for root in roots - sys.stdlib_module_names - {"soundgan"}:
        names = {canonicalize_name(name) for name in providers.get(root, [root])}
        assert names & declared, f"{root}: imported but not declared in pyproject.toml"


def test_torch_and_torchaudio_are_bound_to_the_same_release() -> None:
    assert str(DEPENDENCIES["torch"].specifier) == f"<{NEXT},>={RELEASE}"
    assert DEPENDENCIES["torch"].specifier == DEPENDENCIES["torchaudio"].specifier


def test_the_pinned_set_lies_within_the_declared_bounds() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    for name, requirement in DEPENDENCIES.items():
        assert requirement.specifier.contains(pinned[canonicalize_name(name)]), name


def test_every_pin_is_one_name_and_one_version() -> None:
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert not line or line.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.+-]+", line), line


# -- the wheel ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="module")
def with_a_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installed from a copy of the checkout into which somebody dropped a model."""
    pytest.importorskip("hatchling")
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("soundgan", "configs"):
        shutil.copytree(ROOT / name, copy / name)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy / name)
    write_model(copy / "soundgan" / "bundled" / "planted.safetensors")
    wheel = build(copy, tmp_path_factory.mktemp("wheel"))
    return install(wheel, tmp_path_factory.mktemp("installed"))


def build(checkout: Path, folder: Path, kind: str = "--wheel", name: str = "*.whl") -> Path:
    command = [sys.executable, "-m", "build", kind, "--no-isolation"]
    subprocess.run([*command, "--outdir", folder, checkout], check=True, capture_output=True)
    (path,) = folder.glob(name)
    return path


def install(wheel: Path, folder: Path) -> Path:
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        *options,
        "--target",
        str(folder),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def run_installed(installed: Path, cwd: Path, *command: str | Path) -> str:
    """Stdout of a command that finds the installed wheel before anything else."""
    environment = os.environ | {"PYTHONPATH": str(installed), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def metadata(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"soundgan-{VERSION}.dist-info/METADATA").decode()
    return email.parser.Parser().parsestr(text)


@pytest.mark.slow
def test_the_wheel_holds_the_package_its_presets_and_nothing_else(wheel: Path) -> None:
    sources = {path.relative_to(ROOT) for path in (ROOT / "soundgan").rglob("*.py")}
    presets = {Path("soundgan/presets") / path.name for path in (ROOT / "configs").iterdir()}
    models = {path.relative_to(ROOT) for path in (ROOT / "soundgan" / "bundled").glob("*")}
    with zipfile.ZipFile(wheel) as archive:
        names = {Path(name) for name in archive.namelist()}
    shipped = {name for name in names if ".dist-info" not in name.parts[0]}
    pages = {path.relative_to(ROOT) for path in (ROOT / "soundgan" / "pages").iterdir()}
    page = (ROOT / "soundgan" / "serve" / "page").rglob("*")
    pages |= {path.relative_to(ROOT) for path in page if path.is_file()}
    assert Path("soundgan/pages/base.html") in pages
    assert Path("soundgan/serve/page/index.html") in pages
    others = {Path("soundgan/py.typed"), Path("soundgan/pictures/text/reader.safetensors")}
    assert shipped == sources | presets | models | pages | others
    assert Path(f"soundgan-{VERSION}.dist-info/licenses/LICENSE") in names


@pytest.mark.slow
def test_the_source_archive_holds_what_its_tests_and_its_documentation_need(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    path = build(ROOT, tmp_path, "--sdist", "*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("soundgan", "tests", "tools", "configs", "docs", "examples", ".github")
    needed = {
        found.relative_to(ROOT).as_posix()
        for folder in folders
        for found in (ROOT / folder).rglob("*")
        if found.is_file() and found.suffix != ".pyc"
    }
    assert needed - {"docs/results/base-digits.safetensors"} <= names
    assert {"README.md", "CONTRIBUTING.md", "mkdocs.yml", "Makefile", "CITATION.cff"} <= names


@pytest.mark.slow
def test_the_wheel_declares_what_the_project_declares(wheel: Path) -> None:
    fields = metadata(wheel)
    required = {Requirement(text) for text in fields.get_all("Requires-Dist", [])}
    assert (fields["Name"], fields["Version"]) == ("soundgan", VERSION)
    assert fields["Requires-Python"] == "<3.15,>=3.11"
    assert {r for r in required if r.marker is None} == set(DEPENDENCIES.values())
    assert {r.name for r in required if r.marker is not None} == set(EXTRAS)


@pytest.mark.slow
def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    where = run_installed(
        installed, tmp_path, "-c", "import soundgan.version as v; print(v.__file__)"
    )
    assert Path(where.strip()) == installed / "soundgan" / "version.py"
    assert run_installed(installed, tmp_path, "-m", "soundgan", "--version") == (
        f"soundgan {VERSION}\n"
    )
    assert "prepare" in run_installed(installed, tmp_path, "-m", "soundgan", "--help")


@pytest.mark.slow
def test_the_script_runs(installed: Path, tmp_path: Path) -> None:
    script = installed / "bin" / "soundgan"
    assert run_installed(installed, tmp_path, script, "--version") == f"soundgan {VERSION}\n"


@pytest.mark.slow
def test_the_presets_are_found_far_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    script = "from soundgan.config.presets import *; print(presets_folder(), *preset_names())"
    folder, *names = run_installed(installed, tmp_path, "-c", script).split()
    assert Path(folder) == installed / "soundgan" / "presets"
    assert names == sorted(path.stem for path in (ROOT / "configs").glob("*.toml"))
    for name in names:
        shown = run_installed(installed, tmp_path, "-m", "soundgan", "config", "show", name)
        assert tomllib.loads(shown)["generator"]["name"]


@pytest.mark.slow
def test_a_bundled_model_is_found_far_from_the_checkout(with_a_model: Path, tmp_path: Path) -> None:
    script = (
        "import importlib.resources as r; "
        "print(*[f.name for f in (r.files('soundgan') / 'bundled').iterdir()])"
    )
    here = tmp_path / "empty"
    here.mkdir()
    assert "planted.safetensors" in run_installed(with_a_model, here, "-c", script).split()
    listed = json.loads(run_installed(with_a_model, here, "-m", "soundgan", "models", "--json"))
    (planted,) = (model for model in listed["models"] if model["name"] == "planted")
    assert Path(planted["path"]).parent == with_a_model / "soundgan" / "bundled"
    generate = ["-m", "soundgan", "generate", "-n", "2", "--seed", "42", "--quiet"]
    run_installed(with_a_model, here, *generate, "--model", "planted", "--out", "a")
    assert len(list((here / "a").glob("*.wav"))) == 2
    run_installed(with_a_model, here, *generate, "--out", "b")
    assert len(list((here / "b").glob("*.wav"))) == 2
