"""Tune: many training jobs, of which the best one's model goes on."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from penstock.spec.metrics import as_text
from penstock.spec.sections.tune import Range, Tune
from penstock_constructs.policy import allow
from penstock_constructs.steps.job import job_permissions, job_substitutions, run_job
from penstock_constructs.steps.step import NO_ANSWER, SAGEMAKER_ERROR, Machine, Step, attempt, attempts, tag_list, task
from penstock_constructs.steps.training import TRAINED, Training

# A tuning job's name has 32 characters at most; the run, the redrive and the retry take up to 15 of them.
_LONGEST_PREFIX, _KEPT, _DIGITS = 17, 10, 6
_STRATEGIES = {"bayesian": "Bayesian", "random": "Random", "grid": "Grid", "hyperband": "Hyperband"}
_SCALES = {
    "auto": "Auto",
    "linear": "Linear",
    "logarithmic": "Logarithmic",
    "reverse_logarithmic": "ReverseLogarithmic",
}
_WARM_STARTS = {
    "identical_data_and_algorithm": "IdenticalDataAndAlgorithm",
    "transfer_learning": "TransferLearning",
}


def tuning_prefix(name: str) -> str:
    """Return what the names of a machine's tuning jobs begin with: its own name, or something as unique but shorter."""
    return name if len(name) <= _LONGEST_PREFIX else name[:_KEPT] + sha256(name.encode()).hexdigest()[:_DIGITS]


def tune(*, machine: Machine, training: Training, search: Tune, metric: str, minimise: bool, then: str) -> Step:
    """Run a tuning job to its end, and look at the training job that was best in `metric`.

    It assigns what `train` assigns.
    """
    prefix = tuning_prefix(machine.name)
    request = {
        "HyperParameterTuningJobName": f"{{% {attempt(prefix)} %}}",
        "HyperParameterTuningJobConfig": _config(search, metric, minimise=minimise),
        "TrainingJobDefinition": {
            # What is searched may not be set, too.
            "StaticHyperParameters": (
                f"{{% $sift($hyperparameters, function($value, $name) {{ $not($name in {list(search.ranges)}) }}) %}}"
            ),
            **training.request(),
        },
        **_warm_start(search),
        "Tags": tag_list(machine.tags),
    }
    best = {
        "training_job": (
            "{% $exists($states.result.BestTrainingJob) ? $states.result.BestTrainingJob.TrainingJobName"
            " : $error('No training job of the tuning job ' & $states.result.HyperParameterTuningJobName"
            " & ' completed') %}"
        )
    }
    describe = task(
        "aws-sdk:sagemaker:describeTrainingJob",
        {"TrainingJobName": "{% $training_job %}"},
        timeout_seconds=60,
        retry_on=[SAGEMAKER_ERROR, *NO_ANSWER],
    )
    seconds = search.max_runtime_minutes * 60
    state = run_job("createHyperParameterTuningJob", request, max_runtime_seconds=seconds)
    return Step(
        states={
            "Tune": state | {"Assign": best, "Next": "Describe best job"},
            "Describe best job": describe | {"Assign": TRAINED, "Next": then},
        },
        statements=[
            *job_permissions(machine, "hyper-parameter-tuning-job", prefix),
            allow("BestJob", "sagemaker:DescribeTrainingJob", attempts("training-job", prefix)),
        ],
        substitutions=job_substitutions(machine),
    )


def _config(search: Tune, metric: str, *, minimise: bool) -> dict[str, Any]:
    # All values of a grid are tried: their number is not to be set.
    jobs = {} if search.strategy == "grid" else {"MaxNumberOfTrainingJobs": search.max_jobs}
    return {
        "Strategy": _STRATEGIES[search.strategy],
        "HyperParameterTuningJobObjective": {"Type": "Minimize" if minimise else "Maximize", "MetricName": metric},
        "ResourceLimits": {
            **jobs,
            "MaxParallelTrainingJobs": search.max_parallel_jobs,
            "MaxRuntimeInSeconds": search.max_runtime_minutes * 60,
        },
        "ParameterRanges": _ranges(search.ranges),
        "TrainingJobEarlyStoppingType": "Auto" if search.early_stopping else "Off",
    }


def _ranges(ranges: Mapping[str, Range]) -> dict[str, list[dict[str, Any]]]:
    kinds: dict[str, list[dict[str, Any]]] = {}
    for name, one in ranges.items():
        values = (
            {"Values": [as_text(value) for value in one.values]}
            if one.type == "categorical"
            else {
                "MinValue": as_text(one.minimum),
                "MaxValue": as_text(one.maximum),
                "ScalingType": _SCALES[one.scale],
            }
        )
        kinds.setdefault(f"{one.type.capitalize()}ParameterRanges", []).append({"Name": name, **values})
    return kinds


def _warm_start(search: Tune) -> dict[str, Any]:
    if not search.warm_start:
        return {}
    parents = [{"HyperParameterTuningJobName": name} for name in search.warm_start.from_]
    kind = _WARM_STARTS[search.warm_start.kind]
    return {"WarmStartConfig": {"ParentHyperParameterTuningJobs": parents, "WarmStartType": kind}}
