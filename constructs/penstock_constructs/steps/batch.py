"""Process batch and Predict: predictions for a folder of rows, without an endpoint."""

from dataclasses import replace

from penstock_constructs.steps.job import job_permissions, job_substitutions, run_job
from penstock_constructs.steps.processing import Input, Processing, processing
from penstock_constructs.steps.step import Machine, Step, attempt, tag_list

# The most that a request may have, and that all requests to an instance may have together.
_MAX_REQUEST_MB, _MAX_TOGETHER_MB = 6, 100
# The rows that the model was trained on say which columns it knows, and in which order; the settings are of that run.
_TRAINED_BY = "$join($split($settings, '/')[[0..5]], '/')"


def process_batch(*, machine: Machine, job: Processing, code: str, known: str, then: str) -> Step:
    """Run the processing job that makes the rows to predict ready: as the training rows were, but for the target.

    It comes before the training, so that rows that cannot be predicted cost none; for a model that is known, `known` is
    next. `code` is the S3 URI of the user's own script, as it stands in the request, or ''. A transform job takes no
    header: the names of the columns are in a file of their own.
    """
    own = [Input("code", f"'{code}'")] if code else []
    step = processing(
        "Process batch",
        machine=machine,
        job=job,
        suffix="batch",
        command="process",
        inputs=[
            Input("data", "$predict"),
            Input("settings", "$settings"),
            Input("columns-from", f"{_TRAINED_BY} & '/processed/train/'"),
            *own,
        ],
        more_arguments=["'--predict'"],
        output="$folder & '/batch/'",
        more_outputs={"header": "$folder & '/header/'"},
        then="To train",
    )
    to_train = {"Type": "Choice", "Choices": [{"Condition": "{% $known %}", "Next": known}], "Default": then}
    return replace(step, states={**step.states, "To train": to_train})


def predict(
    *, machine: Machine, instance_count: int, max_concurrent: int, join: bool, timeout_seconds: int, then: str
) -> Step:
    """Run the transform job of `model`; it assigns `predictions`, where they are, in the order of the rows.

    With `join`, each row has its prediction behind it.
    """
    name = f"{machine.name}-predict"
    request = {
        "TransformJobName": f"{{% {attempt(name)} %}}",
        "ModelName": "{% $model %}",
        "MaxConcurrentTransforms": max_concurrent,
        "BatchStrategy": "MultiRecord",
        "MaxPayloadInMB": min(_MAX_REQUEST_MB, max(1, _MAX_TOGETHER_MB // max_concurrent)),
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "{% $folder & '/batch/' %}"}},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {
            "S3OutputPath": "{% $folder & '/predictions/' %}",
            "Accept": "text/csv",
            "AssembleWith": "Line",
            "KmsKeyId": "${KeyArn}",
        },
        "TransformResources": (
            f"{{% $merge([{{'InstanceType': $instance_types.batch, 'InstanceCount': {instance_count}}}, "
            "$volume_keys.batch ? {'VolumeKmsKeyId': '${KeyArn}'} : {}]) %}"
        ),
        **({"DataProcessing": {"JoinSource": "Input"}} if join else {}),
        "Tags": tag_list(machine.tags),
    }
    state = run_job("createTransformJob", request, max_runtime_seconds=timeout_seconds)
    assigned = {"predictions": "{% $folder & '/predictions/' %}"}
    return Step(
        {"Predict": state | {"Assign": assigned, "Next": then}},
        job_permissions(machine, "transform-job", name),
        job_substitutions(machine),
    )
