"""Create model: the artefact and the image that serves it."""

from penstock_constructs.policy import allow
from penstock_constructs.steps.network import Network
from penstock_constructs.steps.step import NO_ANSWER, SAGEMAKER_ERROR, Machine, Step, attempt, attempts, tag_list, task


def create_model(*, machine: Machine, network: Network, then: str) -> Step:
    """Create a SageMaker model of `artefact`, served by `image`; it assigns `model`, its name.

    Its tag says of which `generation` it is: the run that it is to be compared with reads it there.
    """
    generation = {"penstock:generation": "{% $string($generation) %}"}
    state = task(
        "aws-sdk:sagemaker:createModel",
        {
            "ModelName": f"{{% {attempt(machine.name)} %}}",
            "ExecutionRoleArn": "${ExecutionRoleArn}",
            "PrimaryContainer": {"Image": "{% $image %}", "ModelDataUrl": "{% $artefact %}"},
            "EnableNetworkIsolation": network.isolated,
            **network.vpc(),
            "Tags": tag_list(machine.tags | generation),
        },
        timeout_seconds=60,
        retry_on=[SAGEMAKER_ERROR, *NO_ANSWER],
    )
    assigned = {"model": "{% $substringAfter($states.result.ModelArn, ':model/') %}"}
    return Step(
        states={"Create model": state | {"Assign": assigned, "Next": then}},
        statements=[
            allow("Model", ["sagemaker:CreateModel", "sagemaker:AddTags"], attempts("model", machine.name)),
            machine.role.allow_passing("PassRole"),
        ],
        substitutions={"ExecutionRoleArn": machine.role.arn},
    )
