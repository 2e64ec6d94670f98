"""Create endpoint config: what is to serve, and on what."""

from penstock_constructs.key import Key
from penstock_constructs.policy import allow
from penstock_constructs.steps.step import NO_ANSWER, SAGEMAKER_ERROR, Step, Tags, attempt, attempts, task


def create_endpoint_config(*, name: str, variant: str, instance_count: int, key: Key, tags: Tags, then: str) -> Step:
    """Create an endpoint config of `model`; it assigns `config`, its name, and that nothing is `deployed` yet."""
    own_tags = "".join(f"{{'Key': '{key}', 'Value': '{value}'}}, " for key, value in tags.items())
    request = (
        f"{{'EndpointConfigName': {attempt(name)}, "
        f"'ProductionVariants': [{{'VariantName': '{variant}', 'ModelName': $model, "
        f"'InstanceType': $instance_types.deploy, 'InitialInstanceCount': {instance_count}}}], "
        f"'Tags': [{own_tags}{{'Key': 'penstock:run', 'Value': $run}}]}}"
    )
    state = task(
        "aws-sdk:sagemaker:createEndpointConfig",
        # Where disks come with the instance, SageMaker refuses a key: their hardware encrypts them with one of its own.
        f"{{% $merge([{request}, $volume_keys.deploy ? {{'KmsKeyId': '${{KeyArn}}'}} : {{}}]) %}}",
        timeout_seconds=60,
        retry_on=[SAGEMAKER_ERROR, *NO_ANSWER],
    )
    assigned = {
        "config": "{% $substringAfter($states.result.EndpointConfigArn, ':endpoint-config/') %}",
        "deployed": False,
    }
    configs = attempts("endpoint-config", name)
    return Step(
        states={"Create endpoint config": state | {"Assign": assigned, "Next": then}},
        statements=[allow("EndpointConfig", ["sagemaker:CreateEndpointConfig", "sagemaker:AddTags"], configs)],
        substitutions={"KeyArn": key.arn},
    )
