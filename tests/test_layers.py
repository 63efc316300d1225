"""The house: what each file of the package may import, read from the files themselves.

Function bodies and ``TYPE_CHECKING`` blocks count too: an import hidden there couples two packages
as much as one at the top does.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from soundgan.registry import Registry

PACKAGE = Path(__file__).resolve().parents[1] / "soundgan"

LAYERS = (
    {"errors", "shapes", "version", "words"},
    {"addresses", "ranges", "registry", "reporting", "spelling"},
    {"config"},
    {"audio", "runtime"},
    {
        "augmentations",
        "data",
        "drums",
        "evaluation",
        "inversion",
        "kits",
        "losses",
        "models",
        "pictures",
        "representations",
    },
    {"codec", "ingest"},
    {"assembly"},
    {"inference"},
    {"graphs"},
    {"health"},
    {"training"},
    {"pipelines"},
    {"api"},
    {"serve"},
    {"cli"},
    {"__main__", "__init__"},
)
FAMILIES = (
    "augmentations",
    "health.troubles",
    "models",
    "losses",
    "representations",
    "inversion",
    "graphs",
)
TORCH_FREE = ("health", "ingest")
"""Packages that run where there is no torch: nor may what they import need it."""

HEAVY = {
    "fastapi",
    "jinja2",
    "librosa",
    "matplotlib",
    "numpy",
    "onnx",
    "onnxruntime",
    "PIL",
    "safetensors",
    "scipy",
    "soundfile",
    "soxr",
    "torch",
    "torchaudio",
    "uvicorn",
}
FORBIDDEN_MODULES = {"click", "cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
FORBIDDEN_ATTRIBUTES = {"torch.load", "torch.save", "torch.jit.load", "torch.package"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
MOST_LINES = 400


@dataclass(frozen=True)
class Import:
    """One imported module, and whether it is imported as soon as the file is."""

    module: str
    line: int
    immediate: bool
    relative: bool = False


def imports_of(source: str) -> list[Import]:
    """All imports of a file, wherever they stand."""
    return list(_imports(ast.parse(source).body, immediate=True))


def _imports(body: list[ast.stmt], *, immediate: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, immediate)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = f"{node.module}.{alias.name}" if node.module else alias.name
                yield Import(name, node.lineno, immediate, relative=node.level > 0)
        else:
            deferred = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                yield from _imports(node.body, immediate=False)
                yield from _imports(node.orelse, immediate=immediate)
                continue
            for inner in _blocks(node):
                yield from _imports(inner, immediate=immediate and not deferred)


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The statement lists directly inside a statement: bodies, branches, handlers, cases."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value:
            if isinstance(value[0], ast.stmt):
                yield value
            elif isinstance(value[0], ast.ExceptHandler | ast.match_case):
                for part in value:
                    yield part.body


def module_name(path: Path) -> str:
    parts = ("soundgan", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def source_of(module: str) -> str:
    return MODULES[module].read_text("utf-8")


@cache
def own_imports(module: str) -> tuple[tuple[str, int], ...]:
    """Modules of this package that ``module`` imports, with the line."""
    found = []
    for item in imports_of(source_of(module)):
        if item.module.split(".")[0] == "soundgan":
            # The last part may be a module or something inside one.
            parent = item.module.rpartition(".")[0]
            found.append((item.module if item.module in MODULES else parent, item.line))
    return tuple(found)


def package_of(module: str) -> str:
    """The part of the house a module belongs to: ``audio`` for ``soundgan.audio.stft``."""
    return "__init__" if module == "soundgan" else module.split(".")[1]


def layer_of(module: str) -> int:
    package = package_of(module)
    for number, packages in enumerate(LAYERS):
        if package in packages:
            return number
    pytest.fail(f"{module}: {package!r} is of no layer; give it one in LAYERS")


# -- the reader of imports itself ------------------------------------------------------------


def test_the_reader_finds_imports_in_every_corner() -> None:
    source = """
import a
from b import c
if TYPE_CHECKING:
    import d
else:
    import e
def f():
    import g
    with h():
        from i import j
class K:
    import l
    def m(self):
        try:
            import n
        except ImportError:
            import o
from . import p
"""
    found = imports_of(source)
    assert [i.module for i in found if i.immediate] == ["a", "b.c", "e", "l", "p"]
    assert [i.module for i in found if not i.immediate] == ["d", "g", "i.j", "n", "o"]
    assert [i.module for i in found if i.relative] == ["p"]


# -- layers ----------------------------------------------------------------------------------


def test_modules_import_from_lower_layers_or_their_own_package_only() -> None:
    wrong = [
        f"{module}:{line}: imports {target}"
        for module in MODULES
        for target, line in own_imports(module)
        if package_of(target) != package_of(module) and layer_of(target) >= layer_of(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_verify_and_the_other_commands_know_only_the_files_they_share() -> None:
    verify, shared = "soundgan.pipelines.verify", "soundgan.pipelines.documents"
    for module in MODULES:
        inside = module.startswith(verify)
        for target, line in own_imports(module):
            if inside and package_of(target) == "pipelines":
                assert target.startswith((verify, shared)), f"{module}:{line}: imports {target}"
            elif package_of(module) == "pipelines" and not inside:
                assert not target.startswith(verify), f"{module}:{line}: imports {target}"
    assert not [name for name, _ in own_imports(shared) if package_of(name) == "pipelines"]


def test_no_modules_import_each_other_in_a_circle() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join([*path[path.index(module) :], module])
        if module not in done:
            for target, _ in own_imports(module):
                if target in MODULES:
                    visit(target, (*path, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


def test_imports_are_absolute_and_name_the_defining_module() -> None:
    relative = [
        f"{module}:{item.line}: relative import"
        for module in MODULES
        for item in imports_of(source_of(module))
        if item.relative
    ]
    not_a_module = [
        f"{module}:{line}: {target} is no module to import from"
        for module in MODULES
        for target, line in own_imports(module)
        if target not in MODULES or target == "soundgan"
    ]
    wrong = relative + not_a_module
    assert not wrong, "\n".join(wrong)


def torch_needed(modules: Iterable[str]) -> list[str]:
    """The imports of torch in these modules and in whatever they import, however far away."""
    found, seen, waiting = [], set[str](), list(modules)
    while waiting:
        module = waiting.pop()
        if module in seen or module not in MODULES:
            continue
        seen.add(module)
        imported = imports_of(source_of(module))
        found += [
            f"{module}:{item.line}: imports {item.module}"
            for item in imported
            if item.module.split(".")[0].startswith("torch")
        ]
        # The packages around a module are light: see the test of what they hold, below.
        waiting += [target for target, _ in own_imports(module)]
    return found


def test_torch_is_found_behind_other_modules() -> None:
    found = torch_needed(["soundgan.training.monitor"])
    assert any(line.startswith("soundgan.training.monitor:") for line in found)
    assert any(line.startswith("soundgan.losses.") for line in found)


@pytest.mark.parametrize("package", TORCH_FREE)
def test_packages_without_torch_import_nothing_that_needs_it(package: str) -> None:
    modules = [module for module in MODULES if package_of(module) == package]
    assert modules
    assert torch_needed(modules) == []


# -- what nobody may use -----------------------------------------------------------------------


def dangers(source: str) -> Iterator[str]:
    """Whatever in a file could run code that some other file holds."""
    for item in imports_of(source):
        if item.module.split(".")[0] in FORBIDDEN_MODULES:
            yield f"{item.line}: import {item.module}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in FORBIDDEN_ATTRIBUTES:
            yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call):
            if ast.unparse(node.func) in FORBIDDEN_CALLS:
                yield f"{node.lineno}: {ast.unparse(node.func)}()"
            for keyword in node.keywords:
                if keyword.arg == "allow_pickle" and ast.unparse(keyword.value) != "False":
                    yield f"{node.lineno}: allow_pickle"


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "def f():\n    from click import echo",
        "x = torch.load(path)",
        "load = torch.load",
        "np.load(path, allow_pickle=True)",
        "eval(text)",
    ],
)
def test_a_danger_is_seen(source: str) -> None:
    assert len(list(dangers(source))) == 1


def test_no_module_can_run_code_from_a_file() -> None:
    wrong = [f"{module}:{danger}" for module in MODULES for danger in dangers(source_of(module))]
    assert not wrong, "\n".join(wrong)


def test_every_file_is_short_enough_to_be_read() -> None:
    assert not [name for name in MODULES if source_of(name).count("\n") > MOST_LINES]


# -- what loads nothing heavy ------------------------------------------------------------------


def immediate_imports(module: str) -> list[str]:
    return [item.module for item in imports_of(source_of(module)) if item.immediate]


def is_light(name: str, *, packages: set[str], libraries: set[str]) -> bool:
    root, *rest = name.split(".")
    if root == "soundgan":
        return rest[0] in packages
    return root in libraries or root in sys.stdlib_module_names


def test_commands_import_only_typer_and_light_modules_at_their_top() -> None:
    packages = {"cli", *LAYERS[0], *LAYERS[1]}
    wrong = [
        f"{module}: import {name} inside the function"
        for module in MODULES
        if package_of(module) in ("cli", "__main__")
        for name in immediate_imports(module)
        if not is_light(name, packages=packages, libraries={"typer"})
    ]
    assert not wrong, "\n".join(wrong)


def test_packages_hold_their_registries_and_nothing_heavy() -> None:
    wrong = [
        f"{module}: {name} does not belong into __init__"
        for module, path in MODULES.items()
        if path.name == "__init__.py"
        for name in immediate_imports(module)
        if not is_light(name, packages={"registry", "version"}, libraries=set())
    ]
    assert not wrong, "\n".join(wrong)


def test_no_help_page_needs_a_heavy_library() -> None:
    """In a process of its own, because this one has loaded everything already."""
    script = f"""
import sys
from typer.main import get_command
from soundgan.cli.app import app

program = get_command(app)
pages = 0
for name, command in program.commands.items():
    for path in [[name], *([name, inner] for inner in getattr(command, "commands", ()))]:
        program.main([*path, "--help"], prog_name="soundgan", standalone_mode=False)
        pages += 1
assert pages > len(program.commands) > 3
sys.exit(", ".join(name for name in {sorted(HEAVY)!r} if name in sys.modules) or 0)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# -- registries --------------------------------------------------------------------------------


def registered() -> list[tuple[str, str, str]]:
    """Every entry of every registry: family, name, ``module:attribute``."""
    found = []
    for family in FAMILIES:
        for value in vars(import_module(f"soundgan.{family}")).values():
            if isinstance(value, Registry):
                found += [(family, name, value._entries[name]) for name in value.names()]
    return found


def test_every_family_has_a_registry_with_something_in_it() -> None:
    assert {family for family, _, _ in registered()} == set(FAMILIES)


@pytest.mark.parametrize(("family", "name", "entry"), registered())
def test_a_part_lives_in_the_file_of_its_name(family: str, name: str, entry: str) -> None:
    module, attribute = entry.split(":")
    assert module == f"soundgan.{family}.{name.replace('-', '_')}"
    assert module in MODULES, f"{family}/{name}.py is missing"
    top = ast.parse(source_of(module)).body
    defined = ast.ClassDef | ast.FunctionDef
    assert attribute in {node.name for node in top if isinstance(node, defined)}
