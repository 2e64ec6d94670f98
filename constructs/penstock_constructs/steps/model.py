"""Create model: the artefact and the image that serves it."""

from penstock_constructs.policy import allow
from penstock_constructs.role import Role
from penstock_constructs.steps.step import NO_ANSWER, SAGEMAKER_ERROR, Step, Tags, attempt, attempts, tag_list, task


def create_model(*, name: str, image: str, role: Role, tags: Tags, then: str) -> Step:
    """Create a SageMaker model of `artefact`; it assigns `model`, its name."""
    state = task(
        "aws-sdk:sagemaker:createModel",
        {
            "ModelName": f"{{% {attempt(name)} %}}",
            "ExecutionRoleArn": "${ExecutionRoleArn}",
            "PrimaryContainer": {"Image": "${TrainingImage}", "ModelDataUrl": "{% $artefact %}"},
            "EnableNetworkIsolation": True,
            "Tags": tag_list(tags),
        },
        timeout_seconds=60,
        retry_on=[SAGEMAKER_ERROR, *NO_ANSWER],
    )
    assigned = {"model": "{% $substringAfter($states.result.ModelArn, ':model/') %}"}
    return Step(
        states={"Create model": state | {"Assign": assigned, "Next": then}},
        statements=[
            allow("Model", ["sagemaker:CreateModel", "sagemaker:AddTags"], attempts("model", name)),
            role.allow_passing("PassRole"),
        ],
        substitutions={"ExecutionRoleArn": role.arn, "TrainingImage": image},
    )
