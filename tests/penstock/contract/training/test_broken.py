"""Each case breaks the tiny container's `train` in one place, and one check has to find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from penstock.contract.limits import Limits

if TYPE_CHECKING:
    from penstock.contract.job import Job
    from tests.penstock.contract.conftest import Judge, MakeSubject

SUCCEEDS = "train ends with exit code 0 and leaves a model"
REPEATS = "train gives the same bytes for the same input"
FAILS = "train fails, and says why, on {}"
STOPS = "train handles SIGTERM, and ends in time"
GOES_ON = "train goes on after {} to the same model"

CASES = {
    "an exit code": (SUCCEEDS, "    return 0\n", "    return 3\n", "exit code 3"),
    "a crash": (SUCCEEDS, "rows = read(", "rows = unread(", "name 'unread' is not defined"),
    "no model": (SUCCEEDS, "        train()\n", "        print()\n", "none"),
    "a failure file though it succeeded": (
        "train writes no failure when it succeeds",
        "    return 0\n",
        "    (BASE / 'output/failure').write_text('Nothing.')\n    return 0\n",
        "Nothing.",
    ),
    "no metrics": ("train prints its metrics", "metric rmse", "rmse", "metrics accuracy"),
    "a metric that is no number": ("train prints its metrics", "rmse=1.5", "rmse=nan", "metrics rmse, accuracy"),
    "its input written to": (
        "train does not write to its input",
        "    rows = []\n",
        "    rows = []\n    (folder / 'cache').touch()\n",
        "changed: data/train/cache",
    ),
    "its input removed": (
        "train does not write to its input",
        "    return learnt\n",
        "    (BASE / 'input/data/train/part-2.csv').unlink()\n    return learnt\n",
        "changed: data/train/part-2.csv",
    ),
    "a clock in the model": (REPEATS, '"rows": learnt}', '"rows": learnt, "time": time.time()}', "another model.json"),
    "text taken for a number": (
        FAILS.format("text in a column of numbers"),
        'raise RefusedError(f"{place}: {line[0]} is no number.")',
        "line[0] = '0'",
        "exit code 0",
    ),
    "a short row taken": (
        FAILS.format("a row that is too short"),
        'raise RefusedError(f"{place} is ragged.")',
        "line += ['5']",
        "exit code 0",
    ),
    "another column taken for the target": (
        FAILS.format("a file without the target"),
        "header != [*columns, target]",
        "len(header) != 5",
        "exit code 0",
    ),
    "an empty target taken": (
        FAILS.format("a row without a value of the target"),
        "if not line[-1]:",
        "if not line:",
        "exit code 0",
    ),
    "an empty file passed over": (FAILS.format("an empty file"), "or [[]]", "or [[*columns, target]]", "exit code 0"),
    "no rows": (FAILS.format("no files"), "    if not rows:", "    if rows is None:", "exit code 0"),
    "an unknown hyperparameter": (
        FAILS.format("an unknown hyperparameter"),
        "given.keys() - KNOWN",
        "set()",
        "exit code 0",
    ),
    "no failure file": (FAILS.format("no files"), "output/failure", "output/reason", "no such file"),
    "an empty failure file": (FAILS.format("no files"), "str(error)", "''", "an empty file"),
    "a long failure file": (FAILS.format("no files"), "str(error)", "'long' * 300", "1,200"),
    "a traceback in the failure file": (
        FAILS.format("no files"),
        "str(error)",
        "__import__('traceback').format_exc()",
        "a traceback",
    ),
    "no handler of SIGTERM": (STOPS, "    signal.signal(", "    print(", "no handler while it runs"),
    "chance that the checkpoint does not hold": (
        GOES_ON.format("SIGTERM"),
        "learnt = json.loads(checkpoint.read_text())",
        "learnt = json.loads(checkpoint.read_text())[:-1] + [[0, '0']]",
        "another model.json",
    ),
    "a checkpoint that it cannot read": (
        GOES_ON.format("SIGKILL"),
        "json.loads(checkpoint.read_text())",
        "json.loads('{')",
        "exit code 1",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_found(make_subject: MakeSubject, judge: Judge, trained: Job, case: str) -> None:
    title, old, new, found = CASES[case]
    subject = make_subject("learning.py", old, new)
    if title.startswith(FAILS.format("")):
        subject.first_job = (trained, 0)
    verdict = judge(title, subject)
    assert (verdict.outcome, found in verdict.found) == ("failed", True), verdict
    assert verdict.expected
    assert verdict.remedy.endswith(".")


def test_a_training_that_never_ends(make_subject: MakeSubject, judge: Judge) -> None:
    subject = make_subject(
        "learning.py", "    while len(learnt)", "    while True or len(learnt)", limits=Limits(train=0.5)
    )
    verdict = judge(SUCCEEDS, subject)
    assert (verdict.outcome, verdict.found.partition(";")[0]) == ("failed", "it ran on")


def test_one_that_ignores_sigterm(make_subject: MakeSubject, judge: Judge) -> None:
    subject = make_subject("learning.py", "os._exit(143)", "time.sleep(60)", limits=Limits(stop_train=0.3))
    verdict = judge(STOPS, subject)
    assert (verdict.outcome, verdict.found) == ("failed", "it ran on")


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGKILL"])
def test_without_checkpoints_there_is_nothing_to_go_on_from(
    make_subject: MakeSubject, judge: Judge, signal: str
) -> None:
    subject = make_subject("learning.py", "if checkpoint.parent.exists():", "if not checkpoint.parent:")
    verdict = judge(GOES_ON.format(signal), subject)
    assert (verdict.outcome, verdict.reason[:21]) == ("not applicable", "it left no checkpoint")


def test_a_checkpoint_that_only_sigterm_makes_is_found(make_subject: MakeSubject, judge: Judge) -> None:
    subject = make_subject(
        "learning.py",
        "signal.signal(signal.SIGTERM, lambda *_: os._exit(143))",
        "signal.signal(signal.SIGTERM, lambda *_: os._exit((BASE / 'checkpoints/rows.json').write_text('[]')))",
    )
    assert judge(GOES_ON.format("SIGTERM"), subject).outcome == "passed"


def test_what_depends_on_a_model_does_not_apply_without_one(make_subject: MakeSubject, judge: Judge) -> None:
    subject = make_subject("learning.py", "        train()\n", "        print()\n")
    for title in (REPEATS, STOPS, FAILS.format("no files"), "serve predicts each row of CSV"):
        verdict = judge(title, subject)
        assert (verdict.outcome, verdict.reason) == ("not applicable", "`train` gave no model")
