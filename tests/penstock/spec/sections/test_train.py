import pytest

from penstock.spec.sections.train import Train


@pytest.mark.parametrize(
    ("spot", "checkpoints", "kept"),
    [(False, None, False), (True, None, True), (True, False, False), (False, True, True)],
)
def test_checkpoints_are_kept_with_spot_unless_said_otherwise(
    *, spot: bool, checkpoints: bool | None, kept: bool
) -> None:
    assert Train(container="forest", spot=spot, checkpoints=checkpoints).checkpointed is kept


def test_waiting_is_for_spot_and_twice_the_training_by_default() -> None:
    assert Train(container="forest", max_runtime_minutes=45).wait_minutes is None
    assert Train(container="forest", max_runtime_minutes=45, spot=True).wait_minutes == 90
    assert Train(container="forest", max_runtime_minutes=45, spot=True, max_wait_minutes=50).wait_minutes == 50
