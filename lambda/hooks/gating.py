"""Whether a model is good enough to be deployed: pure functions, with no AWS in them."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

Rules = Mapping[str, Any]
_NEEDED = ("rows", "metrics", "champion", "comparison")


class InvalidEvaluation(Exception):  # noqa: N818  Step Functions shows the name as it stands
    """The container that evaluates has written something else than an evaluation."""


def read_evaluation(text: str) -> dict[str, Any]:
    """Return what evaluation.json says beside the metrics in SageMaker's own format; no number in it is not finite.

    Raises:
        InvalidEvaluation: it does not say what the gate goes by.
    """
    try:
        evaluation = json.loads(text, parse_constant=lambda _name: None, parse_float=_finite)
    except ValueError:
        evaluation = None
    judged = evaluation.get("penstock") if isinstance(evaluation, dict) else None
    if isinstance(judged, dict) and judged.keys() >= {*_NEEDED} and isinstance(judged["metrics"], dict):
        return judged
    raise InvalidEvaluation(
        f'evaluation.json is no evaluation: it needs an object "penstock" with {", ".join(_NEEDED)}; metrics is an'
        " object of numbers. Nothing was deployed."
    )


def reasons(rules: Rules | None, judged: Mapping[str, Any], champion: Mapping[str, Any]) -> list[str]:
    """Return why a model does not pass: nothing if it does. What is not known does not pass.

    `rules` are the spec's gate, `judged` is what the evaluation says, and `champion` is empty if nothing serves.
    """
    if not rules:
        return []
    found = list(_bound_reasons(rules, judged["metrics"]))
    if rules.get("versus_champion") and champion:
        found += _comparison_reasons(rules, judged)
    return found


def judged_champion(champion: Mapping[str, Any], judged: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return whose model the champion is, and its metrics on the same rows if they are known; None without one."""
    if not champion:
        return None
    metrics = (judged["champion"] or {}).get("metrics")
    return {"generation": champion["generation"], "run": champion["run"], "metrics": metrics}


def _bound_reasons(rules: Rules, metrics: Mapping[str, Any]) -> Iterator[str]:
    metric = rules["metric"]
    value, at_most, at_least = metrics.get(metric), rules.get("at_most"), rules.get("at_least")
    if not _is_number(value):
        what = "gives no finite number" if metric in metrics else "has no such metric"
        yield f"{metric} is not known: the evaluation {what}"
        return
    if at_most is not None and value > at_most:
        yield f"{metric} is {_apart(value, at_most)}, at most {at_most:g} is required"
    if at_least is not None and value < at_least:
        yield f"{metric} is {_apart(value, at_least)}, at least {at_least:g} is required"


def _apart(value: Any, limit: Any) -> str:
    """Write a value in few digits, or in all of them where few would make it look like the limit."""
    return f"{value:g}" if f"{value:g}" != f"{limit:g}" else f"{value!r}"


def _comparison_reasons(rules: Rules, judged: Mapping[str, Any]) -> Iterator[str]:
    metric, limit = rules["metric"], rules["versus_champion"]["no_worse_than_percent"]
    compared = (judged.get("comparison") or {}).get(metric)
    if not compared:
        why = judged.get("not_compared") or f"the evaluation has no comparison of {metric}"
        yield f"it could not be compared with the champion: {why}"
        return
    upper = compared.get("upper")
    if not _is_number(upper):
        yield f"how {metric} compares with the champion's is not known: the interval's upper end is no finite number"
    elif upper > limit:
        found = f"{metric} may be {_worse(upper)} than the champion's{_interval(compared)}"
        yield f"{found}; {_required(limit)} is required"


def _worse(percent: float) -> str:
    return f"{abs(percent):.3g} % {'worse' if percent >= 0 else 'better'}"


def _required(limit: float) -> str:
    return f"at most {limit:g} % worse" if limit >= 0 else f"at least {-limit:g} % better"


def _interval(compared: Mapping[str, Any]) -> str:
    known = [compared.get(name) for name in ("confidence", "lower", "rows")]
    if not all(map(_is_number, known)):
        return ""
    confidence, lower, rows = known
    return f" ({confidence:.0%} interval {lower:+.3g} to {compared['upper']:+.3g} %, {rows:,} rows)"


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
