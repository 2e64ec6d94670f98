"""SageMaker's own integration: its calls, and `.sync` for its jobs."""

from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions import failures
from penstock.local.services.stepfunctions.integrations import OwnTask
from penstock.local.services.stepfunctions.shapes import to_json
from penstock.local.services.stepfunctions.waiting import ask, until

JOBS = frozenset({"createHyperParameterTuningJob", "createProcessingJob", "createTrainingJob", "createTransformJob"})
_ENDED = {"Completed", "Failed", "Stopped"}


class SageMakerTask(OwnTask):
    """sagemaker:create…; a job that did not complete fails its task with the job's description as the cause."""

    actions = JOBS | {"createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint"}
    conditions = frozenset({None, "sync"})
    prefix, sdk = "SageMaker", "AmazonSageMaker"

    def supports(self, action: str, condition: str | None) -> bool:
        """Is there such a call? Only jobs can be waited for."""
        return super().supports(action, condition) and (condition is None or action in JOBS)

    def finish(self, env: Any, client: Any, arguments: JsonObject, started: JsonObject) -> JsonObject:
        """Return the job's description when the job has ended."""
        kind = self.resource.api_action.removeprefix("create")
        which = {f"{kind}Name": arguments[f"{kind}Name"]}
        (arn,) = (value for key, value in started.items() if key.endswith("JobArn"))
        ask(lambda: self.call(client, "listTags", {"ResourceArn": arn}))
        job = until(
            env,
            look=lambda: self.call(client, f"describe{kind}", which)[0],
            over=lambda described: described[f"{kind}Status"] in _ENDED,
            stop=lambda: self.call(client, f"stop{kind}", which),
        )
        if job[f"{kind}Status"] != "Completed":
            cause = to_json(job)
            raise failures.fail(failures.task_failed(env, failures.TASK_FAILED, cause, **self.where()))
        return job
