"""From the network to ONNX with its preprocessing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper
from torch import Tensor

from network.encoding import LIMIT, Encoding, Scale
from network.layers import Network
from runtime.training import Job

ML = "ai.onnx.ml"
OPERATOR_SETS = {"": 18, ML: 3}
IR_VERSION = 8


def to_onnx(job: Job, encoding: Encoding, network: Network) -> bytes:
    """Write the model: of `numbers` float [rows, n] and `strings` [rows, m], predictions or labels and probabilities.

    The same network always gives the same bytes.
    """
    graph = _Graph()
    answers = _layers(graph, network, _preprocessing(graph, encoding, job.categories, network))
    outputs = _labels(graph, answers, job.labels) if job.labels else _predictions(graph, answers, encoding.target)
    sets = [helper.make_opsetid(domain, version) for domain, version in OPERATOR_SETS.items()]
    whole = helper.make_graph(graph.nodes, "network", graph.inputs, outputs, graph.constants)
    model = helper.make_model(whole, opset_imports=sets, ir_version=IR_VERSION, producer_name="network")
    content: bytes = model.SerializeToString(deterministic=True)
    return content


@dataclass
class _Graph:
    """What a graph consists of, while it is put together."""

    nodes: list[NodeProto] = field(default_factory=list)
    inputs: list[ValueInfoProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def input(self, name: str, kind: int, width: int) -> str:
        self.inputs.append(helper.make_tensor_value_info(name, kind, [None, width]))
        return name

    def constant(self, values: NDArray[Any] | Tensor) -> str:
        array = values.detach().numpy() if isinstance(values, Tensor) else values
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), f"constant_{len(self.constants)}"))
        return self.constants[-1].name

    def add(self, kind: str, *inputs: str, name: str = "", domain: str = "", **attributes: Any) -> str:
        """Add a node with one output, and return the name of that."""
        output = name or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output


def _preprocessing(
    graph: _Graph, encoding: Encoding, categories: Sequence[Sequence[str]], network: Network
) -> list[str]:
    """Add what the first layer reads: the numbers if there are any, and the embedding of each category."""
    parts = []
    if len(encoding.scale.mean):
        parts.append(_standardised(graph, encoding.scale))
    columns = [f"strings_{place}" for place in range(len(categories))]
    if columns:
        strings = graph.input("strings", TensorProto.STRING, len(columns))
        graph.nodes.append(helper.make_node("Split", [strings], columns, axis=1, num_outputs=len(columns)))
    axis = graph.constant(np.array([1], np.int64)) if columns else ""
    for column, texts, embedding in zip(columns, categories, network.embeddings, strict=True):
        place = graph.add(
            "LabelEncoder",
            graph.add("Squeeze", column, axis),
            domain=ML,
            keys_strings=list(texts),
            values_int64s=list(range(len(texts))),
            default_int64=len(texts),
        )
        parts.append(graph.add("Gather", graph.constant(embedding.weight), place))
    return parts


def _standardised(graph: _Graph, scale: Scale) -> str:
    numbers = graph.input("numbers", TensorProto.FLOAT, len(scale.mean))
    less = graph.add("Sub", numbers, graph.constant(scale.mean))
    standard = graph.add("Div", less, graph.constant(scale.deviation))
    limits = (graph.constant(np.array(limit, np.float32)) for limit in (-LIMIT, LIMIT))
    clipped = graph.add("Clip", standard, *limits)
    zero = graph.constant(np.zeros(1, np.float32))
    return graph.add("Where", graph.add("IsNaN", numbers), zero, clipped)


def _layers(graph: _Graph, network: Network, parts: Sequence[str]) -> str:
    flow = graph.add("Concat", *parts, axis=1)
    *hidden, last = network.layers
    for layer in hidden:
        flow = graph.add("Relu", _linear(graph, layer, flow))
    return _linear(graph, last, flow)


def _linear(graph: _Graph, layer: Any, flow: str) -> str:
    return graph.add("Gemm", flow, graph.constant(layer.weight), graph.constant(layer.bias), transB=1)


def _predictions(graph: _Graph, answers: str, target: Scale) -> list[ValueInfoProto]:
    grown = graph.add("Mul", answers, graph.constant(target.deviation))
    name = graph.add("Add", grown, graph.constant(target.mean), name="predictions")
    return [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1])]


def _labels(graph: _Graph, answers: str, labels: Sequence[str]) -> list[ValueInfoProto]:
    texts = graph.constant(np.array(labels, object))
    names = graph.add("Gather", texts, graph.add("ArgMax", answers, axis=1, keepdims=0), name="labels")
    probabilities = graph.add("Softmax", answers, axis=1, name="probabilities")
    return [
        helper.make_tensor_value_info(names, TensorProto.STRING, [None]),
        helper.make_tensor_value_info(probabilities, TensorProto.FLOAT, [None, len(labels)]),
    ]
