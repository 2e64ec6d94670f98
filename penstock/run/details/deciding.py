"""Whether a model is deployed."""

from penstock.run import judging, report
from penstock.run.details.seen import Detail, Seen


def champion(seen: Seen) -> str:
    """Find champion: which model is to be beaten."""
    found = seen.variable("champion", {})
    return f"generation {found['generation']}, of run {found['run']}" if found.get("run") else "there is none yet"


def evaluated(seen: Seen) -> str:
    """Evaluate: the model's metrics on the test rows."""
    found = seen.stored("evaluation/evaluation.json").get("penstock")
    if not found:
        return ""
    why = found.get("not_compared") if seen.variable("champion") else ""
    why = f" · champion not compared: {why}" if why else ""
    return f"{judging.listed(found['metrics'])} · {report.figure(found['rows'], 0)} rows{why}"


def judged(seen: Seen) -> Detail:
    """Gate: how the model compares."""
    passed, rules = bool(seen.variable("passed")), seen.asked.get("Payload", {}).get("rules") or {}
    compared = judging.compared(seen.variable("judged", {}), rules.get("metric", ""))
    # Why it was rejected, the run's end says.
    return Detail(f"{'passed' if passed else 'rejected'} · {compared}".removesuffix(" · "), held=passed)


def registered(seen: Seen) -> str:
    """Register: the number that the model got."""
    return f"generation {seen.variable('generation')}"


def answered(seen: Seen) -> Detail:
    """Ask for approval: the answer and its reason."""
    approved, why = bool(seen.variable("approved")), seen.variable("why", "")
    return Detail(f"{'approved' if approved else 'rejected'}: {why}".removesuffix(": "), held=approved)
