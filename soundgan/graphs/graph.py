"""An ONNX graph while it is written: values by name, constants stored once, nodes in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

OPSET = 17
"""Of the standard operators. All that is used here is in it, and runtimes since 2022 know it."""

IR_VERSION = 8
"""Of the file format, as old as the operators."""

BATCH = "batch"
"""Name of the free first side of inputs and outputs."""

Value = str
"""The name of a tensor in the graph."""

Operand = Value | Tensor | NDArray[Any] | float
"""A value, or a constant to store: a plain number is a float32 scalar."""

_KINDS = {"float": TensorProto.FLOAT, "int64": TensorProto.INT64}


class Graph:
    """Nodes that are added one by one; the same calls give the same file, byte for byte."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._stored: list[Any] = []

    def input(self, name: str, kind: str, *sides: int) -> Value:
        """A tensor [batch, *sides] of ``float`` or ``int64`` that whoever runs the graph gives."""
        self._inputs.append(helper.make_tensor_value_info(name, _KINDS[kind], [BATCH, *sides]))
        return name

    def output(self, name: str, value: Value, *sides: int) -> None:
        """Give a value away as a float tensor [batch, *sides]."""
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [BATCH, *sides])
        )

    def add(self, operator: str, *operands: Operand, **attributes: Any) -> Value:
        """The first result of a node."""
        name = f"v{len(self._nodes)}"
        inputs = [self._named(operand) for operand in operands]
        self._nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def total(self, values: Sequence[Value]) -> Value:
        """The sum of values of one shape, added from left to right."""
        result = values[0]
        for value in values[1:]:
            result = self.add("Add", result, value)
        return result

    def reshaped(self, value: Value, *sides: int) -> Value:
        """Another shape; 0 keeps the side at its place, -1 is whatever remains."""
        return self.add("Reshape", value, whole(*sides))

    def part(self, value: Value, axis: int, start: int, stop: int, step: int = 1) -> Value:
        """What lies from ``start`` to before ``stop`` along an axis, as in Python."""
        if step < 0 and stop < 0:
            stop = -(1 << 40)  # before the first; -1 would be the last
        return self.add("Slice", value, whole(start), whole(stop), whole(axis), whole(step))

    def nearest(self, maps: Value) -> Value:
        """Maps [B, C, H, W] of twice the sides, each pixel four times."""
        scales = np.array([1, 1, 2, 2], np.float32)
        return self.add(
            "Resize",
            maps,
            "",
            scales,
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )

    def model(self, metadata: Mapping[str, str]) -> bytes:
        """The file.

        Args:
            metadata: What it says of itself, text by key.
        """
        graph = helper.make_graph(
            self._nodes, "soundgan", self._inputs, self._outputs, initializer=self._stored
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="soundgan",
        )
        helper.set_model_props(model, dict(metadata))
        onnx.checker.check_model(model, full_check=True)
        content: bytes = model.SerializeToString(deterministic=True)
        return content

    def _named(self, operand: Operand) -> str:
        if isinstance(operand, str):
            return operand
        if isinstance(operand, Tensor):
            operand = operand.detach().cpu().numpy()
        values = np.asarray(operand, np.float32 if isinstance(operand, float) else None)
        values = np.ascontiguousarray(values) if values.ndim else values
        key = str(values.dtype), values.shape, values.tobytes()
        if key not in self._constants:
            self._constants[key] = f"c{len(self._stored)}"
            self._stored.append(numpy_helper.from_array(values, self._constants[key]))
        return self._constants[key]


def whole(*numbers: int) -> NDArray[np.int64]:
    """Whole numbers as operators take shapes, axes and places."""
    return np.array(numbers, np.int64)
