import json
from pathlib import Path

import pytest

from penstock.errors import DeployError, SynthError
from penstock.graph.machine import Machine, State, Transition, parse, read_machine

DEFINITION = {"StartAt": "Only", "States": {"Only": {"Type": "Succeed"}}}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """What `cdk synth` writes for an environment dev with the pipelines bigmart and churn."""
    artefacts = {}
    (tmp_path / "assembly-dev").mkdir()
    for name in ("platform", "bigmart", "churn"):
        artefacts[f"dev{name}"] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/us-east-1",
            "properties": {"templateFile": f"{name}.template.json", "stackName": f"dev-{name}"},
        }
        properties = {"StateMachineName": f"dev-{name}", "DefinitionString": json.dumps(DEFINITION)}
        machine = {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}
        resources = {"Topic": {"Type": "AWS::SNS::Topic"}} | ({} if name == "platform" else machine)
        (tmp_path / f"assembly-dev/{name}.template.json").write_text(json.dumps({"Resources": resources}))
    stage = {
        "type": "cdk:cloud-assembly",
        "properties": {"directoryName": "assembly-dev", "displayName": "dev"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"assembly-dev": stage}}))
    (tmp_path / "assembly-dev/manifest.json").write_text(json.dumps({"artifacts": artefacts}))
    return tmp_path


def test_machine_is_read_from_the_assembly(assembly: Path) -> None:
    assert read_machine(assembly, "dev", "churn") == Machine("dev-churn", (State("Only", "Succeed", "succeed", ()),))


def test_nothing_synthesised(tmp_path: Path) -> None:
    with pytest.raises(SynthError, match=r"There is no .*/cdk\.out, .* Run `make synth` first\."):
        read_machine(tmp_path / "cdk.out", "dev", "bigmart")


def test_unknown_pipeline(assembly: Path) -> None:
    with pytest.raises(
        SynthError, match=r"has no pipeline prices\. Pipelines there: bigmart, churn\. Run `make synth`"
    ):
        read_machine(assembly, "dev", "prices")


def test_unknown_environment(assembly: Path) -> None:
    with pytest.raises(DeployError, match=r"no stage 'prod'\. Stages here: dev"):
        read_machine(assembly, "prod", "bigmart")


def test_first_state_is_the_one_it_starts_at(machine: Machine) -> None:
    assert [state.name for state in machine.states[:3]] == ["Train", "Wait for endpoint", "Gate"]


def test_tasks_name_what_they_call(machine: Machine) -> None:
    assert {state.does for state in machine.states if state.type == "Task"} == {
        "sagemaker:createTrainingJob.sync",
        "sagemaker:updateEndpoint",
    }


def test_transitions_say_when(machine: Machine) -> None:
    transitions = {state.name: state.transitions for state in machine.states}

    assert transitions["Train"] == (Transition("Gate"),)
    assert transitions["Gate"] == (
        Transition("Rejected", "if $metrics.rmse > 1300"),
        Transition("Update endpoint", "otherwise"),
    )
    assert transitions["Update endpoint"] == (
        Transition("Wait for endpoint"),
        Transition("Failed", "on SageMaker.SageMakerException, States.Timeout"),
    )
    assert transitions["Rejected"] == transitions["Deployed"] == transitions["Failed"] == ()


def test_long_conditions_are_shortened() -> None:
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% " + "x" * 100 + " %}", "Next": "A"}], "Default": "A"}

    machine = parse("m", {"StartAt": "A", "States": {"A": choice}})

    assert machine.states[0].transitions[0].when == f"if {'x' * 79}…"
