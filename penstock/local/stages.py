"""The stages of an assembly in a cloud: deployed, compared with what is there, removed; as the commands ask for it."""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from penstock.local.clients import Clients
from penstock.local.deploy.deployer import Deployer
from penstock.local.deploy.destruction import Destroyed
from penstock.local.deploy.stacks import DeployedResource, DeployedStack
from penstock.local.programs.images import Programs
from penstock.local.service import JsonObject

# Waiting is the one thing that a laptop does faster: seconds between looks at an endpoint.
_PARAMETERS = {"PollSeconds": "1"}
_IMAGE = re.compile(r"\d{12}\.dkr\.ecr\.[\w.-]+/[\w./-]+:[\w.-]+")


class Stages:
    """What the control of a cloud answers about stages, in JSON."""

    def __init__(self, *, clients: Clients, deployer: Deployer, programs: Programs) -> None:
        self._clients = clients
        self._deployer = deployer
        self._programs = programs

    def deploy(self, assembly: Path, stage: str) -> JsonObject:
        """Deploy a stage of an assembly, and build the images that its state machines name.

        `left` says what the stacks no longer want and why it could not be removed.

        Raises:
            DeployError: a template cannot be deployed; what was there before is there still.
        """
        started = time.perf_counter()
        stacks = self._deployer.deploy(assembly, stage, _PARAMETERS)
        deployed = time.perf_counter() - started
        for uri in _images(stacks):
            self._programs.publish(uri)
        return {
            "resources": sum(len(stack.resources) for stack in stacks),
            "outputs": {stack.name: dict(stack.outputs) for stack in stacks},
            "left": [problem for stack in stacks for problem in stack.problems],
            "seconds": round(deployed, 2),
            "image_seconds": round(time.perf_counter() - started - deployed, 2),
        }

    def diff(self, assembly: Path, stage: str) -> JsonObject:
        """Return what `deploy` would change, by stack.

        Raises:
            DeployError: a template cannot be deployed.
        """
        return {"stacks": [asdict(found) for found in self._deployer.diff(assembly, stage, _PARAMETERS)]}

    def destroy(self, stage: str) -> JsonObject:
        """Remove the stacks of a stage; return by stack how many resources were removed, and which are kept.

        `endpoints` are those that its state machines have made, and that are in no stack: they go on serving.

        Raises:
            DeployError: nothing of the stage is deployed, or something could not be removed.
        """
        stacks = [self._destroyed(entry) for entry in self._deployer.destroy_stage(stage)]
        return {"stacks": stacks, "endpoints": self._endpoints(stage)}

    def _endpoints(self, stage: str) -> list[str]:
        pages = self._clients.operator("sagemaker").get_paginator("list_endpoints").paginate(NameContains=f"{stage}-")
        names = (endpoint["EndpointName"] for page in pages for endpoint in page["Endpoints"])
        return sorted(name for name in names if name.startswith(f"{stage}-"))

    def _destroyed(self, destroyed: Destroyed) -> JsonObject:
        kept = [_named(resource) | self._content(resource) for resource in destroyed.kept]
        return {"stack": destroyed.stack, "removed": destroyed.removed, "kept": kept}

    def _content(self, resource: DeployedResource) -> JsonObject:
        if resource.type != "AWS::S3::Bucket":
            return {}
        pages = self._clients.operator("s3").get_paginator("list_object_versions").paginate(Bucket=resource.handle.id)
        return {"objects": sum(len(page.get("Versions", [])) for page in pages)}


def _named(resource: DeployedResource) -> JsonObject:
    return {"logical_id": resource.handle.logical_id, "type": resource.type, "id": resource.handle.id}


def _images(stacks: Iterable[DeployedStack]) -> Sequence[str]:
    """Return the images that the stacks' state machines start containers from."""
    texts = [
        repr(resource.handle.properties)
        for stack in stacks
        for resource in stack.resources.values()
        if resource.type == "AWS::StepFunctions::StateMachine"
    ]
    return sorted({uri for text in texts for uri in _IMAGE.findall(text)})
