import pytest

from penstock.local.services.sagemaker.share import Share


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 1 / 3, 0.5, 0.99, 1.0])
def test_never_more_than_the_share_and_less_than_one_fewer(share: float) -> None:
    picker, picked = Share(share), 0
    for count in range(1, 1001):
        picked += picker.next()
        assert count * share - 1 < picked + 1e-6
        assert picked <= count * share + 1e-6
