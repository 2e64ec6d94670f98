import pytest

from penstock.local.services.sagemaker.jobs.tuning.stopping import Hyperband, MedianStopping

COMPLETED = [[5.0, 3.0, 1.0], [6.0, 4.0, 2.0], [7.0, 5.0, 3.0]]  # running averages at epoch 2: 4, 5, 6


@pytest.mark.parametrize(("own", "stopped"), [([9.0, 5.1], True), ([1.0, 4.9], False), ([], False)])
def test_a_job_worse_than_the_median_of_the_running_averages_is_stopped(own: list[float], *, stopped: bool) -> None:
    assert MedianStopping().stops(own, COMPLETED, []) is stopped


def test_too_few_jobs_are_no_measure() -> None:
    assert not MedianStopping().stops([100.0], COMPLETED[:2], [])
    assert not MedianStopping().stops([1.0, 1.0, 1.0, 100.0], COMPLETED, [])  # none came as far


def test_hyperband_stops_a_job_at_its_most_epochs() -> None:
    assert Hyperband(1, 3).stops([1.0, 1.0, 1.0], [], [])
    assert not Hyperband(1, 3).stops([1.0, 1.0], [], [])


@pytest.mark.parametrize(("own", "stopped"), [([5.0], True), ([0.5], False), ([3.5], True)])
def test_hyperband_lets_the_best_third_go_on_from_a_rung(own: list[float], *, stopped: bool) -> None:
    others = [[1.0], [2.0], [3.0], [4.0], [6.0]]
    assert Hyperband(1, 9).stops(own, others[:2], others[2:]) is stopped


def test_hyperband_waits_for_the_least_epochs_and_for_others() -> None:
    assert not Hyperband(3, 27).stops([9.0, 9.0], COMPLETED, [])
    assert not Hyperband(1, 27).stops([9.0], COMPLETED[:2], [])
