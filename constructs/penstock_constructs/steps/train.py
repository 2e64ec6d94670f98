"""Train: a SageMaker training job."""

from collections.abc import Sequence

from penstock_constructs.key import Key
from penstock_constructs.policy import allow, arn
from penstock_constructs.role import Role
from penstock_constructs.steps.step import Step, Tags, attempt, tag_list, task

_PROVISIONING_SECONDS = 1800


def train(
    *,
    name: str,
    image: str,
    role: Role,
    key: Key,
    metrics: Sequence[str],
    volume_gb: int,
    max_runtime_seconds: int,
    tags: Tags,
    then: str,
) -> Step:
    """Run a training job to its end; its name begins with `name`.

    It assigns `artefact`, the S3 URI of the model, and `metrics`, the last value of each metric that the job printed.
    """
    state = task(
        "sagemaker:createTrainingJob.sync",
        {
            "TrainingJobName": f"{{% {attempt(name)} %}}",
            "RoleArn": "${ExecutionRoleArn}",
            "AlgorithmSpecification": {
                "TrainingImage": "${TrainingImage}",
                "TrainingInputMode": "File",
                "MetricDefinitions": [
                    {"Name": metric, "Regex": f"metric {metric}=([0-9.eE+-]+);"} for metric in metrics
                ],
            },
            "HyperParameters": "{% $hyperparameters %}",
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "ContentType": "text/csv",
                    "DataSource": {
                        "S3DataSource": {
                            "S3DataType": "S3Prefix",
                            "S3Uri": "{% $data %}",
                            "S3DataDistributionType": "FullyReplicated",
                        }
                    },
                }
            ],
            "OutputDataConfig": {"S3OutputPath": "{% $output %}", "KmsKeyId": "${KeyArn}"},
            # Instances with disks of their own encrypt those in hardware and take no key.
            "ResourceConfig": (
                "{% $merge([{'InstanceType': $instance_types.train, 'InstanceCount': 1, "
                f"'VolumeSizeInGB': {volume_gb}}}, "
                "$volume_keys.train ? {'VolumeKmsKeyId': '${KeyArn}'} : {}]) %}"
            ),
            "StoppingCondition": {"MaxRuntimeInSeconds": max_runtime_seconds},
            # The container reads and writes /opt/ml only; SageMaker does the rest from outside.
            "EnableNetworkIsolation": True,
            "Tags": tag_list(tags),
        },
        timeout_seconds=max_runtime_seconds + _PROVISIONING_SECONDS,
        retry_on=["SageMaker.AmazonSageMakerException"],  # not of the job itself: it would fail again, and cost again
    )
    assigned = {
        "artefact": "{% $states.result.ModelArtifacts.S3ModelArtifacts %}",
        "metrics": (
            "{% $count($states.result.FinalMetricDataList) > 0"
            " ? $merge($states.result.FinalMetricDataList.{MetricName: Value}) : {} %}"
        ),
    }
    jobs = arn("sagemaker", f"training-job/{name}-*")
    # The rule by which .sync hears of the job's end:
    # https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
    rule = arn("events", "rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule")
    return Step(
        states={"Train": state | {"Assign": assigned, "Next": then}},
        statements=[
            allow(
                "TrainJob",
                [
                    "sagemaker:CreateTrainingJob",
                    "sagemaker:DescribeTrainingJob",
                    "sagemaker:StopTrainingJob",
                    "sagemaker:AddTags",
                ],
                jobs,
            ),
            allow("TrainEvents", ["events:PutTargets", "events:PutRule", "events:DescribeRule"], rule),
            role.allow_passing("TrainPassRole"),
        ],
        substitutions={"ExecutionRoleArn": role.arn, "TrainingImage": image, "KeyArn": key.arn},
    )
