"""What the line of a state says beside its name: the figure that a reader would look for."""

from collections.abc import Callable, Mapping

from penstock.local.service import JsonObject
from penstock.run.details import deciding, deploying, training
from penstock.run.details.seen import Detail, Seen
from penstock.run.execution import Execution, State

# The error that one of these ends in is a verdict on the model: the machine goes on, with another outcome.
_VERDICTS: Mapping[str, Callable[[Seen], Detail]] = {
    "Smoke test": lambda seen: Detail(seen.state.caught, held=False),
    "Ask for approval": deciding.answered,
}
_DETAILS: Mapping[str, Callable[[Seen], str | Detail]] = {
    "Prepare": training.prepared,
    "Check data": training.checked,
    "Process": training.said,
    "Train": training.trained,
    "Tune": training.tuned,
    "Take lock": deploying.waited,
    "Find champion": deciding.champion,
    "Score champion": training.said,
    "Evaluate": deciding.evaluated,
    "Gate": deciding.judged,
    "Register": deciding.registered,
    "Ask for approval": deciding.answered,
    "Create model": deploying.name("ModelArn"),
    "Wait for endpoint": lambda _seen: "another change was under way",
    "Create endpoint config": deploying.name("EndpointConfigArn"),
    "Create endpoint": deploying.serving,
    "Update endpoint": deploying.serving,
    "Restore endpoint": deploying.serving,
    "Smoke test": deploying.smoked,
    "Register scaling": deploying.scaled,
    "Process batch": training.said,
    "Predict": deploying.predicted,
    "Tidy": deploying.tidied,
}


def of(state: State, run: Execution, stored: Callable[[str], JsonObject]) -> Detail:
    """Return a few words on a state that has ended, or why it failed."""
    if state.status == "FAILED":
        return Detail(run.error or state.caught, held=False)  # its cause is what the run ends with
    seen, name = Seen(state, run, stored), state.name
    if state.caught and name in _VERDICTS:
        return _VERDICTS[name](seen)
    found = _DETAILS[name](seen) if name in _DETAILS and state.output is not None else ""
    return found if isinstance(found, Detail) else Detail(found)
