"""The life of a tuning job: it starts training jobs, learns from them, and stops those that promise nothing."""

import secrets
import time
from dataclasses import dataclass

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.job import ENDED
from penstock.local.services.sagemaker.jobs.life import JobError, Life, failing_as
from penstock.local.services.sagemaker.jobs.metrics import values
from penstock.local.services.sagemaker.jobs.training import Training
from penstock.local.services.sagemaker.jobs.training_run import TrainingRun
from penstock.local.services.sagemaker.jobs.tuning.checks import most_jobs, resources
from penstock.local.services.sagemaker.jobs.tuning.job import OBJECTIVE, TuningJob
from penstock.local.services.sagemaker.jobs.tuning.ranges import ranges
from penstock.local.services.sagemaker.jobs.tuning.searches import SEARCHES
from penstock.local.services.sagemaker.jobs.tuning.stopping import Hyperband, MedianStopping, Stopping
from penstock.local.services.sagemaker.jobs.tuning.trials import best

_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Running:
    """A training job that was started, and which one it is."""

    number: int
    run: TrainingRun

    @property
    def ended(self) -> bool:
        """Has it?"""
        return self.run.job.status in ENDED


def training_request(request: JsonObject, name: str, tuned: dict[str, str]) -> JsonObject:
    """Return what creates a training job of a tuning job, with values for the hyperparameters in its ranges."""
    definition = dict(request["TrainingJobDefinition"])
    static = definition.pop("StaticHyperParameters", {})
    definition.pop("DefinitionName", None)
    objective = request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]["MetricName"]
    if "CheckpointConfig" in definition:  # each training job has checkpoints of its own
        config = definition["CheckpointConfig"]
        definition["CheckpointConfig"] = config | {"S3Uri": f"{config['S3Uri'].rstrip('/')}/{name}"}
    tags = {"Tags": request["Tags"]} if "Tags" in request else {}
    return {"TrainingJobName": name, **definition, "HyperParameters": {**static, **tuned, OBJECTIVE: objective}, **tags}


class TuningRun(Life[TuningJob]):
    """One tuning job as it runs."""

    def __init__(self, context: Context, job: TuningJob, training: Training) -> None:
        super().__init__(context, job)
        self._training = training
        self._config = job.request["HyperParameterTuningJobConfig"]
        self._limits = self._config["ResourceLimits"]
        self._search = SEARCHES[self._config["Strategy"]](
            ranges(self._config["ParameterRanges"]), self._config.get("RandomSeed")
        )
        self._stopping = _stopping(job.request)
        self._started = 0
        self._running: list[Running] = []
        self._completed: list[list[float]] = []  # the objectives that completed training jobs have printed

    def _run(self) -> str:
        limit = self._limits.get("MaxRuntimeInSeconds", float("inf"))
        if end := self.planned(limit):
            return end
        self._learn()
        deadline = time.monotonic() + limit
        while self._starts() or self._running:
            self._collect()
            if self.job.stopping.wait(_LOOK_SECONDS) or time.monotonic() >= deadline or self._reached():
                break
            self._stop_early()
        self._tidy()
        self._collect()
        if self.job.stopping.is_set():
            return "Stopped"
        self._check_result()
        return "Completed"

    def _learn(self) -> None:
        """Begin with what the parents of a warm start have found."""
        for parent in self.job.parents():
            for trial in parent.trials:
                if trial.value is not None:
                    self._search.learn(trial.values, self.job.objective.cost(trial.value))

    def _starts(self) -> bool:
        """Start as many training jobs as may run; return whether there are more to come."""
        while self._started < most_jobs(self._config):
            if len(self._running) >= self._limits["MaxParallelTrainingJobs"]:
                return True
            number = self._started + 1
            tuned = self._search.ask()
            if tuned is None:
                return False
            name = f"{self.job.name}-{number:03}-{secrets.token_hex(4)}"
            with failing_as("ClientError: "), self.context.lock:
                run = self._training.launch(
                    training_request(self.job.request, name, tuned), self.job.arn, self.file_bytes
                )
                self.job.started(name, tuned)
            self._running.append(Running(number, run))
            self._started = number
        return False

    def _collect(self) -> None:
        """Learn from the training jobs that have ended."""
        ended = [one for one in self._running if one.ended]
        self._running = [one for one in self._running if one not in ended]
        known = {trial.job.name: trial.value for trial in self.job.trials} if ended else {}
        for one in ended:
            value = known[one.run.job.name]
            self._search.tell(one.number, None if value is None else self.job.objective.cost(value))
            if one.run.job.status == "Completed":
                self._completed.append(self._printed(one))

    def _reached(self) -> bool:
        """Is one of the criteria met by which a tuning job is complete before its limits are reached?"""
        criteria = self._config.get("TuningJobCompletionCriteria", {})
        if not criteria:
            return False
        trials = [trial for trial in self.job.trials if trial.value is not None]
        top = best(trials)
        if top is None or top.value is None:
            return False
        cost, target = self.job.objective.cost, criteria.get("TargetObjectiveMetricValue")
        patience = criteria.get("BestObjectiveNotImproving", {}).get("MaxNumberOfTrainingJobsNotImproving")
        after = len(trials) - 1 - trials.index(top)
        return (target is not None and cost(top.value) <= cost(target)) or (patience is not None and after >= patience)

    def _stop_early(self) -> None:
        """Stop the training jobs that are not worth going on with."""
        if self._stopping is None:
            return
        printed = {one.number: self._printed(one) for one in self._running}
        for one in self._running:
            others = [values for number, values in printed.items() if number != one.number]
            if self._stopping.stops(printed[one.number], self._completed, others):
                self._stop(one)

    def _printed(self, one: Running) -> list[float]:
        """Return the objectives that a training job has printed, as costs."""
        definitions = self.job.request["TrainingJobDefinition"]["AlgorithmSpecification"]["MetricDefinitions"]
        regex = next(each["Regex"] for each in definitions if each["Name"] == self.job.objective.metric)
        return [self.job.objective.cost(value) for value in values(regex, one.run.printed())]

    def _stop(self, one: Running) -> None:
        with self.context.lock:
            if one.run.job.status == "InProgress":
                one.run.job.stop()

    def _tidy(self) -> None:
        """Stop the training jobs that run still, and wait for their end."""
        for one in self._running:
            self._stop(one)
        while not self.closing and not all(one.ended for one in self._running):
            time.sleep(_LOOK_SECONDS)

    def _check_result(self) -> None:
        trials = self.job.trials
        if best(trials) is not None:
            return
        if all(trial.job.status == "Failed" for trial in trials):
            raise JobError(
                "All training jobs failed. Look at the training jobs' FailureReason; that of the first is:"
                f" {trials[0].job.result.get('FailureReason', '')}"
            )
        raise JobError(
            f"No objective metrics found after running {len(trials)} training jobs. Please ensure that the custom"
            " algorithm is emitting the objective metric as defined by the regular expression provided."
        )


def _stopping(request: JsonObject) -> Stopping | None:
    config = request["HyperParameterTuningJobConfig"]
    if config["Strategy"] == "Hyperband":
        return Hyperband(*resources(request))
    return MedianStopping() if config.get("TrainingJobEarlyStoppingType") == "Auto" else None
