"""The tasks of our machines: what each calls, as the machine's role, and how its errors are named."""

import json
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (
    StateTaskServiceLambda,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sns import (
    StateTaskServiceSns,
)

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions import failures
from penstock.local.services.stepfunctions.shapes import Timestamp, epoch_milliseconds, iso, to_request, to_state

# Services whose names in errors are no plain capitalisation: they are those of the AWS SDK for Java.
_ERROR_NAMES = {
    "cloudwatch": "CloudWatch",
    "dynamodb": "DynamoDb",
    "eventbridge": "EventBridge",
    "sagemaker": "SageMaker",
}
_BOTO_NAMES = {"eventbridge": "events", "sfn": "stepfunctions"}
_SAGEMAKER_JOBS = {
    "createHyperParameterTuningJob",
    "createProcessingJob",
    "createTrainingJob",
    "createTransformJob",
}
_SAGEMAKER = _SAGEMAKER_JOBS | {"createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint"}
_ENDED = {"Completed", "Failed", "Stopped"}
# AWS learns from an event that a job has ended. Looking is what we can do: often at first, then less and less.
_FIRST_LOOK_SECONDS, _LAST_LOOK_SECONDS, _SLOWER = 0.1, 1.0, 1.2


def boto_name(api_name: str) -> str:
    """Return botocore's name of a service that a resource names."""
    return _BOTO_NAMES.get(api_name, api_name)


def _error_name(api_name: str) -> str:
    return _ERROR_NAMES.get(api_name, api_name.capitalize())


class _Calling:
    """What our tasks share: a call that could not be made fails as it does on AWS."""

    resource: Any

    def _validate_service_integration_is_supported(self) -> None:
        if self.resource.condition is not None:
            raise ValueError(f"The resource provided {self.resource.resource_arn} is not recognized.")

    def _from_error(self, env: Any, ex: Exception) -> Any:
        where = {"resource": self._get_sfn_resource(), "resourceType": self._get_sfn_resource_type()}  # type: ignore[attr-defined]
        if isinstance(ex, ParamValidationError):
            cause = f"The Arguments could not be used to start the Task: [{ex.kwargs['report']}]"
            return failures.task_failed(env, failures.RUNTIME, cause, **where)
        if isinstance(ex, BotoCoreError):
            service = _error_name(self.resource.api_name)
            return failures.task_failed(env, f"{service}.SdkClientException", str(ex), **where)
        return super()._from_error(env=env, ex=ex)  # type: ignore[misc]


class SdkTask(_Calling, StateTaskServiceAwsSdk):  # type: ignore[misc]
    """Any call of the API: arn:aws:states:::aws-sdk:service:action."""

    _timestamp: Timestamp = staticmethod(iso)

    @staticmethod
    def _normalise_service_error_name(service_name: str) -> str:
        return _error_name(service_name)

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,  # noqa: ARG002  moto's signature
        normalised_parameters: JsonObject,
        state_credentials: Any,
    ) -> None:
        client = state_credentials.client(boto_name(self.resource.api_name))
        env.stack.append(self._call(client, self.resource.api_action, normalised_parameters))

    def _call(self, client: Any, action: str, arguments: JsonObject) -> JsonObject:
        operation = client.meta.service_model.operation_model(action[0].upper() + action[1:])
        response = getattr(client, xform_name(operation.name))(**to_request(arguments, operation.input_shape))
        result: JsonObject = (
            to_state(response, operation.output_shape, self._timestamp) if operation.output_shape else {}
        )
        return result


class SageMakerTask(SdkTask):
    """SageMaker's own integration: its calls, and `.sync` for its jobs."""

    _timestamp = staticmethod(epoch_milliseconds)

    def __init__(self) -> None:
        super().__init__()
        self._supported_integration_patterns = {ResourceCondition.Sync}

    def _validate_service_integration_is_supported(self) -> None:
        known = _SAGEMAKER_JOBS if self.resource.condition == ResourceCondition.Sync else _SAGEMAKER
        if self.resource.api_action not in known or self.resource.condition not in {None, ResourceCondition.Sync}:
            raise ValueError(f"The resource provided {self.resource.resource_arn} is not recognized.")

    def _get_sfn_resource_type(self) -> str:
        return "sagemaker"

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return super()._from_error(env, ex)
        modelled = type(ex) is not ClientError
        name = f"{type(ex).__name__.removesuffix('Exception')}Exception" if modelled else "AmazonSageMakerException"
        answer = ex.response["ResponseMetadata"]
        cause = (
            f"{ex.response['Error']['Message']} (Service: AmazonSageMaker; Status Code: {answer['HTTPStatusCode']};"
            f" Error Code: {ex.response['Error']['Code']}; Request ID: {answer.get('RequestId')}; Proxy: null)"
        )
        return self._get_task_failure_event(env=env, error=f"SageMaker.{name}", cause=cause)

    def _eval_integration_pattern(
        self,
        env: Any,
        resource_runtime_part: Any,  # noqa: ARG002  moto's signature
        normalised_parameters: JsonObject,
        state_credentials: Any,
    ) -> None:
        """Wait for the job to end; a job that did not complete fails the task with its description as the cause."""
        env.stack.pop()
        kind = self.resource.api_action.removeprefix("create")
        job = {f"{kind}Name": normalised_parameters[f"{kind}Name"]}
        client = state_credentials.client("sagemaker")
        seconds = _FIRST_LOOK_SECONDS
        while env.is_running():
            described = self._call(client, f"describe{kind}", job)
            if described[f"{kind}Status"] in _ENDED:
                env.stack.append(self._completed(env, described, kind))
                return
            env.program_state_event.wait(seconds)
            seconds = min(seconds * _SLOWER, _LAST_LOOK_SECONDS)
        # Nobody waits any more: the task timed out, or the execution is over.
        self._call(client, f"stop{kind}", job)

    def _completed(self, env: Any, job: JsonObject, kind: str) -> JsonObject:
        if job[f"{kind}Status"] == "Completed":
            return job
        where = {"resource": self._get_sfn_resource(), "resourceType": self._get_sfn_resource_type()}
        raise failures.fail(
            failures.task_failed(env, failures.TASK_FAILED, json.dumps(job, separators=(",", ":")), **where)
        )


class LambdaTask(_Calling, StateTaskServiceLambda):  # type: ignore[misc]
    """lambda:invoke; what a function raises is an error by its class's name."""

    @staticmethod
    def _error_cause_from_client_error(client_error: ClientError) -> tuple[str, str]:
        error, cause = StateTaskServiceLambda._error_cause_from_client_error(client_error)
        return (error if type(client_error) is not ClientError else "Lambda.AWSLambdaException"), cause


class SnsTask(_Calling, StateTaskServiceSns):  # type: ignore[misc]
    """sns:publish."""


_TASKS = {"aws-sdk": SdkTask, "lambda": LambdaTask, "sagemaker": SageMakerTask, "sns": SnsTask}


def task_for(service_name: str) -> Any:
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
