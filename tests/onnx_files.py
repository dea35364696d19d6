"""Writes tiny ONNX models whose outputs are known, so that testing needs no package for it.

Only what is used here of the format; its fields have the numbers of `onnx.proto` (ONNX 1.17).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TYPES = {"float32": 1, "uint8": 2, "int64": 7, "float16": 10}
IR, OPSET = 8, 18


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output: a text in its shape is a size that is open."""

    name: str
    shape: tuple[int | str, ...]
    dtype: str = "float32"


Node = tuple[str, tuple[str, ...], str]
"""Operator, names of its inputs, name of its output."""


def write_model(
    file: Path,
    inputs: Sequence[Tensor],
    outputs: Sequence[Tensor],
    nodes: Sequence[Node],
    constants: dict[str, np.ndarray],
) -> None:
    """Write a model made of nodes without attributes."""
    graph = b"".join(
        (
            *(_field(1, _node(*node)) for node in nodes),
            _field(2, b"a test"),
            *(_field(5, _constant(name, value)) for name, value in constants.items()),
            *(_field(11, _tensor(tensor)) for tensor in inputs),
            *(_field(12, _tensor(tensor)) for tensor in outputs),
        )
    )
    opset = _field(1, b"") + _number(2, OPSET)
    file.write_bytes(_number(1, IR) + _field(7, graph) + _field(8, opset))


def write_constant(file: Path, given: Tensor, output: np.ndarray, name: str = "output0") -> None:
    """Write a model that says the same of every picture."""
    write_model(
        file,
        [given],
        [Tensor(name, output.shape, output.dtype.name)],
        [("Identity", ("said",), name)],
        {"said": output},
    )


def _node(operator: str, inputs: tuple[str, ...], output: str) -> bytes:
    named = b"".join(_field(1, name.encode()) for name in inputs)
    return named + _field(2, output.encode()) + _field(4, operator.encode())


def _constant(name: str, value: np.ndarray) -> bytes:
    sizes = b"".join(_number(1, size) for size in value.shape)
    kind = _number(2, TYPES[value.dtype.name])
    return sizes + kind + _field(8, name.encode()) + _field(9, value.tobytes())


def _tensor(tensor: Tensor) -> bytes:
    sizes = (
        _number(1, size) if isinstance(size, int) else _field(2, size.encode())
        for size in tensor.shape
    )
    shape = b"".join(_field(1, size) for size in sizes)
    kind = _number(1, TYPES[tensor.dtype]) + _field(2, shape)
    return _field(1, tensor.name.encode()) + _field(2, _field(1, kind))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """As Protocol Buffers write whole numbers: 7 bits a byte, the lowest first."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
