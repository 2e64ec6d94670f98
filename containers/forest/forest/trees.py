"""scikit-learn's decision trees, without the rest of it: as objects, and as bytes."""

import importlib.util
import io
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

# Half of the time that `import sklearn.tree` takes is for packages of which it needs nothing, or one small module.
_HOLLOW = ("numpy.f2py", "scipy.stats", "sklearn.neighbors")


@contextmanager
def _hollow(names: Sequence[str]) -> Iterator[None]:
    """Let packages be imported without what their `__init__` imports; afterwards they can be imported as ever."""
    hollow = {name: name.rpartition(".") for name in names if name not in sys.modules}
    for name, (parent, _, leaf) in hollow.items():
        spec = importlib.util.find_spec(name)
        package = types.ModuleType(name)
        package.__spec__, package.__path__ = spec, list(spec.submodule_search_locations or ()) if spec else []
        sys.modules[name] = package
        setattr(sys.modules[parent], leaf, package)
    try:
        yield
    finally:
        for name, (parent, _, leaf) in hollow.items():
            del sys.modules[name]
            delattr(sys.modules[parent], leaf)


with _hollow(_HOLLOW):
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
    from sklearn.tree._tree import Tree

__all__ = ["DecisionTreeClassifier", "DecisionTreeRegressor", "Tree", "packed", "unpacked"]


def packed(trees: Sequence[Tree]) -> bytes:
    """Write fitted trees as arrays."""
    states = [tree.__getstate__() for tree in trees]
    buffer = io.BytesIO()
    np.savez(
        buffer,
        counts=[state["node_count"] for state in states],
        depths=[state["max_depth"] for state in states],
        nodes=np.concatenate([state["nodes"] for state in states]),
        values=np.concatenate([state["values"] for state in states]),
    )
    return buffer.getvalue()


def unpacked(content: bytes, columns: int) -> list[Tree]:
    """Read trees over so many columns from what `packed` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        counts, depths, nodes, values = (arrays[name] for name in ("counts", "depths", "nodes", "values"))
    ends = np.cumsum(counts)
    trees = []
    for count, depth, end in zip(counts.tolist(), depths.tolist(), ends.tolist(), strict=True):
        state = {"node_count": count, "max_depth": depth}
        state |= {"nodes": nodes[end - count : end], "values": values[end - count : end]}
        trees.append(_tree(columns, state))
    return trees


def _tree(columns: int, state: dict[str, Any]) -> Tree:
    _, outputs, classes = state["values"].shape
    tree = Tree(columns, np.full(outputs, classes, np.intp), outputs)
    tree.__setstate__(state)
    return tree
