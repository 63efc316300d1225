"""A graph at work in ONNX Runtime, on the CPU."""

from __future__ import annotations

import onnxruntime
import torch
from torch import Tensor

from soundgan.errors import DependencyError
from soundgan.graphs.images import CLASS, LATENT
from soundgan.words import first_line

ERRORS_ONLY = 3
"""Of what the runtime says on stderr."""


class Session:
    """Latents [B, Z], and labels int64 [B] where the model knows classes, to what a graph makes.

    Args:
        content: Of the ONNX file.
        threads: That compute at once; 0 = one a core.

    Raises:
        DependencyError: The runtime does not take the graph.
    """

    def __init__(self, content: bytes, *, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # A thread that spins while it waits takes a core from whoever else works.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = ERRORS_ONLY
        try:
            self._session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its own, of no common class
            raise DependencyError(f"onnxruntime: {first_line(error)}") from error
        self._labelled = CLASS in {given.name for given in self._session.get_inputs()}

    def __call__(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images or waveforms, float32."""
        given = {LATENT: latents.numpy()}
        if self._labelled and labels is not None:
            given[CLASS] = labels.numpy()
        (made,) = self._session.run(None, given)
        return torch.from_numpy(made)
