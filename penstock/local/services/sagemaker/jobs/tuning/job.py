"""A tuning job: what was asked for, and the training jobs that it has started."""

from collections.abc import Callable

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.job import ENDED, Job, JobKind
from penstock.local.services.sagemaker.jobs.tuning.trials import Objective, Trial, best, counters

TUNING = JobKind(
    "HyperParameterTuning",
    by="Name",
    taken="Hyper parameter tuning job names must be unique within an AWS account and region, and a job with this name"
    " already exists",
    missing="Amazon SageMaker can't find a tuning job called {name}. Type another name.",
    missing_code="ResourceNotFound",
)
# The hyperparameter that tells every training job of a tuning job which metric counts.
OBJECTIVE = "_tuning_objective_metric"
_IDENTICAL = "IdenticalDataAndAlgorithm"


class TuningJob(Job):
    """The state of one tuning job; `training` finds a training job by its name, `parents` the jobs of a warm start."""

    def __init__(
        self,
        context: Context,
        request: JsonObject,
        training: Callable[[str], Job],
        parents: Callable[[], list["TuningJob"]],
        record: JsonObject | None = None,
    ) -> None:
        self._training = training
        self.parents = parents
        self.objective = Objective.of(request)
        super().__init__(context, TUNING, request, record)

    def begin(self) -> None:
        """A tuning job's time begins with the job."""

    @property
    def trials(self) -> list[Trial]:
        """Its training jobs, in the order of their start."""
        with self.context.lock:
            kept = list(self._state.get("trials", []))
        return [Trial(self._training(one["name"]), one["values"], self.name, self.objective) for one in kept]

    def started(self, name: str, values: dict[str, str]) -> None:
        """Keep a training job that has been started."""
        with self.context.lock:
            self._state.setdefault("trials", []).append({"name": name, "values": values})
            self._keep()

    def describe(self) -> JsonObject:
        """Return the answer of DescribeHyperParameterTuningJob."""
        trials = self.trials
        found = {"BestTrainingJob": best(trials), "OverallBestTrainingJob": self._overall(trials)}
        with self.context.lock:
            return {
                **super().describe(),
                "TrainingJobDefinition": self._definition(),
                **counters(trials),
                **{member: trial.summary() for member, trial in found.items() if trial is not None},
                **self._times(),
            }

    def summary(self) -> JsonObject:
        """Return the job's item in the answer of ListHyperParameterTuningJobs."""
        config, trials = self.request["HyperParameterTuningJobConfig"], self.trials
        with self.context.lock:
            return {
                f"{self.kind.noun}Name": self.name,
                **self._now(),
                "Strategy": config["Strategy"],
                "ResourceLimits": config["ResourceLimits"],
                **counters(trials),
                **self._times(),
            }

    def _overall(self, trials: list[Trial]) -> Trial | None:
        if self.request.get("WarmStartConfig", {}).get("WarmStartType") != _IDENTICAL:
            return None
        return best([*trials, *(trial for parent in self.parents() for trial in parent.trials)])

    def _definition(self) -> JsonObject:
        """Return the definition of the training jobs, with what SageMaker adds to their hyperparameters."""
        given: JsonObject = self.request["TrainingJobDefinition"]
        static = given.get("StaticHyperParameters", {}) | {OBJECTIVE: self.objective.metric}
        return given | {"StaticHyperParameters": static}

    def _times(self) -> JsonObject:
        ended = {"HyperParameterTuningEndTime": self._modified} if self.status in ENDED else {}
        return {"LastModifiedTime": self._modified, **ended}
