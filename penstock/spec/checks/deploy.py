"""Checks of `deploy`: what SageMaker has for each kind, and what does not go together."""

from collections.abc import Mapping

from penstock.spec.document import Document
from penstock.spec.environment import Environment
from penstock.spec.sections.deploy import Deploy

# The kinds that each key is for. Serverless endpoints have no instances, capture, second variant or guardrails:
# https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
_KINDS: Mapping[str, tuple[str, ...]] = {
    "instance_type": ("realtime", "async"),
    "instance_count": ("realtime", "async"),
    "instances": ("realtime", "async"),
    "rollout": ("realtime", "async"),
    "capture_percent": ("realtime",),
    "memory_mb": ("serverless",),
    "max_concurrency": ("serverless",),
    "max_concurrent_per_instance": ("async",),
    "ab": ("realtime",),
    "shadow": ("realtime",),
    "batch": ("batch",),
}
_MIN_INSTANCES = 2  # of which a step is half
_MIN_LINEAR_PERCENT = 10


def check_deploy(document: Document, environments: Mapping[str, Environment]) -> None:
    """Note what the kind does not have, and what does not go together."""
    if (kind := document.get("deploy", "kind", default="realtime")) is None:
        return
    for key, kinds in _KINDS.items():
        if ("deploy", key) in document.keys and kind not in kinds:
            remedy = f"Remove it, or choose the kind {' or '.join(kinds)}."
            document.note(("deploy", key), f"not for the kind {kind}.", remedy, key=True)
    if kind == "batch" and "alarms" in document.data:
        document.note(("alarms",), "these are of an endpoint, and the kind batch has none.", "Remove them.", key=True)
    for name, environment in environments.items():
        if kind == "serverless" and environment.vpc:
            message = f"serverless endpoints are in no VPC, and {name}.vpc in environments.yaml names one."
            document.note(("deploy", "kind"), message, "Choose another kind, or deploy to environments without a VPC.")
    if kind == "realtime":
        _check_variants(document)
    if kind in ("realtime", "async"):
        _check_instances(document)
        _check_rollout(document)


def _check_instances(document: Document) -> None:
    section = ("deploy", "instances")
    if section in document.keys and ("deploy", "instance_count") in document.keys:
        document.note(("deploy", "instance_count"), "instances is given too.", "Remove one of the two.", key=True)
    low, high = document.get(*section, "minimum"), document.get(*section, "maximum")
    if low is not None and high is not None and low > high:
        document.note((*section, "maximum"), f"{high:,} is less than the minimum, {low:,}.")


def _check_variants(document: Document) -> None:
    if ("deploy", "shadow") in document.keys and ("deploy", "ab") in document.keys:
        message = "a shadow needs exactly one variant beside it, and ab makes two."
        document.note(("deploy", "shadow"), message, "Remove one of the two.", key=True)


def _check_rollout(document: Document) -> None:
    section = ("deploy", "rollout")
    kind = document.get(*section, "kind", default="all_at_once")
    percent = document.get(*section, "percent")
    if kind == "all_at_once" and percent is not None:
        message = "all_at_once has no steps."
        document.note((*section, "percent"), message, "Remove it, or choose the kind canary or linear.", key=True)
    if kind not in ("canary", "linear"):
        return
    if kind == "linear" and percent is not None and percent < _MIN_LINEAR_PERCENT:
        message = f"{percent} is too small; a linear step is at least {_MIN_LINEAR_PERCENT} %."
        document.note((*section, "percent"), message)
    scaled = ("deploy", "instances") in document.keys
    key = ("instances", "minimum") if scaled else ("instance_count",)
    count = document.get("deploy", *key, default=Deploy.model_fields["instance_count"].default)
    if count is not None and count < _MIN_INSTANCES:
        message = f"{kind} needs {_MIN_INSTANCES} instances at least, for a step is half of them at most."
        document.note((*section, "kind"), message, f"Set deploy.{'.'.join(key)} to {_MIN_INSTANCES}, or more.")
    for other in ("ab", "shadow"):
        if ("deploy", other) in document.keys:
            message = f"with {other} the variants change, and SageMaker then moves all traffic at once."
            document.note((*section, "kind"), message, f"Remove {other}, or choose all_at_once.")
