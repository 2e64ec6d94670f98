"""Checks of the instance types."""

from penstock.spec.document import Document
from penstock.spec.instances import instance_types
from penstock.spec.mistakes import quoted, suggestion

_USES = {
    ("check",): "processing",
    ("process",): "processing",
    ("train",): "training",
    ("evaluate",): "processing",
    ("deploy",): "hosting",
    ("deploy", "batch"): "transform",
}


def check_instance_types(document: Document) -> None:
    """Note the instance types that SageMaker does not have for their use."""
    for section, use in _USES.items():
        value, known = document.get(*section, "instance_type"), instance_types(use)
        if value is not None and value not in known:
            message = f"{quoted(value)} is no SageMaker {use} instance."
            document.note((*section, "instance_type"), message, suggestion(value, known))
