from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from penstock.contract.checks import CHECKS

if TYPE_CHECKING:
    from penstock.contract.table import Problem
    from tests.penstock.contract.conftest import MakeSubject

OF_THE_PROBLEM = {
    "train prints its metrics",
    "serve predicts each row of CSV",
    "serve reads JSON, and answers JSON",
    "serve predicts rows with empty cells and unseen categories",
}


def test_a_container_that_keeps_the_contract_passes_every_check(make_subject: MakeSubject) -> None:
    with make_subject() as subject:
        verdicts = [check.judge(subject) for check in CHECKS]
    assert [verdict for verdict in verdicts if verdict.outcome != "passed"] == []


@pytest.mark.parametrize("problem", ["binary", "multiclass"])
def test_one_that_classifies_passes_too(make_subject: MakeSubject, problem: Problem) -> None:
    with make_subject(problem=problem) as subject:
        verdicts = [check.judge(subject) for check in CHECKS if check.title in OF_THE_PROBLEM]
    assert [verdict.outcome for verdict in verdicts] == ["passed"] * len(OF_THE_PROBLEM)
