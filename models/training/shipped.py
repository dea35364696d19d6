"""The weights of a shipped reader back in their net, to train on from.

Its batch normalisations were folded into the convolutions before them. Each gets the mean and the
variance that its convolution gives on views of the training, and the scale and offset that undo
them: so the net answers as the file does, and trains on as one that was never exported.
"""

from pathlib import Path

import onnx
import torch
from onnx import GraphProto, NodeProto, numpy_helper
from torch import Tensor, nn

from models.training.folding import unfolded
from models.training.reader_net import ReaderNet


@torch.no_grad()
def load_shipped(net: ReaderNet, file: Path, views: Tensor) -> None:
    """Put the weights of an exported reader into a net.

    Args:
        net: changed in place.
        file: as `models.training.export` writes it.
        views: (N, 64, 160, 3) uint8, such as it trains on.
    """
    graph = onnx.load(str(file)).graph
    stored = _stored(graph)
    state = net.state_dict()
    state.update({name: value for name, value in stored.items() if name in state})
    products = [n.input[1] for n in graph.node if n.op_type == "MatMul" and n.input[1] in stored]
    for name, product in zip(("mix.in_proj_weight", "classify.weight"), products, strict=True):
        state[name] = stored[product].T
    offsets: dict[str, Tensor] = {}
    for node in graph.node:
        if node.op_type == "Conv":
            name = _module_of(node)
            weight, *offset = (stored[constant] for constant in node.input[1:])
            state[f"{name}.weight"] = unfolded(weight, 5) if name == "stem.0.0" else weight
            if f"{name}.bias" in state:
                state[f"{name}.bias"] = offset[0]
            elif offset:
                offsets[_next(name)] = offset[0]
    net.load_state_dict(state)
    _normalise(net.eval(), offsets, views)
    net.train()


def _stored(graph: GraphProto) -> dict[str, Tensor]:
    """Every constant by its name, and under the name of its 32-bit twin where it is at 8 bits."""
    stored = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in stored:
            value, scale = stored[node.input[0]], stored[node.input[1]]
            stored[node.output[0]] = value * scale.view(-1, *[1] * (value.ndim - 1))
    return stored


def _module_of(node: NodeProto) -> str:
    """The module that a node was exported from: /body/body.0/body/body.1/Conv, body.0.body.1."""
    parts: list[str] = []
    for part in node.name.split("/")[1:-1]:
        if parts and part.startswith(f"{parts[-1]}."):
            parts.pop()
        parts.append(part)
    return ".".join(parts)


def _next(name: str) -> str:
    head, _, index = name.rpartition(".")
    return f"{head}.{int(index) + 1}"


def _normalise(net: ReaderNet, offsets: dict[str, Tensor], views: Tensor) -> None:
    """Let each normalisation add its offset to what it is given, as the folded one did."""

    def fit(layer: nn.BatchNorm2d, given: tuple[Tensor]) -> None:
        variance, mean = torch.var_mean(given[0], (0, 2, 3), unbiased=False)
        layer.running_mean.copy_(mean)
        layer.running_var.copy_(variance)
        layer.weight.copy_((variance + layer.eps).sqrt())
        layer.bias.copy_(mean + offset_of[layer])

    offset_of = {net.get_submodule(name): offset for name, offset in offsets.items()}
    hooks = [layer.register_forward_pre_hook(fit) for layer in offset_of]
    net(views)
    for hook in hooks:
        hook.remove()
