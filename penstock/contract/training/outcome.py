"""What a training job leaves behind when all is well."""

import re

from penstock.contract.check import BreachError, Check
from penstock.contract.job import contents
from penstock.contract.subject import Subject
from penstock.spec.metrics import METRICS

_METRIC = re.compile(r"^metric (\w+)=(\S+);", re.MULTILINE)


def _gives_a_model(subject: Subject) -> None:
    job, code = subject.first_job
    if isinstance(code, BreachError):
        raise code
    if code != 0:
        why = job.failure or job.said
        raise BreachError(
            f"exit code 0 from `train` on {subject.table.problem} rows",
            f"exit code {code}: {why}",
            "If it learns another kind of problem, say which with --problem; if it needs hyperparameters, with --set.",
        )
    if not job.model:
        raise BreachError(
            "files in model/", "none", "Write the model below SAGEMAKER_BASE_DIR/model before `train` ends."
        )


def _leaves_no_failure(subject: Subject) -> None:
    job = subject.trained
    if job.failure is not None:
        raise BreachError(
            "no file output/failure, since the job succeeded", job.failure, "Write it only where the job fails."
        )


def _prints_metrics(subject: Subject) -> None:
    known = METRICS[subject.table.problem]
    printed = dict(_METRIC.findall(subject.trained.log.read_text(errors="replace")))
    if not any(_is_number(printed[name]) for name in known if name in printed):
        raise BreachError(
            f"a line `metric NAME=VALUE;` of the log for one of {', '.join(known)}",
            f"metrics {', '.join(printed)}" if printed else "no such line",
            "Judge the model by the rows of the channel validation, and print what came of it.",
        )


def _leaves_its_input(subject: Subject) -> None:
    job, fresh = subject.trained, subject.job()
    before, now = contents(fresh.base / "input"), contents(job.base / "input")
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if changed:
        raise BreachError(
            "input/ as it was given", f"changed: {', '.join(changed)}", "Write to TMPDIR what is needed in between."
        )


def _repeats(subject: Subject) -> None:
    first, again = subject.trained, subject.job()
    again.run()
    require_same(first.model, again.model, "Take every seed from the hyperparameters, and write no clock and no path.")


def require_same(first: dict[str, bytes], second: dict[str, bytes], remedy: str) -> None:
    """Check that two models are one.

    Raises:
        BreachError: they are not; the files that differ are named.
    """
    different = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    if different:
        raise BreachError("the same model, byte for byte", f"another {', '.join(different)}", remedy)


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


CHECKS = (
    Check("train ends with exit code 0 and leaves a model", _gives_a_model),
    Check("train writes no failure when it succeeds", _leaves_no_failure),
    Check("train prints its metrics", _prints_metrics),
    Check("train does not write to its input", _leaves_its_input),
    Check("train gives the same bytes for the same input", _repeats),
)
