import time
from types import SimpleNamespace
from typing import Any

import pytest

from penstock.local.faults.fault import Fault
from penstock.local.service import AwsError
from penstock.local.services.sagemaker.jobs.tuning import run

ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/t"
NAMES = {"HyperParameterTuningJobName": "t"}
# The objective is how far x is from 3.
SCRIPT = """
x = float(json.loads((base / "input/config/hyperparameters.json").read_text())["x"])
print(f"loss={abs(x - 3)};")
(base / "model/x.txt").write_text(str(x))
"""
X = {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "10"}]}
CHOICES = {"CategoricalParameterRanges": [{"Name": "x", "Values": ["5", "2.5", "9"]}]}


class Tuner:
    """Tuning jobs named t, of training jobs that run a script."""

    def __init__(self, world: Any) -> None:
        self.world = world

    def start(self, script: str = SCRIPT, *, name: str = "t", definition: Any = None, **config: Any) -> str:
        given = {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": X,
            "RandomSeed": 1,
        }
        request = {member: config.pop(member) for member in ("WarmStartConfig", "Tags") if member in config}
        trained = {
            "StaticHyperParameters": {"script": script},
            "AlgorithmSpecification": {
                "TrainingImage": self.world.image,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+);"}],
            },
            "RoleArn": "arn:aws:iam::123456789012:role/dev-bigmart-execution",
            "OutputDataConfig": {"S3OutputPath": "s3://artefacts/out/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        }
        answer = self.world.call(
            "CreateHyperParameterTuningJob",
            HyperParameterTuningJobName=name,
            HyperParameterTuningJobConfig={**given, **config},
            TrainingJobDefinition={**trained, **(definition or {})},
            **request,
        )
        return str(answer["HyperParameterTuningJobArn"])

    def tuned(self, script: str = SCRIPT, *, name: str = "t", **config: Any) -> Any:
        """Start the tuning job, and wait until it has ended."""
        self.start(script, name=name, **config)
        return self.world.ended("HyperParameterTuningJob", name)

    def trials(self, **request: Any) -> list[Any]:
        answer = self.world.call("ListTrainingJobsForHyperParameterTuningJob", **NAMES, **request)
        return list(answer["TrainingJobSummaries"])


@pytest.fixture
def tuner(world: Any) -> Tuner:
    return Tuner(world)


def test_a_tuning_job_runs_training_jobs_and_names_the_best(tuner: Tuner, world: Any) -> None:
    assert tuner.start(Tags=[{"Key": "team", "Value": "ml"}]) == ARN
    job = world.ended("HyperParameterTuningJob", "t")
    assert job["HyperParameterTuningJobStatus"] == "Completed"
    assert job["TrainingJobStatusCounters"] == {
        "Completed": 3,
        "InProgress": 0,
        "RetryableError": 0,
        "NonRetryableError": 0,
        "Stopped": 0,
    }
    assert job["ObjectiveStatusCounters"] == {"Succeeded": 3, "Pending": 0, "Failed": 0}
    trials = tuner.trials()
    assert [trial["TrainingJobName"][:6] for trial in trials] == ["t-001-", "t-002-", "t-003-"]
    values = [trial["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for trial in trials]
    assert job["BestTrainingJob"] == trials[values.index(min(values))]
    assert "OverallBestTrainingJob" not in job
    best = world.call("DescribeTrainingJob", TrainingJobName=job["BestTrainingJob"]["TrainingJobName"])
    assert best["TuningJobArn"] == ARN
    tuned = job["BestTrainingJob"]["TunedHyperParameters"]
    assert best["HyperParameters"] == {"script": SCRIPT, "_tuning_objective_metric": "loss"} | tuned
    assert abs(float(tuned["x"]) - 3) == pytest.approx(min(values))
    tags = world.call("ListTags", ResourceArn=best["TrainingJobArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "ml"}]
    assert world.get(best["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://artefacts/"))


def test_a_maximised_objective_is_as_large_as_possible(tuner: Tuner) -> None:
    objective = {"Type": "Maximize", "MetricName": "loss"}
    job = tuner.tuned(Strategy="Grid", ParameterRanges=CHOICES, HyperParameterTuningJobObjective=objective)
    assert job["BestTrainingJob"]["TunedHyperParameters"] == {"x": "9"}


def test_a_grid_is_tried_whole(tuner: Tuner) -> None:
    job = tuner.tuned(Strategy="Grid", ParameterRanges=CHOICES, ResourceLimits={"MaxParallelTrainingJobs": 3})
    assert [trial["TunedHyperParameters"]["x"] for trial in tuner.trials()] == ["5", "2.5", "9"]
    assert job["BestTrainingJob"]["TunedHyperParameters"] == {"x": "2.5"}


def test_a_bayesian_search_goes_on_from_what_it_has_learnt(tuner: Tuner) -> None:
    limits = {"MaxNumberOfTrainingJobs": 6, "MaxParallelTrainingJobs": 2}
    job = tuner.tuned(Strategy="Bayesian", ResourceLimits=limits)
    assert job["TrainingJobStatusCounters"]["Completed"] == 6


def test_no_more_run_at_a_time_than_asked(tuner: Tuner, world: Any) -> None:
    tuner.start(
        "time.sleep(0.2)\n" + SCRIPT, ResourceLimits={"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 1}
    )
    most = 0
    while world.call("DescribeHyperParameterTuningJob", **NAMES)["HyperParameterTuningJobStatus"] == "InProgress":
        most = max(most, len(world.call("ListTrainingJobs", StatusEquals="InProgress")["TrainingJobSummaries"]))
    assert most == 1


def test_training_jobs_are_listed_by_their_objective(tuner: Tuner) -> None:
    failing = "if '\"x\": \"9\"' in (base / 'input/config/hyperparameters.json').read_text(): sys.exit(1)"
    tuner.tuned(failing + SCRIPT, Strategy="Grid", ParameterRanges=CHOICES)
    listed = tuner.trials(SortBy="FinalObjectiveMetricValue", SortOrder="Ascending")
    assert [trial["TunedHyperParameters"]["x"] for trial in listed] == ["2.5", "5"]
    (failed,) = tuner.trials(StatusEquals="Failed")
    assert (failed["TunedHyperParameters"], failed["ObjectiveStatus"]) == ({"x": "9"}, "Failed")


def test_training_jobs_that_all_fail_fail_the_tuning_job(tuner: Tuner) -> None:
    job = tuner.tuned("sys.exit(1)")
    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("All training jobs failed.")
    assert job["TrainingJobStatusCounters"]["NonRetryableError"] == 3
    assert "BestTrainingJob" not in job


def test_without_an_objective_the_tuning_job_fails(tuner: Tuner) -> None:
    job = tuner.tuned("print('loss=?;')")
    assert job["FailureReason"].startswith("No objective metrics found after running 3 training jobs.")
    assert job["ObjectiveStatusCounters"]["Failed"] == 3


def test_a_tuning_job_can_be_stopped_with_its_training_jobs(tuner: Tuner, world: Any, until: Any) -> None:
    tuner.start("time.sleep(60)")
    until(lambda: len(world.processes()) > 0)
    world.call("StopHyperParameterTuningJob", **NAMES)
    job = world.ended("HyperParameterTuningJob", "t")
    assert job["HyperParameterTuningJobStatus"] == "Stopped"
    assert job["TrainingJobStatusCounters"]["Stopped"] == 2
    assert world.processes() == []
    with pytest.raises(AwsError, match="is in status Stopped"):
        world.call("StopHyperParameterTuningJob", **NAMES)


def test_it_ends_when_the_target_is_reached(tuner: Tuner) -> None:
    job = tuner.tuned(
        TuningJobCompletionCriteria={"TargetObjectiveMetricValue": 9.0},
        ResourceLimits={"MaxNumberOfTrainingJobs": 50, "MaxParallelTrainingJobs": 1},
    )
    assert job["HyperParameterTuningJobStatus"] == "Completed"
    assert job["TrainingJobStatusCounters"]["Completed"] < 10


def test_it_ends_when_nothing_improves(tuner: Tuner) -> None:
    job = tuner.tuned(
        "print('loss=1;')",
        TuningJobCompletionCriteria={"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}},
        ResourceLimits={"MaxNumberOfTrainingJobs": 50, "MaxParallelTrainingJobs": 1},
    )
    assert job["TrainingJobStatusCounters"]["Completed"] == 4


def test_it_ends_at_its_time_with_what_it_found(tuner: Tuner, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = SimpleNamespace(monotonic=lambda: 100 * time.monotonic(), sleep=time.sleep)
    monkeypatch.setattr(run, "time", fast)
    limits = {"MaxRuntimeInSeconds": 120, "MaxParallelTrainingJobs": 1}
    job = tuner.tuned("print('loss=1;', flush=True)\ntime.sleep(30)", ResourceLimits=limits)
    assert job["HyperParameterTuningJobStatus"] == "Completed"
    assert job["BestTrainingJob"]["TrainingJobStatus"] == "Stopped"


def test_a_training_job_worse_than_the_others_is_stopped_early(tuner: Tuner) -> None:
    slow = """
x = float(json.loads((base / "input/config/hyperparameters.json").read_text())["x"])
print(f"loss={x};", flush=True)
if x == 9: time.sleep(30)
"""
    choices = {"CategoricalParameterRanges": [{"Name": "x", "Values": ["1", "2", "3", "9"]}]}
    limits = {"MaxParallelTrainingJobs": 1}
    job = tuner.tuned(
        slow, Strategy="Grid", ParameterRanges=choices, ResourceLimits=limits, TrainingJobEarlyStoppingType="Auto"
    )
    assert job["HyperParameterTuningJobStatus"] == "Completed"
    (stopped,) = tuner.trials(StatusEquals="Stopped")
    assert stopped["TunedHyperParameters"] == {"x": "9"}
    assert stopped["ObjectiveStatus"] == "Succeeded"


def test_hyperband_stops_a_training_job_at_its_last_epoch(tuner: Tuner) -> None:
    endless = "for epoch in range(4): print('loss=1;', flush=True)\ntime.sleep(30)"
    job = tuner.tuned(
        endless,
        Strategy="Hyperband",
        StrategyConfig={"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 4}},
        ResourceLimits={"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1},
    )
    assert job["TrainingJobStatusCounters"]["Stopped"] == 1
    assert job["HyperParameterTuningJobStatus"] == "Completed"


def test_a_warm_start_knows_what_its_parents_found(tuner: Tuner) -> None:
    tuner.tuned(name="parent", Strategy="Grid", ParameterRanges=CHOICES)
    warm = {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "parent"}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }
    limits = {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1}
    worse = {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "4.9", "MaxValue": "10"}]}
    job = tuner.tuned(Strategy="Bayesian", ResourceLimits=limits, ParameterRanges=worse, WarmStartConfig=warm)
    assert job["OverallBestTrainingJob"]["TuningJobName"] == "parent"
    assert job["OverallBestTrainingJob"]["TunedHyperParameters"] == {"x": "2.5"}
    assert job["BestTrainingJob"]["TuningJobName"] == "t"


def test_each_training_job_has_checkpoints_of_its_own(tuner: Tuner, world: Any) -> None:
    save = "(base / 'checkpoints/c').write_text('1');" + SCRIPT
    job = tuner.tuned(save, definition={"CheckpointConfig": {"S3Uri": "s3://artefacts/c/"}})
    assert world.get(f"c/{job['BestTrainingJob']['TrainingJobName']}/c") == b"1"


def test_its_events_are_sagemakers(tuner: Tuner, world: Any) -> None:
    tuner.tuned()
    told = [
        event["detail"]["HyperParameterTuningJobStatus"]
        for event in world.published.events
        if event["detail-type"] == "SageMaker HyperParameter Tuning Job State Change"
    ]
    assert told == ["InProgress", "Completed"]


@pytest.mark.parametrize(("fault", "status"), [("fail", "Failed"), ("stop", "Stopped")])
def test_it_fails_and_stops_as_planned(tuner: Tuner, world: Any, fault: str, status: str) -> None:
    world.faults.plan([Fault(fault, job="tuning")])
    assert tuner.tuned()["HyperParameterTuningJobStatus"] == status
    assert tuner.trials() == []


def test_full_disks_are_those_of_its_training_jobs(tuner: Tuner, world: Any) -> None:
    world.faults.plan([Fault("fill", job="tuning")])
    tuner.tuned()
    assert "No space left on device" in tuner.trials()[0]["FailureReason"]


def test_a_cut_off_tuning_job_has_failed_when_its_cloud_comes_back(tuner: Tuner, world: Any, until: Any) -> None:
    tuner.start("time.sleep(60)")
    until(lambda: len(world.processes()) > 0)
    world.sagemaker.close()
    assert world.processes() == []
    world.start()
    job = world.call("DescribeHyperParameterTuningJob", **NAMES)
    assert job["FailureReason"] == "InternalServerError: the local cloud ended while the job ran"
    assert job["TrainingJobStatusCounters"]["RetryableError"] == 2
    (listed,) = world.call("ListHyperParameterTuningJobs", NameContains="t")["HyperParameterTuningJobSummaries"]
    assert (listed["HyperParameterTuningJobStatus"], listed["Strategy"]) == ("Failed", "Random")


def test_a_tuning_job_comes_back_with_what_it_found(tuner: Tuner, world: Any) -> None:
    before = tuner.tuned()
    world.sagemaker.close()
    world.start()
    assert world.call("DescribeHyperParameterTuningJob", **NAMES) == before


LOGARITHMIC = {"Name": "x", "MinValue": "0", "MaxValue": "1", "ScalingType": "Logarithmic"}
REVERSED = {"Name": "x", "MinValue": "0", "MaxValue": "1", "ScalingType": "ReverseLogarithmic"}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"Strategy": "Grid"}, "Grid search takes categorical ranges only; x is none"),
        ({"ParameterRanges": {}}, "must have at least one range"),
        (
            {"ParameterRanges": {"IntegerParameterRanges": [{"Name": "x", "MinValue": "a", "MaxValue": "2"}]}},
            "'a' is not",
        ),
        (
            {"ParameterRanges": {"IntegerParameterRanges": [{"Name": "x", "MinValue": "3", "MaxValue": "2"}]}},
            "not below",
        ),
        ({"ParameterRanges": {**X, **CHOICES}}, "x has more than one range"),
        ({"ParameterRanges": {"ContinuousParameterRanges": [LOGARITHMIC]}}, "needs a MinValue above 0"),
        ({"ParameterRanges": {"ContinuousParameterRanges": [REVERSED]}}, "a continuous range from 0 to below 1"),
        ({"ResourceLimits": {"MaxParallelTrainingJobs": 1}}, "MaxNumberOfTrainingJobs or MaxRuntimeInSeconds"),
        ({"Strategy": "Hyperband"}, "Hyperband needs a MaxResource"),
        (
            {"Strategy": "Hyperband", "TrainingJobEarlyStoppingType": "Auto"},
            "must be Off with Hyperband",
        ),
        (
            {"HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "rmse"}},
            "The objective metric rmse is not in MetricDefinitions: loss",
        ),
        (
            {"TuningJobCompletionCriteria": {"ConvergenceDetected": {"CompleteOnConvergence": "Enabled"}}},
            "does not serve",
        ),
        ({"definition": {"StaticHyperParameters": {"x": "1"}}}, "x is both static and in ParameterRanges"),
        ({"definition": {"RoleArn": "arn:aws:iam::123456789012:role/none"}}, "Could not assume role"),
        (
            {
                "WarmStartConfig": {
                    "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "none"}],
                    "WarmStartType": "TransferLearning",
                }
            },
            "ResourceNotFound: Amazon SageMaker can't find a tuning job called none",
        ),
    ],
)
def test_what_is_refused(tuner: Tuner, config: dict[str, Any], message: str) -> None:
    with pytest.raises(AwsError, match=message):
        tuner.start(**config)


def test_a_grid_has_as_many_training_jobs_as_combinations(tuner: Tuner) -> None:
    limits = {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 1}
    with pytest.raises(AwsError, match="MaxNumberOfTrainingJobs of this grid is 3"):
        tuner.start(Strategy="Grid", ParameterRanges=CHOICES, ResourceLimits=limits)


def test_a_warm_start_needs_the_same_number_of_hyperparameters(tuner: Tuner) -> None:
    tuner.tuned(name="parent")
    warm = {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "parent"}],
        "WarmStartType": "TransferLearning",
    }
    both = {**X, "CategoricalParameterRanges": [{"Name": "y", "Values": ["1"]}]}
    with pytest.raises(AwsError, match="the total must not change"):
        tuner.start(ParameterRanges=both, WarmStartConfig=warm)
