"""The tasks that our machines can have, by the service that a resource names."""

from penstock.local.services.stepfunctions.integrations import (
    DynamoDbTask,
    EventsTask,
    LambdaTask,
    SnsTask,
    SqsTask,
    StatesTask,
)
from penstock.local.services.stepfunctions.sagemaker_task import SageMakerTask
from penstock.local.services.stepfunctions.task import SdkTask

_TASKS: dict[str, type[SdkTask]] = {
    "aws-sdk": SdkTask,
    "dynamodb": DynamoDbTask,
    "events": EventsTask,
    "lambda": LambdaTask,
    "sagemaker": SageMakerTask,
    "sns": SnsTask,
    "sqs": SqsTask,
    "states": StatesTask,
}


def task_for(service_name: str) -> SdkTask:
    """Make the task of a service that a resource names.

    Raises:
        ValueError: the local cloud has no integration with that service.
    """
    if service_name not in _TASKS:
        known = ", ".join(sorted(_TASKS))
        raise ValueError(
            f"The local cloud's state machines have no integration with {service_name!r}, but with {known}."
        )
    return _TASKS[service_name]()
