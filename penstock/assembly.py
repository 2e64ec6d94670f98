"""What `cdk synth` wrote: the stacks of one stage, with their templates and assets."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from penstock.errors import DeployError
from penstock.local.service import JsonObject

_STACK = "aws:cloudformation:stack"
_STAGE = "cdk:cloud-assembly"
_ASSETS = "cdk:asset-manifest"


@dataclass(frozen=True)
class FileAsset:
    """A file or folder that goes to a bucket before the stack is deployed.

    `bucket` and `key` may hold `${AWS::AccountId}` and the like; `source` is a folder if `zipped`.
    """

    source: Path
    zipped: bool
    bucket: str
    key: str


@dataclass(frozen=True)
class Stack:
    """One stack of the assembly; `account` and `region` are None where the stack leaves them open."""

    name: str
    account: str | None
    region: str | None
    template: JsonObject
    tags: Mapping[str, str]  # of the stack: they go to every resource that can have tags
    protected: bool  # from being removed
    assets: tuple[FileAsset, ...]


def read_stage(assembly: Path, stage: str) -> tuple[Stack, ...]:
    """Read the stacks of a stage, those that others depend on first.

    Raises:
        DeployError: the assembly, the stage or a file of it is missing or is not what the CDK writes.
    """
    stages = _of_type(_artefacts(assembly), _STAGE)
    folders = {entry["properties"]["displayName"]: entry["properties"]["directoryName"] for entry in stages.values()}
    if stage not in folders:
        known = ", ".join(sorted(folders)) or "none"
        raise DeployError(f"{assembly}: there is no stage {stage!r}. Stages here: {known}.")
    folder = assembly / folders[stage]
    artefacts = _artefacts(folder)
    stacks = _of_type(artefacts, _STACK)
    if not stacks:
        raise DeployError(f"{folder}: the stage {stage!r} has no stack. Give it one in app.py, then run `cdk synth`.")
    return tuple(_stack(folder, stacks[name], artefacts) for name in _in_order(stacks))


def _in_order(stacks: Mapping[str, JsonObject]) -> Iterable[str]:
    graph = {name: [key for key in entry.get("dependencies", []) if key in stacks] for name, entry in stacks.items()}
    return TopologicalSorter(graph).static_order()  # the CDK refuses cycles between stacks before it writes them


def _stack(folder: Path, entry: JsonObject, artefacts: Mapping[str, JsonObject]) -> Stack:
    properties = entry["properties"]
    account, region = entry["environment"].removeprefix("aws://").split("/")
    return Stack(
        name=properties["stackName"],
        account=None if account == "unknown-account" else account,
        region=None if region == "unknown-region" else region,
        template=_read(folder / properties["templateFile"]),
        tags=properties.get("tags", {}),
        protected=properties.get("terminationProtection", False),
        assets=tuple(_assets(folder, entry, artefacts)),
    )


def _assets(folder: Path, entry: JsonObject, artefacts: Mapping[str, JsonObject]) -> Iterator[FileAsset]:
    for name in entry.get("dependencies", []):
        if name not in artefacts:
            manifest = folder / "manifest.json"
            raise DeployError(f"{manifest}: {entry['displayName']} depends on {name}, which is not there.")
        if artefacts[name]["type"] == _ASSETS:
            yield from _file_assets(folder / artefacts[name]["properties"]["file"])


def _file_assets(path: Path) -> Iterator[FileAsset]:
    manifest = _read(path)
    if manifest.get("dockerImages"):
        images = ", ".join(manifest["dockerImages"])
        raise DeployError(
            f"{path}: docker image assets ({images}) cannot be built without Docker. "
            "Name the image by a tag of its repository instead, as a pipeline's containers are."
        )
    for asset in manifest.get("files", {}).values():
        source = path.parent / asset["source"]["path"]
        if not source.exists():
            raise DeployError(f"{path}: the asset {source} is missing. Run `cdk synth` again.")
        for destination in asset["destinations"].values():
            yield FileAsset(
                source=source,
                zipped=asset["source"]["packaging"] == "zip",
                bucket=destination["bucketName"],
                key=destination["objectKey"],
            )


def _artefacts(folder: Path) -> dict[str, JsonObject]:
    artefacts: dict[str, JsonObject] = _read(folder / "manifest.json").get("artifacts", {})
    return artefacts


def _of_type(artefacts: Mapping[str, JsonObject], kind: str) -> dict[str, JsonObject]:
    return {name: entry for name, entry in artefacts.items() if entry["type"] == kind}


def _read(path: Path) -> JsonObject:
    try:
        document: JsonObject = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DeployError(f"{path}: there is no such file. Run `cdk synth` first.") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DeployError(f"{path}: not JSON ({error}). Run `cdk synth` again.") from error
    return document
