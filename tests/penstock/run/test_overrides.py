import pytest

from penstock.errors import PenstockError
from penstock.run.overrides import parse


def test_settings_become_the_executions_input() -> None:
    settings = [
        "train.hyperparameters.n_estimators=50",
        "train.hyperparameters.split.key=a=b",
        "train.instance_type=ml.m5.large",
        "deploy.instance_type=ml.t2.medium",
    ]
    assert parse(settings) == {
        "train": {"hyperparameters": {"n_estimators": "50", "split.key": "a=b"}, "instance_type": "ml.m5.large"},
        "deploy": {"instance_type": "ml.t2.medium"},
    }


def test_no_settings_change_nothing() -> None:
    assert parse([]) == {}


@pytest.mark.parametrize("setting", ["", "x=1", "train.instance_type", "train.instance_type=", "train.container=a"])
def test_a_setting_that_a_run_cannot_have_is_refused(setting: str) -> None:
    with pytest.raises(PenstockError, match=r"cannot be set for a run. It takes KEY=VALUE with one of"):
        parse([setting])


@pytest.mark.parametrize(("part", "use"), [("train", "training"), ("deploy", "hosting")])
def test_an_instance_type_is_one_of_sagemakers(part: str, use: str) -> None:
    with pytest.raises(PenstockError, match=f"{part}.instance_type=ml.m5.larg: no SageMaker {use} instance. Did"):
        parse([f"{part}.instance_type=ml.m5.larg"])


def test_every_wrong_setting_is_listed() -> None:
    with pytest.raises(PenstockError) as refused:
        parse(["a=1", "train.instance_type=ml.m5.large", "b=2"])
    assert "--set a=1: " in str(refused.value)
    assert "--set b=2: " in str(refused.value)
