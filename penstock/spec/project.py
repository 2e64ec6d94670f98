"""Loads a project: every pipeline and environment, or every mistake in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from penstock.errors import SpecError
from penstock.spec.checks import check
from penstock.spec.document import Document
from penstock.spec.environment import MAX_NAME, Environment
from penstock.spec.fields import ENVIRONMENT, MEANING
from penstock.spec.files import check_files
from penstock.spec.mistakes import Mistake, UnreadableError, quoted, report
from penstock.spec.pipeline import Pipeline, PipelineFile
from penstock.spec.sections.process import SCRIPT
from penstock.spec.smoke import smoke_rows


@dataclass(frozen=True)
class Project:
    """The folder of a project, its environments and its pipelines, each by name."""

    root: Path
    environments: Mapping[str, Environment]
    pipelines: Mapping[str, Pipeline]


def load_project(root: Path) -> Project:
    """Load environments.yaml and every pipelines/<name>/pipeline.yaml.

    Raises:
        SpecError: something is wrong; the message lists every mistake of every file.
    """
    mistakes: list[Mistake] = []
    environments = _environments(root, mistakes)
    folders = sorted(path for path in (root / "pipelines").glob("*/") if not path.name.startswith((".", "_")))
    loaded = [_pipeline(folder, environments, mistakes) for folder in folders]
    if mistakes:
        raise SpecError(report(mistakes, pipelines=len(folders)))
    return Project(root, environments, {pipeline.name: pipeline for pipeline in loaded if pipeline})


def _environments(root: Path, mistakes: list[Mistake]) -> dict[str, Environment]:
    try:
        document = Document.read(root / "environments.yaml", "environments.yaml")
    except UnreadableError as error:
        mistakes.append(error.mistake)
        return {}
    environments = {name: document.parse(Environment, (name,)) for name in document.data}
    for name in [location[0] for location in document.keys if len(location) == 1]:
        _check_environment(document, str(name))
    mistakes.extend(document.mistakes)
    return {name: environment for name, environment in environments.items() if environment}


def _check_environment(document: Document, name: str) -> None:
    if not re.fullmatch(ENVIRONMENT, name):
        document.note((name,), f"{quoted(name)} is not {MEANING[ENVIRONMENT]}.", key=True)
    elif len(name) > MAX_NAME:
        document.note((name,), f"{len(name)} characters; an environment's name has at most {MAX_NAME}.", key=True)
    addresses = document.get(name, "notify") or ()
    for index, address in enumerate(addresses):
        if address in addresses[:index]:
            document.note((name, "notify", index), f"{quoted(address)} is given twice.", "Remove one of the two.")


def _pipeline(folder: Path, environments: Mapping[str, Environment], mistakes: list[Mistake]) -> Pipeline | None:
    where = f"pipelines/{folder.name}"
    try:
        document = Document.read(folder / "pipeline.yaml", f"{where}/pipeline.yaml")
    except UnreadableError as error:
        mistakes.append(error.mistake)
        return None
    file = document.parse(PipelineFile)
    check(document, folder, environments)
    check_files(document, folder)
    mistakes.extend(document.mistakes)
    if file is None or document.mistakes:
        return None
    smoke, script = file.smoke_test, folder / (file.process.script or SCRIPT)
    return Pipeline(
        **dict(file),
        folder=folder,
        smoke_rows=smoke_rows(folder / smoke.file, f"{where}/{smoke.file}") if smoke else (),
        script=script if script.is_file() else None,
    )
