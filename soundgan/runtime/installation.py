"""Whether torch and torchaudio can work here, and the command that mends it where they cannot."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from types import TracebackType

from soundgan.words import first_line

RELEASE, NEXT = "2.11", "2.12"
"""Of torch and torchaudio, as in pyproject.toml: the last torchaudio breaks beside later torch."""

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""Where the builds without CUDA are."""


def pair_command() -> str:
    """The command that installs torch and torchaudio as they belong together.

    Builds without CUDA and those with it do not, whatever their releases: the pair is of the kind
    that torch is of.
    """
    wanted = " ".join(f'"{name}>={RELEASE},<{NEXT}"' for name in ("torch", "torchaudio"))
    if (installed_version("torch") or "").endswith("+cpu"):
        return f"pip install --force-reinstall --no-deps {wanted} --index-url {CPU_INDEX}"
    return f"pip install {wanted}"


def installed_version(name: str) -> str | None:
    """The release of a distribution, or ``None`` where there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def trouble_behind(error: Exception) -> str | None:
    """What is missing, does not load or is of the wrong release, with the command that mends it.

    Args:
        error: What a command ended with.

    Returns:
        One line; ``None`` where the installation is not to blame.
    """
    if isinstance(error, ModuleNotFoundError):
        name = (error.name or "").partition(".")[0]
        if name and name != "soundgan" and "." not in (error.name or ""):
            remedy = pair_command() if name == "torch" else "install soundgan again"
            return f"{name}: not installed; {remedy}"
    torch = installed_version("torch")
    if torch is not None and not is_of_release(torch):
        return (
            f"torch {torch}: {first_line(error)}; soundgan needs {RELEASE}, and so does "
            f"torchaudio: {pair_command()}"
        )
    # The loader of libraries gives its refusals no number, as the system does those of files.
    if isinstance(error, ImportError | OSError) and getattr(error, "errno", None) is None:
        package = _in_import(error.__traceback__)
        if package is not None:
            again = f"pip install --force-reinstall {package}"
            remedy = pair_command() if package == "torch" else again
            installed = installed_version(package) or ""
            return f"{package} {installed}: cannot be imported ({first_line(error)}); {remedy}"
    return None


def _in_import(trace: TracebackType | None) -> str | None:
    """The package of others that was being imported when it happened."""
    while trace is not None:
        frame = trace.tb_frame
        name = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if frame.f_code.co_name == "<module>" and name not in ("soundgan", "__main__"):
            return name
        trace = trace.tb_next
    return None


def is_of_release(installed: str) -> bool:
    """Whether a version of torch or torchaudio is of the release that soundgan needs."""
    return f"{installed}.".startswith(f"{RELEASE}.")


def torch_state() -> str:
    """``2.11.0``, or what is wrong with it and what to do."""
    try:
        import torch
    except (ImportError, OSError) as error:
        return trouble_behind(error) or f"broken: {first_line(error)}"
    if not is_of_release(torch.__version__):
        return f"{torch.__version__}, not tested: soundgan is made for {RELEASE}: {pair_command()}"
    return str(torch.__version__)
