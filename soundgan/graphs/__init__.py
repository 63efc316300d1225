"""Models as ONNX graphs of standard operators; one architecture per file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soundgan.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPHS: Registry[Callable[..., Any]] = Registry(
    "generator with an ONNX graph",
    {
        "convt": "soundgan.graphs.convt:convt",
        "dcgan": "soundgan.graphs.dcgan:dcgan",
        "resnet_r3gan": "soundgan.graphs.resnet_r3gan:resnet_r3gan",
        "mlp": "soundgan.graphs.mlp:mlp",
    },
)
