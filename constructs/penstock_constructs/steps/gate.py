"""Gate: a model that is not good enough is not deployed."""

from penstock_constructs.steps.step import Step


def gate(*, metric: str, at_most: float | None, at_least: float | None, then: str) -> Step:
    """Let a model pass whose metric is within the bound; a metric that the job did not report does not.

    A rejected model is an outcome, not a failure: what is served stays as it is.
    """
    value = f"$metrics.{metric}"
    comparison, bound, words = ("<=", at_most, "at most") if at_least is None else (">=", at_least, "at least")
    limit = f"{bound:.15g}"
    reason = (
        f"$exists({value}) ? '{metric} is ' & $string({value}) & ', {words} {limit} is required'"
        f" : 'the training job reported no metric {metric}'"
    )
    return Step(
        states={
            "Gate": {
                "Type": "Choice",
                "Choices": [{"Condition": f"{{% $exists({value}) and {value} {comparison} {limit} %}}", "Next": then}],
                "Default": "Rejected",
            },
            "Rejected": {
                "Type": "Succeed",
                "Output": {
                    "outcome": "REJECTED",
                    "run": "{% $run %}",
                    "reasons": [f"{{% {reason} %}}"],
                    "metrics": "{% $metrics %}",
                },
            },
        }
    )
