from datetime import UTC, datetime

from penstock.graph.machine import Machine, State, Transition
from penstock.graph.trace import NOT_REACHED, Trace, Visit, fold, reached, trace_of
from penstock.run import execution

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MACHINE = Machine(
    "m",
    (
        State("Look", "Task", "a:b", (Transition("Look error", "on E"), Transition("End"))),
        State("Look error", "Choice", "choice", (Transition("Look again", "otherwise"),)),
        State("Look again", "Task", "a:b", (Transition("End"), Transition("Other"))),
        State("End", "Succeed", "succeed", ()),
        State("Other", "Succeed", "succeed", ()),
    ),
)


def test_a_run_is_traced_with_what_became_of_its_states() -> None:
    states = {
        "Look": execution.State("Look", "Task", NOW, "SUCCEEDED", 1.0, caught="E"),
        "Look again": execution.State("Look again", "Task", NOW, "FAILED", 2.0),
        "End": execution.State("End", "Task", NOW, "RUNNING", 0.0),
        "Other": execution.State("Other", "Task", NOW, "SUCCEEDED", 70.0),
    }
    run = execution.Execution("arn", "1", states, path=["Look", "Look again", "Other", "Other"], status="FAILED")
    trace = trace_of(run)
    assert {name: visit.status for name, visit in trace.visits.items()} == {
        "Look": "caught",
        "Look again": "failed",
        "End": "running",
        "Other": "succeeded",
    }
    assert str(trace.visits["Other"]) == "1 m 10 s, 2 times"
    assert (trace.title, trace.status("nothing")) == ("execution 1 · FAILED", NOT_REACHED)
    assert trace.steps == {("Look", "Look again"), ("Look again", "Other"), ("Other", "Other")}


TRACE = Trace(
    "t",
    {
        "Look": Visit("caught", 1.0, 1),
        "Look error": Visit("succeeded", 0.5, 1),
        "Look again": Visit("failed", 2.0, 1),
        "Other": Visit("succeeded", 1.0, 1),
    },
    frozenset({("Look", "Look error"), ("Look error", "Look again"), ("Look again", "Other")}),
)


def test_what_is_drawn_as_one_state_is_what_the_worst_of_it_was() -> None:
    folded = fold(TRACE, MACHINE)
    assert folded.visits == {"Look": Visit("failed", 3.5, 1), "Other": Visit("succeeded", 1.0, 1)}
    assert folded.steps == {("Look", "Other")}


def test_a_run_that_succeeded_is_titled_by_its_outcome() -> None:
    run = execution.Execution("arn", "1", status="SUCCEEDED", output={"outcome": "REJECTED"})
    assert trace_of(run).title == "execution 1 · REJECTED"


def test_of_two_ways_to_one_state_the_one_that_was_taken_is_left() -> None:
    ways = Machine(
        "m", (State("A", "Task", "a", (Transition("B"), Transition("B", "on E"))), State("B", "Pass", "", ()))
    )
    steps = frozenset({("A", "B")})
    for status, way in (("caught", Transition("B", "on E")), ("succeeded", Transition("B"))):
        left = reached(ways, Trace("t", {"A": Visit(status, 0, 1)}, steps))
        assert left.states[0].transitions == (way,)


def test_only_what_was_reached_is_left() -> None:
    left = reached(MACHINE, TRACE)
    assert [state.name for state in left.states] == list(TRACE.visits)
    assert left.states[2].transitions == (Transition("Other"),)
