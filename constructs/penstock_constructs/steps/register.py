"""Register: the model becomes the next generation, with all that is known of it."""

from hashlib import sha256
from typing import Any

from penstock_constructs.policy import allow, arn
from penstock_constructs.steps.expected import expecting
from penstock_constructs.steps.step import Machine, State, Step, tag_list

# Whatever it is that is not there: if it is not the group, it is still not there when the group is.
_MISSING = " or ".join(f"$contains($lowercase($cause), '{words}')" for words in ("not exist", "not found", "not find"))
_EXISTS = "$contains($cause, 'already exists')"
_PROPERTIES = (
    "{% $merge([{'run': $run, 'data': $folder & '/pinned.json', 'training_job': $training_job, 'image': $image,"
    " 'code': $split($image, ':')[-1], 'rows': $string($judged.challenger.rows)},"
    " $merge($each($metrics, function($value, $name) { {'metric:' & $name: $string($value)} }))]) %}"
)


def register(*, machine: Machine, manual: bool, then: str) -> Step:
    """Make a model package of `artefact` and `image` in the group of the machine's name, which is made if need be.

    It assigns `package`, its ARN, and `generation`, its number in the group. If approval is `manual` it is pending.
    """
    group = {"ModelPackageGroupName": machine.name}
    assigned = {
        "package": "{% $states.result.ModelPackageArn %}",
        "generation": "{% $number($split($states.result.ModelPackageArn, '/')[-1]) %}",
    }
    states: dict[str, State] = {
        **expecting(
            "Register",
            "createModelPackage",
            _request(machine, manual=manual),
            when=_MISSING,
            then="Create package group",
            done={"Assign": assigned, "Next": then},
        ),
        **expecting(
            "Create package group",
            "createModelPackageGroup",
            group | {"Tags": tag_list(machine.tags)},
            when=_EXISTS,
            then="Register again",
            done={"Next": "Register again"},
        ),
    }
    return Step(
        states,
        [
            allow("Register", "sagemaker:CreateModelPackage", arn("sagemaker", f"model-package/{machine.name}/*")),
            allow(
                "PackageGroup",
                ["sagemaker:CreateModelPackage", "sagemaker:CreateModelPackageGroup", "sagemaker:AddTags"],
                arn("sagemaker", f"model-package-group/{machine.name}"),
            ),
        ],
    )


def _request(machine: Machine, *, manual: bool) -> dict[str, Any]:
    # A call that is made again, by a retry or a redrive, makes no second package: all of a run's have one token.
    token = sha256(machine.name.encode()).hexdigest()[:16]
    return {
        "ModelPackageGroupName": machine.name,
        "ModelPackageDescription": "{% 'Trained in run ' & $run %}",
        "ClientToken": f"{{% '{token}-' & $run %}}",
        "InferenceSpecification": {
            "Containers": [{"Image": "{% $image %}", "ModelDataUrl": "{% $artefact %}"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        "ModelMetrics": {
            "ModelQuality": {"Statistics": _statistics("$evaluation & 'evaluation.json'")},
            "ModelDataQuality": {"Statistics": _statistics("$folder & '/profile/profile.json'")},
        },
        "CustomerMetadataProperties": _PROPERTIES,
        "ModelApprovalStatus": "PendingManualApproval" if manual else "Approved",
    }


def _statistics(uri: str) -> dict[str, str]:
    return {"ContentType": "application/json", "S3Uri": f"{{% {uri} %}}"}
