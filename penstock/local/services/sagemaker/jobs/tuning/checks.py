"""AWS's rules for a tuning job that no service model has."""

import math
from collections.abc import Sequence

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.jobs.job import ENDED
from penstock.local.services.sagemaker.jobs.tuning.job import OBJECTIVE, TuningJob
from penstock.local.services.sagemaker.jobs.tuning.ranges import Categorical, Range, ranges
from penstock.local.services.sagemaker.jobs.tuning.trials import Objective

_EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")
_MOST_EPOCHS = 20_000
_WARM = ("Bayesian", "Random")
_IDENTICAL = "IdenticalDataAndAlgorithm"


def check_request(request: JsonObject) -> None:
    """Refuse a request that breaks a rule.

    Raises:
        AwsError: ValidationException.
    """
    config, definition = request["HyperParameterTuningJobConfig"], request.get("TrainingJobDefinition")
    if definition is None or "HyperParameterTuningJobObjective" not in config:
        raise _invalid("TrainingJobDefinition and its HyperParameterTuningJobObjective must be given.")
    found = ranges(config.get("ParameterRanges", {}))
    static = definition.get("StaticHyperParameters", {})
    if not found:
        raise _invalid("ParameterRanges must have at least one range to search.")
    fixed = sorted({one.name for one in found} & set(static))
    if fixed:
        raise _invalid(f"Hyperparameter {', '.join(fixed)} is both static and in ParameterRanges.")
    metric = config["HyperParameterTuningJobObjective"]["MetricName"]
    names = [one["Name"] for one in definition["AlgorithmSpecification"].get("MetricDefinitions", [])]
    if metric not in names:
        raise _invalid(f"The objective metric {metric} is not in MetricDefinitions: {', '.join(names) or 'none'}.")
    _check_strategy(config, found)
    if config["Strategy"] == "Hyperband":
        resources(request)


def most_jobs(config: JsonObject) -> int:
    """Return how many training jobs there are to be at most, for a grid all of its combinations."""
    given = config["ResourceLimits"].get("MaxNumberOfTrainingJobs")
    if given is None and config["Strategy"] == "Grid":
        return _combinations(ranges(config["ParameterRanges"]))
    return int(given or _MOST_EPOCHS)


def resources(request: JsonObject) -> tuple[int, int]:
    """Return the fewest and the most epochs of a training job under Hyperband.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperbandStrategyConfig.html

    Raises:
        AwsError: ValidationException, the most is not said and not to be inferred.
    """
    strategy = request["HyperParameterTuningJobConfig"].get("StrategyConfig", {})
    given = strategy.get("HyperbandStrategyConfig", {})
    static = request["TrainingJobDefinition"].get("StaticHyperParameters", {})
    inferred = next((static[name] for name in _EPOCHS if str(static.get(name, "")).isdecimal()), 0)
    least, most = given.get("MinResource", 1), given.get("MaxResource", int(inferred))
    if not least <= most <= _MOST_EPOCHS:
        raise _invalid(
            f"Hyperband needs a MaxResource from MinResource ({least}) to {_MOST_EPOCHS}, or one of the static"
            f" hyperparameters {', '.join(_EPOCHS)}; it is {most}."
        )
    return least, most


def check_parents(request: JsonObject, parents: Sequence[TuningJob]) -> None:
    """Refuse a warm start from what cannot be a parent.

    https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-warm-start.html

    Raises:
        AwsError: ValidationException.
    """
    if not parents:
        return
    strategy = request["HyperParameterTuningJobConfig"]["Strategy"]
    if strategy not in _WARM:
        raise _invalid(f"A warm start needs the strategy {' or '.join(_WARM)}, not {strategy}.")
    for parent in parents:
        if parent.status not in ENDED:
            raise _invalid(f"The parent tuning job {parent.name} is {parent.status}: it must have ended.")
        if parent.objective != Objective.of(request):
            raise _invalid(f"The parent tuning job {parent.name} has another objective: {parent.objective.metric}.")
        if len(_names(parent.request)) != len(_names(request)):
            raise _invalid(
                f"The parent tuning job {parent.name} has {len(_names(parent.request))} hyperparameters, static and in"
                f" ranges, and this one {len(_names(request))}: the total must not change."
            )
        if request["WarmStartConfig"]["WarmStartType"] == _IDENTICAL and _learnt(parent.request) != _learnt(request):
            raise _invalid(f"{_IDENTICAL}: the parent tuning job {parent.name} has another image or other input data.")


def _check_strategy(config: JsonObject, found: Sequence[Range]) -> None:
    strategy, limits = config["Strategy"], config["ResourceLimits"]
    if strategy == "Grid":
        others = [one.name for one in found if not isinstance(one, Categorical)]
        if others:
            raise _invalid(f"Grid search takes categorical ranges only; {', '.join(others)} is none.")
        if limits.get("MaxNumberOfTrainingJobs", _combinations(found)) != _combinations(found):
            raise _invalid(f"MaxNumberOfTrainingJobs of this grid is {_combinations(found)}, or left out.")
    elif not limits.keys() & {"MaxNumberOfTrainingJobs", "MaxRuntimeInSeconds"}:
        raise _invalid("ResourceLimits must have MaxNumberOfTrainingJobs or MaxRuntimeInSeconds.")
    if strategy == "Hyperband" and config.get("TrainingJobEarlyStoppingType") == "Auto":
        raise _invalid("TrainingJobEarlyStoppingType must be Off with Hyperband, which stops training jobs itself.")


def _combinations(found: Sequence[Range]) -> int:
    return math.prod(len(one.values) for one in found if isinstance(one, Categorical))


def _names(request: JsonObject) -> set[str]:
    searched = {one.name for one in ranges(request["HyperParameterTuningJobConfig"]["ParameterRanges"])}
    return (searched | set(request["TrainingJobDefinition"].get("StaticHyperParameters", {}))) - {OBJECTIVE}


def _learnt(request: JsonObject) -> tuple[object, object]:
    definition = request["TrainingJobDefinition"]
    return definition["AlgorithmSpecification"]["TrainingImage"], definition.get("InputDataConfig")


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
