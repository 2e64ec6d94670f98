"""What SageMaker's operations take: by rule, as its API is regular, and by name where it is not.

The resource of an operation is what its name says, by the parameter that names it: CreateTrainingJob is about
training-job/<TrainingJobName>.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from penstock.local.access.context import Value
from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, passing
from penstock.local.access.requirements.sagemaker_names import KINDS, OWN_NAMES, PARENTS, RESOURCES, UNSCOPED

_VERB = re.compile(
    r"^(Add|Associate|Attach|Batch|Create|Delete|Deregister|Describe|Detach|Disassociate|Extend|Get|Import|List|Put"
    r"|Query|Register|Render|Retry|Search|Send|Start|Stop|Update)(?=[A-Z])"
)
_PARAMETER = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Roles that a call hands on to SageMaker.
_ROLES = ("RoleArn", "ExecutionRoleArn", "TrainingJobDefinition.RoleArn")
_VOLUMES = (
    "ResourceConfig.VolumeKmsKeyId",
    "TransformResources.VolumeKmsKeyId",
    "ProcessingResources.ClusterConfig.VolumeKmsKeyId",
)
# Condition keys, and the parameters that they are.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "sagemaker:VolumeKmsKeyArn": (*_VOLUMES, "KmsKeyId"),
    "sagemaker:OutputKmsKeyArn": (
        "OutputDataConfig.KmsKeyId",
        "TransformOutput.KmsKeyId",
        "ProcessingOutputConfig.KmsKeyId",
    ),
    "sagemaker:NetworkIsolation": ("EnableNetworkIsolation", "NetworkConfig.EnableNetworkIsolation"),
    "sagemaker:InterContainerTrafficEncryption": (
        "EnableInterContainerTrafficEncryption",
        "NetworkConfig.EnableInterContainerTrafficEncryption",
    ),
    "sagemaker:VpcSecurityGroupIds": ("VpcConfig.SecurityGroupIds", "NetworkConfig.VpcConfig.SecurityGroupIds"),
    "sagemaker:VpcSubnets": ("VpcConfig.Subnets", "NetworkConfig.VpcConfig.Subnets"),
    "sagemaker:MaxRuntimeInSeconds": ("StoppingCondition.MaxRuntimeInSeconds",),
    "sagemaker:ModelApprovalStatus": ("ModelApprovalStatus",),
}
_CREATING = "Create"


def requirements(asked: Asked) -> Iterator[Requirement]:
    """Yield what a call to SageMaker takes."""
    resource = resource_of(asked)
    context = _context(asked)
    for arn in _several(asked) or (resource, *_others(asked)):
        yield Requirement(f"sagemaker:{asked.operation}", arn, context)
    if asked["Tags"] and asked.operation.startswith(_CREATING):
        yield Requirement("sagemaker:AddTags", resource, {"sagemaker:TaggingAction": asked.operation})
    for parameter in _ROLES:
        for one in passing(parameter, "sagemaker.amazonaws.com")(asked):
            yield Requirement(one.action, one.resource, {**one.context, "iam:AssociatedResourceArn": resource})
    yield from _grants(asked)
    yield from _deregistrations(asked)


def resource_of(asked: Asked) -> str:
    """Return the ARN of what an operation is about, or "*"."""
    if asked.operation in UNSCOPED:
        return "*"
    noun = _VERB.sub("", asked.operation).removesuffix("V2")
    own = (f"{noun}Arn", f"{noun}Name", f"{noun}Id", *OWN_NAMES)
    return (
        _named(asked, noun, own)
        or (_filled(asked, RESOURCES[asked.operation]) if asked.operation in RESOURCES else "")
        or next(filter(None, (_named(asked, one, (f"{one}Arn", f"{one}Name", f"{one}Id")) for one in PARENTS)), "*")
    )


def _named(asked: Asked, noun: str, parameters: tuple[str, ...]) -> str:
    name = next((str(asked[one]) for one in parameters if asked[one]), "")
    if not name or name.startswith("arn:"):
        return name
    kind = KINDS.get(noun) or "-".join(_WORD.split(noun)).lower()
    return _filled(asked, kind) if "{" in kind else asked.arn("sagemaker", f"{kind}/{name.lower()}")


def _filled(asked: Asked, template: str) -> str:
    return asked.arn("sagemaker", _PARAMETER.sub(lambda found: str(asked[found[1]] or "*").lower(), template))


def _several(asked: Asked) -> list[str]:
    """Return what the operations are about that name several resources alike."""
    if asked.operation in {"AddAssociation", "DeleteAssociation"}:
        return [str(asked["SourceArn"]), str(asked["DestinationArn"])]
    return [*(asked["ModelPackageArnList"] or ())]


def _others(asked: Asked) -> Iterator[str]:
    """Yield what else an operation is about: an endpoint is made of a configuration."""
    if asked.operation in {"CreateEndpoint", "UpdateEndpoint"}:
        yield asked.arn("sagemaker", f"endpoint-config/{asked['EndpointConfigName'].lower()}")


def _context(asked: Asked) -> Mapping[str, Value]:
    context: dict[str, Value] = {}
    for key, paths in _KEYS.items():
        value = _given(asked, paths)
        if isinstance(value, list):
            context[key] = [str(item) for item in value]
        elif value is not None:
            context[key] = str(value).lower() if isinstance(value, bool) else str(value)
    types = [*_instance_types(asked.parameters)]
    return context | ({"sagemaker:InstanceTypes": types} if types else {})


def _given(asked: Asked, paths: Iterable[str]) -> Any:
    """Return the first of some parameters that is given, of the call or of the training jobs that it defines."""
    found = (asked[f"{definition}{path}"] for definition in ("", "TrainingJobDefinition.") for path in paths)
    return next((value for value in found if value is not None), None)


def _instance_types(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "InstanceType" and isinstance(inner, str):
                yield inner
            elif name != "Environment":
                yield from _instance_types(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _instance_types(inner)


def _grants(asked: Asked) -> Iterator[Requirement]:
    """Yield what the disks of instances take: SageMaker hands their key on to them.

    For a job it does so as the job's role, or if that may not, as the caller; for an endpoint as the caller.
    https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
    """
    if not asked.operation.startswith((_CREATING, "Update")):
        return
    if asked.operation in {"CreateEndpoint", "UpdateEndpoint"}:
        key, role = asked.state.endpoint_config_key(asked["EndpointConfigName"]), ""
    else:
        key, role = asked.state.key(_given(asked, _VOLUMES)), str(_given(asked, ("RoleArn",)) or "")
    if key:
        context = {
            "kms:ViaService": f"sagemaker.{asked.region}.amazonaws.com",
            "kms:CallerAccount": asked.account,
            "kms:GrantIsForAWSResource": "true",
        }
        yield Requirement("kms:CreateGrant", key, context, via="sagemaker.amazonaws.com", role=role)


def _deregistrations(asked: Asked) -> Iterator[Requirement]:
    """Yield what it takes that variants go which are scaled: SageMaker deregisters them as the caller."""
    if asked.operation not in {"DeleteEndpoint", "UpdateEndpoint"}:
        return
    scaled = asked.state.scaled_variants(asked["EndpointName"])
    staying = asked.state.variants_of(asked["EndpointConfigName"]) if asked.operation == "UpdateEndpoint" else ()
    if scaled.difference(staying):
        target = asked.arn("application-autoscaling", "scalable-target/*")
        yield Requirement("application-autoscaling:DeregisterScalableTarget", target, via="sagemaker.amazonaws.com")


def runtime(asked: Asked) -> Iterator[Requirement]:
    """Yield what a call to an endpoint takes."""
    context = {"sagemaker:TargetModel": asked["TargetModel"]} if asked["TargetModel"] else {}
    endpoint = asked.arn("sagemaker", f"endpoint/{asked['EndpointName'].lower()}")
    yield Requirement(f"sagemaker:{asked.operation}", endpoint, context)
