"""Train: a SageMaker training job."""

from collections.abc import Sequence

from penstock_constructs.key import Key
from penstock_constructs.policy import allow, arn
from penstock_constructs.role import Role
from penstock_constructs.steps.step import Step, Tags, attempt, attempts, tag_list, task

_PROVISIONING_SECONDS = 1800
# Errors of the call: what the job itself fails with it would fail with again, and cost again. Where the call's answer
# was lost, there may be a job that nobody waits for: the next one has a name of its own.
_RETRIED = ("SageMaker.AmazonSageMakerException", "SageMaker.ResourceInUseException", "SageMaker.SdkClientException")


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
            # Where disks come with the instance, SageMaker refuses a key: their hardware encrypts them.
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
        retry_on=_RETRIED,
    )
    assigned = {
        # A job that was stopped, by its time limit too, may leave a model behind: half of one.
        "artefact": (
            "{% $states.result.TrainingJobStatus = 'Completed' ? $states.result.ModelArtifacts.S3ModelArtifacts"
            " : $error('The training job ' & $states.result.TrainingJobName & ' did not complete: '"
            " & $states.result.SecondaryStatus) %}"
        ),
        "metrics": (
            "{% $count($states.result.FinalMetricDataList) > 0"
            " ? $merge($states.result.FinalMetricDataList.{MetricName: Value}) : {} %}"
        ),
    }
    # Beside the calls that it makes, .sync lists the job's tags, and hears of its end by a rule:
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
                    "sagemaker:ListTags",
                ],
                attempts("training-job", name),
            ),
            allow("TrainEvents", ["events:PutTargets", "events:PutRule", "events:DescribeRule"], rule),
            role.allow_passing("PassRole"),
            key.allow_volumes("Volumes"),
        ],
        substitutions={"ExecutionRoleArn": role.arn, "TrainingImage": image, "KeyArn": key.arn},
    )
