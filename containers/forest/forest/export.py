"""From trees to ONNX with their preprocessing, and the proof that both say the same."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper

from forest.encoding import UNKNOWN, Encoding
from forest.ensemble import Ensemble
from runtime.onnx_model import Session
from runtime.training import Job, agreement

ML = "ai.onnx.ml"
OPERATOR_SETS = {"": 18, ML: 3}
IR_VERSION = 8
LEAF = -1


def to_onnx(encoding: Encoding, ensemble: Ensemble, labels: tuple[str, ...]) -> bytes:
    """Write the model: of `numbers` float [rows, n] and `strings` [rows, m], predictions or labels and probabilities.

    The same trees always give the same bytes.
    """
    nodes, inputs = _preprocessing(encoding)
    attributes: dict[str, Any] = _trees(ensemble, "class" if labels else "target")
    if labels:
        kind = "TreeEnsembleClassifier"
        outputs = [("labels", TensorProto.STRING, [None]), ("probabilities", TensorProto.FLOAT, [None, len(labels)])]
        attributes["classlabels_strings"] = list(labels)
    else:
        kind = "TreeEnsembleRegressor"
        outputs = [("predictions", TensorProto.FLOAT, [None, 1])]
        attributes["n_targets"] = 1
    names = [name for name, *_ in outputs]
    nodes.append(helper.make_node(kind, ["encoded"], names, domain=ML, post_transform=ensemble.link, **attributes))
    graph = helper.make_graph(
        nodes,
        "forest",
        [helper.make_tensor_value_info(*each) for each in inputs],
        [helper.make_tensor_value_info(*each) for each in outputs],
    )
    sets = [helper.make_opsetid(domain, version) for domain, version in OPERATOR_SETS.items()]
    model = helper.make_model(graph, opset_imports=sets, ir_version=IR_VERSION, producer_name="forest")
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def check_agreement(job: Job, encoding: Encoding, ensemble: Ensemble, model: Session) -> None:
    """Compare what ONNX and scikit-learn say, as shares of what they predict or of the mean where that is more.

    Raises:
        TrainingError: they differ by more than rounding.
    """
    agreement.check_agreement(
        job,
        model.predict,
        lambda rows, part: ensemble.predict(encoding.encode(rows, part)),
        size=lambda expected: np.maximum(np.abs(expected), np.abs(expected).mean()),
        library="scikit-learn",
    )


def _preprocessing(encoding: Encoding) -> tuple[list[NodeProto], list[tuple[str, int, list[int | None]]]]:
    """Return the nodes that make `encoded` of the inputs, and the inputs: none for a kind that has no column."""
    nodes, inputs, parts = [], [], []
    if len(encoding.medians):
        inputs.append(("numbers", TensorProto.FLOAT, [None, len(encoding.medians)]))
        medians = encoding.medians.tolist()
        nodes.append(helper.make_node("Imputer", ["numbers"], ["imputed"], domain=ML, imputed_value_floats=medians))
        nodes[-1].attribute.append(helper.make_attribute("replaced_value_float", float("nan")))
        parts.append("imputed")
    if encoding.categories:
        inputs.append(("strings", TensorProto.STRING, [None, len(encoding.categories)]))
        columns = [f"strings_{place}" for place in range(len(encoding.categories))]
        nodes.append(helper.make_node("Split", ["strings"], columns, axis=1, num_outputs=len(columns)))
    for place, texts in enumerate(encoding.categories):
        codes = [float(code) for code in range(len(texts))]
        nodes.append(
            helper.make_node(
                "LabelEncoder",
                [f"strings_{place}"],
                [f"codes_{place}"],
                domain=ML,
                keys_strings=texts,
                values_floats=codes,
                default_float=float(UNKNOWN),
            )
        )
        parts.append(f"codes_{place}")
    nodes.append(helper.make_node("Concat", parts, ["encoded"], axis=1))
    return nodes, inputs


def _trees(ensemble: Ensemble, kind: str) -> dict[str, list[Any]]:
    """Return the trees as the attributes of an ensemble of ONNX, whose leaves add to a `class` or to a `target`."""
    fields: dict[str, list[NDArray[Any]]] = defaultdict(list)
    for number, tree in enumerate(ensemble.trees):
        leaf = tree.children_left == LEAF
        nodes = np.arange(tree.node_count)
        fields["nodes_treeids"].append(np.full(tree.node_count, number))
        fields["nodes_nodeids"].append(nodes)
        fields["nodes_featureids"].append(np.where(leaf, 0, tree.feature))
        fields["nodes_values"].append(np.where(leaf, 0, _rounded_down(tree.threshold)))
        fields["nodes_truenodeids"].append(np.where(leaf, 0, tree.children_left))
        fields["nodes_falsenodeids"].append(np.where(leaf, 0, tree.children_right))
        fields["nodes_modes"].append(np.where(leaf, "LEAF", "BRANCH_LEQ"))
        added = ensemble.added(number)
        # What adds nothing is left out, but the first of each leaf: a leaf without any would be none.
        at, outputs = np.nonzero(leaf[:, None] & ((added != 0) | (np.arange(added.shape[1]) == 0)))
        fields[f"{kind}_treeids"].append(np.full(len(at), number))
        fields[f"{kind}_nodeids"].append(nodes[at])
        fields[f"{kind}_ids"].append(outputs)
        fields[f"{kind}_weights"].append(added[at, outputs])
    attributes = {name: np.concatenate(arrays).tolist() for name, arrays in fields.items()}
    return attributes | ({"base_values": ensemble.base.tolist()} if ensemble.base.any() else {})


def _rounded_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the largest 32-bit numbers that are not above: a number of 32 bits is below these if it is below those."""
    near = thresholds.astype(np.float32)
    return np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near)
