"""What the models cannot see in the values of a pipeline.yaml: what they mean together, and AWS's own limits.

Each check looks only at values that the models accepted, so that it can run whatever else is wrong.
"""

from collections.abc import Mapping
from pathlib import Path

from penstock.spec.checks.data import check_data
from penstock.spec.checks.deploy import check_deploy
from penstock.spec.checks.instances import check_instance_types
from penstock.spec.checks.judging import check_judging
from penstock.spec.checks.process import check_process
from penstock.spec.checks.texts import check_texts
from penstock.spec.checks.timeouts import check_timeouts
from penstock.spec.checks.train import check_train
from penstock.spec.checks.tune import check_tune
from penstock.spec.document import Document
from penstock.spec.environment import Environment
from penstock.spec.mistakes import quoted


def check(document: Document, folder: Path, environments: Mapping[str, Environment]) -> None:
    """Note every mistake in the values; `folder` is the pipeline's, `environments` are those it is deployed to."""
    _check_name(document, folder)
    check_data(document)
    check_process(document, environments)
    check_train(document)
    check_tune(document)
    check_judging(document)
    check_deploy(document, environments)
    check_texts(document)
    check_instance_types(document)
    check_timeouts(document)


def _check_name(document: Document, folder: Path) -> None:
    name = document.get("name")
    if name == "platform":
        document.note(("name",), '"platform" is the name of the stack that all pipelines share.', "Choose another.")
    if name not in (None, folder.name):
        remedy = f"Write {folder.name}, or rename the folder to {name}."
        document.note(("name",), f"{quoted(name)} is not the name of its folder, {quoted(folder.name)}.", remedy)
