"""A task of our machines: one call of an API as the machine's role, and what it waits for after that."""

import json
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService

from penstock.local.clock import iso
from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions import failures
from penstock.local.services.stepfunctions.shapes import Timestamp, size, to_request, to_state
from penstock.local.services.stepfunctions.tokens import NoHeartbeatError

MOST_BYTES = 262_144
TOKEN = ResourceCondition.WaitForTaskToken
# Services whose names in errors are no plain capitalisation: they are those of the AWS SDK for Java.
_ERROR_NAMES = {
    "applicationautoscaling": "ApplicationAutoScaling",
    "cloudwatch": "CloudWatch",
    "cloudwatchlogs": "CloudWatchLogs",
    "dynamodb": "DynamoDb",
    "eventbridge": "EventBridge",
    "sagemaker": "SageMaker",
    "sagemakerruntime": "SageMakerRuntime",
    "sfn": "Sfn",
    "xray": "XRay",
}
_BOTO_NAMES = {
    "applicationautoscaling": "application-autoscaling",
    "cloudwatchlogs": "logs",
    "eventbridge": "events",
    "sagemakerruntime": "sagemaker-runtime",
    "sfn": "stepfunctions",
    "states": "stepfunctions",
}


def boto_name(api_name: str) -> str:
    """Return botocore's name of a service that a resource names."""
    return _BOTO_NAMES.get(api_name, api_name)


class SdkTask(StateTaskService):  # type: ignore[misc]
    """Any call of the API: arn:aws:states:::aws-sdk:service:action, with a task token or without."""

    timestamp: Timestamp = staticmethod(iso)
    conditions = frozenset({None, TOKEN})

    def supports(self, action: str, condition: str | None) -> bool:  # noqa: ARG002
        """Is there such a call?"""
        return condition in self.conditions

    def arguments(self, arguments: JsonObject, env: Any) -> JsonObject:  # noqa: ARG002
        """Return what the API is asked, from the state's Arguments or Parameters."""
        return arguments

    def result(self, env: Any, answer: JsonObject, metadata: JsonObject) -> JsonObject:  # noqa: ARG002
        """Return the task's result, from the API's answer as a state sees it."""
        return answer

    def finish(self, env: Any, client: Any, arguments: JsonObject, started: JsonObject) -> Any:
        """Return the result of what a call has started, for `.sync`, once it is over."""
        raise NotImplementedError(self.resource.condition)

    def call(self, client: Any, action: str, arguments: JsonObject) -> tuple[JsonObject, JsonObject]:
        """Return the answer of an API as a state sees it, and the metadata of the response."""
        operation = client.meta.service_model.operation_model(action[0].upper() + action[1:])
        response = getattr(client, xform_name(operation.name))(**to_request(arguments, operation.input_shape))
        metadata = response.pop("ResponseMetadata")
        return to_state(response, operation.output_shape, self.timestamp) if operation.output_shape else {}, metadata

    def where(self) -> dict[str, str]:
        """Return the resource and the resourceType of the task's events."""
        return {"resource": self._get_sfn_resource(), "resourceType": self._get_sfn_resource_type()}

    def _validate_service_integration_is_supported(self) -> None:
        if not self.supports(self.resource.api_action, self.resource.condition):
            raise ValueError(f"The resource provided {self.resource.resource_arn} is not recognized.")

    def _get_sfn_resource(self) -> str:
        condition = f".{self.resource.condition}" if self.resource.condition else ""
        return f"{self.resource.api_action}{condition}"

    def _get_sfn_resource_type(self) -> str:
        return f"{self.resource.service_name}:{self.resource.api_name}"

    def _eval_execution(self, env: Any) -> None:
        tokens, arn = env.aws_execution_details.tokens, env.aws_execution_details.execution_arn
        waiting = tokens.open(arn, env.is_running) if self.resource.condition == TOKEN else None
        if waiting is not None:
            env.states.context_object.context_object_data["Task"] = {"Token": waiting.token}
        try:
            output = self._output(env, waiting)
        finally:
            if waiting is not None:
                tokens.close(waiting)
        if size(output) > MOST_BYTES:
            cause = (
                f"The state/task '{self._get_sfn_resource_type()}' returned a result with a size exceeding the maximum"
                " number of bytes service limit."
            )
            raise failures.fail(failures.task_failed(env, failures.DATA_LIMIT_EXCEEDED, cause, **self.where()))
        self._add(env, HistoryEventType.TaskSucceeded, output)
        env.stack.append(output)

    def _output(self, env: Any, waiting: Any) -> Any:
        self.resource.eval(env=env)
        place = env.stack.pop()
        given = self._eval_parameters(env=env)
        role = self._eval_state_credentials(env=env)
        self._before_eval_execution(env, place, given, role)
        client = role.client(boto_name(self.resource.api_name))
        arguments = self.arguments(given, env)
        answer, metadata = self.call(client, self.resource.api_action, arguments)
        output = self.result(env, answer, metadata)
        if self.resource.condition is None:
            return output
        self._add(env, HistoryEventType.TaskSubmitted, output)
        if waiting is None:
            return self.finish(env, client, arguments, answer)
        return self._told(env, waiting)

    def _told(self, env: Any, waiting: Any) -> Any:
        """Return what comes for a token; people take their time, so that its time-out is in seconds of the cloud."""
        self.timeout.eval(env=env)
        limits = [env.aws_execution_details.clock.real(env.stack.pop())]
        if self.heartbeat is not None:
            self.heartbeat.eval(env=env)
            limits.append(env.stack.pop())
        outcome = waiting.wait(*limits) or {}
        if "output" in outcome:
            return json.loads(outcome["output"])
        failure = failures.task_failed(env, outcome.get("error", ""), outcome.get("cause", ""), **self.where())
        raise failures.fail(failure)

    def _add(self, env: Any, kind: Any, output: Any) -> None:
        details = {
            **self.where(),
            "output": json.dumps(output, ensure_ascii=False),
            "outputDetails": {"truncated": False},
        }
        key = f"{kind.value[0].lower()}{kind.value[1:]}EventDetails"
        env.event_manager.add_event(context=env.event_history_context, event_type=kind, event_details={key: details})

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if isinstance(ex, ParamValidationError):
            cause = f"The Arguments could not be used to start the Task: [{ex.kwargs['report']}]"
            return failures.task_failed(env, failures.RUNTIME, cause, **self.where())
        if isinstance(ex, ClientError):
            return failures.task_failed(env, *self._refused(ex), **self.where())
        if isinstance(ex, BotoCoreError):
            return failures.task_failed(env, f"{self._error_name()}.SdkClientException", str(ex), **self.where())
        if isinstance(ex, TimeoutError):
            error = failures.HEARTBEAT_TIMEOUT if isinstance(ex, NoHeartbeatError) else failures.TIMEOUT
            return failures.task_timed_out(env, error, **self.where())
        return super()._from_error(env=env, ex=ex)

    def _error_name(self) -> str:
        name: str = self.resource.api_name
        return _ERROR_NAMES.get(name, name.capitalize())

    def _refused(self, error: ClientError) -> tuple[str, str]:
        """Return the error and the cause of a call that an API refused."""
        service, answer = self._error_name(), error.response["ResponseMetadata"]
        name = type(error).__name__ if type(error) is not ClientError else service
        details = [f"Service: {service}", f"Status Code: {answer['HTTPStatusCode']}"]
        details.append(f"Request ID: {answer.get('RequestId')}")
        if "HostId" in answer:
            details.append(f"Extended Request ID: {answer['HostId']}")
        cause = f"{error.response['Error']['Message']} ({', '.join(details)})"
        return f"{service}.{name.removesuffix('Exception')}Exception", cause

    def _eval_service_task(self, *_: Any) -> None:
        """Moto's way in, which `_eval_execution` here does without."""
