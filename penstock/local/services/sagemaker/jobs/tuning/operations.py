"""The operations on tuning jobs."""

from functools import partial

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.jobs import Jobs
from penstock.local.services.sagemaker.jobs.training import Training
from penstock.local.services.sagemaker.jobs.tuning.checks import check_parents, check_request
from penstock.local.services.sagemaker.jobs.tuning.job import TUNING, TuningJob
from penstock.local.services.sagemaker.jobs.tuning.run import TuningRun, training_request
from penstock.local.services.sagemaker.jobs.tuning.trials import FINAL
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.served import ANY, check

_SERVED = {
    "HyperParameterTuningJobName": ANY,
    "HyperParameterTuningJobConfig": {
        "Strategy": ANY,
        "StrategyConfig": ANY,
        "HyperParameterTuningJobObjective": ANY,
        "ResourceLimits": ANY,
        "ParameterRanges": {
            "IntegerParameterRanges": ANY,
            "ContinuousParameterRanges": ANY,
            "CategoricalParameterRanges": ANY,
        },
        "TrainingJobEarlyStoppingType": ANY,
        "TuningJobCompletionCriteria": {
            "TargetObjectiveMetricValue": ANY,
            "BestObjectiveNotImproving": ANY,
            "ConvergenceDetected": {"CompleteOnConvergence": ("Disabled",)},
        },
        "RandomSeed": ANY,
    },
    "TrainingJobDefinition": {
        "DefinitionName": ANY,
        "StaticHyperParameters": ANY,
        "AlgorithmSpecification": ANY,
        "RoleArn": ANY,
        "InputDataConfig": ANY,
        "VpcConfig": ANY,
        "OutputDataConfig": ANY,
        "ResourceConfig": ANY,
        "StoppingCondition": ANY,
        "EnableNetworkIsolation": ANY,
        "EnableInterContainerTrafficEncryption": ANY,
        "EnableManagedSpotTraining": ANY,
        "CheckpointConfig": ANY,
        "RetryStrategy": ANY,
        "Environment": ANY,
    },
    "WarmStartConfig": ANY,
    "Tags": ANY,
}
_TRIALS = Kind(
    key="TrainingJobSummaries", name="TrainingJobName", status="TrainingJobStatus", order="Ascending", by="Name"
)
_BY_VALUE = "FinalObjectiveMetricValue"


class Tuning(Jobs[TuningJob]):
    """The tuning jobs of this cloud; `training` runs their training jobs."""

    def __init__(self, context: Context, training: Training) -> None:
        super().__init__(context, TUNING)
        self._training = training

    def trials(self, request: JsonObject) -> JsonObject:
        """Serve ListTrainingJobsForHyperParameterTuningJob."""
        job = self.find(request["HyperParameterTuningJobName"])
        summaries = [trial.summary() for trial in job.trials]
        if request.get("SortBy") == _BY_VALUE:  # those without an objective are not listed
            summaries = [summary for summary in summaries if FINAL in summary]
        return page(_TRIALS, summaries, request)

    def _check(self, request: JsonObject) -> None:
        check(request, _SERVED)
        check_request(request)

    def _prepared(self, request: JsonObject, arn: str) -> TuningRun:
        job = self._job(request)
        check_parents(request, job.parents())
        self._training.check(training_request(request, f"{job.name}-001", {}), arn)
        return TuningRun(self._context, job, self._training)

    def _restored(self, request: JsonObject, state: JsonObject) -> TuningJob:
        return self._job(request, state)

    def _job(self, request: JsonObject, state: JsonObject | None = None) -> TuningJob:
        names = [
            parent["HyperParameterTuningJobName"]
            for parent in request.get("WarmStartConfig", {}).get("ParentHyperParameterTuningJobs", [])
        ]
        return TuningJob(self._context, request, self._training.find, partial(self._parents, names), state)

    def _parents(self, names: list[str]) -> list[TuningJob]:
        return [self.find(name) for name in names]
