"""What a training job leaves behind when it cannot give a model: an exit code, and the reason."""

from collections.abc import Callable, Mapping

from penstock.contract.check import BreachError, Check
from penstock.contract.job import Channels
from penstock.contract.subject import Subject
from penstock.contract.table import COLUMNS, TARGET, Table

_LONGEST = 1024  # SageMaker shows no more
_TRACEBACK = "Traceback (most recent call last)"

Spoil = Callable[[list[str]], list[str]]


def _check(title: str, spoil: Spoil) -> Check[Subject]:
    """Return a check of one file that is spoilt."""

    def run(subject: Subject) -> None:
        _must_fail(subject, title, _spoilt(subject.table, spoil), {})

    return Check(f"train fails, and says why, on {title}", run)


def _spoilt(table: Table, spoil: Spoil) -> Channels:
    (name, text), *others = table.channels["train"].items()
    first = "\n".join(spoil(text.splitlines()))
    return {**table.channels, "train": {name: first, **dict(others)}}


def _unknown_hyperparameter(subject: Subject) -> None:
    _must_fail(subject, "an unknown hyperparameter", None, {"no_such_hyperparameter": "1"})


def _no_data(subject: Subject) -> None:
    _must_fail(subject, "no files in the channel train", {**subject.table.channels, "train": {}}, {})


def _must_fail(subject: Subject, what: str, channels: Channels | None, hyperparameters: Mapping[str, str]) -> None:
    _ = subject.trained  # one that always fails would pass
    job = subject.job(channels=channels, hyperparameters=hyperparameters)
    code, failure = job.run(), job.failure
    if code == 0:
        raise BreachError(
            f"an exit code other than 0, for {what}",
            "exit code 0",
            "Check what the job was given before learning from it: else a wrong model is deployed.",
        )
    if not failure:
        raise BreachError(
            f"the reason in output/failure, for {what}",
            f"{'no such file' if failure is None else 'an empty file'}; the end of the log: {job.said}",
            "Write what to do, where and what was found: it becomes the job's FailureReason.",
        )
    if len(failure) > _LONGEST:
        raise BreachError(f"at most {_LONGEST:,} characters in output/failure", f"{len(failure):,}", "Cut it.")
    if _TRACEBACK in failure:
        raise BreachError(
            f"a reason that a user understands in output/failure, for {what}",
            "a traceback",
            "Write what to do, where and what was found; a traceback belongs into the log.",
        )


def _text_in_a_number(lines: list[str]) -> list[str]:
    return [*lines[:5], f"many{',' * len(COLUMNS)}100", *lines[5:]]


def _short_row(lines: list[str]) -> list[str]:
    return [*lines[:5], lines[5].rpartition(",")[0], *lines[6:]]


def _no_target(lines: list[str]) -> list[str]:
    return [lines[0].replace(TARGET, "other"), *lines[1:]]


def _empty_target(lines: list[str]) -> list[str]:
    return [*lines[:5], f"{lines[5].rpartition(',')[0]},", *lines[6:]]


def _empty_file(_lines: list[str]) -> list[str]:
    return []


CHECKS = (
    _check("text in a column of numbers", _text_in_a_number),
    _check("a row that is too short", _short_row),
    _check("a file without the target", _no_target),
    _check("a row without a value of the target", _empty_target),
    _check("an empty file", _empty_file),
    Check("train fails, and says why, on no files", _no_data),
    Check("train fails, and says why, on an unknown hyperparameter", _unknown_hyperparameter),
)
