"""How a person is asked to approve a model: pure functions, with no AWS in them."""

from collections.abc import Iterator, Mapping
from typing import Any

_MAX_SUBJECT = 99  # SNS: fewer than 100


def ask(name: str, pipeline: str, event: Mapping[str, Any]) -> tuple[str, str]:
    """Return the subject and the text of the question, from what the machine knows of the model."""
    generation, judged, hours = event["generation"], event["judged"], event["hours"]
    lines = [
        f"{name} · run {event['run']} · generation {generation} waits for approval",
        "",
        *_judgement(judged),
        f"Report  {event['report']}",
        f'Do      penstock approve {pipeline} --why "…"   or   penstock reject {pipeline} --why "…"',
        f"Until   {hours} {'hour' if hours == 1 else 'hours'} from now; without an answer it is rejected.",
        f"Where   {event['execution']}",
    ]
    return f"{name}: generation {generation} waits for approval"[:_MAX_SUBJECT], "\n".join(lines)


def _judgement(judged: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each metric: the model's, and the champion's beside it."""
    champion = judged["champion"]
    theirs = (champion or {}).get("metrics") or {}
    if champion:
        yield f"Metrics of the new model, and of the champion, run {champion['run']}:"
    else:
        yield "Metrics of the new model; nothing serves yet:"
    for metric, value in judged["challenger"]["metrics"].items():
        beside = f"   {_figure(theirs[metric])}" if metric in theirs else ""
        yield f"  {metric:<20} {_figure(value)}{beside}"


def _figure(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.6g}"
