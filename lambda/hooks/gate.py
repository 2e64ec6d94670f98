"""Gate: decides whether the model goes on."""

from typing import Any

from hooks import gating
from hooks.aws import s3


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return whether the model passed, why not, its metrics, and what was judged."""
    champion = event["champion"]
    judged = gating.read_evaluation(s3.read(f"{event['evaluation']}evaluation.json"))
    reasons = gating.reasons(event["rules"], judged, champion)
    challenger = {"run": event["run"], "rows": judged["rows"], "metrics": judged["metrics"]}
    return {
        "passed": not reasons,
        "reasons": reasons,
        "metrics": judged["metrics"],
        "judged": {
            "challenger": challenger,
            "champion": gating.judged_champion(champion, judged),
            "comparison": judged["comparison"],
        },
    }
