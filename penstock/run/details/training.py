"""From the data to a model."""

from penstock.local.service import JsonObject
from penstock.run import judging, report
from penstock.run.details.seen import Seen
from penstock.spec.mistakes import plural

_ROWS = ("rows_train", "rows_test")


def prepared(seen: Seen) -> str:
    """Prepare: where the data are pinned, or which model is known."""
    if seen.variable("known"):
        return f"generation {seen.variable('generation')}, of run {seen.variable('model_run')}"
    return f"data pinned at {seen.variable('data', '').partition('://')[2].partition('/')[2]}"


def checked(seen: Seen) -> str:
    """Check data: the rows, the columns, and the largest drift."""
    profile = seen.stored("profile/profile.json")
    if not profile:
        return ""
    features: list[JsonObject] = profile["features"]
    shown = f"{report.figure(profile['dataset']['item_count'], 0)} rows · {plural(len(features), 'column')}"
    drifts = [(one["population_stability_index"], one["name"]) for one in features if _drifted(one)]
    drift = f" · drift at most {max(drifts)[0]:.2f}, in {max(drifts)[1]}" if drifts else ""
    return shown + drift


def _drifted(feature: JsonObject) -> bool:
    return feature.get("population_stability_index") is not None


def said(seen: Seen) -> str:
    """A processing job: what its program says at its end, if it does."""
    return str(seen.state.output.get("ExitMessage") or "").partition("\n")[0].removeprefix("Rows: ").rstrip(".")


def trained(seen: Seen) -> str:
    """Train: the rows, and the first metric."""
    metrics = dict(seen.variable("training_metrics", {}))
    rows, held_out = (metrics.pop(name, None) for name in _ROWS)
    shown = judging.listed(dict(list(metrics.items())[:1]))
    counted = f"{report.figure(rows, 0)} rows" if rows is not None else ""
    held = f"({report.figure(held_out, 0)} held out)" if held_out is not None and shown else ""
    return " · ".join(filter(None, (counted, f"{shown} {held}".strip())))


def tuned(seen: Seen) -> str:
    """Tune: the best of the jobs, and what it was given."""
    output = seen.state.output
    best, counts = output.get("BestTrainingJob") or {}, output.get("TrainingJobStatusCounters") or {}
    objective = best.get("FinalHyperParameterTuningJobObjectiveMetric")
    if not objective:
        return ""
    chosen = ", ".join(f"{name} {setting}" for name, setting in sorted(best.get("TunedHyperParameters", {}).items()))
    measured = f"{objective['MetricName']} {judging.value(objective['Value'])}"
    return f"best of {counts.get('Completed', '?')} jobs: {measured}" + (f" · {chosen}" if chosen else "")
